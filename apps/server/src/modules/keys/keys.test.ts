import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { hash, verify } from '@node-rs/argon2'
import { neverIssuedIdNumber, PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSettings } from '../../platform/config/settings.ts'
import { withActor } from '../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { fileKeyIdOf } from '../../platform/keys/file-cipher.ts'
import { openKeys } from '../../platform/keys/key-ring.ts'
import { MainKey, mainKeyPath, stageMainKey } from '../../platform/keys/main-key.ts'
import { guardedServer, type SignedInForTest, signedInAs } from '../access/testing.ts'
import { Approvals, approvalRoutes } from '../approvals/index.ts'
import { Sequencer, sealDetail, verifyLedger } from '../ledger/index.ts'
import { addUnits } from '../units/index.ts'
import { KeyKeeping, type KeyOverview, keyRoutes, Rewriting } from './index.ts'

const ACTOR = { name: 'operator:test', duty: 'system' } as const
const UNIT = validUscc('11', '519900', 1)
const NUMBER = neverIssuedIdNumber('519902', '19900101')
const FOREVER = Number.POSITIVE_INFINITY

let house: TestHouse
let app: FastifyInstance
let keeping: KeyKeeping
let rewriting: Rewriting
let system: SignedInForTest
let security: SignedInForTest
let delivery: number

const keys = () => house.house.keys
const get = async () =>
  (await app.inject({ url: '/api/console/keys', headers: system.headers })).json() as KeyOverview
const post = (who: SignedInForTest, url: string, payload: object) =>
  app.inject({ method: 'POST', url: `/api/console/${url}`, headers: who.headers, payload })
const dataKey = async (purpose: string, state: string) =>
  (await get()).data.find((one) => one.purpose === purpose && one.state === state)
const order = async () => {
  const sequencer = new Sequencer(house.house)
  await sequencer.catchUp()
  await sequencer.close()
}
/** Makes a key that was just made the one that writes. */
const settle = async () => {
  await house.superuser.query("UPDATE xh.data_key SET usable_from = now() - interval '1 second'")
  await keys().reread()
}

beforeAll(async () => {
  house = await testHouse()
  await addUnits(house.house.database.pools.app, { name: 'test', duty: 'centre' }, [
    { uscc: UNIT, name: '示例市第一局' },
  ])
  const path = join(house.folder, 'a.csv')
  const person = `张示例,自然人,,,,,,,,,,准予许可决定书,示许〔2026〕2号,普通,,,许可内容,2026/11/01,2026/11/01,2099/12/31,示例市第一局,${UNIT},1,示例市第一局,${UNIT},`
  writeFileSync(
    path,
    `${PERMIT_HEADER}\n${['示例市岚桥第一商贸有限公司', '法人及非法人组织', validUscc('91', '519902', 101), '', '', '', '', '', '周示例', '身份证', NUMBER, '准予许可决定书', '示许〔2026〕1号', '普通', '', '', '许可内容', '2026/11/01', '2026/11/01', '2099/12/31', '示例市第一局', UNIT, '1', '示例市第一局', UNIT, ''].join(',')}\n${person}\n`,
  )
  const result = await house.deliveries.import({
    path,
    item: 'permit-organisation',
    source: UNIT,
    mode: 'increment',
    dryRun: false,
    actor: ACTOR,
  })
  delivery = result.delivery as number
  await withActor(house.house.database.pools.app, ACTOR, async () => ({
    result: undefined,
    act: { act: 'test.told', secretDetail: sealDetail(keys(), { phone: '13800000000' }) },
  }))
  await order()
  app = await guardedServer(house)
  const approvals = new Approvals(house.house)
  rewriting = new Rewriting(house.house, 0)
  keeping = new KeyKeeping(house.house, approvals, rewriting)
  approvalRoutes(app, approvals)
  keyRoutes(app, keeping)
  await app.ready()
  system = await signedInAs(house, { role: 'systemAdministrator' })
  security = await signedInAs(house, { role: 'securityAdministrator' })
})
afterAll(async () => {
  await app.close()
  await house.close()
})

