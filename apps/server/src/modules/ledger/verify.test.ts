import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Frontier, headText, noteKeyId, signedNote } from '@xinheng/core'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { withActor } from '../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { openLedgerSigner } from '../../platform/keys/ledger-signer.ts'
import { ENTRY_COLUMNS, ENTRY_WIDTH, entryOf } from './entries.ts'
import { eraseDetail, forgetPerson } from './erasure.ts'
import { leafHash, sha256, tree } from './hashing.ts'
import { personTag, sealDetail } from './index.ts'
import { Sequencer } from './sequencer.ts'
import { type VerifyOptions, verifyLedger } from './verify.ts'

const ACTOR = { name: 'operator:test', duty: 'centre' } as const
const TABLES = ['ledger_leaf', 'ledger_detail', 'ledger_subtree', 'ledger_head', 'ledger_key']

let house: TestHouse
let clock = Date.parse('2026-11-25T00:00:00Z')
let size = 0
let witnessed: string[] = []

beforeAll(async () => {
  house = await testHouse()
  const sequencer = new Sequencer(house.house, { now: () => clock, entriesAPiece: 37 })
  for (let i = 0; i < 200; i++) {
    await withActor(house.house.database.pools.app, ACTOR, async () => ({
      result: undefined,
      act: {
        act: i % 3 === 0 ? 'subject.read' : 'unit.add',
        object: `unit:${i}`,
        ground: `依据 ${i}`,
        detail: { number: i, 文: '示例"\\', nested: { b: [1, null], a: 2.5 } },
        ...(i % 10 === 0 ? { secretDetail: sealDetail(house.house.keys, { phone: i }) } : {}),
      },
    }))
    if (i % 50 === 49) {
      clock += 60_000
      await sequencer.catchUp()
    }
  }
  await sequencer.close()
  const { rows } = await house.superuser.query('SELECT count(*)::int AS count FROM xh.ledger_leaf')
  size = rows[0].count
  witnessed = (await house.superuser.query('SELECT note FROM xh.ledger_head ORDER BY head_id')).rows.map(
    (row) => row.note,
  )
  for (const table of TABLES)
    await house.superuser.query(`CREATE TABLE public.${table} AS SELECT * FROM xh.${table}`)
})
afterAll(() => house.close())
afterEach(restore)

/** Everything as it was before the tampering. */
async function restore() {
  await house.superuser.query(
    `TRUNCATE ${TABLES.map((table) => `xh.${table}`).join()};
     ${TABLES.map((table) => `INSERT INTO xh.${table} OVERRIDING SYSTEM VALUE SELECT * FROM public.${table}`).join(';')}`,
  )
}

const verify = (options: VerifyOptions = {}) => verifyLedger(house.house, options)
const codes = async (options: VerifyOptions = {}) => (await verify(options)).faults.map((fault) => fault.code)

/** What the database's superuser does to the entries, leaving every other table as it is. */
const TAMPERINGS = {
  change: async (at: number) => {
    await house.superuser.query("UPDATE xh.ledger_leaf SET actor = actor || 'x' WHERE seq = $1", [at])
  },
  remove: async (at: number) => {
    await house.superuser.query('DELETE FROM xh.ledger_leaf WHERE seq = $1', [at])
    await house.superuser.query('DELETE FROM xh.ledger_detail WHERE seq = $1', [at])
  },
  // All behind it move up by one, as in a ledger written anew.
  'remove and close up': async (at: number) => {
    await TAMPERINGS.remove(at)
    await shift(at, -1)
  },
  insert: async (at: number) => {
    await shift(at - 1, 1)
    for (const table of ['ledger_leaf', 'ledger_detail']) {
      await house.superuser.query(`CREATE TEMP TABLE copied AS SELECT * FROM xh.${table} WHERE seq = $1`, [
        at + 1,
      ])
      if (table === 'ledger_leaf')
        await house.superuser.query('UPDATE copied SET entry_id = entry_id + 1000000')
      await house.superuser.query(
        `UPDATE copied SET seq = seq - 1; INSERT INTO xh.${table} SELECT * FROM copied; DROP TABLE copied`,
      )
    }
  },
  reorder: async (at: number) => {
    const other = (at + 1 + (at % 5)) % size
    for (const table of ['ledger_leaf', 'ledger_detail'])
      await house.superuser.query(
        `UPDATE xh.${table} SET seq = 1000000 + seq WHERE seq IN (${at}, ${other});
         UPDATE xh.${table} SET seq = CASE seq WHEN 1000000 + ${at} THEN ${other} ELSE ${at} END WHERE seq >= 1000000`,
      )
  },
} as const

