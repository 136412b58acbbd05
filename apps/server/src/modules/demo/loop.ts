import { join } from 'node:path'
import { syntheticMatters, writeSyntheticMatters } from '@xinheng/testkit'
import type { Actor } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import { Approvals } from '../approvals/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { importMatters, Measures, type SubscriptionWish } from '../measures/index.ts'

const CENTRE: Actor = { name: 'program:demo', duty: 'centre' }

export type OutsideName = 'bidding' | 'property' | 'hall'

interface LoopUnit {
  readonly unit: string
  readonly clerk: string
  readonly reviewer: string
  readonly matters: readonly {
    /** Its place in the unit's own numbering, after the kind's digits. */
    readonly serial: string
    readonly name: string
    readonly kind: string
    readonly measures: readonly (readonly [measure: string, effect: SubscriptionWish['effect']])[]
  }[]
}

/** The units whose systems ask, their matters, and what they subscribe to: nothing beyond what each law allows. */
export const LOOP_UNITS: Readonly<Record<OutsideName, LoopUnit>> = {
  bidding: {
    unit: '示例市公共资源交易中心',
    clerk: 'demo-bidding-clerk',
    reviewer: 'demo-bidding-reviewer',
    matters: [
      {
        serial: '2031900001000',
        name: '工程建设项目投标资格审查',
        kind: '公共资源交易',
        measures: [
          ['a1-market-access', 'intercept'],
          ['b1-public-funds', 'warn'],
        ],
      },
    ],
  },
  property: {
    unit: '示例市自然资源和规划局',
    clerk: 'demo-property-clerk',
    reviewer: 'demo-property-reviewer',
    matters: [
      {
        serial: '2035900001000',
        name: '国有建设用地使用权及房屋所有权转移登记',
        kind: '不动产登记',
        measures: [['a4-limited-consumption', 'warn']],
      },
    ],
  },
  hall: {
    unit: '示例市住房和城乡建设局',
    clerk: 'demo-hall-clerk',
    reviewer: 'demo-hall-reviewer',
    matters: [
      {
        serial: '2001900001000',
        name: '建筑业企业资质许可',
        kind: '行政许可',
        measures: [
          ['r1-green-channel', 'reward'],
          ['b4-closer-supervision', 'remind'],
        ],
      },
    ],
  },
}

/**
 * Makes the loop of the demo city: matters, measures bound by two persons of the centre, subscriptions by two persons of
 * each unit. Only to be called for a database that is the demo city.
 */
export async function fillLoop(house: House, catalogue: Catalogue): Promise<void> {
  const pool = house.database.pools.job
  const { rows: there } = await pool.query('SELECT count(*)::int AS count FROM xh.matter_subscription')
  if (there[0].count > 0) return
  const { rows: units } = await pool.query<{ uscc: string; name: string }>(
    'SELECT uscc, name FROM xh.unit ORDER BY unit_id',
  )
  const codeOf = new Map([...units].reverse().map(({ uscc, name }) => [name, uscc]))
  const loop = Object.values(LOOP_UNITS).filter(({ unit }) => codeOf.has(unit))
  const matters = loop.flatMap(({ unit, matters: own }) =>
    own.map(({ serial, name, kind }) => ({
      code: `${codeOf.get(unit)}${serial}`,
      name,
      kind,
      unit: codeOf.get(unit) as string,
    })),
  )
  const file = join(house.settings.dataFolder, 'demo', 'matters.csv')
  writeSyntheticMatters(file, [...matters, ...syntheticMatters(units)])
  const { added } = await importMatters(house, CENTRE, file)
  house.progress(`示例市：行政事项 ${added} 项`, `demo city: ${added} matters`)

  const approvals = new Approvals(house)
  const measures = new Measures(house, catalogue, approvals)
  const operator = await actorOf(house, 'demo-operator')
  const reviewer = await actorOf(house, 'demo-centre-reviewer')
  for (const measure of new Set(
    loop.flatMap(({ matters: own }) => own.flatMap((one) => one.measures.map(([code]) => code))),
  )) {
    const bound = loop.flatMap(({ unit, matters: own }) =>
      own
        .filter((one) => one.measures.some(([code]) => code === measure))
        .map(({ serial }) => `${codeOf.get(unit)}${serial}`),
    )
    const id = await measures.proposeBinding(operator, { measure, matters: bound }, '示例：联合奖惩实施方案')
    await approvals.decide(reviewer, id, 'approve', '示例：同意')
  }
  for (const one of loop) {
    const lines = one.matters.flatMap(({ serial, measures: wished }) =>
      wished.map(([measure, effect]) => ({ matter: `${codeOf.get(one.unit)}${serial}`, measure, effect })),
    )
    const id = await measures.proposeSubscription(
      await actorOf(house, one.clerk),
      lines,
      '示例：本单位审查办法',
    )
    await approvals.decide(await actorOf(house, one.reviewer), id, 'approve', '示例：同意')
  }
}

async function actorOf(house: House, login: string): Promise<Actor> {
  const { rows } = await house.database.pools.access.query(
    'SELECT account_id, login, duty, unit_id FROM xh.account WHERE login = $1 AND demo',
    [login],
  )
  const { account_id: accountId, duty, unit_id: unitId } = rows[0]
  return { name: login, duty, accountId, ...(unitId === null ? {} : { unitId }) }
}