test('every column that holds bytes is a place of the ring or is named here as none', async () => {
  const NONE = new Set([
    'account_secret.password_hash',
    'approval.payload_hash',
    'check_feedback.request_digest',
    'credit_check.notice',
    'credit_check.request_digest',
    'data_key_wrapping.wrapped',
    'invitation.token_hash',
    'known_device.device_hash',
    'ledger_detail.salt',
    'ledger_head.root',
    'ledger_leaf.commitment',
    'ledger_leaf.hash',
    'ledger_subtree.hash',
    'recovery_code.code_hash',
    'session.token_hash',
    'single_sign_on_flow.flow_hash',
    // Staged states of one transaction, and leaves of the tables that are places.
    'change.inner_content',
  ])
  const { rows } = await house.superuser.query(
    `SELECT c.relname || '.' || a.attname AS column FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'xh'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND a.atttypid = 'bytea'::regtype AND NOT a.attisdropped
        AND NOT EXISTS (SELECT FROM xh.sealed_place p WHERE p.of_table = c.relname AND p.of_column = a.attname)`,
  )
  expect(rows.map((row) => row.column).filter((column) => !NONE.has(column))).toEqual([])
  const places = await house.superuser.query('SELECT place FROM xh.sealed_place')
  for (const { place } of places.rows)
    await house.house.database.pools.job.query('SELECT * FROM xh.sealed_piece($1, NULL, 5, 1)', [place])
})

describe('a data key', () => {
  test('is replaced by two persons; new writes lie under the new one, and what lay under the old is read', async () => {
    const before = keys().encrypt(Buffer.from(NUMBER), 'here')
    const asked = { purpose: 'cells', reason: '年度更换密钥' }
    expect((await post(security, 'keys/rotations', asked)).statusCode).toBe(403)
    const proposed = await post(system, 'keys/rotations', asked)
    expect(proposed.statusCode, proposed.body).toBe(201)
    const { approval } = proposed.json()
    const { rows } = await house.superuser.query(
      `SELECT encode(payload_hash, 'hex') AS hash FROM xh.approval WHERE approval_id = $1`,
      [approval],
    )
    const decision = { decision: 'approve', reason: '同意', payloadHash: rows[0].hash }
    expect((await post(system, `approvals/${approval}/decision`, decision)).statusCode).toBe(403)
    const decided = await post(security, `approvals/${approval}/decision`, decision)
    expect(decided.statusCode, decided.body).toBe(200)

    // Other processes learn of it before anybody writes with it.
    await keys().reread()
    expect(keys().encrypt(Buffer.from('x'), 'here').subarray(1, 5)).toEqual(before.subarray(1, 5))
    await settle()
    const after = keys().encrypt(Buffer.from('x'), 'here')
    expect(after.subarray(1, 5)).not.toEqual(before.subarray(1, 5))
    expect(keys().decrypt(before, 'here').toString()).toBe(NUMBER)
    expect(keys().decrypt(after, 'here').toString()).toBe('x')
    const ledger = await house.superuser.query(
      `SELECT act FROM xh.ledger_inbox WHERE act LIKE 'key.rotate%' ORDER BY entry_id`,
    )
    expect(ledger.rows.map((row) => row.act)).toEqual(['key.rotate.propose', 'key.rotate.approve'])
  })

  test('is not destroyed while anything lies under it', async () => {
    const old = await dataKey('cells', 'retired')
    const refused = await post(system, 'keys/destructions', { what: 'data', id: old?.id, reason: '销毁' })
    expect(refused.json()).toMatchObject({ code: 'keys.still-used', status: 409 })
  })

  test('is replaced everywhere in pieces, goes on where it stopped, and is then destroyed by two persons', async () => {
    const old = (await dataKey('cells', 'retired')) as KeyOverview['data'][number]
    const { superuser } = house
    const piece = await rewriting.run(Date.now() - 1)
    expect(piece).toEqual({ looked: 0, rewritten: 0 })
    let rewritten = 0
    for (let run = 0; run < 4; run++) rewritten += (await rewriting.run(FOREVER, 1)).rewritten
    // Number, name, outcomes, stretches at least.
    expect(rewritten).toBeGreaterThanOrEqual(2)
    const left = await superuser.query(
      `SELECT count(*)::int AS count FROM xh.sealed_place p, LATERAL (SELECT * FROM xh.sealed_piece(p.place, NULL, 1000, $1)) s WHERE s.sealed IS NOT NULL`,
      [old.id],
    )
    expect(left.rows[0].count).toBe(0)
    const outcomes = []
    for await (const fate of house.deliveries.fates(delivery)) outcomes.push(fate)
    expect(outcomes.length).toBe(2)

    // Entries commit to what was sealed, not to its cipher text.
    await order()
    expect((await verifyLedger(house.house, {})).faults).toEqual([])

    const clean = (await dataKey('cells', 'retired')) as KeyOverview['data'][number]
    expect(clean.clean).toBe(clean.places)
    const asked = { what: 'data', id: old.id, reason: '已无数据使用该密钥' }
    const { approval } = (await post(system, 'keys/destructions', asked)).json()
    const { rows } = await superuser.query(
      `SELECT encode(payload_hash, 'hex') AS hash FROM xh.approval WHERE approval_id = $1`,
      [approval],
    )
    const decided = await post(security, `approvals/${approval}/decision`, {
      decision: 'approve',
      reason: '核对无误',
      payloadHash: rows[0].hash,
    })
    expect(decided.statusCode, decided.body).toBe(200)
    const sealed = keys().encrypt(Buffer.from('y'), 'there')
    await keys().reread()
    expect(keys().decrypt(sealed, 'there').toString()).toBe('y')
    const stale = Buffer.from(sealed)
    stale.writeUInt32BE(Number(old.id), 1)
    expect(() => keys().decrypt(stale, 'there')).toThrow('another key')
    expect(
      (await superuser.query('SELECT FROM xh.data_key_wrapping WHERE key_id = $1', [old.id])).rowCount,
    ).toBe(0)
  })

  test('of files: kept files lie under the new one afterwards, byte for byte the same', async () => {
    const path = join(house.house.settings.dataFolder, 'deliveries', `${delivery}.sealed`)
    const before = await fileKeyIdOf(path)
    const said = await text(house.deliveries.delivered(delivery))
    await keeping.rotate(ACTOR, 'files', '测试')
    await settle()
    expect((await rewriting.run(FOREVER)).rewritten).toBe(1)
    expect(await fileKeyIdOf(path)).not.toBe(before)
    expect(await text(house.deliveries.delivered(delivery))).toBe(said)
  })

  test('of facts stays as long as a fact lies under it: the ledger is bound to the bytes', async () => {
    await keeping.rotate(ACTOR, 'records', '测试')
    await settle()
    await rewriting.run(FOREVER)
    await rewriting.run(FOREVER)
    const old = (await dataKey('records', 'retired')) as KeyOverview['data'][number]
    const { rows } = await house.superuser.query(
      `SELECT count(*)::int AS count FROM xh.record WHERE get_byte(inner_content, 0) = 1`,
    )
    expect(rows[0].count).toBeGreaterThan(0)
    expect(old.destroyable).toBe(false)
  })

  test('rotates alone: what is looked up, named or mixed with does not', async () => {
    await expect(
      house.superuser.query(
        `INSERT INTO xh.data_key (key_id, purpose, version, made_by) VALUES (77, 'lookup', 2, 'x')`,
      ),
    ).rejects.toThrow('lasting')
  })
})

