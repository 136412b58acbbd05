import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { neverIssuedIdNumber, PERMIT_HEADER, validRegistrationNumber, validUscc } from '@xinheng/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { signedInAs } from '../access/testing.ts'
import { Approvals } from '../approvals/index.ts'
import { PublicRecords } from '../records/index.ts'
import { search } from '../search/index.ts'
import { addUnits } from '../units/index.ts'
import { Subjects } from './index.ts'

const ACTOR: Actor = { name: 'test', duty: 'centre' }
const SOURCE = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const KEPT = { uscc: validUscc('91', '519902', 301), name: '示例市云栖茶业有限公司' }
const OLD = { uscc: validUscc('91', '519902', 302), name: '示例市云栖茶厂' }
const THIRD = { uscc: validUscc('91', '519902', 303), name: '示例市云栖实业公司' }

let house: TestHouse
let records: PublicRecords
let subjects: Subjects
let approvals: Approvals
let operator: Actor
let reviewer: Actor
let files = 0

const permits = (...rows: { name: string; uscc: string; number: string; content?: string }[]) =>
  `${PERMIT_HEADER}\n${rows
    .map(
      ({ name, uscc, number, content = '食品销售' }) =>
        `${name},法人及非法人组织,${uscc},,,,,,周示例,,,准予许可决定书,${number},普通,,,${content},2026/11/02,2026/11/02,2099/12/31,${SOURCE.name},${SOURCE.uscc},1,${SOURCE.name},${SOURCE.uscc},`,
    )
    .join('\n')}\n`

function deliver(text: string, item = 'permit-organisation') {
  const path = join(house.folder, `${++files}.csv`)
  writeFileSync(path, text)
  return house.deliveries.import({
    path,
    item,
    source: SOURCE.uscc,
    mode: 'increment',
    dryRun: false,
    actor: ACTOR,
  })
}

const merge = async (kept: string, merged: string): Promise<number> => {
  const approval = await subjects.proposeMerge(operator, kept, merged, '同一企业，换发代码')
  const { outcome } = await approvals.decide(reviewer, approval, 'approve', '证据一致')
  return (outcome as { merge: number }).merge
}
const split = async (number: number): Promise<void> => {
  const approval = await subjects.proposeSplit(operator, number, '合并有误')
  await approvals.decide(reviewer, approval, 'approve', '确属两家')
}
const numbers = async (uscc: string) =>
  (await records.subject(uscc))?.facts.map((fact) => fact.documentNumber).sort()

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, ACTOR, [SOURCE])
  records = new PublicRecords(house.house.database.pools.portal, house.catalogue, house.house.keys)
  approvals = new Approvals(house.house)
  subjects = new Subjects(house.house, house.catalogue, approvals)
  const actor = async (role: 'centreOperator' | 'centreReviewer'): Promise<Actor> => {
    const { account } = await signedInAs(house, { role })
    return { name: account.name, duty: account.duty, accountId: account.accountId }
  }
  ;[operator, reviewer] = [await actor('centreOperator'), await actor('centreReviewer')]
  await deliver(
    permits(
      { ...KEPT, number: '示许〔2026〕1号' },
      { ...OLD, number: '示许〔2026〕2号' },
      { ...THIRD, number: '示许〔2026〕3号' },
    ),
  )
})
afterAll(() => house.close())

