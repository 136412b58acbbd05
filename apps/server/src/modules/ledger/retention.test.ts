import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withActor } from '../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { expireDetails } from './erasure.ts'
import { keptMonths } from './retention.ts'
import { Sequencer } from './sequencer.ts'
import { verifyLedger } from './verify.ts'

const ACTOR = { name: 'operator:test', duty: 'centre' } as const

let house: TestHouse
beforeAll(async () => {
  house = await testHouse()
})
afterAll(() => house.close())

const policyOf = (keep: string) => {
  mkdirSync(join(house.folder, 'ledger'), { recursive: true })
  writeFileSync(join(house.folder, 'ledger', 'retention.yaml'), `keep: ${keep}\n`)
  return house.folder
}

test('the released policy keeps the ledger for ever', () => {
  expect(keptMonths(house.house.settings.policyFolder)).toBeUndefined()
})

test.each(['5', '0', '-1', '6.5', 'never', '[6]'])('a policy that keeps it for %s is refused', (keep) => {
  expect(() => keptMonths(policyOf(keep))).toThrow(/policy\.retention/)
})

test('what is older than the policy loses its detail, not its place; what is younger keeps both', async () => {
  expect(keptMonths(policyOf('6'))).toBe(6)
  for (let i = 0; i < 30; i++)
    await withActor(house.house.database.pools.app, ACTOR, async () => ({
      result: undefined,
      act: { act: 'unit.add', ground: `依据 ${i}` },
    }))
  // Acts of long ago: only the database's owner can make a time.
  await house.superuser.query(
    "UPDATE xh.ledger_inbox SET at = at - interval '7 months' WHERE entry_id IN (SELECT entry_id FROM xh.ledger_inbox ORDER BY entry_id LIMIT 20)",
  )
  const sequencer = new Sequencer(house.house)
  await sequencer.catchUp()
  expect(await expireDetails(house.house, ACTOR, undefined)).toBeUndefined()
  expect(await expireDetails(house.house, ACTOR, 6, 7)).toBe(19)
  expect(await expireDetails(house.house, ACTOR, 6, 7)).toBeUndefined()
  await sequencer.catchUp()
  await sequencer.close()
  const found = await verifyLedger(house.house)
  expect(found).toMatchObject({ ok: true, erased: 20 })
  await expect(expireDetails(house.house, ACTOR, 5)).rejects.toThrow(/six months/)
})