describe('the main key', () => {
  test('is changed without voiding passwords, authenticators, look-ups or public names', async () => {
    const password = '四个不相干的词 Word 7'
    const stored = await hash(password, { secret: keys().lasting('pepper') })
    const seed = keys().encrypt(Buffer.from('seed'), 'account_secret‖totp_seed‖1')
    const looked = keys().keyedHash('person', NUMBER)
    const name = keys().publicId({ subject: 7, item: 1, keyPrefix: '0011223344556677' })
    const before = readFileSync(mainKeyPath(house.house.settings), 'utf8')

    const after = MainKey.random()
    const staged = stageMainKey(house.house.settings, after)
    const done = await keeping.rewrap(ACTOR, after, '测试')
    const kept = staged.settle(done.before)
    expect(readFileSync(kept, 'utf8')).toBe(before)

    const { job } = house.house.database.pools
    const reopened = await openKeys(house.house.settings, job)
    expect(await verify(stored, password, { secret: reopened.lasting('pepper') })).toBe(true)
    expect(reopened.decrypt(seed, 'account_secret‖totp_seed‖1').toString()).toBe('seed')
    expect(reopened.keyedHash('person', NUMBER)).toBe(looked)
    expect(reopened.publicId({ subject: 7, item: 1, keyPrefix: '0011223344556677' })).toBe(name)
    // The former opens as well until it is destroyed.
    const former = await openKeys({ ...house.house.settings, key: before }, job)
    expect(former.keyedHash('person', NUMBER)).toBe(looked)
    await expect(keeping.rotate(ACTOR, 'cells', '测试')).rejects.toMatchObject({ code: 'keys.two-main-keys' })

    const { main } = await get()
    const old = main.find((one) => one.state === 'retired')
    const { approval } = (
      await post(system, 'keys/destructions', { what: 'main', id: old?.id, reason: '全部进程已改用新主密钥' })
    ).json()
    const { rows } = await house.superuser.query(
      `SELECT encode(payload_hash, 'hex') AS hash FROM xh.approval WHERE approval_id = $1`,
      [approval],
    )
    const decided = await post(security, `approvals/${approval}/decision`, {
      decision: 'approve',
      reason: '同意',
      payloadHash: rows[0].hash,
    })
    expect(decided.statusCode, decided.body).toBe(200)
    await expect(openKeys({ ...house.house.settings, key: before }, job)).rejects.toMatchObject({
      code: 'keys.destroyed-main-key',
    })
    await keeping.rotate(ACTOR, 'cells', '测试')
  })

  test('a wrong or a missing one is refused, and no new one is made', async () => {
    const { job } = house.house.database.pools
    const settings = { ...house.house.settings, key: randomBytes(32).toString('base64url') }
    await expect(openKeys(settings, job)).rejects.toMatchObject({ code: 'keys.wrong-main-key' })
    const elsewhere = readSettings({ XINHENG_DATA: join(house.folder, 'elsewhere') })
    await expect(openKeys(elsewhere, job)).rejects.toMatchObject({ code: 'keys.no-main-key' })
  })

  test('an altered wrapping opens nothing', async () => {
    const { rows } = await house.superuser.query(`SELECT key_id FROM xh.data_key WHERE purpose = 'lookup'`)
    const other = await testHouse()
    try {
      await other.superuser.query(
        `UPDATE xh.data_key_wrapping SET wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1)`,
      )
      await expect(openKeys(other.house.settings, other.house.database.pools.job)).rejects.toMatchObject({
        code: 'keys.damaged',
      })
    } finally {
      await other.close()
    }
    expect(rows).toHaveLength(1)
  })
})

