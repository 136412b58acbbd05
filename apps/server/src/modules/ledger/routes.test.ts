import {
  fromBase64,
  readSignedHead,
  readVerifierKey,
  verifyConsistency,
  verifyInclusion,
} from '@xinheng/core'
import { neverIssuedIdNumber } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../app.ts'
import { recordReading, withActor } from '../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { signedInAs } from '../access/testing.ts'
import { sha256, tree, verifyEd25519 } from './hashing.ts'
import { personTag, sealDetail } from './index.ts'
import { Sequencer } from './sequencer.ts'

const ACTOR = { name: 'operator:test', duty: 'centre', origin: '192.0.2.7' } as const
const FACT = 'AAAAAAAAAAAAAAAAAAAAAA'
const ID_NUMBER = neverIssuedIdNumber('519902', '19900101')

let house: TestHouse
let app: FastifyInstance
let auditorName: string
let auditor: Record<string, string>

beforeAll(async () => {
  house = await testHouse()
  app = await buildApp(house.house, house.catalogue, {
    city: '示例市',
    fictional: true,
    ratePerMinute: 10_000,
  })
  const signedIn = await signedInAs(house, { role: 'auditor' })
  auditor = signedIn.headers
  auditorName = signedIn.account.name
  const { app: pool } = house.house.database.pools
  const keys = house.house.keys
  const value = keys.keyedHash('person', `身份证:${ID_NUMBER}`)
  await house.superuser.query(
    "INSERT INTO xh.identifier (value, type, subject_id, subject_kind) VALUES ($1, 'p', 4711, 'p')",
    [value],
  )
  for (let i = 0; i < 30; i++)
    await withActor(pool, ACTOR, async () => ({
      result: undefined,
      act: { act: 'unit.add', object: `unit:${i}`, ground: '=1+1', detail: { number: i } },
    }))
  const client = await pool.connect()
  await client.query('BEGIN')
  await recordReading(
    client,
    { ...ACTOR, name: 'clerk.one' },
    { act: 'fact.read', object: `fact:${FACT}`, ground: '办案 示〔2026〕1号', right: 'law' },
  )
  await recordReading(
    client,
    { ...ACTOR, name: 'clerk.two' },
    {
      act: 'subject.read',
      object: 'subject',
      ground: '本人同意 7',
      right: 'consent',
      person: await personTag(client, keys, 4711),
    },
  )
  await client.query('COMMIT')
  client.release()
  await withActor(pool, ACTOR, async () => ({
    result: undefined,
    act: { act: 'subject.note', secretDetail: sealDetail(keys, { telephone: '13800000000' }) },
  }))
  await order()
})
afterAll(async () => {
  await app.close()
  await house.close()
})

async function order() {
  const sequencer = new Sequencer(house.house)
  await sequencer.catchUp()
  await sequencer.close()
}
const get = async (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })
const bytes = (text: string) => fromBase64(text) as Uint8Array