describe('two subjects that are one', () => {
  let number: number
  beforeAll(async () => {
    number = await merge(KEPT.uscc, OLD.uscc)
  })

  test('stand on one page under either code, with the old name as a former one', async () => {
    for (const uscc of [KEPT.uscc, OLD.uscc]) {
      const subject = await records.subject(uscc)
      expect(subject).toMatchObject({ name: KEPT.name, uscc: KEPT.uscc, formerNames: [OLD.name] })
      expect(subject?.formerCodes).toEqual([OLD.uscc])
      expect(await numbers(uscc)).toEqual(['示许〔2026〕1号', '示许〔2026〕2号'])
    }
  })

  test('a fact of the merged one bears the kept one’s name and leads to its page, and keeps the code it was delivered with', async () => {
    const fact = (await records.subject(OLD.uscc))?.facts.find(
      (one) => one.documentNumber === '示许〔2026〕2号',
    )
    const found = await records.fact(fact?.id ?? '')
    expect(found?.fact.subject).toEqual({ name: KEPT.name, uscc: KEPT.uscc })
    expect(found?.fact.fields.find((field) => field.name === 'uscc')?.value).toBe(OLD.uscc)
    const list = await records.list(house.catalogue.item('permit-organisation', '2026-11-24'), { limit: 10 })
    expect(list.facts.map((one) => one.subject.name).sort()).toEqual(
      [KEPT.name, KEPT.name, THIRD.name].sort(),
    )
  })

  test('are found by either name and code as the one that is kept', async () => {
    const { portal } = house.house.database.pools
    const byOldName = await search(portal, OLD.name, { limit: 5 })
    expect(byOldName.results[0]).toMatchObject({
      name: OLD.name,
      presentName: KEPT.name,
      current: false,
      uscc: KEPT.uscc,
    })
    expect((await search(portal, OLD.uscc, { limit: 5 })).results[0]).toMatchObject({ uscc: KEPT.uscc })
    expect((await search(portal, KEPT.name, { limit: 5 })).results).toHaveLength(1)
  })

  test('as it stood on a day holds for both', async () => {
    expect((await records.subject(KEPT.uscc, { asOf: '2026-11-20' }))?.facts).toHaveLength(2)
    expect((await records.subject(KEPT.uscc, { asOf: '2026-11-01' }))?.facts).toHaveLength(0)
  })

  test('the front page counts them once', async () => {
    const { portal } = house.house.database.pools
    const fresh = new PublicRecords(portal, house.catalogue, house.house.keys)
    expect((await fresh.figures()).subjects).toBe(2)
  })

  test('the document delivered under the other code is the same fact, and nothing moves', async () => {
    expect(await deliver(permits({ ...OLD, number: '示许〔2026〕2号' }))).toMatchObject({ unchanged: 1 })
    const changed = await deliver(
      permits({ name: OLD.name, uscc: KEPT.uscc, number: '示许〔2026〕2号', content: '食品生产' }),
    )
    expect(changed).toMatchObject({ updated: 1, inReview: 0, loaded: 0 })
    const { rows } = await house.superuser.query(
      'SELECT count(DISTINCT subject_id)::int AS subjects, count(*)::int AS facts FROM xh.record WHERE document_number = $1',
      ['示许〔2026〕2号'],
    )
    expect(rows[0]).toEqual({ subjects: 1, facts: 1 })
  })

  test('either name agrees for either code', async () => {
    expect(
      await deliver(permits({ name: KEPT.name, uscc: OLD.uscc, number: '示许〔2026〕4号' })),
    ).toMatchObject({ loaded: 1, inReview: 0 })
  })

  test('a chain ends at the last one, and the link in its middle can be taken out', async () => {
    const second = await merge(THIRD.uscc, KEPT.uscc)
    expect(await records.subject(OLD.uscc)).toMatchObject({ name: THIRD.name, uscc: THIRD.uscc })
    expect(await numbers(OLD.uscc)).toHaveLength(4)
    await split(second)
    expect(await records.subject(OLD.uscc)).toMatchObject({ name: KEPT.name, uscc: KEPT.uscc })
    expect(await numbers(THIRD.uscc)).toEqual(['示许〔2026〕3号'])
  })

  test('cannot be merged again, nor the other way round', async () => {
    await expect(subjects.compare(ACTOR, THIRD.uscc, OLD.uscc)).rejects.toMatchObject({
      code: 'merge.merged-already',
    })
    await expect(subjects.compare(ACTOR, OLD.uscc, KEPT.uscc)).rejects.toMatchObject({
      code: 'merge.merged-already',
    })
    await expect(subjects.compare(ACTOR, KEPT.uscc, KEPT.uscc)).rejects.toMatchObject({ code: 'merge.same' })
  })

  test('split again, each has its own, also what came while they were one', async () => {
    await split(number)
    expect(await records.subject(KEPT.uscc)).toMatchObject({
      name: KEPT.name,
      formerNames: [],
      formerCodes: [],
    })
    expect(await numbers(KEPT.uscc)).toEqual(['示许〔2026〕1号'])
    expect(await numbers(OLD.uscc)).toEqual(['示许〔2026〕2号', '示许〔2026〕4号'])
    const history = await subjects.history(ACTOR, OLD.uscc)
    expect(history[0]).toMatchObject({
      kept: { code: KEPT.uscc },
      merged: { code: OLD.uscc },
      proposedBy: operator.name,
      approvedBy: reviewer.name,
      undone: { ground: '合并有误' },
    })
    await expect(split(number)).rejects.toMatchObject({ code: 'merge.undone' })
  })
})

