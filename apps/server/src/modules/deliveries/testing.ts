import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import type { TestHouse } from '../../platform/database/testing.ts'
import type { DeliveryResult } from './index.ts'

export interface TestUnit {
  readonly uscc: string
  readonly name: string
}

export interface TestPermit {
  readonly number: string
  /** ISO; anything else is delivered as it is. */
  readonly decidedOn: string
  readonly content?: string
  readonly company?: number
  /** A code with a wrong check: the row is rejected. */
  readonly spoilt?: boolean
}

export const company = (number: number) => ({
  uscc: validUscc('91', '519902', 1000 + number),
  name: `示例市第${number}号商贸有限公司`,
})

/** Today in Shanghai, by the machine's clock: receipts bear its time. */
export const TODAY = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)

export function daysBefore(days: number, from = TODAY): string {
  return new Date(Date.parse(from) - days * 86_400_000).toISOString().slice(0, 10)
}

let files = 0

/** Delivers permits of a unit through the corridor. */
export function deliverPermits(
  house: TestHouse,
  unit: TestUnit,
  permits: readonly TestPermit[],
): Promise<DeliveryResult> {
  const lines = permits.map(({ number, decidedOn, content = '食品销售', company: of = 1, spoilt }) => {
    const { name, uscc } = company(of)
    const code = spoilt === true ? `${uscc.slice(0, 17)}${uscc[17] === '0' ? '1' : '0'}` : uscc
    return `${name},法人及非法人组织,${code},,,,,,周示例,,,准予许可决定书,${number},普通,,,${content},${decidedOn},${decidedOn},2099/12/31,${unit.name},${unit.uscc},1,${unit.name},${unit.uscc},`
  })
  const path = join(house.folder, `board-${++files}.csv`)
  writeFileSync(path, [PERMIT_HEADER, ...lines].join('\n'))
  return house.deliveries.import({
    path,
    item: 'permit-organisation',
    source: unit.uscc,
    mode: 'increment',
    dryRun: false,
    actor: { name: 'test', duty: 'centre' },
  })
}

/** Moves a delivery and what it brought to an earlier day, noon in Shanghai. */
export async function receivedEarlier(house: TestHouse, delivery: number, day: string): Promise<void> {
  const at = `${day}T12:00:00+08:00`
  for (const [table, column] of [
    ['record', 'recorded_from'],
    ['record_version', 'recorded_from'],
    ['delivery', 'received_at'],
    ['delivery_part_figure', 'received_at'],
  ])
    await house.superuser.query(`UPDATE xh.${table} SET ${column} = $2 WHERE delivery_id = $1`, [
      delivery,
      at,
    ])
}
