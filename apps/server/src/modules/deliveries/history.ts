import {
  type CatalogueItem,
  describeFinding,
  describeRepair,
  type Finding,
  type Repair,
  type Sentence,
} from '@xinheng/core'
import type pg from 'pg'
import { type Actor, asActor, recordReading } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { type Outcome, PartReading, type RowFate } from '../corridor/index.ts'
import type { KeptRefusal } from './delivering.ts'
import { type Mended, mendedRows } from './rejected.ts'

export interface Reason {
  readonly code: string
  readonly severity: Finding['severity']
  readonly field: string | null
  readonly title: Sentence | null
  readonly message: Sentence
  readonly rows: number
}

export interface RepairCount {
  readonly code: string
  readonly field: string
  readonly message: Sentence
  readonly rows: number
}

interface Row {
  readonly delivery: number
  readonly item: number
  readonly item_version: number
  readonly code: string
  readonly unit_id: number
  readonly unit_name: string
  readonly kind: string | null
  readonly file_name: string
  readonly mode: string
  readonly state: 'received' | 'processing' | 'done' | 'refused'
  readonly progress: number | null
  readonly progress_rows: number | null
  readonly received: number
  readonly loaded: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: number
  readonly in_review: number
  readonly ended: number
  readonly refusal: KeptRefusal | null
  readonly format: Readonly<Record<string, unknown>> | null
  readonly notes: readonly Finding[]
  readonly mends: number | null
  readonly client_id: string | null
  readonly ordered_by: string | null
  readonly received_at: Date
  readonly done_at: Date | null
  readonly content_sha256: string
}

const SELECT = `SELECT d.delivery_id::int AS delivery, d.item, d.item_version, i.code, u.unit_id, u.name AS unit_name, o.kind,
    d.file_name, d.mode, d.state, o.progress::float8 AS progress, o.progress_rows, d.received, d.loaded, d.updated, d.unchanged,
    d.rejected, d.in_review, d.ended, d.refusal, d.format, d.notes, o.mends::int AS mends, coalesce(d.client_id, o.client_key) AS client_id,
    o.ordered_by, d.received_at, d.done_at, d.content_sha256
  FROM xh.delivery d JOIN xh.catalogue_item i USING (item) JOIN xh.unit u ON u.unit_id = d.source_unit
  LEFT JOIN xh.delivery_order o USING (delivery_id)`

export interface DeliveryHead {
  readonly delivery: number
  readonly item: { readonly code: string; readonly title: Sentence }
  readonly unit: { readonly unitId: number; readonly name: string }
  readonly kind: string
  readonly fileName: string
  readonly mode: string
  readonly state: 'waiting' | 'processing' | 'done' | 'refused'
  readonly progress: { readonly part: number; readonly rows: number }
  readonly received: number
  readonly loaded: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: number
  readonly inReview: number
  readonly ended: number
  readonly refusal: { readonly code: string; readonly message: Sentence; readonly remedy: Sentence } | null
  readonly format: Readonly<Record<string, unknown>> | null
  readonly mends: number | null
  readonly mendedBy: readonly number[]
  readonly stillRejected: number
  readonly clientId: string | null
  readonly by: string | null
  readonly receivedAt: string
  readonly doneAt: string | null
  readonly sha256: string
}

export interface DeliveryPicture extends DeliveryHead {
  readonly notes: readonly {
    code: string
    severity: Finding['severity']
    message: Sentence
    remedy: Sentence
  }[]
  readonly reasons: readonly Reason[]
  readonly warnings: readonly Reason[]
  readonly repairs: readonly RepairCount[]
}

/** What is known of one row of a delivery. */
export interface RowStory {
  readonly row: number
  readonly place: number
  readonly outcome: Outcome
  readonly findings: readonly {
    code: string
    severity: Finding['severity']
    field: string | null
    message: Sentence
    remedy: Sentence
  }[]
  readonly repairs: readonly { code: string; field: string; message: Sentence }[]
  readonly mended: Mended | null
}

interface Sums {
  readonly reasons: readonly Reason[]
  readonly warnings: readonly Reason[]
  readonly repairs: readonly RepairCount[]
}

const SUMS_KEPT = 200
/** Of a delivery with more rejected rows only the orders that name it are asked. */
const COUNTED_BY_KEY = 20_000

