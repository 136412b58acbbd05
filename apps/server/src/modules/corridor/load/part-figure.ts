import { hash } from 'node:crypto'
import {
  type CatalogueItem,
  dimensionOf,
  type Finding,
  headerMatcher,
  standardiseDay,
  standardiseIdentifier,
  standardiseText,
} from '@xinheng/core'
import type pg from 'pg'

/** In how many rows of a part each rule was broken, and in how many each dimension of quality was. */
export class FaultTally {
  readonly #faults = new Map<string, [number, number]>()
  readonly #dimensions = new Map<string, number>()

  /** What was found in one row. */
  add(findings: readonly Finding[]): void {
    if (findings.length === 0) return
    const dimensions = new Set<string>()
    for (const { code, field, severity } of findings) {
      const name = `${code} ${field ?? ''}`
      let counts = this.#faults.get(name)
      if (counts === undefined) {
        counts = [0, 0]
        this.#faults.set(name, counts)
      }
      counts[severity === 'error' ? 0 : 1]++
      const dimension = dimensionOf(code, severity)
      if (dimension !== undefined) dimensions.add(dimension)
    }
    for (const dimension of dimensions)
      this.#dimensions.set(dimension, (this.#dimensions.get(dimension) ?? 0) + 1)
  }

  /** `faults`: rule and field → [errors, others]; `dimensions`: rows that fall short in each. */
  toJSON(): unknown {
    return {
      faults: Object.fromEntries(this.#faults),
      dimensions: Object.fromEntries(this.#dimensions),
    }
  }
}

/**
 * The rejected rows of a part by what makes them known again: the key that their fact would have, and the day from
 * which the term runs. Read from the cells as delivered, as far as they can be read.
 */
export class RejectedIndex {
  readonly #item: CatalogueItem
  readonly #source: { readonly uscc: string; readonly unitId: number }
  readonly #match: ReturnType<typeof headerMatcher>
  #columnOf = new Map<string, number>()
  #header: readonly string[] | undefined
  #rows: number[] = []
  #days: (string | null)[] = []
  #keys: (string | null)[] = []

  constructor(item: CatalogueItem, source: { readonly uscc: string; readonly unitId: number }) {
    this.#item = item
    this.#source = source
    this.#match = headerMatcher(item)
  }

  /** The header of the rows that follow: tables and objects of one delivery may name other columns. */
  columns(header: readonly string[]): void {
    if (this.#header === header) return
    this.#header = header
    this.#columnOf = new Map()
    this.#match(header).fieldOf.forEach((field, column) => {
      const name = this.#item.fields[field]?.name
      if (name !== undefined) this.#columnOf.set(name, column)
    })
  }

  add(row: number, cells: readonly string[]): void {
    const { decidedOn } = this.#item.roles
    const day = decidedOn === undefined ? undefined : standardiseDay(this.#cell(cells, decidedOn))
    this.#rows.push(row)
    this.#days.push(day?.fault === undefined ? (day?.value ?? null) : null)
    this.#keys.push(this.#key(cells))
  }

  /** What gathered since the last part. */
  take() {
    const taken = {
      item: this.#item.number,
      unit: this.#source.unitId,
      rows: this.#rows,
      days: this.#days,
      keys: this.#keys,
    }
    this.#rows = []
    this.#days = []
    this.#keys = []
    return taken
  }

  #cell(cells: readonly string[], field: string): string {
    return cells[this.#columnOf.get(field) ?? -1] ?? ''
  }

  /** The key as `recordEncoder` makes it, where every part of it can be read. */
  #key(cells: readonly string[]): string | null {
    const { naturalKey, fields, roles } = this.#item
    if (naturalKey.length === 0) return null
    let natural = ''
    for (const name of naturalKey) {
      const raw = this.#cell(cells, name)
      const field = fields.find((one) => one.name === name)
      let value =
        field?.type === 'uscc'
          ? standardiseIdentifier(raw).value
          : field?.type === 'day'
            ? standardiseDay(raw).value
            : standardiseText(raw).value
      // The law's own practice: who delivers is nearly always who decided.
      if (value === undefined && name === roles.authorityUscc) value = this.#source.uscc
      if (value === undefined) return null
      natural += `${value}\u001f`
    }
    const hex = hash('sha256', natural, 'hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
  }
}

/** What a part adds up to, in the part's own transaction. */
export async function writePartFigure(
  client: pg.PoolClient,
  deliveryId: number,
  part: number,
  outcomes: { readonly rows: number; readonly tally: FaultTally },
  index: RejectedIndex,
): Promise<void> {
  const { item, unit, rows, days, keys } = index.take()
  await client.query(
    `INSERT INTO xh.delivery_part_figure (delivery_id, part, item, source_unit, rows, tally, rejected_rows, rejected_decided, rejected_keys)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [deliveryId, part, item, unit, outcomes.rows, JSON.stringify(outcomes.tally), rows, days, keys],
  )
}
