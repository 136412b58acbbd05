import { readSignedHead, readVerifierKey } from '@xinheng/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withActor, writeLedger } from '../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { sha256, verifyEd25519 } from './hashing.ts'
import { Sequencer } from './sequencer.ts'

const ACTOR = { name: 'operator:test', duty: 'centre' } as const

let house: TestHouse
let clock = Date.parse('2026-11-25T00:00:00Z')
const open: Sequencer[] = []
const sequencer = (options: ConstructorParameters<typeof Sequencer>[1] = {}) => {
  const one = new Sequencer(house.house, { now: () => clock, ...options })
  open.push(one)
  return one
}
beforeAll(async () => {
  house = await testHouse()
})
afterAll(async () => {
  await Promise.all(open.map((one) => one.close()))
  await house.close()
})

const act = (name: string) =>
  withActor(house.house.database.pools.app, ACTOR, async () => ({ result: undefined, act: { act: name } }))
const acts = async () =>
  (await house.superuser.query('SELECT act FROM xh.ledger_leaf ORDER BY seq')).rows.map((row) => row.act)
/** The server lets go of a killed connection's lock in its own time. */
const takeOver = async (one: Sequencer) => {
  while (!(await one.catchUp()));
}
const heads = async () =>
  (await house.superuser.query('SELECT size::int AS size, note FROM xh.ledger_head ORDER BY head_id')).rows

test('entries take their places in the order of their numbers, and a head is signed over them', async () => {
  const one = sequencer()
  await act('first')
  await act('second')
  await one.catchUp()
  // Opening the database has left entries of its own, and the first key is an entry.
  expect((await acts()).filter((name) => /first|second|ledger\.key/.test(name))).toEqual([
    'first',
    'second',
    'ledger.key',
  ])
  const [head] = (await heads()).slice(-1)
  const { rows } = await house.superuser.query('SELECT key FROM xh.ledger_key')
  const key = readVerifierKey(sha256, rows[0].key)
  const read = readSignedHead(head.note)
  expect(read?.head.size).toBe((await acts()).length)
  expect(
    verifyEd25519(
      key?.publicKey as Uint8Array,
      Buffer.from(read?.body as string),
      read?.signatures[0]?.signature as Uint8Array,
    ),
  ).toBe(true)
  expect((await house.superuser.query('SELECT FROM xh.ledger_inbox')).rowCount).toBe(0)
  await one.close()
})

test('a late commit is not lost, and a long transaction delays its own entry alone', async () => {
  const one = sequencer()
  const late = await house.house.database.pools.app.connect()
  await late.query('BEGIN')
  await writeLedger(late, ACTOR, { act: 'late' })
  await act('early')
  await one.catchUp()
  expect((await acts()).slice(-1)).toEqual(['early'])
  await late.query('COMMIT')
  late.release()
  await one.catchUp()
  expect((await acts()).slice(-2)).toEqual(['early', 'late'])
  await one.close()
})

test('an act that fails leaves no entry, and an entry that fails leaves no act', async () => {
  const { app } = house.house.database.pools
  await expect(
    withActor(app, ACTOR, async () => {
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  await expect(
    withActor(app, ACTOR, async (client) => {
      await client.query("INSERT INTO xh.unit (uscc, name) VALUES ('11519900MA0009999X', '不应留下的单位')")
      return { result: undefined, act: { act: 'too.much', detail: { text: 'x'.repeat(1_100_000) } } }
    }),
  ).rejects.toThrow(/too large for the ledger/)
  expect((await app.query("SELECT FROM xh.unit WHERE uscc = '11519900MA0009999X'")).rowCount).toBe(0)
  await act('after')
  const one = sequencer()
  await one.catchUp()
  expect((await acts()).slice(-1)).toEqual(['after'])
  await one.close()
})

test('only one process orders; when it is gone the next goes on where it stopped', async () => {
  const one = sequencer({ entriesAPiece: 3 })
  const two = sequencer()
  await one.catchUp()
  for (let i = 0; i < 10; i++) await act(`piece.${i}`)
  expect(await two.catchUp()).toBe(false)
  await one.catchUp()
  // Its connection is cut, as by a kill; the lock goes with it.
  await act('after.kill')
  await house.superuser.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7261030 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  )
  await expect(one.catchUp()).rejects.toThrow()
  await takeOver(two)
  expect((await acts()).slice(-11)).toEqual([
    ...Array.from({ length: 10 }, (_, i) => `piece.${i}`),
    'after.kill',
  ])
  await two.close()
})

test('killed in the middle of a piece it leaves nothing half done', async () => {
  for (let i = 0; i < 50; i++) await act(`middle.${i}`)
  const before = (await acts()).length
  const one = sequencer({ entriesAPiece: 7 })
  // Holds up the second insert of the piece until the connection is cut.
  await house.superuser.query('BEGIN; LOCK TABLE xh.ledger_detail IN ACCESS EXCLUSIVE MODE')
  const running = one.catchUp()
  running.catch(() => {})
  const waiting = async () =>
    (
      await house.superuser.query(
        "SELECT FROM pg_locks WHERE NOT granted AND relation = 'xh.ledger_detail'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      )
    ).rowCount
  while ((await waiting()) === 0);
  await house.superuser.query(
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND relation = 'xh.ledger_detail'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
  )
  await house.superuser.query('COMMIT')
  await expect(running).rejects.toThrow()
  expect((await acts()).length).toBe(before)
  const two = sequencer({ entriesAPiece: 7 })
  await takeOver(two)
  expect((await acts()).slice(before)).toEqual(Array.from({ length: 50 }, (_, i) => `middle.${i}`))
  await two.close()
})

test('a head follows an act within its time, and silence is broken once an hour', async () => {
  const one = sequencer({ everyMilliseconds: 5 })
  await one.catchUp()
  const signed = (await heads()).length
  one.start()
  const until = async (count: number) => {
    while ((await heads()).length < count) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  clock += 11_000
  await act('signed.soon')
  await until(signed + 1)
  clock += 3_599_000
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect((await heads()).length).toBe(signed + 1)
  clock += 2_000
  await until(signed + 2)
  const [before, after] = (await heads()).slice(-2)
  expect(after.size).toBe(before.size)
  await one.stop()
})

test('nothing is signed over a history that disagrees with what was signed here', async () => {
  await act('kept')
  const one = sequencer()
  await one.catchUp()
  await one.close()
  const { rows } = await house.superuser.query(
    'DELETE FROM xh.ledger_leaf WHERE seq = (SELECT max(seq) FROM xh.ledger_leaf) RETURNING *',
  )
  const two = sequencer()
  await expect(two.catchUp()).rejects.toMatchObject({ code: 'ledger.history-changed' })
  const columns = Object.keys(rows[0])
  await house.superuser.query(
    `INSERT INTO xh.ledger_leaf (${columns.join()}) VALUES (${columns.map((_, i) => `$${i + 1}`).join()})`,
    Object.values(rows[0]),
  )
})
