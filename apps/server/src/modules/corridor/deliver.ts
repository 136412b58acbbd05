import { type CatalogueItem, describeFinding, type Finding } from '@xinheng/core'
import type pg from 'pg'
import manifest from '../../../package.json' with { type: 'json' }
import { type Actor, become, writeLedger } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import type { Catalogue } from '../catalogue/index.ts'
import type { Unit } from '../units/index.ts'
import { anyFact } from './compare/known-facts.ts'
import { StandingStretches } from './compare/stretches.ts'
import type { ReadingOrder } from './judge/thread.ts'
import { OUTCOMES, type Outcome } from './judged-batch.ts'
import { DeliveryRun, type PreparedBatch, type WaitingRow } from './load/delivery-run.ts'
import { outcomeRoot } from './load/outcome-proof.ts'
import { PartOutcomes } from './load/outcomes.ts'
import { RejectedIndex, writePartFigure } from './load/part-figure.ts'
import { PartWriter } from './load/part-writer.ts'
import { OrderedReading, Reading } from './load/reading.ts'
import { keptRejectedRows, RejectedBlocks } from './load/rejected-blocks.ts'
import { endAbsent } from './load/snapshot.ts'
import { packWaitingRow } from './load/waiting-row.ts'
import { RejectedFile } from './read/index.ts'
import { CertainSubjects } from './resolve/certain-subjects.ts'
import { Resolver } from './resolve/resolver.ts'
import { SubjectIds } from './resolve/subject-ids.ts'

/** One transaction up to so many rows; a longer file goes in such parts. */
const ROWS_A_PART = 1_000_000
/** A file larger than this is worth a second reading thread. */
const SHARED_BYTES = 16 << 20
const THREADS = 2
/** A short row: more rows than these make room for themselves. */
const BYTES_A_ROW = 400
/** Batches whose lookups run ahead of the loader. */
const PREPARED_AHEAD = 4

export interface DeliveryOrder {
  readonly deliveryId: number
  /** The file as it lies open to be read. */
  readonly path: string
  readonly fileBytes: number
  readonly item: CatalogueItem
  readonly unit: Unit
  readonly mode: 'increment' | 'snapshot'
  readonly encoding?: string | undefined
  readonly sheet?: string | undefined
  readonly dryRun: boolean
  readonly today: string
  readonly actor: Actor
  /** Parts that stand in the database already, of a delivery that was interrupted. */
  readonly partsDone: number
  readonly rowsDone: number
  /** Where a file of the rejected rows goes, in the order of preference; none: no such file. */
  readonly rejectedPlaces: readonly string[]
  /** Judges every row, whatever stands. */
  readonly judgesAll: boolean
  /** Runs in the first part's transaction, before it commits: the delivery's own row. */
  register(client: pg.PoolClient, format: unknown, notes: readonly Finding[]): Promise<void>
  progress?(part: number, rows: number): void
  /** Tests make parts shorter. */
  readonly rowsAPart?: number
}

export interface DeliveryOutcome {
  readonly counts: Record<Outcome, number>
  readonly ended: number
  readonly rejectedFile: string | undefined
  readonly format: unknown
  readonly notes: readonly Finding[]
}

/**
 * Takes one delivery through the corridor: a thread reads and judges, this loop resolves, compares and loads, part
 * after part, each in one transaction that a kill leaves whole or absent.
 */
