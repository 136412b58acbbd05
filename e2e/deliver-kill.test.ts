import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { syntheticUnits, writeSyntheticPermits } from '@xinheng/testkit'
import { afterAll, expect, test } from 'vitest'
import { PROJECT } from '../apps/server/src/platform/config/settings.ts'

const data = mkdtempSync(join(tmpdir(), 'xinheng-deliver-kill-'))
const MAIN = join(PROJECT, 'apps/server/src/cli/main.ts')
const environment = { ...process.env, XINHENG_DATA: data, PORT: '0', LOG_LEVEL: 'warn' }
const ROWS = 30_000
const keys = generateKeyPairSync('ed25519')
const pem = keys.privateKey.export({ type: 'pkcs8', format: 'pem' })
let server: ChildProcess | undefined

afterAll(async () => {
  if (server !== undefined && server.exitCode === null) {
    server.kill('SIGINT')
    await new Promise((resolve) => server?.on('exit', resolve))
  }
  rmSync(data, { recursive: true, force: true })
}, 480_000)

function xinheng(...args: string[]): string {
  return execFileSync(process.execPath, [MAIN, ...args], { env: environment, encoding: 'utf8' })
}

/** Starts the server alone, without the demo city, and waits for the address it prints. */
function start(): Promise<string> {
  const child = spawn(process.execPath, [MAIN, 'start', '--no-demo'], { env: environment })
  server = child
  let said = ''
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk
      const address = /portal\s+(http:\/\/\S+)\//.exec(said)
      if (address !== null) resolve(address[1] as string)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}:\n${said}`)))
  })
}

function kill(): Promise<void> {
  const child = server as ChildProcess
  return new Promise((resolve) => {
    child.removeAllListeners('exit')
    child.on('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

async function call(base: string, method: string, url: string, body?: Buffer) {
  const [path, query = ''] = url.split('?') as [string, string?]
  const digest = createHash('sha256')
    .update(body ?? '')
    .digest()
  const time = String(Math.floor(Date.now() / 1000))
  const nonce = randomBytes(18).toString('base64url')
  const message = [
    'xinheng-request-v1',
    method,
    path,
    query.split('&').filter(Boolean).sort().join('&'),
    digest.toString('hex'),
    'kill-test',
    'key-1',
    time,
    nonce,
  ].join('\n')
  const signature = sign(null, Buffer.from(message), createPrivateKey(pem)).toString('base64url')
  const response = await fetch(`${base}${url}`, {
    method,
    headers: {
      authorization: `Xinheng client="kill-test", key="key-1", time="${time}", nonce="${nonce}", signature="${signature}"`,
      ...(body === undefined
        ? {}
        : {
            'content-digest': `sha-256=:${digest.toString('base64')}:`,
            'content-type': 'application/octet-stream',
            'idempotency-key': 'killed-1',
          }),
    },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  })
  const answer = (await response.json()) as Record<string, unknown>
  return { status: response.status, body: answer }
}

test('a delivery that was received is brought to its end, however often the server is killed in the middle', async () => {
  const [unit] = syntheticUnits()
  if (unit === undefined) throw new Error('there is a unit')
  xinheng('unit', 'add', '--code', unit.uscc, '--name', unit.name)
  const publicKey = join(data, 'client.pub')
  writeFileSync(publicKey, keys.publicKey.export({ type: 'spki', format: 'pem' }))
  xinheng(
    ...['client', 'add', 'kill-test', '--name', '测试', '--unit', unit.uscc, '--address', '127.0.0.0/8'],
    ...['--key', publicKey, '--reason', '测试'],
  )
  const path = join(data, 'permits.csv')
  await writeSyntheticPermits(path, { rows: ROWS, subjects: 6000, today: '2026-11-20' })
  let text = readFileSync(path, 'utf8')
  for (const other of syntheticUnits())
    text = text.replaceAll(other.uscc, unit.uscc).replaceAll(other.name, unit.name)
  const content = Buffer.from(text)
  const url = '/api/v1/deliveries?item=permit-organisation'

  let base = await start()
  const placed = await call(base, 'POST', url, content)
  expect(placed.status, JSON.stringify(placed.body)).toBe(202)
  const { delivery } = placed.body
  const state = () => call(base, 'GET', `/api/v1/deliveries/${delivery}`)
  for (let round = 0; round < 2; round++) {
    await new Promise((resolve) => setTimeout(resolve, 50 + round * 400))
    if (round === 0) expect((await state()).body.state).not.toBe('done')
    await kill()
    base = await start()
  }
  let now = await state()
  for (let i = 0; i < 600 && now.body.state !== 'done'; i++) {
    await new Promise((resolve) => setTimeout(resolve, 250))
    now = await state()
  }
  const { received, loaded, updated, unchanged, rejected, inReview } = now.body as Record<string, number>
  expect(now.body).toMatchObject({ state: 'done', received: ROWS })
  expect((loaded ?? 0) + (updated ?? 0) + (unchanged ?? 0) + (rejected ?? 0) + (inReview ?? 0)).toBe(received)
  // The same number again is the same delivery; it was taken in once.
  const again = await call(base, 'POST', url, content)
  expect([again.status, again.body.delivery]).toEqual([200, delivery])
  const list = JSON.parse(xinheng('delivery', 'list', '--json')) as unknown
  expect(JSON.stringify(list).match(/"delivery":/g)).toHaveLength(1)
}, 480_000)
