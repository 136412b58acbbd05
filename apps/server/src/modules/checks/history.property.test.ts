import type { Answer } from '@xinheng/core'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testHouse } from '../../platform/database/testing.ts'
import { rebuildAnswer } from './rebuild.ts'
import { ACTOR, type Company, JointActionForTest, MATTER } from './testing.ts'

let city: JointActionForTest

beforeAll(async () => {
  city = await JointActionForTest.open(await testHouse())
  await city.bind('a1-market-access', { matters: [MATTER] })
  await city.subscribe(MATTER, 'a1-market-access', 'intercept')
  await city.loaded()
})
afterAll(() => city.close())

const COMPANIES = 3
/** What happens, each to one of a few companies. */
const step = fc.record({
  what: fc.constantFrom('list', 'list', 'delist', 'delist', 'recognised', 'unrecognised', 'ask', 'ask'),
  whom: fc.nat(COMPANIES - 1),
})

/** An entry that counts. */
interface Entry {
  readonly document: string
  readonly foreign: boolean
}

test('whatever is listed, taken back and shared, in whatever order: an answer names what stands then and nothing else, and can be made again', async () => {
  let documents = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const companies = Array.from({ length: COMPANIES }, () => city.company())
      const stands = companies.map((): Entry[] => [])
      const given: Answer[] = []
      for (const { what, whom } of [...steps, ...companies.map((_, whom) => ({ what: 'ask', whom }))]) {
        const company = companies[whom] as Company
        const entries = stands[whom] as Entry[]
        if (what === 'list') {
          const [document] = await city.list('wage-arrears', [company])
          entries.push({ document: document as string, foreign: false })
        } else if (what === 'delist') {
          const local = entries.find(({ foreign }) => !foreign)
          if (local === undefined) continue
          entries.splice(entries.indexOf(local), 1)
          await takeBack(local.document)
        } else if (what === 'recognised' || what === 'unrecognised') {
          const document = `邻人社列〔2026〕${++documents}号`
          const recognised = what === 'recognised'
          await share(company, document, recognised)
          if (recognised) entries.push({ document, foreign: true })
        } else {
          const { status, body } = await city.ask(city.question(company))
          expect(status).toBe(200)
          expect(
            body.hits.map((hit: { fact: { documentNumber: string } }) => hit.fact.documentNumber).sort(),
          ).toEqual(entries.map(({ document }) => document).sort())
          expect(body.result).toBe(entries.length === 0 ? 'clear' : 'intercept')
          given.push(body)
        }
      }
      const reader = {
        ...ACTOR,
        duty: 'department' as const,
        accountId: city.clerk.account.accountId,
        unitId: city.unit,
      }
      for (const answer of given)
        expect(await rebuildAnswer(city.house.house, city.house.catalogue, reader, answer.number)).toEqual(
          answer,
        )
    }),
    { numRuns: 20 },
  )
})

async function takeBack(document: string): Promise<void> {
  await city.house.superuser.query(
    `SELECT xh.withdraw(subject_id, item, key, 'r') FROM xh.record WHERE document_number = $1`,
    [document],
  )
}

/** An entry of another city, under the released agreement or under none. */
async function share({ uscc, name }: Company, document: string, recognised: boolean): Promise<void> {
  await city.house.superuser.query(
    `INSERT INTO xh.listing (list_code, item, kind, uscc, name, document_number, listed_on, in_force, origin, agreement)
     SELECT 'wage-arrears', item, 'o', $1, $2, $3, '2026-10-01', true, '邻市', $4 FROM xh.list_item WHERE list_code = 'wage-arrears'`,
    [uscc, name, document, recognised ? 'chuannan/1' : null],
  )
}