describe('anyone', () => {
  test('gets the newest head, signed by the key that is named', async () => {
    const { head, keys } = (await get('/api/v1/ledger/head')).json()
    const signed = readSignedHead(head.note)
    const key = readVerifierKey(sha256, keys[0])
    expect(signed?.head).toMatchObject({ origin: head.origin, size: head.size })
    expect(
      verifyEd25519(
        key?.publicKey as Uint8Array,
        Buffer.from(signed?.body as string),
        signed?.signatures[0]?.signature as Uint8Array,
      ),
    ).toBe(true)
    const { heads } = (await get('/api/v1/ledger/heads?limit=1')).json()
    expect(heads).toEqual([head])
  })

  test('proves every entry from the hashes that are public, by number and by hash', async () => {
    const { head } = (await get('/api/v1/ledger/head')).json()
    const { hashes } = (await get('/api/v1/ledger/entries/hashes')).json()
    expect(hashes).toHaveLength(head.size)
    for (const [index, leaf] of hashes.entries()) {
      const answer = (await get(`/api/v1/ledger/proof/inclusion?index=${index}`)).json()
      expect(answer).toMatchObject({ index, leaf, root: head.root })
      const claim = { index, size: head.size, leaf: bytes(leaf), root: bytes(head.root) }
      expect(verifyInclusion(tree, claim, answer.proof.map(bytes))).toBe(true)
      const url = Buffer.from(bytes(leaf)).toString('base64url')
      expect((await get(`/api/v1/ledger/proof/inclusion?hash=${url}`)).json()).toEqual(answer)
    }
  })

  test('proves that every earlier ledger begins the newest', async () => {
    const { head } = (await get('/api/v1/ledger/head')).json()
    for (let first = 0; first <= head.size; first++) {
      const answer = (await get(`/api/v1/ledger/proof/consistency?first=${first}`)).json()
      expect(answer).toMatchObject({ first, second: head.size, secondRoot: head.root })
      const claim = {
        first,
        firstRoot: bytes(answer.firstRoot),
        second: head.size,
        secondRoot: bytes(head.root),
      }
      expect(verifyConsistency(tree, claim, answer.proof.map(bytes))).toBe(true)
    }
  })

  test.each([
    ['/api/v1/ledger/proof/inclusion', 400, 'http.invalid'],
    ['/api/v1/ledger/proof/inclusion?hash=AAAA', 400, 'http.invalid'],
    ['/api/v1/ledger/proof/inclusion?index=-1', 400, 'http.invalid'],
    ['/api/v1/ledger/proof/inclusion?index=100000', 404, 'ledger.no-entry'],
    [`/api/v1/ledger/proof/inclusion?hash=${'A'.repeat(43)}=`, 404, 'ledger.no-entry'],
    ['/api/v1/ledger/proof/inclusion?index=0&size=100000', 400, 'ledger.size'],
    ['/api/v1/ledger/proof/consistency?first=100000', 400, 'ledger.size'],
    ['/api/v1/ledger/proof/consistency?first=x', 400, 'http.invalid'],
    ['/api/v1/ledger/proof/consistency?first=9&second=3', 400, 'ledger.size'],
    ['/api/v1/ledger/heads?limit=0', 400, 'http.invalid'],
    ['/api/v1/ledger/entries/hashes?from=9007199254740991&limit=10000', 200, undefined],
  ])('%s answers %i %s', async (url, status, code) => {
    const answer = await get(url)
    expect(answer.statusCode).toBe(status)
    expect(answer.json().code).toBe(code)
  })

  test('sees the head on a page, and how to check it, in both languages', async () => {
    const { head } = (await get('/api/v1/ledger/head')).json()
    const page = await get('/ledger')
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain(head.origin)
    expect(page.body).toContain('怎样核验')
    expect((await get('/ledger?lang=en')).body).toContain('How to check')
  })

  test('sees no entry', async () => {
    expect((await get('/api/console/ledger/entries')).statusCode).toBe(401)
  })
})

