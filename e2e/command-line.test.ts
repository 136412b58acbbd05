import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROJECT } from '../apps/server/src/platform/config/settings.ts'

const data = mkdtempSync(join(tmpdir(), 'xinheng-cli-'))
const UNIT = { code: '11519900MA0001181T', name: '示例市市场监督管理局' }
let taken: Server

beforeAll(async () => {
  taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  taken.close()
  rmSync(data, { recursive: true, force: true })
})

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly said: string
}

function xinheng(args: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [join(PROJECT, 'apps/server/src/cli/main.ts'), ...args], {
    env: { ...process.env, XINHENG_DATA: data, ...environment },
  })
  let out = ''
  let said = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  return new Promise((resolve) => child.on('exit', (code) => resolve({ code, out, said })))
}

const refused = (code: string) => ({
  code: 2,
  out: `${JSON.stringify({ error: { code } })}\n`,
  said: expect.stringMatching(/✗ [^\n]*[\u4e00-\u9fff]/),
})

test('what is wrong is said in both languages, with a code in one line of JSON and exit 2', async () => {
  const closed = { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' }
  const answers = await Promise.all([
    xinheng(['unit', 'list', '--json'], closed),
    xinheng(['unit', 'list', '--json'], { DATABASE_URL: 'mysql://a' }),
    xinheng(['unit', 'list', '--json'], { PORT: '99999' }),
    xinheng(['unit', 'list', '--json'], { XINHENG_DATA: '/proc/nothing' }),
    xinheng(['import', 'x.csv', '--item', 'permit-organisation', '--json']),
    xinheng(['nonsense', '--json']),
  ])
  expect(answers).toEqual(
    ['database.down', 'settings.invalid', 'settings.invalid', 'data.no-folder', 'usage', 'usage'].map(
      refused,
    ),
  )
}, 480_000)

test('a taken port is told before anything is made', async () => {
  const folder = join(data, 'not-made')
  const port = (taken.address() as { port: number }).port
  const answer = await xinheng(['start'], { PORT: String(port), XINHENG_DATA: folder })
  expect(answer).toMatchObject({ code: 2, said: expect.stringContaining('port.taken') })
  expect(answer.said).not.toContain('正在建立数据库')
}, 480_000)

test('an empty data folder without demo is worked with from the first command on', async () => {
  expect(await xinheng(['unit', 'add', '--code', UNIT.code, '--name', UNIT.name])).toMatchObject({ code: 0 })
  expect(JSON.parse((await xinheng(['unit', 'list', '--json'])).out)).toMatchObject([
    { uscc: UNIT.code, name: UNIT.name },
  ])
  const file = join(data, 'registrations.csv')
  writeFileSync(file, '企业名称,统一社会信用代码,成立日期\n坏行,123,2020-01-01\n')
  const result = await xinheng([
    'import',
    file,
    '--item',
    'enterprise-registration',
    '--source',
    UNIT.code.toLowerCase(),
    '--json',
  ])
  expect(result.code).toBe(0)
  expect(JSON.parse(result.out)).toMatchObject({
    received: 1,
    loaded: 0,
    updated: 0,
    unchanged: 0,
    rejected: 1,
    inReview: 0,
    rejectedFile: `${file}.rejected.csv`,
  })
  const { delivery } = JSON.parse(result.out)
  expect(JSON.parse((await xinheng(['delivery', 'show', String(delivery), '--json'])).out)).toMatchObject({
    received: 1,
    rejected: 1,
  })
  expect(await xinheng(['delivery', 'show', 'abc', '--json'])).toEqual(refused('option.number'))
  expect(await xinheng(['review', 'decide', '9', 'accept', '--reason', 'x', '--json'])).toEqual(
    refused('review.unknown'),
  )
  expect(await xinheng(['subject', UNIT.code, '--as-of', '2026-02-31', '--json'])).toEqual(
    refused('option.day'),
  )
}, 480_000)
