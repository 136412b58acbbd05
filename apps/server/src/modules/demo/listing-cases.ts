import type { WorkingCalendar } from '@xinheng/core'
import { demoCity } from '@xinheng/testkit'
import type { Actor } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import { Approvals } from '../approvals/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import type { Deliveries } from '../deliveries/index.ts'
import { CaseEntry, ListingCases } from '../lists/index.ts'

const LIST = 'serious-illegal'
const BASIS = '市场监督管理严重违法失信名单管理办法（国家市场监督管理总局令第44号）第二条'
/** One case in each state, and how long ago each began. */
const CASES = [
  { until: 'proposed', began: 1 },
  { until: 'noticed', began: 3 },
  { until: 'heard', began: 30 },
  { until: 'decisionProposed', began: 45 },
  { until: 'listed', began: 60 },
  { until: 'delistingProposed', began: 75 },
  { until: 'delisted', began: 90 },
  { until: 'dropped', began: 40 },
] as const
/** Days from the beginning on which each step is taken: the defence is over long before the decision. */
const DAY = { notice: 1, statement: 4, decision: 24, decided: 25, delisting: 40, delisted: 41 } as const

/** Cases of the demo city's market regulator, decided by its two people. */
export async function fillListingCases(
  house: House,
  catalogue: Catalogue,
  deliveries: Deliveries,
  calendar: () => Promise<WorkingCalendar>,
): Promise<void> {
  const { job } = house.database.pools
  const { rows: there } = await job.query('SELECT FROM xh.listing_case LIMIT 1')
  const { rows: people } = await job.query(
    "SELECT login, account_id AS id, unit_id AS unit FROM xh.account WHERE demo AND login IN ('demo-clerk', 'demo-reviewer')",
  )
  const actor = (login: string): Actor | undefined => {
    const one = people.find((row) => row.login === login)
    return one && { name: login, duty: 'department', accountId: one.id, unitId: one.unit }
  }
  const [clerk, reviewer] = [actor('demo-clerk'), actor('demo-reviewer')]
  if (there.length > 0 || clerk === undefined || reviewer === undefined) return
  const now = await todayOf(job)
  let day = now
  const at = (began: number, after: number): void => {
    const time = Date.parse(now) + Math.min(0, after - began) * 86_400_000
    day = new Date(time).toISOString().slice(0, 10)
  }
  const approvals = new Approvals(house)
  const cases = new ListingCases(house, catalogue, approvals, calendar, async () => day)
  const entry = new CaseEntry(house, catalogue, deliveries)
  const parties = demoCity().organisations.filter((one) => one.kind === 'enterprise')
  for (const [index, { until, began }] of CASES.entries()) {
    const party = parties[400 + index * 17]
    if (party === undefined) return
    at(began, 0)
    const id = await cases.propose(clerk, {
      list: LIST,
      uscc: party.uscc,
      name: party.name,
      criterion: index % 2 === 0 ? 'refuses' : 'life-health',
      reason: index % 2 === 0 ? '有履行能力但拒不履行行政处罚决定' : '销售不符合安全标准的食品，情节严重',
      facts:
        '当事人受到较重行政处罚（示例），逾期未履行处罚决定确定的义务，经催告仍不履行，性质恶劣、情节严重。',
      basis: BASIS,
    })
    if (until === 'proposed') continue
    at(began, DAY.notice)
    await cases.notice(clerk, id, day)
    if (until === 'noticed') continue
    at(began, DAY.statement)
    if (until !== 'dropped')
      await cases.statement(clerk, id, {
        receivedOn: day,
        speaker: party.representative,
        text: '已筹措资金，请求从轻处理。（示例）',
      })
    if (until === 'heard') continue
    at(began, DAY.decision)
    if (until === 'dropped') {
      await cases.drop(clerk, id, '当事人已在告知后履行全部义务，不符合列入情形。')
      continue
    }
    await cases.proposeDecision(clerk, id, { opinion: '陈述申辩理由不成立，事实清楚，拟予列入。' })
    if (until === 'decisionProposed') continue
    at(began, DAY.decided)
    await cases.decide(reviewer, id, 'approve', '事实清楚，程序合法，同意列入。')
    await entry.enterAll()
    if (until === 'listed') continue
    at(began, DAY.delisting)
    await cases.proposeDelisting(clerk, id, { kind: 'revoked', ground: '行政复议决定撤销原处罚决定（示例）' })
    if (until === 'delistingProposed') continue
    at(began, DAY.delisted)
    await cases.decide(reviewer, id, 'approve', '原决定已撤销，同意移出。')
    await entry.enterAll()
  }
}