export async function deliver(
  house: House,
  catalogue: Catalogue,
  units: readonly Unit[],
  order: DeliveryOrder,
): Promise<DeliveryOutcome> {
  const { item } = order
  const client = await house.database.pools.load.connect()
  const reader = house.database.pools.job
  const rejected = new RejectedFile(order.rejectedPlaces)
  let reading: OrderedReading | undefined
  try {
    // One delivery of an item at a time: what is compared cannot change before it is written.
    await client.query('SELECT pg_advisory_lock($1, $2)', [7_261_010, item.number])
    const subjectIds = new SubjectIds(house.database.pools.load)
    const known = units.map(({ unitId, uscc, name, formerNames }) => ({ unitId, uscc, name, formerNames }))
    const sourceUnit = known.find((unit) => unit.unitId === order.unit.unitId)
    if (sourceUnit === undefined) throw new Error('the delivering unit is registered')
    const readingOrder: Omit<ReadingOrder, 'share' | 'standing' | 'certain'> = {
      path: order.path,
      encoding: order.encoding,
      sheet: order.sheet,
      temporaryFolder: house.settings.dataFolder,
      item,
      codeLists: catalogue.codeLists(order.today),
      publication: catalogue.publication(item.publication, order.today),
      list: catalogue.standing(item, order.today),
      today: order.today,
      sourceUnit,
      units: known,
      deliveryId: order.deliveryId,
      recordedAt: BigInt(Date.now()) * 1000n,
      skipRows: order.rowsDone,
      fileBytes: order.fileBytes,
      keys: house.keys.material,
    }
    const asksDatabase = order.partsDone > 0 || (await anyFact(reader, item.number))
    const context = standingContext(house, readingOrder)
    const breaks = await standingBreaks(client, item.number, order.unit.unitId)
    const standing =
      order.judgesAll || !asksDatabase || order.rowsDone > 0 || order.mode === 'snapshot'
        ? undefined
        : await standingStretches(house, client, order, context, breaks)
    const certain = CertainSubjects.empty(crypto.getRandomValues(new Int32Array(4)))
    const shared = order.fileBytes > SHARED_BYTES && order.rowsDone === 0
    // Where most rows stand there is little to share but the reading itself.
    const threads = shared && (standing?.bytes ?? 0) * 2 < order.fileBytes ? THREADS : 1
    reading = new OrderedReading(
      Array.from(
        { length: threads },
        (_, index) =>
          new Reading({
            ...readingOrder,
            share: threads === 1 ? undefined : { index, of: threads },
            standing: standing?.stretches.memory,
            certain: certain.memory,
          }),
      ),
    )
    let rules: ReadonlyMap<string, number> = new Map()
    const run = new DeliveryRun({
      item,
      sourceUnitId: order.unit.unitId,
      reader,
      resolver: new Resolver(reader, (secret) =>
        house.keys.decrypt(secret, 'subject‖name_secret').toString(),
      ),
      certain,
      subjectIds,
      asksDatabase,
      deliveryId: order.deliveryId,
      expectedRows: Math.min(ROWS_A_PART, Math.ceil(order.fileBytes / BYTES_A_ROW)),
      standing: standing?.stretches,
      remembersFacts: order.mode === 'snapshot',
      ruleId: (code) => rules.get(code) as number,
    })
    const session = new LoadingSession(house, client, order, run, rejected, context, readingOrder)
    const source = reading
    let ended = false
    let header: readonly string[] = []
    const ahead: { readonly prepared: Promise<PreparedBatch>; readonly header: readonly string[] }[] = []
    const fill = async (): Promise<void> => {
      while (!ended && ahead.length < PREPARED_AHEAD) {
        const message = await source.next()
        if (message.type === 'end') ended = true
        else if (message.type === 'format') {
          header = message.header
          session.told(message.format, message.notes)
        } else if (message.type === 'refused')
          throw new DomainError(message.code, {
            zh: message.zh,
            en: message.en,
            remedyZh: message.remedyZh,
            remedyEn: message.remedyEn,
          })
        else if (message.type === 'failed') throw new Error(`reading failed: ${message.message}`)
        else {
          rules = await catalogue.ruleIds(message.batch.rules)
          const prepared = run.prepare(message.batch)
          prepared.catch(() => {})
          ahead.push({ prepared, header })
          return
        }
      }
    }
    await session.takeUpRejected()
    await session.begin()
    for (;;) {
      await fill()
      const next = ahead.shift()
      if (next === undefined) break
      const prepared = await next.prepared
      await subjectIds.reserve(prepared.batch.count)
      // The next batch is looked up while this one is written.
      const [, filled] = await Promise.allSettled([session.take(prepared, next.header), fill()]).then(
        (results) => {
          for (const result of results) if (result.status === 'rejected') throw result.reason
          return results
        },
      )
      void filled
    }
    return await session.finish()
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    await rejected.discard()
    throw error
  } finally {
    await reading?.close()
    await client.query('SELECT pg_advisory_unlock($1, $2)', [7_261_010, item.number]).catch(() => {})
    client.release()
  }
}

