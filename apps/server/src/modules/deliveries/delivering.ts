import { type CatalogueItem, standardiseIdentifier } from '@xinheng/core'
import type pg from 'pg'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { Unit } from '../units/index.ts'

/** The registered unit with this code. @throws DomainError `unit.unknown` */
export function deliveringUnit(units: readonly Unit[], uscc: string): Unit {
  const unit = units.find((one) => one.uscc === standardiseIdentifier(uscc).value)
  if (unit === undefined) {
    throw new DomainError('unit.unknown', {
      zh: `没有登记代码为“${uscc}”的单位。`,
      en: `No unit with the code “${uscc}” is registered.`,
      remedyZh: '先用 xinheng unit add 登记。',
      remedyEn: 'Register it by xinheng unit add.',
      status: 404,
    })
  }
  return unit
}

/** Whether a unit may deliver an item. */
export function isSource(item: CatalogueItem, unit: Pick<Unit, 'uscc'>): boolean {
  return item.sourceUnits.length === 0 || item.sourceUnits.some((prefix) => unit.uscc.startsWith(prefix))
}

/** @throws DomainError `unit.not-a-source` */
export function refuseForeignItem(item: CatalogueItem, unit: Unit): void {
  if (isSource(item, unit)) return
  throw new DomainError('unit.not-a-source', {
    zh: `“${unit.name}”不是该目录项的信源单位。`,
    en: `“${unit.name}” is no source unit of this item.`,
    remedyZh: '核对目录项，或由信源单位报送。',
    remedyEn: 'Check the item, or let a source unit deliver.',
    status: 403,
  })
}

export async function nextDeliveryId(pool: pg.Pool | pg.ClientBase): Promise<number> {
  const { rows } = await pool.query("SELECT nextval('xh.delivery_id')::int AS id")
  return rows[0].id
}

/** Why a delivery was refused as a whole, as it is kept. */
export interface KeptRefusal {
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly remedyZh?: string
  readonly remedyEn?: string
}

export function refusalOf(error: DomainError): KeptRefusal {
  const { code, zh, en, remedyZh, remedyEn } = error
  return { code, zh, en, remedyZh, remedyEn }
}