async function shift(behind: number, by: number) {
  for (const table of ['ledger_leaf', 'ledger_detail'])
    await house.superuser.query(
      `UPDATE xh.${table} SET seq = seq + 1000000 WHERE seq > ${behind}; UPDATE xh.${table} SET seq = seq - 1000000 + ${by} WHERE seq >= 1000000`,
    )
}

/** Makes the rest fit the tampered entries: leaf hashes and subtrees, and with the stolen key every head as well. */
async function rewrite(resigned: boolean) {
  const { rows } = await house.superuser.query({
    rowMode: 'array',
    text: `SELECT ${ENTRY_COLUMNS}, commitment, seq FROM xh.ledger_leaf ORDER BY seq`,
  })
  const frontier = new Frontier(tree)
  const roots = new Map<number, Uint8Array>([[0, frontier.root()]])
  await house.superuser.query('BEGIN; TRUNCATE xh.ledger_subtree')
  for (const row of rows) {
    const hash = leafHash(entryOf(row, row[ENTRY_WIDTH]))
    await house.superuser.query('UPDATE xh.ledger_leaf SET hash = $1 WHERE seq = $2', [
      hash,
      row[ENTRY_WIDTH + 1],
    ])
    const nodes: [number, number, Uint8Array][] = []
    frontier.push(hash, (level, index, node) => void (level % 4 === 0 && nodes.push([level, index, node])))
    for (const node of nodes)
      await house.superuser.query('INSERT INTO xh.ledger_subtree VALUES ($1, $2, $3)', node)
    roots.set(frontier.size, frontier.root())
  }
  if (resigned) {
    const signer = openLedgerSigner(house.house.settings)
    const heads = await house.superuser.query(
      'SELECT head_id, size::int, extract(epoch FROM signed_at)::int AS time, (SELECT origin FROM xh.ledger_log) FROM xh.ledger_head',
    )
    for (const { head_id, size: of, time, origin } of heads.rows) {
      const root = roots.get(Math.min(of, frontier.size)) as Uint8Array
      const body = headText({ origin, size: Math.min(of, frontier.size), root, time })
      const note = signedNote(body, [
        {
          name: origin,
          keyId: noteKeyId(sha256, origin, signer.publicKey, 1),
          signature: await signer.sign(Buffer.from(body)),
        },
      ])
      await house.superuser.query(
        'UPDATE xh.ledger_head SET root = $1, note = $2, size = $3 WHERE head_id = $4',
        [root, note, Math.min(of, frontier.size), head_id],
      )
    }
  }
  await house.superuser.query('COMMIT')
}

test('an untouched ledger is whole, from its beginning and from anywhere', async () => {
  const whole = await verify()
  expect(whole).toMatchObject({ ok: true, entries: size, unsigned: 0, waiting: 0, erased: 0, faults: [] })
  expect(whole.heads).toBe(witnessed.length)
  expect((await verify({ witnessed })).compared).toBe(witnessed.length + 1)
  for (const from of [1, 16, 17, 100, size - 1, size, size + 5]) {
    const part = await verify({ from, witnessed })
    expect(part.ok, `from ${from}: ${JSON.stringify(part.faults)}`).toBe(true)
  }
})