/** Everything beside its own text that decides what becomes of a row. */
function standingContext(house: House, order: Omit<ReadingOrder, 'share' | 'standing' | 'certain'>): string {
  const { item, codeLists, publication, list, sourceUnit, units } = order
  return house.keys.keyedHash(
    'standing',
    JSON.stringify([manifest.version, item, codeLists, publication, list, sourceUnit, units]),
  )
}

function stretchesContext(delivery: number, part: number): string {
  return `delivery_part‖stretches‖${delivery}‖${part}`
}

export function cellsContext(delivery: number, part: number): string {
  return `delivery_part‖cells‖${delivery}‖${part}`
}

/** How often facts of a source were changed, merged or ended so far. */
async function standingBreaks(client: pg.PoolClient, item: number, unit: number): Promise<string> {
  const { rows } = await client.query(
    `SELECT concat_ws('/', (SELECT count(*) FROM xh.standing_break WHERE item = $1 AND source_unit = $2),
                      (SELECT concat_ws('/', count(*), max(created_at)) FROM xh.subject_alias)) AS breaks`,
    [item, unit],
  )
  return rows[0].breaks
}

/** The stretches of the source's last delivery, where nothing has happened since that would judge them otherwise. */
async function standingStretches(
  house: House,
  client: pg.PoolClient,
  { item, unit }: DeliveryOrder,
  context: string,
  breaks: string,
): Promise<{ stretches: StandingStretches; bytes: number } | undefined> {
  const { rows } = await client.query(
    `SELECT delivery_id::float8 AS delivery, standing_context AS context, standing_breaks AS breaks, bytes::float8 AS bytes
       FROM xh.delivery
      WHERE source_unit = $1 AND item = $2 AND state = 'done' ORDER BY delivery_id DESC LIMIT 1`,
    [unit.unitId, item.number],
  )
  const last: { delivery: number; context: string | null; breaks: string | null; bytes: number } | undefined =
    rows[0]
  if (last?.context !== context || last.breaks !== breaks) return undefined
  const parts = await client.query(
    'SELECT part, stretches FROM xh.delivery_part WHERE delivery_id = $1 ORDER BY part',
    [last.delivery],
  )
  const stretches = StandingStretches.of(
    parts.rows.map((row) => house.keys.decrypt(row.stretches, stretchesContext(last.delivery, row.part))),
  )
  return { stretches, bytes: last.bytes }
}

