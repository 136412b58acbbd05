import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Actor, withActor } from '../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { type SignedInForTest, signedInAs } from '../access/testing.ts'
import { addUnits } from '../units/index.ts'
import { Approvals } from './index.ts'

let house: TestHouse
let approvals: Approvals
let clerk: Actor
let reviewer: Actor
let stranger: Actor
let centre: Actor
const done: unknown[] = []

const actor = ({ account }: SignedInForTest): Actor => ({
  name: account.name,
  duty: account.duty,
  accountId: account.accountId,
  unitId: account.unitId ?? undefined,
})
const proposal = (expiresOn = '2099-01-01') => ({
  kind: 'fact.withdraw',
  object: 'fact:1',
  payload: { fact: 1 },
  reason: '决定书被撤销',
  expiresOn,
})

beforeAll(async () => {
  house = await testHouse()
  await addUnits(house.house.database.pools.app, { name: 'test', duty: 'centre' }, [
    { uscc: '11510500MB1A2C3D05', name: '示例市甲局' },
    { uscc: '12510500MB1A2C3D02', name: '示例市乙局' },
  ])
  const { rows } = await house.superuser.query('SELECT unit_id FROM xh.unit ORDER BY unit_id')
  const [first, second] = rows.map((row) => row.unit_id as number)
  clerk = actor(await signedInAs(house, { role: 'departmentClerk', unit: first as number }))
  reviewer = actor(await signedInAs(house, { role: 'departmentReviewer', unit: first as number }))
  stranger = actor(await signedInAs(house, { role: 'departmentReviewer', unit: second as number }))
  centre = actor(await signedInAs(house, { role: 'centreReviewer' }))
  approvals = new Approvals(house.house)
  approvals.register('fact.withdraw', {
    may: 'fact.withdraw.approve',
    login: 'load',
    execute: async (_, payload) => {
      done.push(payload)
      return 'withdrawn'
    },
  })
  approvals.register('catalogue.enter', {
    may: 'catalogue.approve',
    execute: async () => {
      throw new Error('the item is faulty')
    },
  })
})
afterAll(() => house.close())

