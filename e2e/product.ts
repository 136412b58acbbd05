import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
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
 * Starts the product as the README says, in a data folder of its own, and waits for the address that it prints.
 * `E2E_BASE=http://…` runs the journeys against a demo city that is running already.
 */
export async function startProduct(): Promise<RunningProduct> {
  const running = process.env.E2E_BASE
  if (running !== undefined) return { base: running, said: [], stop: async () => {} }
  const data = mkdtempSync(join(tmpdir(), 'xinheng-e2e-'))
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
      rmSync(data, { recursive: true, force: true })
    },
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) =>
    child.exitCode !== null || child.signalCode !== null ? resolve() : child.on('exit', () => resolve()),
  )
}