/** The loader's side of a running delivery: the open part, and what it adds up to. */
class LoadingSession {
  readonly #house: House
  readonly #client: pg.PoolClient
  readonly #order: DeliveryOrder
  readonly #run: DeliveryRun
  readonly #rejected: RejectedFile
  readonly #context: string
  readonly #recordedAt: bigint
  readonly #isList: boolean
  #format: unknown
  #notes: Finding[] = []
  #part: number
  #rows: number
  #writer: PartWriter | undefined
  #outcomes: PartOutcomes | undefined
  #waiting: WaitingRow[] = []
  #index: RejectedIndex
  #ended = 0
  #registered = false
  readonly #began = new Date()
  readonly #blocks: RejectedBlocks
  readonly #counts: Record<Outcome, number> = {
    loaded: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    inReview: 0,
  }

  constructor(
    house: House,
    client: pg.PoolClient,
    order: DeliveryOrder,
    run: DeliveryRun,
    rejected: RejectedFile,
    context: string,
    { recordedAt, list }: Pick<ReadingOrder, 'recordedAt' | 'list'>,
  ) {
    this.#house = house
    this.#client = client
    this.#order = order
    this.#run = run
    this.#rejected = rejected
    this.#context = context
    this.#recordedAt = recordedAt
    this.#isList = list !== undefined
    this.#part = order.partsDone
    this.#rows = order.rowsDone
    this.#blocks = new RejectedBlocks(house.keys, order.deliveryId)
    this.#index = new RejectedIndex(order.item, order.unit)
  }

  told(format: unknown, notes: readonly Finding[]): void {
    this.#format ??= format
    for (const note of notes) {
      if (
        !this.#notes.some(
          (one) => one.code === note.code && one.parameters?.column === note.parameters?.column,
        )
      )
        this.#notes.push(note)
    }
  }

  /** A delivery that was interrupted: its file of rejected rows begins with those of the parts that stand. */
  async takeUpRejected(): Promise<void> {
    const { deliveryId, partsDone, rejectedPlaces } = this.#order
    if (partsDone === 0 || rejectedPlaces.length === 0) return
    for await (const row of keptRejectedRows(this.#client, this.#house.keys, deliveryId))
      await this.#reject(row.header, row.cells, row.findings)
  }

  async begin(): Promise<void> {
    const { item, deliveryId } = this.#order
    await this.#client.query('BEGIN')
    await become(this.#client, this.#order.actor)
    this.#writer = new PartWriter(this.#client, {
      item: item.number,
      succession: item.change === 'succession',
      deliveryId,
      isList: this.#isList,
    })
    this.#outcomes = new PartOutcomes(this.#rows + 1)
  }

  async take(prepared: PreparedBatch, header: readonly string[]): Promise<void> {
    const { batch } = prepared
    const first = this.#rows + 1
    for (let from = 0; from < batch.count; ) {
      const outcomes = this.#outcomes as PartOutcomes
      const to = Math.min(batch.count, from + (this.#order.rowsAPart ?? ROWS_A_PART) - outcomes.rows)
      const { waiting, rejected } = await this.#run.settle(
        prepared,
        first,
        from,
        to,
        this.#writer as PartWriter,
        outcomes,
      )
      this.#waiting.push(...waiting)
      this.#index.columns(header)
      for (const row of rejected) {
        if (this.#order.rejectedPlaces.length > 0) await this.#reject(header, row.cells, row.findings)
        this.#blocks.add(header, row)
        this.#index.add(row.row, row.cells)
      }
      if (this.#waiting.length > 5000) await this.#writeWaiting()
      if (this.#blocks.isMuch) await this.#writeBlocks()
      this.#rows += to - from
      from = to
      if (outcomes.rows === (this.#order.rowsAPart ?? ROWS_A_PART)) {
        await this.#commit(false)
        await this.begin()
      }
    }
    this.#order.progress?.(batch.progress, this.#rows)
  }

  async finish(): Promise<DeliveryOutcome> {
    const writer = this.#writer as PartWriter
    if (this.#order.mode === 'snapshot') {
      await writer.flush()
      this.#ended = await endAbsent(
        this.#client,
        { item: this.#order.item.number, unit: this.#order.unit.unitId, delivery: this.#order.deliveryId },
        this.#run.remembered,
      )
    }
    await this.#commit(true)
    const rejectedFile = await this.#rejected.finish()
    return {
      counts: this.#counts,
      ended: this.#ended,
      rejectedFile,
      format: this.#format,
      notes: this.#notes,
    }
  }

  async #reject(
    header: readonly string[],
    cells: readonly string[],
    findings: readonly Finding[],
  ): Promise<void> {
    const { item } = this.#order
    const errors = findings.filter((finding) => finding.severity === 'error')
    const sentences = errors.map((finding) => {
      const { message, remedy } = describeFinding(finding, item)
      return `${message.zh}${remedy.zh}`
    })
    await this.#rejected.write(
      header,
      cells,
      errors.map((finding) => finding.code).join(';'),
      sentences.join(' '),
    )
  }

  async #writeWaiting(): Promise<void> {
    if (this.#waiting.length === 0) return
    await (this.#writer as PartWriter).flush()
    await this.#register()
    const { deliveryId, item, unit } = this.#order
    const rows = this.#waiting
    const sealed = rows.map((row) => {
      return this.#house.keys.encrypt(packWaitingRow(row), `review‖${deliveryId}‖${row.row}`)
    })
    await this.#client.query(
      `INSERT INTO xh.review (delivery_id, delivery_row, item, source_unit, reason, subject_id, other_subject_id, key, row_secret)
       SELECT $1, * FROM unnest($2::int[], $3::smallint[], $4::int[], $5::text[], $6::bigint[], $7::bigint[], $8::uuid[], $9::bytea[])`,
      [
        deliveryId,
        rows.map((row) => row.row),
        rows.map(() => item.number),
        rows.map(() => unit.unitId),
        rows.map((row) => row.reason),
        rows.map((row) => row.subject ?? null),
        rows.map((row) => row.other ?? null),
        rows.map((row) => row.key),
        sealed,
      ],
    )
    this.#waiting = []
  }

  async #writeBlocks(): Promise<void> {
    await (this.#writer as PartWriter).flush()
    await this.#register()
    await this.#blocks.write(this.#client)
  }

  /** The delivery's own row stands before what refers to it. */
  async #register(): Promise<void> {
    if (this.#registered || (this.#part > 0 && !this.#order.dryRun)) return
    await this.#order.register(this.#client, this.#format ?? null, this.#notes)
    this.#registered = true
  }

  async #commit(last: boolean): Promise<void> {
    const { deliveryId, actor, item, unit, dryRun } = this.#order
    const outcomes = this.#outcomes as PartOutcomes
    const writer = this.#writer as PartWriter
    await writer.flush()
    const packed = this.#house.keys.encrypt(
      await outcomes.pack(),
      `delivery_part‖${deliveryId}‖${this.#part}`,
    )
    const { stretches, cells } = this.#run.endPart()
    await this.#register()
    await this.#writeWaiting()
    await this.#blocks.end(this.#client)
    await this.#client.query('SELECT xh.keep_hidden($1::smallint, $2, $3)', [
      item.number,
      deliveryId,
      this.#began,
    ])
    await this.#client.query(
      'INSERT INTO xh.delivery_part (delivery_id, part, first_row, rows, outcomes, stretches, cells) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      [
        deliveryId,
        this.#part,
        outcomes.firstRow,
        outcomes.rows,
        packed,
        this.#house.keys.encrypt(stretches, stretchesContext(deliveryId, this.#part)),
        this.#house.keys.encrypt(cells.packed(), cellsContext(deliveryId, this.#part)),
      ],
    )
    await writePartFigure(this.#client, deliveryId, this.#part, outcomes, this.#index)
    const { counts } = outcomes
    await this.#client.query(
      `UPDATE xh.delivery SET received = received + $2, loaded = loaded + $3, updated = updated + $4, unchanged = unchanged + $5,
              rejected = rejected + $6, in_review = in_review + $7, ended = $8, state = $9, done_at = CASE WHEN $9 = 'done' THEN now() END,
              notes = $10
        WHERE delivery_id = $1`,
      [
        deliveryId,
        outcomes.rows,
        counts.loaded,
        counts.updated,
        counts.unchanged,
        counts.rejected,
        counts.inReview,
        this.#ended,
        last ? 'done' : 'processing',
        JSON.stringify(this.#notes),
      ],
    )
    await writeLedger(
      this.#client,
      { ...actor, unitId: unit.unitId },
      {
        act: 'delivery.part',
        object: `delivery:${deliveryId}`,
        ground: item.legalBasis[0]?.document,
        result: last ? 'done' : 'part',
        detail: {
          item: item.code,
          version: item.version,
          part: this.#part,
          rows: outcomes.rows,
          ...counts,
          ended: this.#ended,
          records: {
            item: item.number,
            firstRow: outcomes.firstRow,
            recordedAt: this.#recordedAt.toString(),
            sha256: writer.writtenDigest(),
          },
        },
      },
    )
    await writeLedger(
      this.#client,
      { ...actor, unitId: unit.unitId },
      {
        act: 'delivery.outcome',
        object: `delivery:${deliveryId}/${this.#part}`,
        result: outcomeRoot(deliveryId, outcomes.firstRow, outcomes.bytes),
      },
    )
    await writeLedger(
      this.#client,
      { ...actor, unitId: unit.unitId },
      {
        act: 'delivery.cells',
        object: `delivery:${deliveryId}/${this.#part}`,
        result: cells.root(deliveryId),
      },
    )
    // What a resumed delivery did before it was interrupted is not known here.
    if (last && this.#order.rowsDone === 0 && !this.#run.changesItself) {
      await this.#client.query(
        'UPDATE xh.delivery SET standing_context = $2, standing_breaks = $3 WHERE delivery_id = $1',
        [deliveryId, this.#context, await standingBreaks(this.#client, item.number, unit.unitId)],
      )
    }
    await this.#client.query(dryRun ? 'ROLLBACK' : 'COMMIT')
    if (dryRun) this.#registered = false
    for (const outcome of OUTCOMES) this.#counts[outcome] += counts[outcome]
    this.#part++
    this.#run.partCommitted()
  }
}