describe('the auditor', () => {
  const entries = async (query = '') => (await get(`/api/console/ledger/entries${query}`, auditor)).json()

  test('finds entries by each condition and by all together', async () => {
    expect((await entries('?object=unit:7')).entries).toMatchObject([
      { act: 'unit.add', actor: 'operator:test', origin: '192.0.2.7', detail: { number: 7 }, erased: false },
    ])
    expect((await entries('?actor=clerk.one')).entries).toHaveLength(1)
    expect((await entries('?act=unit.add&limit=200')).entries).toHaveLength(30)
    expect((await entries('?act=unit.&duty=centre&right=duty&limit=200')).entries).toHaveLength(30)
    expect((await entries('?right=consent')).entries).toMatchObject([
      { act: 'subject.read', concernsPerson: true },
    ])
    expect((await entries('?to=2020-01-01')).entries).toEqual([])
    expect((await entries('?act=unit.add&from=2020-01-01&limit=200')).entries).toHaveLength(30)
    expect((await entries('?unit=9')).entries).toEqual([])
    expect((await get('/api/console/ledger/entries?from=2026-02-30', auditor)).statusCode).toBe(400)
    expect((await get('/api/console/ledger/entries?sort=x', auditor)).statusCode).toBe(400)
  })

  test('walks them by keyset, each once', async () => {
    const seen: number[] = []
    let before: number | undefined
    do {
      const page = await entries(`?act=unit.add&limit=7${before === undefined ? '' : `&before=${before}`}`)
      seen.push(...page.entries.map((entry: { index: number }) => entry.index))
      before = page.next
    } while (before !== undefined)
    expect(seen).toHaveLength(30)
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a))
  })

  test('leaves an entry for each look, before the answer', async () => {
    await order()
    const { rows } = await house.superuser.query(
      "SELECT count(*)::int AS count FROM xh.ledger_leaf WHERE act = 'ledger.read'",
    )
    await entries('?object=unit:7')
    await get('/api/console/ledger/entries/999999', auditor)
    await order()
    const after = await house.superuser.query(
      "SELECT actor, object, result FROM xh.ledger_leaf WHERE act = 'ledger.read' ORDER BY seq OFFSET $1",
      [rows[0].count],
    )
    expect(after.rows).toEqual([
      { actor: auditorName, object: 'ledger', result: null },
      { actor: auditorName, object: 'entry:999999', result: 'ledger.no-entry' },
    ])
  })

  test('opens one entry with what proves its detail', async () => {
    const [note] = (await entries('?act=subject.note')).entries
    const whole = (await get(`/api/console/ledger/entries/${note.index}`, auditor)).json()
    expect(JSON.parse(whole.secret)).toEqual({ telephone: '13800000000' })
    expect(whole.salt).toMatch(/^[0-9a-f]{64}$/)
    const { leaf } = (await get(`/api/v1/ledger/proof/inclusion?index=${note.index}`)).json()
    expect(whole.leaf).toBe(leaf)
    const { rows } = await house.superuser.query(
      'SELECT string_agg(secret::text, $1) AS secrets FROM xh.ledger_detail',
      [''],
    )
    expect(rows[0].secrets).not.toContain(Buffer.from('13800000000').toString('hex'))
  })

  test('proves who read a fact and who read about a person; the number is in no address and no entry', async () => {
    const post = (payload: object) =>
      app.inject({ method: 'POST', url: '/api/console/ledger/readers', headers: auditor, payload })
    expect((await post({ fact: FACT })).json().entries).toMatchObject([
      { actor: 'clerk.one', ground: '办案 示〔2026〕1号', right: 'law' },
    ])
    const person = await post({ document: { type: '身份证', number: ID_NUMBER.toLowerCase() } })
    expect(person.headers['cache-control']).toBe('no-store')
    expect(person.json().entries).toMatchObject([
      { actor: 'clerk.two', ground: '本人同意 7', right: 'consent' },
    ])
    expect((await post({ document: { type: '护照', number: 'E00000000' } })).json().entries).toEqual([])
    expect((await post({})).json().code).toBe('ledger.readers')
    await order()
    // The auditor's own look is on the person's list as well.
    expect((await post({ document: { type: '身份证', number: ID_NUMBER } })).json().entries[0].actor).toBe(
      auditorName,
    )
    const { rows } = await house.superuser.query(
      'SELECT l::text || d::text AS text FROM xh.ledger_leaf l JOIN xh.ledger_detail d USING (seq)',
    )
    expect(JSON.stringify(rows)).not.toContain(ID_NUMBER)
  })

  test('exports a filter whole, guarded against formulas, and the export is an entry', async () => {
    const csv = await get('/api/console/ledger/export/csv?act=unit.add', auditor)
    expect(csv.headers['content-disposition']).toMatch(/"ledger-\d{4}-\d\d-\d\d\.csv"/)
    expect(csv.body.trim().split('\r\n')).toHaveLength(31)
    expect(csv.body).toContain("'=1+1")
    const ndjson = await get('/api/console/ledger/export/ndjson?act=unit.add', auditor)
    expect(
      ndjson.body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).detail.number),
    ).toEqual(Array.from({ length: 30 }, (_, i) => i))
    await order()
    expect((await entries('?act=ledger.export')).entries).toHaveLength(2)
  })

  test.each(['centreOperator', 'systemAdministrator', 'securityAdministrator', 'evaluator'] as const)(
    'is the only one: %s is refused',
    async (role) => {
      const { headers } = await signedInAs(house, { role })
      for (const url of [
        '/api/console/ledger/entries',
        '/api/console/ledger/entries/0',
        '/api/console/ledger/export/csv',
      ])
        expect((await get(url, headers)).statusCode).toBe(403)
    },
  )
})