/** Deliveries as their unit sees them: a list, one in a picture, and the fate of every row. */
export class DeliveryHistory {
  readonly #house: House
  readonly #catalogue: Catalogue
  readonly #sums = new Map<string, Sums>()

  constructor(house: House, catalogue: Catalogue) {
    this.#house = house
    this.#catalogue = catalogue
  }

  /** Newest first. @param unit asked for by the centre; a department has its own */
  async list(
    actor: Actor,
    filter: {
      before?: number | undefined
      limit: number
      item?: string | undefined
      state?: string | undefined
      unit?: number | undefined
      rejected?: boolean | undefined
    },
  ): Promise<{ deliveries: DeliveryHead[]; next: number | null }> {
    const states =
      filter.state === 'waiting' ? ['received'] : filter.state === undefined ? null : [filter.state]
    return this.#as(actor, async (client) => {
      const { rows } = await client.query<Row>(
        `${SELECT} WHERE ($1::bigint IS NULL OR d.delivery_id < $1) AND ($2::text IS NULL OR i.code = $2)
           AND ($3::text[] IS NULL OR d.state = ANY($3)) AND ($4::int IS NULL OR d.source_unit = $4) AND (NOT $5 OR d.rejected > 0)
         ORDER BY d.delivery_id DESC LIMIT $6`,
        [
          filter.before ?? null,
          filter.item ?? null,
          states,
          filter.unit ?? actor.unitId ?? null,
          filter.rejected === true,
          filter.limit,
        ],
      )
      const trees = await mendTrees(client, rows)
      const next = rows.length === filter.limit ? (rows.at(-1)?.delivery ?? null) : null
      return { deliveries: rows.map((row) => this.#head(row, trees)), next }
    })
  }

