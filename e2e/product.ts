import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, chromium } from 'playwright-core'
import { inject } from 'vitest'
import { PROJECT } from '../apps/server/src/platform/config/settings.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM as string, args: ARGUMENTS })
}

export interface RunningProduct {
  readonly base: string
  /** Everything it printed. */
  readonly said: string[]
  stop(): Promise<void>
}

/**
 * Starts the product as the README says, with the demo city in a data folder of its own, and waits for the address that it
 * prints. `E2E_BASE=http://…` runs the journeys against a demo city that is running already.
 */
export async function startProduct(): Promise<RunningProduct> {
  const running = process.env.E2E_BASE
  if (running !== undefined) return { base: running, said: [], stop: async () => {} }
  const data = mkdtempSync(join(tmpdir(), 'xinheng-e2e-'))
  copyFolder(await filledFolder(), data)
  const product = await start(data)
  return {
    ...product,
    stop: async () => {
      await product.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** A data folder with the demo city in it: whoever of a run needs it first fills it by a first start, the others wait. */
async function filledFolder(): Promise<string> {
  const folder = join(inject('testFolder'), 'city')
  const [done, failed] = [`${folder}.done`, `${folder}.failed`]
  try {
    mkdirSync(`${folder}.begun`)
  } catch {
    while (!existsSync(done)) {
      if (existsSync(failed)) throw new Error('the demo city could not be filled')
      await sleep(100)
    }
    return folder
  }
  try {
    await (await start(folder)).stop()
    writeFileSync(done, '')
    return folder
  } catch (error) {
    writeFileSync(failed, '')
    throw error
  }
}

/** With owners and modes: PostgreSQL is particular about its folder. */
function copyFolder(from: string, to: string): void {
  const copied = spawnSync('cp', ['-a', `${from}/.`, to])
  if (copied.status !== 0) throw new Error(String(copied.stderr))
}

async function start(data: string): Promise<RunningProduct> {
  const said: string[] = []
  const child = spawn('npm', ['start'], {
    cwd: PROJECT,
    env: { ...process.env, XINHENG_DATA: data, PORT: '0', LOG_LEVEL: 'warn' },
    detached: true,
  })
  const base = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said.push(chunk.toString())
      const address = /接口 API\s+(http:\/\/\S+)\/api\/docs/.exec(said.join(''))
      if (address !== null) resolve(address[1] as string)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${said.join('')}`)))
  })
  return {
    base,
    said,
    stop: async () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT')
      await ended(child)
    },
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) =>
    child.exitCode !== null || child.signalCode !== null ? resolve() : child.on('exit', () => resolve()),
  )
}