describe('evidence', () => {
  test('stands side by side with what agrees and what differs', async () => {
    const one = { uscc: validUscc('91', '519902', 310), name: '示例市同名商店有限公司' }
    const number = validRegistrationNumber('519902', 310)
    await deliver(permits({ ...one, number: '示许〔2026〕10号' }))
    await deliver(
      `企业名称,统一社会信用代码,成立日期\n${one.name},${number},1998-01-01\n`,
      'enterprise-registration',
    )
    const { kept, merged, points } = await subjects.compare(ACTOR, one.uscc, number)
    expect([kept.code, merged.code, merged.uscc]).toEqual([one.uscc, number, null])
    expect(points.find((point) => point.point === 'name')?.agreement).toBe('agrees')
    expect(points.find((point) => point.point === 'organisationCode')?.agreement).toBe('unknown')
    expect(await subjects.sameNamed(ACTOR)).toContainEqual({ name: one.name, one: one.uscc, other: number })
    await expect(subjects.compare(ACTOR, number, one.uscc)).rejects.toMatchObject({
      code: 'merge.kept-without-code',
    })
  })
})

describe('a natural person', () => {
  beforeAll(async () => {
    const header =
      'XK_XDR_MC,XK_XDR_LB,XK_XDR_ZJLX,XK_XDR_ZJHM,XK_XKWS,XK_WSH,XK_XKLB,XK_NR,XK_JDRQ,XK_YXQZ,XK_YXQZI,XK_XKJG,XK_XKJGDM,XK_ZT,XK_LYDW,XK_LYDWDM'
    const row = (index: number) =>
      `吴示例,自然人,身份证,${neverIssuedIdNumber('519902', `1990010${index}`)},准予许可决定书,示许〔2026〕9${index}号,普通,驾驶培训,2026/11/02,2026/11/02,2099/12/31,${SOURCE.name},${SOURCE.uscc},1,${SOURCE.name},${SOURCE.uscc}`
    const result = await deliver(`${header}\n${row(1)}\n${row(2)}\n`, 'permit-person')
    expect(result).toMatchObject({ loaded: 2 })
  })
  const persons = async (): Promise<number[]> =>
    (await house.superuser.query("SELECT subject_id FROM xh.subject WHERE kind = 'p' ORDER BY 1")).rows.map(
      (row) => row.subject_id,
    )

  test('is merged with nobody of the same name: by the service, by its door and by the tables', async () => {
    const [one, other] = await persons()
    const number = neverIssuedIdNumber('519902', '19900101')
    await expect(subjects.compare(ACTOR, number, number)).rejects.toMatchObject({ code: 'subject.unknown' })
    // As if both had agreed: the door itself refuses.
    const agreed = await house.superuser.query(
      `INSERT INTO xh.approval (kind, object, payload, payload_hash, reason, proposer, proposer_duty, expires_on, state, approver, decided_at)
       VALUES ('subject.merge', 'x', '{}', sha256('{}'), 'same name', $1, 'centre', '2099-01-01', 'approved', $2, now()) RETURNING approval_id`,
      [operator.accountId, reviewer.accountId],
    )
    const { approval_id: approval } = agreed.rows[0]
    const { app } = house.house.database.pools
    await expect(
      app.query("SELECT xh.merge_subjects($1, $2, $3, 'same name', '{}')", [approval, one, other]),
    ).rejects.toMatchObject({ code: '23514', constraint: 'no_person_is_merged' })
    await expect(
      house.superuser.query(
        "INSERT INTO xh.subject_alias (subject_id, stands_for, kind, name) VALUES ($1, $2, 'p', 'x')",
        [one, other],
      ),
    ).rejects.toMatchObject({ constraint: 'no_person_is_merged' })
    await expect(
      house.house.database.pools.app.query(
        "INSERT INTO xh.subject_alias (subject_id, stands_for, kind, name) VALUES (1, 2, 'o', 'x')",
      ),
    ).rejects.toMatchObject({ code: '42501' })
  })

  test('and one person alone merges nothing, in the console or by SQL', async () => {
    const approval = await subjects.proposeMerge(operator, KEPT.uscc, THIRD.uscc, '同一企业')
    await expect(approvals.decide(operator, approval, 'approve', '')).rejects.toMatchObject({
      code: 'approval.own-act',
    })
    const { app } = house.house.database.pools
    for (const number of [approval, 999_999]) {
      await expect(
        app.query("SELECT xh.merge_subjects($1, 1000, 1001, 'x', '{}')", [number]),
      ).rejects.toMatchObject({ code: 'XH403' })
    }
    await expect(
      app.query('INSERT INTO xh.subject_merge (kept, merged) VALUES (1, 2)'),
    ).rejects.toMatchObject({ code: '42501' })
  })
})