  /** @throws DomainError `delivery.unknown`, also where it is another unit's */
  async find(actor: Actor, delivery: number): Promise<DeliveryPicture> {
    const { row, trees } = await this.#as(actor, async (client) => {
      const found = await rowOf(client, delivery)
      return { row: found, trees: await mendTrees(client, [found]) }
    })
    const item = this.#itemOf(row)
    const sums = await this.#sumsOf(actor, row, item)
    return {
      ...this.#head(row, trees),
      notes: row.notes.map((note) => ({
        code: note.code,
        severity: note.severity,
        ...describeFinding(note, item),
      })),
      ...sums,
    }
  }

  /** How far it is: what a progress bar needs. */
  async progress(
    actor: Actor,
    delivery: number,
  ): Promise<{ state: DeliveryHead['state']; part: number; rows: number }> {
    const row = await this.#as(actor, (client) => rowOf(client, delivery))
    return { state: stateOf(row), ...progressOf(row) }
  }

  /** The version of the item that judged it. */
  async itemOf(actor: Actor, delivery: number): Promise<CatalogueItem> {
    return this.#itemOf(await this.#as(actor, (client) => rowOf(client, delivery)))
  }

  /** @param after row number behind which the page begins */
  async rows(
    actor: Actor,
    delivery: number,
    { after, limit, outcome }: { after: number; limit: number; outcome?: Outcome | undefined },
  ): Promise<{ rows: RowStory[]; next: number | null }> {
    const { row, mended } = await this.#as(actor, async (client) => {
      const found = await rowOf(client, delivery)
      await recordReading(client, actor, {
        act: 'delivery.rows.read',
        object: `delivery:${delivery}`,
        ground: '查看逐行结果',
        detail: { after, limit, ...(outcome === undefined ? {} : { outcome }) },
      })
      return { row: found, mended: await mendedRows(client, delivery, { after, limit }) }
    })
    const item = this.#itemOf(row)
    const fates: RowFate[] = []
    for await (const part of this.parts(actor, delivery, after)) {
      fates.push(...(await part.fates(after, limit - fates.length, outcome)))
      if (fates.length === limit) break
    }
    const next = fates.length === limit ? (fates.at(-1)?.row ?? null) : null
    return { rows: fates.map((fate) => storyOf(fate, item, mended)), next }
  }

  /** The parts that hold rows behind `after`, opened one after the other. */
  async *parts(actor: Actor, delivery: number, after = 0): AsyncGenerator<PartReading> {
    let from = after
    for (;;) {
      const found = await this.#as(actor, async (client) => {
        const { rows } = await client.query<{
          part: number
          first_row: number
          rows: number
          outcomes: Buffer
        }>(
          `SELECT part, first_row, rows, outcomes FROM xh.delivery_part
            WHERE delivery_id = $1 AND first_row + rows - 1 > $2 ORDER BY part LIMIT 1`,
          [delivery, from],
        )
        return rows[0]
      })
      if (found === undefined) return
      yield await PartReading.open(
        this.#house.keys.decrypt(found.outcomes, `delivery_part‖${delivery}‖${found.part}`),
        found.first_row,
      )
      from = found.first_row + found.rows - 1
    }
  }

  /** Counted once for a delivery as it stands; a decided review changes the count. */
  async #sumsOf(actor: Actor, row: Row, item: CatalogueItem): Promise<Sums> {
    const key = `${row.delivery} ${row.received} ${row.rejected} ${row.in_review}`
    const kept = this.#sums.get(key)
    if (kept !== undefined) return kept
    const reasons = new Map<string, Reason>()
    const warnings = new Map<string, Reason>()
    const repairs = new Map<string, RepairCount>()
    for await (const part of this.parts(actor, row.delivery)) {
      for await (const note of part.notes()) {
        const waits = part.outcome(note.row)
        const goesBack = waits === 'rejected' || waits === 'inReview'
        for (const finding of note.findings ?? []) {
          const isReason = goesBack && finding.severity !== 'warning'
          countFinding(isReason ? reasons : warnings, finding, item)
        }
        for (const repair of note.repairs ?? []) countRepair(repairs, repair)
      }
    }
    const most = <T extends { rows: number }>(counted: Map<string, T>): T[] =>
      [...counted.values()].sort((a, b) => b.rows - a.rows).slice(0, 100)
    const sums = { reasons: most(reasons), warnings: most(warnings), repairs: most(repairs) }
    if (stateOf(row) === 'done') {
      if (this.#sums.size >= SUMS_KEPT) this.#sums.clear()
      this.#sums.set(key, sums)
    }
    return sums
  }

  #itemOf(row: Pick<Row, 'item' | 'item_version'>): CatalogueItem {
    const item = this.#catalogue.version(row.item, row.item_version)
    if (item === undefined) throw new Error(`item ${row.item} version ${row.item_version} is entered`)
    return item
  }

  #head(row: Row, trees: MendTrees): DeliveryHead {
    return {
      delivery: row.delivery,
      item: { code: row.code, title: this.#itemOf(row).title },
      unit: { unitId: row.unit_id, name: row.unit_name },
      kind: row.kind ?? 'command',
      fileName: row.file_name,
      mode: row.mode,
      state: stateOf(row),
      progress: progressOf(row),
      received: row.received,
      loaded: row.loaded,
      updated: row.updated,
      unchanged: row.unchanged,
      rejected: row.rejected,
      inReview: row.in_review,
      ended: row.ended,
      refusal: row.refusal === null ? null : refusalText(row.refusal),
      format: row.format,
      mends: row.mends,
      mendedBy: trees.mendedBy(row.delivery),
      stillRejected: trees.stillRejected(row.delivery),
      clientId: row.client_id,
      by: row.ordered_by,
      receivedAt: row.received_at.toISOString(),
      doneAt: row.done_at?.toISOString() ?? null,
      sha256: row.content_sha256,
    }
  }

  #as<T>(actor: Actor, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return asActor(this.#house.database.pools.app, actor, work)
  }
}

async function rowOf(client: pg.ClientBase, delivery: number): Promise<Row> {
  const { rows } = await client.query<Row>(`${SELECT} WHERE d.delivery_id = $1`, [delivery])
  if (rows[0] === undefined) throw unknownDelivery(delivery)
  return rows[0]
}

export const unknownDelivery = (delivery: number): DomainError =>
  new DomainError('delivery.unknown', {
    zh: `没有报送批次 ${delivery}。`,
    en: `There is no delivery ${delivery}.`,
    remedyZh: '从报送记录中打开。',
    remedyEn: 'Open it from the history.',
    status: 404,
  })

interface MendTrees {
  mendedBy(delivery: number): number[]
  /** Rejected rows that no later delivery brought through. */
  stillRejected(delivery: number): number
}

