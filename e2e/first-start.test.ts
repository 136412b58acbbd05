import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROJECT } from '../apps/server/src/platform/config/settings.ts'

/** What `npm start` promises on its terminal: three addresses that answer, and who may sign in first. */

const data = mkdtempSync(join(tmpdir(), 'xinheng-first-'))
let port: number
let running: Started | undefined

interface Started {
  readonly child: ChildProcess
  /** All that it printed until it said what it promises. */
  readonly said: string
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return (address as { port: number }).port
}

/** A new installation, without the demo city. */
function start(): Promise<Started> {
  const child = spawn('npm', ['start', '--', '--no-demo'], {
    cwd: PROJECT,
    env: { ...process.env, XINHENG_DATA: data, PORT: String(port), LOG_LEVEL: 'warn' },
    detached: true,
  })
  let said = ''
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('接口 API') && (said.match(/first-sign-in#/g)?.length ?? 0) >= 3)
        resolve({ child, said })
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${said}`)))
  })
}

async function stop({ child }: Started): Promise<void> {
  process.kill(-(child.pid as number), 'SIGINT')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

function linksOf({ said }: Started): { words: string; link: string }[] {
  return [...said.matchAll(/^ {2}(\S.*)\n {4}(http\S+first-sign-in#\S+)$/gm)].map(([, words, link]) => ({
    words: words as string,
    link: link as string,
  }))
}

async function open(link: string): Promise<{ status: number; role?: string; code?: string }> {
  const { origin, hash } = new URL(link)
  const answer = await fetch(`${origin}/api/console/invitation/open`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ token: hash.slice(1) }),
  })
  return { status: answer.status, ...((await answer.json()) as { role?: string; code?: string }) }
}

beforeAll(async () => {
  port = await freePort()
  running = await start()
}, 480_000)
afterAll(async () => {
  if (running !== undefined) await stop(running)
  rmSync(data, { recursive: true, force: true })
}, 480_000)

test('the addresses of portal, console and API stand there, and each answers', async () => {
  const { said } = running as Started
  for (const [words, type] of [
    ['门户 portal', 'text/html'],
    ['管理 console', 'text/html'],
    ['接口 API', 'text/html'],
  ] as const) {
    const address = new RegExp(`${words}\\s+(http://\\S+)`).exec(said)?.[1]
    const answer = await fetch(address as string)
    expect([words, answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([
      words,
      200,
      type,
    ])
  }
})

test('three links stand there, one for each administrator, and each opens that account and no other', async () => {
  const links = linksOf(running as Started)
  expect(links).toHaveLength(3)
  expect(new Set(links.map(({ link }) => link)).size).toBe(3)
  const roles = []
  for (const { words, link } of links) {
    const opened = await open(link)
    expect([words, opened.status]).toEqual([words, 200])
    roles.push(opened.role)
    expect((await fetch(link)).status).toBe(200)
  }
  expect(roles).toEqual(['systemAdministrator', 'securityAdministrator', 'auditor'])
})

test('links that nobody used are given anew at the next start, and the earlier ones are worth nothing', async () => {
  const before = linksOf(running as Started)
  await stop(running as Started)
  running = undefined
  running = await start()
  const after = linksOf(running)
  expect(after).toHaveLength(3)
  for (const { link } of before) expect((await open(link)).status).toBeGreaterThanOrEqual(400)
  for (const { link } of after) expect((await open(link)).status).toBe(200)
}, 480_000)