describe('an act of two persons', () => {
  test('is done when another person approves it, once', async () => {
    const id = await approvals.propose(clerk, proposal())
    expect((await approvals.open(reviewer)).map((one) => [one.id, one.mine])).toContainEqual([id, true])
    expect((await approvals.open(clerk)).map((one) => [one.id, one.mine])).toContainEqual([id, false])
    expect(await approvals.decide(reviewer, id, 'approve', '属实')).toEqual({
      id,
      state: 'approved',
      outcome: 'withdrawn',
    })
    expect(done).toEqual([{ fact: 1 }])
    await expect(approvals.decide(centre, id, 'approve', '再来')).rejects.toMatchObject({
      code: 'approval.decided',
    })
    expect(done).toHaveLength(1)
  })

  test('is not approved by whoever proposed it, neither by the service nor by SQL', async () => {
    const id = await approvals.propose(clerk, proposal())
    await expect(approvals.decide(clerk, id, 'approve', '')).rejects.toMatchObject({
      code: 'approval.own-act',
    })
    await expect(
      withActor(house.house.database.pools.app, clerk, async (client) => {
        await client.query(
          `UPDATE xh.approval SET state = 'approved', approver = proposer, decided_at = now() WHERE approval_id = $1`,
          [id],
        )
        return { result: 0, act: { act: 'forged' } }
      }),
    ).rejects.toMatchObject({ constraint: 'nobody_approves_their_own_act' })
    await house.superuser.query('SET ROLE xh_owner')
    await expect(
      house.superuser.query(
        `UPDATE xh.approval SET state = 'approved', approver = proposer, decided_at = now() WHERE approval_id = $1`,
        [id],
      ),
    ).rejects.toMatchObject({ constraint: 'nobody_approves_their_own_act' })
    await house.superuser.query('RESET ROLE')
  })

  test('cannot be proposed or decided in another’s name', async () => {
    const id = await approvals.propose(clerk, proposal())
    const as = (who: Actor, sql: string, values: unknown[]) =>
      withActor(house.house.database.pools.app, who, async (client) => {
        const { rowCount } = await client.query(sql, values)
        return { result: rowCount, act: { act: 'forged' } }
      })
    await expect(
      as(
        reviewer,
        `UPDATE xh.approval SET state = 'approved', approver = $2, decided_at = now() WHERE approval_id = $1`,
        [id, stranger.accountId],
      ),
    ).rejects.toMatchObject({ code: '42501' })
    await expect(
      as(
        reviewer,
        `INSERT INTO xh.approval (kind, object, payload, payload_hash, reason, proposer, proposer_duty, unit_id, expires_on)
         VALUES ('fact.withdraw', 'x', '{}', sha256('{}'), 'x', $1, 'department', $2, '2099-01-01')`,
        [clerk.accountId, clerk.unitId],
      ),
    ).rejects.toMatchObject({ code: '42501' })
    // Payload and proposer cannot be rewritten at all.
    await expect(
      as(reviewer, `UPDATE xh.approval SET payload = '{"fact":2}' WHERE approval_id = $1`, [id]),
    ).rejects.toMatchObject({ code: '42501' })
  })

  test('of another unit does not exist for a department', async () => {
    const id = await approvals.propose(clerk, proposal())
    expect((await approvals.open(stranger)).map((one) => one.id)).not.toContain(id)
    await expect(approvals.decide(stranger, id, 'approve', '')).rejects.toMatchObject({
      code: 'approval.unknown',
      status: 404,
    })
  })

  test('that fails is not decided', async () => {
    const operator = actor(await signedInAs(house, { role: 'centreOperator' }))
    const id = await approvals.propose(operator, { ...proposal(), kind: 'catalogue.enter' })
    await expect(approvals.decide(centre, id, 'approve', '')).rejects.toThrow('the item is faulty')
    expect((await approvals.open(centre, { kind: 'catalogue.enter' })).map((one) => one.id)).toEqual([id])
  })

  test('wants the role that may, a day that has not passed, and the payload that was shown', async () => {
    const operator = actor(await signedInAs(house, { role: 'centreOperator' }))
    const id = await approvals.propose(clerk, proposal())
    await expect(approvals.decide(operator, id, 'approve', '')).rejects.toMatchObject({
      code: 'approval.forbidden',
    })
    await expect(approvals.decide(reviewer, id, 'approve', '', '00')).rejects.toMatchObject({
      code: 'approval.changed',
    })
    const late = await approvals.propose(clerk, proposal('2020-01-01'))
    await expect(approvals.decide(reviewer, late, 'approve', '')).rejects.toMatchObject({
      code: 'approval.expired',
    })
    await expect(
      approvals.propose({ name: 'operator:root', duty: 'centre' }, proposal()),
    ).rejects.toMatchObject({ code: 'approval.account-needed' })
  })

  test('two deciders at once: one decides', async () => {
    done.length = 0
    const id = await approvals.propose(clerk, proposal())
    const results = await Promise.allSettled([
      approvals.decide(reviewer, id, 'approve', ''),
      approvals.decide(centre, id, 'approve', ''),
    ])
    expect(results.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(done).toHaveLength(1)
  })

  test('can be taken back by its proposer alone', async () => {
    const id = await approvals.propose(clerk, proposal())
    await expect(approvals.takeBack(reviewer, id, '')).rejects.toMatchObject({ code: 'approval.not-yours' })
    await approvals.takeBack(clerk, id, '误提')
    await expect(approvals.decide(reviewer, id, 'approve', '')).rejects.toMatchObject({
      code: 'approval.decided',
    })
  })

  test('leaves proposal and decision in the ledger', async () => {
    const { rows } = await house.superuser.query(
      `SELECT act FROM xh.ledger_inbox WHERE act LIKE 'fact.withdraw.%' GROUP BY act ORDER BY act`,
    )
    expect(rows.map((row) => row.act)).toEqual([
      'fact.withdraw.approve',
      'fact.withdraw.propose',
      'fact.withdraw.takeBack',
    ])
  })
})
