import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { neverIssuedIdNumber, PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { RecordKeeping } from '../records/index.ts'
import { addUnits } from '../units/index.ts'
import { Sequencer } from './sequencer.ts'
import { verifyLedger } from './verify.ts'

const ACTOR = { name: 'operator:test', duty: 'centre' } as const
const SOURCE = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }

let house: TestHouse
beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, ACTOR, [SOURCE])
  await deliver('permits.csv', 0, 60)
  // Ten of them come again with another content, ten are new; in parts of eleven rows.
  await deliver('changed.csv', 50, 70, '变更后的许可内容')
  const { rows } = await house.superuser.query(
    "SELECT subject_id::float8 AS subject, item, replace(key::text, '-', '') AS key FROM xh.record ORDER BY delivery_row LIMIT 1",
  )
  const { subject, item, key } = rows[0]
  const id = house.house.keys.publicId({ subject, item, keyPrefix: key.slice(0, 16) })
  await new RecordKeeping(house.house).withdraw(id, 'error', '测试', ACTOR)
  const sequencer = new Sequencer(house.house)
  await sequencer.catchUp()
  await sequencer.close()
})
afterAll(() => house.close())

async function deliver(name: string, from: number, to: number, content = '许可内容') {
  const row = (i: number) =>
    `示例市岚坞商贸有限公司${i},法人及非法人组织,${validUscc('91', '519902', 1000 + i)},,,,,,周示例,身份证,${neverIssuedIdNumber('519902', '19900101')},准予许可决定书,示许〔2026〕${i}号,普通,,,${content}${i},2026/11/02,2026/11/02,2099/12/31,${SOURCE.name},${SOURCE.uscc},1,${SOURCE.name},${SOURCE.uscc},`
  const path = join(house.folder, name)
  writeFileSync(
    path,
    `${PERMIT_HEADER}\n${Array.from({ length: to - from }, (_, i) => row(from + i)).join('\n')}\n`,
  )
  const result = await house.deliveries.import({
    path,
    item: 'permit-organisation',
    source: SOURCE.uscc,
    mode: 'increment',
    dryRun: false,
    actor: ACTOR,
    rowsAPart: 11,
  })
  expect(result.loaded + result.updated).toBe(to - from)
}

const codes = async () => (await verifyLedger(house.house)).faults.map((fault) => fault.code)

test('records that stand as they were loaded, changed and withdrawn fit their entries', async () => {
  const found = await verifyLedger(house.house)
  expect(found.faults).toEqual([])
  expect(found.parts).toBe(8)
})

test.each([
  ["UPDATE xh.record SET content = content || 'x' WHERE delivery_row = 20", 'record.differs'],
  ["UPDATE xh.record SET public_until = '2099-01-01' WHERE delivery_row = 20", 'record.differs'],
  ['UPDATE xh.record SET amount_fen = 1 WHERE delivery_row = 20', 'record.differs'],
  ['DELETE FROM xh.record WHERE delivery_row = 20', 'record.differs'],
  ["UPDATE xh.record_version SET content = 'x' WHERE delivery_row = 55", 'record.differs'],
  ['DELETE FROM xh.record_version WHERE delivery_row = 55', 'record.differs'],
  [
    'UPDATE xh.record SET delivery_row = CASE delivery_row WHEN 20 THEN 21 ELSE 20 END WHERE delivery_row IN (20, 21)',
    'record.differs',
  ],
  [
    `INSERT INTO xh.record (subject_id, key, content_hash, delivery_id, recorded_from, delivery_row, public_rule, source_unit, item, item_version, subject_kind, content)
     SELECT subject_id + 1, key, content_hash, delivery_id, recorded_from, delivery_row, public_rule, source_unit, item, item_version, subject_kind, content FROM xh.record WHERE delivery_row = 20`,
    'record.differs',
  ],
  [
    `INSERT INTO xh.record (subject_id, key, content_hash, delivery_id, recorded_from, delivery_row, public_rule, source_unit, item, item_version, subject_kind, content)
     SELECT subject_id + 1, key, content_hash, delivery_id, now(), delivery_row, public_rule, source_unit, item, item_version, subject_kind, content FROM xh.record WHERE delivery_row = 20`,
    'record.of-no-entry',
  ],
  [
    `INSERT INTO xh.record (subject_id, key, content_hash, delivery_id, recorded_from, delivery_row, public_rule, source_unit, item, item_version, subject_kind, content)
     SELECT subject_id + 1, key, content_hash, 999, recorded_from, delivery_row, public_rule, source_unit, item, item_version, subject_kind, content FROM xh.record WHERE delivery_row = 20`,
    'record.of-no-entry',
  ],
  [
    `INSERT INTO xh.record (subject_id, key, content_hash, delivery_id, recorded_from, delivery_row, public_rule, source_unit, item, item_version, subject_kind, content)
     SELECT subject_id + 1, key, content_hash, delivery_id, recorded_from, 0, public_rule, source_unit, item, item_version, subject_kind, content FROM xh.record WHERE delivery_row = 20`,
    'record.of-no-entry',
  ],
])('a superuser’s hand in the records is seen: %s', async (statement, code) => {
  await house.superuser.query('CREATE TABLE public.kept AS SELECT * FROM xh.record')
  await house.superuser.query('CREATE TABLE public.kept_version AS SELECT * FROM xh.record_version')
  const { rowCount } = await house.superuser.query(statement)
  expect(rowCount).toBeGreaterThan(0)
  expect(await codes()).toContain(code)
  await house.superuser.query(
    `TRUNCATE xh.record, xh.record_version; INSERT INTO xh.record SELECT * FROM public.kept;
     INSERT INTO xh.record_version SELECT * FROM public.kept_version; DROP TABLE public.kept, public.kept_version`,
  )
})
