import { readFileSync } from 'node:fs'
import { open, readFile, rm, stat } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

/** A lock that bears no name after so long was left by a process that was killed while it made it. */
const UNNAMED_MS = 5000

/**
 * Whether a process lives, be it ours or not. One that was killed and that nobody has waited for yet is dead, though it
 * still has its number.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return processState(pid)?.state !== 'Z'
}

/** When a process began, in a number that no other process of the same number has; where the system tells. */
function beginningOf(pid: number): string {
  return processState(pid)?.beginning ?? ''
}

/** A process as a file names it: a number that another process got later is not taken for it. */
export function identity(pid: number): string {
  return `${pid} ${beginningOf(pid)}`
}

/** Whether the process lives that `identity` named. */
export function lives(named: string): boolean {
  const [pid, beginning] = named.split(' ')
  return isAlive(Number(pid)) && (beginning ?? '') === beginningOf(Number(pid))
}

/** From /proc: the name, in brackets, may hold anything, so that fields are counted behind it. */
function processState(pid: number): { state: string; beginning: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] as string, beginning: fields[19] as string }
  } catch {
    return undefined
  }
}

/** Runs something while no other process of this data folder does; a lock whose holder died is taken over. */
export async function withLockFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      const file = await open(path, 'wx', 0o600)
      try {
        await file.writeFile(identity(process.pid))
      } catch (error) {
        await rm(path, { force: true })
        throw error
      } finally {
        await file.close()
      }
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const holder = await readFile(path, 'utf8').catch(() => '')
      const abandoned = holder === '' ? await olderThan(path, UNNAMED_MS) : !lives(holder)
      if (abandoned) await rm(path, { force: true })
      else await wait(100)
    }
  }
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function olderThan(path: string, milliseconds: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > milliseconds
  } catch {
    return false
  }
}
