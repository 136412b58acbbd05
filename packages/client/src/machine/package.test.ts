import { execFileSync, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakePlatform, fakePlatform } from './platform.testing.ts'

const CLIENT = join(import.meta.dirname, '../..')
const ASKS = join(import.meta.dirname, 'asks.testing.mjs')
let folder: string
let platform: FakePlatform

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xinheng-package-'))
  platform = await fakePlatform()
  execFileSync(process.execPath, [join(CLIENT, 'build.mjs'), join(folder, 'dist')])
  const packed = execFileSync('npm', ['pack', join(folder, 'dist'), '--silent'], {
    cwd: folder,
    encoding: 'utf8',
  })
  mkdirSync(join(folder, 'app'))
  writeFileSync(join(folder, 'app', 'package.json'), '{"name":"app","type":"module"}')
  execFileSync(
    'npm',
    [
      'install',
      join(folder, packed.trim()),
      '--offline',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--silent',
    ],
    { cwd: join(folder, 'app') },
  )
  const pair = generateKeyPairSync('ed25519')
  writeFileSync(join(folder, 'client.key'), pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(join(folder, 'platform.pub'), platform.publicKey)
})
afterAll(async () => {
  await platform?.close()
  rmSync(folder, { recursive: true, force: true })
})

const asks = (node: string, outbox: string, ...more: string[]) => {
  const entry = join(folder, 'app/node_modules/@xinheng/client/machine/index.js')
  const child = spawn(node, [
    ASKS,
    pathToFileURL(entry).href,
    platform.base,
    outbox,
    join(folder, 'client.key'),
    join(folder, 'platform.pub'),
    ...more,
  ])
  const said: string[] = []
  child.stdout.on('data', (chunk) => said.push(String(chunk)))
  child.stderr.on('data', (chunk) => said.push(String(chunk)))
  return { child, said: () => said.join('') }
}

// The oldest runtime that is promised, where the machine has it.
const nodes = ['/usr/bin/node', process.execPath].filter(
  (node) =>
    existsSync(node) &&
    Number(execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' })) >= 20,
)

test.each(nodes)(
  'the packed client, installed without a network, survives kill -9 while it asks (%s)',
  async (node) => {
    const outbox = join(folder, `outbox-${nodes.indexOf(node)}`)
    const before = platform.seen.length
    platform.answer = () => ({
      status: 503,
      body: { code: 'check.not-checked' },
      headers: { 'retry-after': '0' },
    })
    const first = asks(node, outbox)
    await expect.poll(() => platform.seen.length - before, { timeout: 30_000 }).toBeGreaterThan(2)
    first.child.kill('SIGKILL')
    await new Promise((done) => first.child.once('exit', done))
    expect(readdirSync(outbox).filter((name) => name.endsWith('.question'))).toHaveLength(1)

    platform.answer = () => ({ status: 200, body: { number: 'N1', result: 'toBeDecidedByAnOfficer' } })
    const second = asks(node, outbox, 'resume')
    await new Promise((done) => second.child.once('exit', done))
    expect(second.said()).toBe('left 1\nanswer case-ZB-1 toBeDecidedByAnOfficer\n')
    const seen = platform.seen.slice(before)
    expect(new Set(seen.map((one) => one.headers['idempotency-key']))).toEqual(new Set(['case-ZB-1']))
    expect(new Set(seen.map((one) => one.body)).size).toBe(1)
    expect(readdirSync(outbox).filter((name) => name.endsWith('.question'))).toEqual([])
  },
)

test('its types hold for who installs it', () => {
  const app = join(folder, 'app')
  writeFileSync(
    join(app, 'use.ts'),
    `import { connect, FileOutbox, type Answer } from '@xinheng/client/machine'
import { getApiV1Catalogue } from '@xinheng/client'
export const ask = (c: ReturnType<typeof connect>): Promise<Answer> => c.checks.ask({
  matter: 'm', applicant: { kind: 'organisation', identifier: 'x', name: 'y' }, purpose: 'p', caseNumber: 'c' })
// @ts-expect-error a question without a purpose is none
export const wrong = (c: ReturnType<typeof connect>) => c.checks.ask({ matter: 'm' })
export const box = new FileOutbox('f'), list = getApiV1Catalogue
`,
  )
  const tsc = join(CLIENT, '../../node_modules/typescript/bin/tsc')
  const types = join(CLIENT, '../../node_modules/@types')
  execFileSync(
    process.execPath,
    [
      tsc,
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--typeRoots',
      types,
      '--types',
      'node',
      'use.ts',
    ],
    { cwd: app, encoding: 'utf8' },
  )
})
