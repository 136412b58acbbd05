import { type CatalogueItem, compileJudge, DEMO_REGIONS, headerMatcher, isRegion } from '@xinheng/core'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { listUnits, type Unit } from '../units/index.ts'
import { refuseForeignItem } from './delivering.ts'
import { Grid, type GridColumn, type GridRow, type GridText } from './grid.ts'

/** Rows that one request may have checked. */
export const CHECKED_AT_ONCE = 2_000
/** Judges that are kept ready: an item, a unit, a day. */
const READY = 50

export interface Checked {
  readonly columns: readonly GridColumn[]
  readonly texts: readonly GridText[]
  readonly rows: readonly (GridRow & { readonly ok: boolean })[]
  /** Columns that the item does not know, required ones that are missing. */
  readonly unknown: readonly string[]
  readonly missing: readonly string[]
}

type Judge = ReturnType<typeof compileJudge>

/**
 * Judges rows by the very rules of a delivery, without delivering them. What only the database can say (whose name a
 * code bears, what another source delivered) is said when they are delivered.
 */
export class Checking {
  readonly #house: House
  readonly #catalogue: Catalogue
  readonly #judges = new Map<string, Judge>()

  constructor(house: House, catalogue: Catalogue) {
    this.#house = house
    this.#catalogue = catalogue
  }

  async check(
    unitId: number,
    code: string,
    header: readonly string[],
    rows: readonly (readonly string[])[],
  ): Promise<Checked> {
    const { job } = this.#house.database.pools
    const [today, units] = await Promise.all([todayOf(job), listUnits(job)])
    const item = this.#catalogue.item(code, today)
    const unit = units.find((one) => one.unitId === unitId)
    if (unit === undefined) throw new Error('who checks belongs to a unit')
    refuseForeignItem(item, unit)
    const judge = this.#judge(item, unit, units, today)
    const match = headerMatcher(item)(header)
    const columnOf = new Int16Array(item.fields.length).fill(-1)
    match.fieldOf.forEach((field, column) => {
      if (field >= 0) columnOf[field] = column
    })
    const grid = new Grid(item, this.#catalogue.codeLists(today))
    const checked = rows.map((cells) => {
      const judged = judge(cells, columnOf)
      return { ...grid.row(header, cells, judged.findings), ok: !judged.rejected }
    })
    return {
      columns: grid.columns,
      texts: grid.texts,
      rows: checked,
      unknown: match.unknown,
      missing: match.missing,
    }
  }

  #judge(item: CatalogueItem, unit: Unit, units: readonly Unit[], today: string): Judge {
    const key = `${item.code} ${item.version} ${unit.unitId} ${today} ${units.length} ${units.at(-1)?.unitId} ${units.map((one) => one.name.length).join('')}`
    const ready = this.#judges.get(key)
    if (ready !== undefined) return ready
    const known = new Map(units.map((one) => [one.uscc, one]))
    const judge = compileJudge(item, {
      codeLists: new Map(this.#catalogue.codeLists(today).map((list) => [list.code, list])),
      publication: this.#catalogue.publication(item.publication, today),
      today,
      sourceUnit: unit,
      findUnit: (uscc) => known.get(uscc),
      isRegion: (region) => isRegion(region, DEMO_REGIONS),
    })
    if (this.#judges.size >= READY) this.#judges.clear()
    this.#judges.set(key, judge)
    return judge
  }
}
