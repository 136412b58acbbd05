import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { readSignedHead } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../../app.ts'
import { PROJECT } from '../../platform/config/settings.ts'
import { withActor } from '../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { Sequencer } from './sequencer.ts'
import { verifyLedger } from './verify.ts'

const ACTOR = { name: 'operator:test', duty: 'centre' } as const

let house: TestHouse
let app: FastifyInstance
let url: string
let state: string

beforeAll(async () => {
  house = await testHouse()
  app = await buildApp(house.house, house.catalogue, {
    city: '示例市',
    fictional: true,
    ratePerMinute: 10_000,
  })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
  state = join(house.folder, 'witness.json')
})
afterAll(async () => {
  await app.close()
  await house.close()
})

async function acts(count: number, time = Date.now()) {
  for (let i = 0; i < count; i++)
    await withActor(house.house.database.pools.app, ACTOR, async () => ({
      result: undefined,
      act: { act: 'unit.add' },
    }))
  const sequencer = new Sequencer(house.house, { now: () => time })
  await sequencer.catchUp()
  await sequencer.close()
}

/** The witness as a process of its own, that knows nothing but the address. */
function witness(...more: string[]) {
  const child = spawn(
    process.execPath,
    [join(PROJECT, 'apps/witness/src/main.ts'), '--url', url, '--state', state, ...more],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let out = ''
  child.stdout.on('data', (data) => {
    out += data
  })
  const ended = new Promise<{ code: number | null; line: { alarm?: string; size: number } }>((resolve) =>
    child.on('exit', (code) => resolve({ code, line: JSON.parse(out.trim().split('\n').at(-1) || '{}') })),
  )
  return { child, ended }
}
const once = (...more: string[]) => witness('--once', ...more).ended
const heads = (): string[] => JSON.parse(readFileSync(state, 'utf8')).heads

test('a witness signs what grows, again and again', async () => {
  expect((await once()).line.alarm).toBe('unreachable')
  expect(existsSync(state)).toBe(false)
  await acts(5)
  expect(await once()).toMatchObject({ code: 0 })
  await acts(40)
  const second = await once()
  expect(second.code).toBe(0)
  expect(heads()).toHaveLength(2)
  // The ledger's signature and ours.
  const last = readSignedHead(heads()[1] as string)
  expect(last?.signatures).toHaveLength(2)
  expect(last?.head.size).toBe(second.line.size)
  // Nothing new: nothing is kept twice.
  expect((await once()).code).toBe(0)
  expect(heads()).toHaveLength(2)
  expect((await verifyLedger(house.house, { witnessed: heads() })).ok).toBe(true)
})

test('silence is an alarm', async () => {
  await new Promise((resolve) => setTimeout(resolve, 2100))
  expect(await once('--silent', '1')).toMatchObject({ code: 3, line: { alarm: 'silent' } })
})

test('a head signed by another key, or of another ledger, is refused', async () => {
  const [key] = (await house.superuser.query('SELECT key FROM xh.ledger_key')).rows.map(
    (row) => row.key as string,
  )
  const other = `${(key as string).slice(0, -8)}AAAAAAA=`
  expect(await once('--key', other)).toMatchObject({ code: 3, line: { alarm: 'unsigned' } })
  await house.superuser.query('CREATE TABLE public.kept AS SELECT * FROM xh.ledger_head')
  await house.superuser.query("UPDATE xh.ledger_head SET note = 'x' || note")
  expect(await once()).toMatchObject({ code: 3, line: { alarm: 'other-ledger' } })
  await house.superuser.query(
    'UPDATE xh.ledger_head h SET note = k.note FROM public.kept k WHERE k.head_id = h.head_id',
  )
  expect((await once()).code).toBe(0)
})

test('a history cut off and grown again under the true key is cried out, over a webhook and the state page', async () => {
  const before = heads()
  const { rows } = await house.superuser.query('SELECT count(*)::int AS count FROM xh.ledger_leaf')
  await house.superuser.query(
    `DELETE FROM xh.ledger_leaf WHERE seq >= 20; DELETE FROM xh.ledger_detail WHERE seq >= 20;
     DELETE FROM xh.ledger_subtree WHERE (index + 1) * 2 ^ level > 20; DELETE FROM xh.ledger_head`,
  )
  // The data folder's memory goes as well: whoever does this holds the host and the key.
  rmSync(join(house.folder, 'ledger'), { recursive: true })
  await acts(3)
  expect(await once()).toMatchObject({ code: 3, line: { alarm: 'shrunken' } })
  await acts(rows[0].count)
  const told: unknown[] = []
  const hook = createServer((request, response) => {
    let body = ''
    request.on('data', (data) => {
      body += data
    })
    request.on('end', () => {
      told.push(JSON.parse(body))
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => hook.once('listening', resolve))
  const hookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`
  const port = 8131
  const running = witness('--every', '0.2', '--port', String(port), '--webhook', hookUrl)
  while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(told[0]).toMatchObject({ alarm: 'rewritten' })
  const page = await fetch(`http://127.0.0.1:${port}/`)
  expect(page.status).toBe(503)
  expect(await page.json()).toMatchObject({ alarm: 'rewritten', cried: 'rewritten' })
  running.child.kill('SIGTERM')
  expect((await running.ended).code).toBe(3)
  hook.close()
  // It kept what it had, and the verifier finds the same with it.
  expect(heads()).toEqual(before)
  expect((await verifyLedger(house.house)).ok).toBe(true)
  const found = await verifyLedger(house.house, { witnessed: before })
  expect(found.faults.map((fault) => fault.code)).toContain('head.witnessed-differs')
})

test('a server that is gone is an alarm, and nothing is forgotten', async () => {
  const before = heads()
  url = 'http://127.0.0.1:9'
  expect(await once()).toMatchObject({ code: 3, line: { alarm: 'unreachable' } })
  expect(heads()).toEqual(before)
})