test('what lay under keys derived from the main key, before there was a ring, is read by the ring', async () => {
  const old = await testHouse()
  try {
    const { job } = old.house.database.pools
    const main = new MainKey(Buffer.from(readFileSync(mainKeyPath(old.house.settings), 'utf8'), 'base64url'))
    await old.superuser.query(
      'TRUNCATE xh.data_key_wrapping, xh.data_key, xh.main_key CASCADE; UPDATE xh.key_ring SET derived = true',
    )
    const { createCipheriv, createHmac } = await import('node:crypto')
    const id = main.derive('key id', 4).readUInt32BE(0)
    const cipher = createCipheriv('aes-256-gcm', main.derive('encryption', 32), Buffer.alloc(12))
    cipher.setAAD(Buffer.from(`here‖${id}`))
    const head = Buffer.alloc(5, 1)
    head.writeUInt32BE(id, 1)
    const sealed = Buffer.concat([
      head,
      Buffer.alloc(12),
      cipher.update('before'),
      cipher.final(),
      cipher.getAuthTag(),
    ])
    const ring = await openKeys(old.house.settings, job)
    expect(ring.decrypt(sealed, 'here').toString()).toBe('before')
    expect(ring.keyedHash('person', NUMBER)).toBe(
      createHmac('sha256', main.derive('lookup', 32)).update(`person:${NUMBER}`).digest('base64url'),
    )
    expect(ring.lasting('pepper')).toEqual(main.derive('password pepper', 32))
  } finally {
    await old.close()
  }
})

test('administrators read the list, nobody else; no key is in it', async () => {
  const clerk = await signedInAs(house, { role: 'centreOperator' })
  expect((await app.inject({ url: '/api/console/keys', headers: clerk.headers })).statusCode).toBe(403)
  const answer = await app.inject({ url: '/api/console/keys', headers: security.headers })
  expect(answer.statusCode, answer.body).toBe(200)
  const secret = readFileSync(mainKeyPath(house.house.settings), 'utf8')
  expect(answer.body).not.toContain(secret)
  for (const { key } of keys().material)
    expect(answer.body).not.toContain(Buffer.from(key).toString('base64url'))
})