async function mendTrees(client: pg.ClientBase, roots: readonly Row[]): Promise<MendTrees> {
  const { rows } = await client.query<{
    mends: number
    delivery: number
    received: number
    rejected: number
    state: string
  }>(
    `WITH RECURSIVE later AS (
       SELECT o.mends, o.delivery_id FROM xh.delivery_order o WHERE o.mends = ANY($1::bigint[])
       UNION
       SELECT o.mends, o.delivery_id FROM later l JOIN xh.delivery_order o ON o.mends = l.delivery_id)
     SELECT l.mends::int AS mends, d.delivery_id::int AS delivery, d.received, d.rejected, d.state
       FROM later l JOIN xh.delivery d USING (delivery_id) WHERE d.state <> 'refused' ORDER BY 2`,
    [roots.map((row) => row.delivery)],
  )
  const known = await client.query<{ delivery: number; loaded: number }>(
    `SELECT p.delivery_id::int AS delivery, count(*)::int AS loaded
       FROM xh.delivery_part_figure p CROSS JOIN LATERAL unnest(p.rejected_keys) AS k (key)
      WHERE p.delivery_id = ANY($1::bigint[]) AND EXISTS (
        SELECT FROM xh.record r WHERE r.item = p.item AND r.key = k.key AND r.source_unit = p.source_unit AND r.delivery_id > p.delivery_id)
      GROUP BY 1`,
    [roots.filter((row) => row.rejected > 0 && row.rejected <= COUNTED_BY_KEY).map((row) => row.delivery)],
  )
  const loadedLater = new Map(known.rows.map((row) => [row.delivery, row.loaded]))
  const rejected = new Map(roots.map((row) => [row.delivery, row.rejected]))
  for (const row of rows) rejected.set(row.delivery, row.rejected)
  const mendersOf = Map.groupBy(rows, (row) => row.mends)
  const stillRejected = (delivery: number): number => {
    const all = rejected.get(delivery) ?? 0
    const byOrders = (mendersOf.get(delivery) ?? []).reduce(
      (left, mender) => Math.max(0, left - (mender.received - stillRejected(mender.delivery))),
      all,
    )
    // What a delivery brought that does not say what it mends is known by its natural keys.
    return Math.min(byOrders, Math.max(0, all - (loadedLater.get(delivery) ?? 0)))
  }
  return {
    mendedBy: (delivery) => (mendersOf.get(delivery) ?? []).map((mender) => mender.delivery),
    stillRejected,
  }
}

function stateOf(row: Row): DeliveryHead['state'] {
  return row.state === 'received' ? (row.progress === 0 ? 'waiting' : 'processing') : row.state
}

function progressOf(row: Row): { part: number; rows: number } {
  if (row.state === 'done' || row.state === 'refused') return { part: 1, rows: row.received }
  return { part: Math.min(0.99, row.progress ?? 0), rows: Math.max(row.received, row.progress_rows ?? 0) }
}

function refusalText(refusal: KeptRefusal): { code: string; message: Sentence; remedy: Sentence } {
  return {
    code: refusal.code,
    message: { zh: refusal.zh, en: refusal.en },
    remedy: { zh: refusal.remedyZh ?? '', en: refusal.remedyEn ?? '' },
  }
}

function countFinding(counted: Map<string, Reason>, finding: Finding, item: CatalogueItem): void {
  const key = `${finding.code}\u001f${finding.field ?? ''}`
  const before = counted.get(key)
  if (before !== undefined) {
    counted.set(key, { ...before, rows: before.rows + 1 })
    return
  }
  counted.set(key, {
    code: finding.code,
    severity: finding.severity,
    field: finding.field ?? null,
    title: item.fields.find((field) => field.name === finding.field)?.title ?? null,
    message: describeFinding(finding, item).message,
    rows: 1,
  })
}

function countRepair(counted: Map<string, RepairCount>, repair: Repair): void {
  const key = `${repair.code}\u001f${repair.field}`
  const before = counted.get(key)
  counted.set(key, {
    code: repair.code,
    field: repair.field,
    message: describeRepair(repair.code),
    rows: (before?.rows ?? 0) + 1,
  })
}

function storyOf(fate: RowFate, item: CatalogueItem, mended: ReadonlyMap<number, Mended>): RowStory {
  return {
    row: fate.row,
    place: fate.place,
    outcome: fate.outcome,
    findings: fate.findings.map((finding) => ({
      code: finding.code,
      severity: finding.severity,
      field: finding.field ?? null,
      ...describeFinding(finding, item),
    })),
    repairs: fate.repairs.map(({ code, field }) => ({ code, field, message: describeRepair(code) })),
    mended: mended.get(fate.row) ?? null,
  }
}