describe('a superuser of the database', () => {
  for (const [how, tamper] of Object.entries(TAMPERINGS)) {
    test(`cannot ${how} an entry unseen, wherever it stands`, async () => {
      await fc.assert(
        fc
          .asyncProperty(fc.integer({ min: 0, max: size - 1 }), async (at) => {
            await tamper(at)
            const found = await verify()
            expect(found.ok).toBe(false)
          })
          .afterEach(restore),
        { numRuns: 12 },
      )
    })

    test(`cannot ${how} an entry and make leaves and subtrees fit: the signed heads differ`, async () => {
      await fc.assert(
        fc
          .asyncProperty(fc.integer({ min: 0, max: size - 1 }), async (at) => {
            await tamper(at)
            // Details are moved along, so that nothing but the tree tells.
            await rewrite(false)
            expect(await codes()).toEqual(
              expect.arrayContaining([expect.stringMatching(/^head\.(own-differs|beyond)$/)]),
            )
          })
          .afterEach(restore),
        { numRuns: 4 },
      )
    })

    test(`who also has the signing key cannot ${how} an entry unseen by a witness`, async () => {
      await fc.assert(
        fc
          .asyncProperty(fc.integer({ min: 0, max: size - 1 }), async (at) => {
            await tamper(at)
            await rewrite(true)
            const found = await codes({ witnessed: witnessed.slice(-1) })
            expect(found).toEqual(
              expect.arrayContaining([expect.stringMatching(/^head\.witnessed-(differs|beyond)$/)]),
            )
          })
          .afterEach(restore),
        { numRuns: 4 },
      )
    })
  }

  test('cannot cut off the end with its heads: this installation remembers the last one', async () => {
    await house.superuser.query(
      `DELETE FROM xh.ledger_leaf WHERE seq >= 100; DELETE FROM xh.ledger_detail WHERE seq >= 100;
       DELETE FROM xh.ledger_subtree WHERE (index + 1) * 2 ^ level > 100; DELETE FROM xh.ledger_head WHERE size > 100`,
    )
    expect(await codes()).toEqual(['head.remembered-beyond'])
  })

  test('cannot empty the ledger', async () => {
    await house.superuser.query(`TRUNCATE ${TABLES.map((table) => `xh.${table}`).join()}`)
    expect(await codes()).toEqual(['head.remembered-beyond'])
  })

  test.each([
    ["UPDATE xh.ledger_leaf SET at = at - interval '1 microsecond' WHERE seq = 20", 'entry.changed'],
    ['UPDATE xh.ledger_leaf SET xact = (xact::text::bigint + 1)::text::xid8 WHERE seq = 20', 'entry.changed'],
    ["UPDATE xh.ledger_leaf SET result = '' WHERE seq = 20", 'entry.changed'],
    ["UPDATE xh.ledger_detail SET ground = '另一依据' WHERE seq = 20", 'detail.changed'],
    [`UPDATE xh.ledger_detail SET detail = '{"number": 1}' WHERE seq = 20`, 'detail.changed'],
    ['UPDATE xh.ledger_detail SET secret = NULL WHERE secret IS NOT NULL', 'detail.changed'],
    ["UPDATE xh.ledger_detail SET salt = sha256('x') WHERE seq = 20", 'detail.changed'],
    ['DELETE FROM xh.ledger_detail WHERE seq = 20', 'detail.missing'],
    [
      'INSERT INTO xh.ledger_detail SELECT seq - 500, salt, ground, origin, detail FROM xh.ledger_detail WHERE seq = 20',
      'detail.of-no-entry',
    ],
    ["UPDATE xh.ledger_subtree SET hash = sha256('x') WHERE level = 4 AND index = 2", 'subtree.changed'],
    ['DELETE FROM xh.ledger_subtree WHERE level = 4 AND index = 2', 'subtree.missing'],
    ["INSERT INTO xh.ledger_subtree VALUES (8, 5, sha256('x'))", 'subtree.beyond'],
    [
      "UPDATE xh.ledger_head SET signed_at = signed_at + interval '1 second' WHERE head_id = 2",
      'head.changed',
    ],
    [
      "UPDATE xh.ledger_head SET note = replace(note, 'time 1', 'time 2') WHERE head_id = 2",
      'head.signature',
    ],
    ["UPDATE xh.ledger_head SET note = 'x' WHERE head_id = 2", 'head.unreadable'],
    ["INSERT INTO xh.ledger_key (key, from_size) VALUES ('a+00000000+AAAA', 0)", 'key.unknown'],
    ["UPDATE xh.ledger_log SET origin = origin || 'x'", 'head.other-ledger'],
  ])('is seen: %s', async (statement, code) => {
    await house.superuser.query(statement)
    expect(await codes()).toContain(code)
    await house.superuser.query("UPDATE xh.ledger_log SET origin = rtrim(origin, 'x')")
  })
})

test('what is erased by order leaves the proof, and the order stands in the ledger', async () => {
  await eraseDetail(house.house, ACTOR, 30, '本人申请删除（个人信息保护法第四十七条）')
  expect(await codes()).toEqual([])
  const sequencer = new Sequencer(house.house, { now: () => clock })
  await sequencer.catchUp()
  await sequencer.close()
  const after = await verify({ witnessed })
  expect(after).toMatchObject({ ok: true, erased: 1, entries: size + 1 })
  expect((await house.superuser.query('SELECT FROM xh.ledger_detail WHERE seq = 30')).rowCount).toBe(0)
  await expect(eraseDetail(house.house, ACTOR, 30, '再次')).rejects.toMatchObject({
    code: 'ledger.no-detail',
  })
  // The house goes back to what the other tests know.
  rmSync(join(house.folder, 'ledger'), { recursive: true })
})

test('a person’s tag is the same on every entry, and is nobody’s once their key is destroyed', async () => {
  const { pools } = house.house.database
  const client = await pools.app.connect()
  const tag = await personTag(client, house.house.keys, 4711)
  expect(await personTag(client, house.house.keys, 4711)).toBe(tag)
  expect(await personTag(client, house.house.keys, 4712)).not.toBe(tag)
  await forgetPerson(house.house, ACTOR, 4711, '本人申请')
  expect(await personTag(client, house.house.keys, 4711)).not.toBe(tag)
  client.release()
})

test('no login updates, deletes or cuts history, nor chooses a time or a transaction', async () => {
  const { pools } = house.house.database
  for (const [login, pool] of Object.entries(pools)) {
    for (const table of TABLES) {
      for (const statement of [
        `UPDATE xh.${table} SET ${table === 'ledger_key' ? 'key' : table === 'ledger_subtree' ? 'hash' : table === 'ledger_head' ? 'note' : 'seq'} = NULL`,
        `DELETE FROM xh.${table}`,
        `TRUNCATE xh.${table}`,
      ])
        await expect(pool.query(statement), `${login}: ${statement}`).rejects.toMatchObject({ code: '42501' })
    }
    for (const [column, value] of [
      ['at', 'now()'],
      ['xact', 'pg_current_xact_id()'],
      ['entry_id', '1'],
    ])
      await expect(
        pool.query(
          `INSERT INTO xh.ledger_inbox (actor, duty, act, ${column}) ${column === 'entry_id' ? 'OVERRIDING SYSTEM VALUE' : ''} VALUES ('x', 'x', 'x', ${value})`,
        ),
        `${login}: ${column}`,
      ).rejects.toMatchObject({ code: '42501' })
    if (login !== 'ledger')
      await expect(pool.query('DELETE FROM xh.ledger_inbox'), login).rejects.toMatchObject({ code: '42501' })
    await expect(pool.query('UPDATE xh.ledger_inbox SET act = $1', ['x']), login).rejects.toMatchObject({
      code: '42501',
    })
    await expect(pool.query('TRUNCATE xh.ledger_inbox'), login).rejects.toMatchObject({ code: '42501' })
  }
  await expect(
    pools.ledger.query("SELECT xh.ledger_expire(now() - interval '5 months', 10)"),
  ).rejects.toThrow(/six months/)
  await expect(pools.app.query('SELECT xh.ledger_erase(1)')).rejects.toMatchObject({ code: '42501' })
})

test('the server’s login sees entries as an auditor alone', async () => {
  const client = await house.house.database.pools.app.connect()
  for (const duty of ['centre', 'department', 'system', 'security', 'audit']) {
    await client.query(`BEGIN; SET LOCAL app.duty = '${duty}'`)
    expect((await client.query('SELECT FROM xh.ledger_leaf LIMIT 1')).rowCount, duty).toBe(
      duty === 'audit' ? 1 : 0,
    )
    expect((await client.query('SELECT FROM xh.ledger_detail LIMIT 1')).rowCount, duty).toBe(
      duty === 'audit' ? 1 : 0,
    )
    await client.query('ROLLBACK')
  }
  client.release()
})
