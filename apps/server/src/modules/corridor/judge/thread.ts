import { parentPort } from 'node:worker_threads'
import {
  type CatalogueItem,
  type CodeList,
  compileJudge,
  DEMO_REGIONS,
  type Finding,
  headerMatcher,
  isRegion,
  type JudgedRow,
  type ListStanding,
  type PublicationRules,
} from '@xinheng/core'
import { type KeyMaterial, Keys } from '../../../platform/keys/keys.ts'
import { DIGEST_BYTES, StandingStretches } from '../compare/stretches.ts'
import {
  CERTAIN,
  type JudgedBatch,
  type Named,
  type PersonSecrets,
  REJECTED,
  type ReadingMessage,
  type RowNotes,
  STANDING,
} from '../judged-batch.ts'
import { waitForLoader } from '../load/reading.ts'
import {
  digestOfContent,
  KIND_LETTER,
  type KnownUnit,
  recordEncoder,
  writeSubject,
} from '../load/record-tuple.ts'
import { TupleWriter } from '../load/tuple.ts'
import { ReadRefusal, rangeOf, readTable, type Share, type SourceRow } from '../read/index.ts'
import { CertainSubjects } from '../resolve/certain-subjects.ts'

/** What a reading thread is told to do: everything by value, so that it shares nothing with the loader. */
export interface ReadingOrder {
  readonly path: string
  readonly encoding: string | undefined
  readonly sheet: string | undefined
  readonly temporaryFolder: string
  readonly item: CatalogueItem
  readonly codeLists: readonly CodeList[]
  readonly publication: PublicationRules | undefined
  /** Set where its facts are entries of a list. */
  readonly list: ListStanding | undefined
  readonly today: string
  readonly sourceUnit: KnownUnit
  readonly units: readonly KnownUnit[]
  readonly deliveryId: number
  readonly recordedAt: bigint
  /** Rows that earlier parts hold already. */
  readonly skipRows: number
  readonly fileBytes: number
  readonly keys: KeyMaterial
  /** Set where several threads read one large file of lines. */
  readonly share: Share | undefined
  /** Stretches of the source's last delivery that stand as it left them. */
  readonly standing: SharedArrayBuffer | undefined
  /** Subjects that are certain by now. */
  readonly certain: SharedArrayBuffer
}

/** Rows that cross to the loader at a time. */
const BATCH_ROWS = 4096
/** Rows of a stretch at most. */
const STRETCH_ROWS = 64
const EVERY_ROW = (1n << BigInt(STRETCH_ROWS)) - 1n

/**
 * Reads, standardises, validates and works out the publication of every row of a file, in a thread of its own, and
 * hands tuples to the loader, which resolves, compares and writes.
 */
class DeliveryReader {
  readonly #order: ReadingOrder
  readonly #taken: Int32Array
  readonly #keys: Keys
  readonly #judge: ReturnType<typeof compileJudge>
  readonly #columns: ReturnType<typeof headerMatcher>
  readonly #encoder: ReturnType<typeof recordEncoder>
  readonly #writer = new TupleWriter(4 << 20)
  readonly #registrationNumber: number
  readonly #formerNames: number
  #batch: Building = emptyBatch()
  readonly #certain: CertainSubjects
  /** Whom the batch names, by identity and name. */
  #people = new Map<string, number>()
  #sent = 0
  #skip: number
  #progress = 0
  #header: readonly string[] | undefined
  /** The range of a shared file that is being gathered. */
  #range = 0
  #shared = false
  #columnOf: Int16Array = new Int16Array(0)
  readonly #standing: StandingStretches | undefined
  /** Rows of the stretch that is being gathered, and their text. */
  #stretch: SourceRow[] = []
  #lines: string[] = []
  /** What the header says is part of what each row says. */
  #headerLine = ''

  constructor(order: ReadingOrder, taken: Int32Array) {
    this.#order = order
    this.#taken = taken
    this.#skip = order.skipRows
    this.#standing = order.standing === undefined ? undefined : StandingStretches.sharing(order.standing)
    this.#certain = CertainSubjects.sharing(order.certain)
    this.#keys = new Keys(order.keys)
    const units = new Map(order.units.map((unit) => [unit.uscc, unit]))
    const { item } = order
    this.#judge = compileJudge(item, {
      codeLists: new Map(order.codeLists.map((list) => [list.code, list])),
      publication: order.publication,
      list: order.list,
      today: order.today,
      sourceUnit: order.sourceUnit,
      findUnit: (uscc) => units.get(uscc),
      isRegion: (code) => isRegion(code, DEMO_REGIONS),
    })
    this.#columns = headerMatcher(item)
    this.#encoder = recordEncoder(
      {
        item,
        sourceUnit: order.sourceUnit,
        deliveryId: order.deliveryId,
        recordedAt: order.recordedAt,
        findUnit: (uscc) => units.get(uscc),
        keys: {
          seal: (plain, context) => this.#keys.encrypt(plain, context, 'records'),
          recognise: (kind, value) => this.#keys.keyedHash(kind, value),
        },
      },
      this.#writer,
    )
    const at = (name: string | undefined) => item.fields.findIndex((field) => field.name === name)
    this.#registrationNumber = item.registersSubjects ? at(item.roles.registrationNumber) : -1
    this.#formerNames = item.registersSubjects ? at(item.roles.formerNames) : -1
  }

  async run(): Promise<void> {
    const { order } = { order: this.#order }
    const table = readTable(order.path, {
      encoding: order.encoding,
      sheet: order.sheet,
      temporaryFolder: order.temporaryFolder,
      share: order.share,
      headerScore: (cells) =>
        this.#columns(cells).fieldOf.reduce((score, field) => score + (field >= 0 ? 1 : 0), 0),
    })
    for await (const part of table) {
      if (part.header !== this.#header) {
        this.#shared = order.share !== undefined && part.format?.kind === 'csv'
        this.#newHeader(part.header, part.format)
        // Only a file of lines can be shared: the first thread reads any other alone.
        if (!this.#shared && (order.share?.index ?? 0) > 0) break
      }
      if (part.bytes !== undefined) this.#progress = part.bytes / Math.max(1, order.fileBytes)
      for (const row of part.rows) {
        if (this.#skip > 0) {
          this.#skip--
          continue
        }
        if (this.#shared && !this.#reaches(rangeOf(row.place))) continue
        this.#gather(row)
        if (!this.#shared && this.#batch.count === BATCH_ROWS) this.#send()
      }
    }
    this.#endStretch()
    if (this.#batch.count > 0) this.#send()
    post({ type: 'end' })
  }

  /**
   * Ends the batches of this thread's ranges before `range`, one message for each, so that the loader can put the
   * threads' ranges in order again. @returns whether the range is this thread's
   */
  #reaches(range: number): boolean {
    const { index, of } = this.#order.share as Share
    if (this.#range < range) this.#endStretch()
    for (; this.#range < range; this.#range++) if (this.#range % of === index) this.#send()
    return range % of === index
  }

  /**
   * Adds a row to the stretch. Where a stretch ends is decided by the rows' own text, so that a row put in or left out
   * changes the stretch that it lies in and no other.
   */
  #gather(row: SourceRow): void {
    const line = row.line ?? row.cells.join('\u001f')
    this.#stretch.push(row)
    this.#lines.push(line)
    const { length } = this.#stretch
    if (endsStretch(line) || length === STRETCH_ROWS || this.#batch.count + length === BATCH_ROWS)
      this.#endStretch()
  }

  #endStretch(): void {
    const rows = this.#stretch
    if (rows.length === 0) return
    const batch = this.#batch
    const at = batch.standing.length * DIGEST_BYTES
    batch.digests.write(digestOfContent(this.#lines.join('\n')), at, DIGEST_BYTES, 'latin1')
    const standing = this.#standing === undefined ? -1 : this.#standing.find(batch.digests, at)
    const judged = standing < 0 ? EVERY_ROW : (this.#standing as StandingStretches).origin(standing).judged
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as SourceRow
      if (judged === EVERY_ROW || (judged >> BigInt(i)) & 1n) this.#row(row)
      else this.#stands(row)
    }
    batch.stretchEnds.push(batch.count)
    batch.standing.push(standing)
    this.#stretch = []
    this.#lines = [this.#headerLine]
  }

  #stands(source: SourceRow): void {
    const batch = this.#batch
    const index = batch.count++
    batch.places[index] = source.place
    batch.starts[index] = STANDING
    batch.named[index] = CERTAIN
  }

  /** The index of whom a row names among the batch's people. */
  #person(identity: string, name: string, kind: string): number {
    const key = `${identity}\u001f${name}`
    const known = this.#people.get(key)
    if (known !== undefined) return known
    const number = this.#people.size
    this.#people.set(key, number)
    // Pieces of the key, not of the file's text: those would keep all of it alive until the batch is sent.
    this.#batch.people.push({
      identity: key.slice(0, identity.length),
      name: key.slice(identity.length + 1),
      kind,
    })
    return number
  }

  #newHeader(header: readonly string[], format: unknown): void {
    this.#endStretch()
    // Rows under two headers never cross together: their cells would be taken for one another's.
    if (!this.#shared && this.#batch.count > 0) this.#send()
    this.#headerLine = header.join('\u001f')
    this.#lines = [this.#headerLine]
    this.#header = header
    const match = this.#columns(header)
    this.#columnOf = new Int16Array(this.#order.item.fields.length).fill(-1)
    match.fieldOf.forEach((field, column) => {
      if (field >= 0) this.#columnOf[field] = column
    })
    const note = (code: string, severity: 'warning' | 'error', columns: readonly string[]): Finding[] =>
      columns.slice(0, 50).map((column) => ({ code, severity, parameters: { column: column.slice(0, 100) } }))
    post({
      type: 'format',
      shared: this.#shared,
      format,
      header,
      notes: [
        ...note('header.unknown', 'warning', match.unknown),
        ...note('header.repeated', 'warning', match.repeated),
        ...note('header.missing', 'error', match.missing),
      ],
    })
  }

  #row(source: SourceRow): void {
    const batch = this.#batch
    const index = batch.count++
    const row = this.#judge(source.cells, this.#columnOf, source.fault)
    batch.places[index] = source.place
    if (row.findings.length > 0 || row.repairs.length > 0)
      batch.notes.push({ index, findings: row.findings, repairs: row.repairs })
    if (row.rejected) {
      batch.starts[index] = REJECTED
      batch.named[index] = CERTAIN
      // Of a record that the law seals nothing is kept, not even in the file that goes back.
      const sealed = row.findings.some((finding) => finding.code === 'SEALED_RECORD')
      batch.rejectedCells.set(index, sealed ? [] : source.cells)
      return
    }
    const identity = this.#identity(row, index)
    const name = row.subjectName ?? ''
    const subject = row.reviewReason === undefined ? this.#certain.find(identity, name) : 0
    batch.named[index] = subject === 0 ? this.#person(identity, name, KIND_LETTER[row.subjectKind]) : CERTAIN
    if (row.reviewReason !== undefined) batch.reviews.set(index, row.reviewReason)
    let rule = batch.ruleIndex.get(row.publication.rule)
    if (rule === undefined) {
      rule = batch.rules.length
      batch.rules.push(row.publication.rule)
      batch.ruleIndex.set(row.publication.rule, rule)
    }
    batch.ruleOf[index] = rule
    const number = this.#registrationNumber < 0 ? undefined : row.values[this.#registrationNumber]
    if (number !== undefined) batch.registrationNumbers.set(index, number)
    const former = this.#formerNames < 0 ? undefined : row.values[this.#formerNames]
    if (former !== undefined)
      batch.formerNames.set(
        index,
        former
          .split(/[；;、,，|]/)
          .map((name) => name.trim())
          .filter((name) => name !== ''),
      )
    const start = this.#encoder.encode(row)
    batch.starts[index] = start
    if (subject !== 0) writeSubject(this.#writer.buffer, subject, start)
  }

  #identity(row: JudgedRow, index: number): string {
    const { identity } = row
    if (identity === undefined) return '-'
    switch (identity.type) {
      case 'uscc':
        return `u${identity.value}`
      case 'registrationNumber':
        return `r${identity.value}`
      case 'organisationCode':
        return `c${identity.value}`
      case 'personDocument': {
        const hash = this.#keys.keyedHash('person', `${identity.documentType}:${identity.value}`)
        this.#batch.secrets.set(index, {
          number: this.#keys.encrypt(Buffer.from(identity.value), `identifier‖secret‖${hash}`),
          name: this.#keys.encrypt(Buffer.from(row.subjectName ?? ''), 'subject‖name_secret'),
        })
        return `p${hash}`
      }
    }
  }

  #send(): void {
    const { ruleIndex: _, ...batch } = this.#batch
    const tuples = this.#writer.take()
    batch.starts[batch.count] = tuples.length
    const digests = Uint8Array.prototype.slice.call(batch.digests, 0, batch.standing.length * DIGEST_BYTES)
    const message: JudgedBatch = { ...batch, digests, tuples, progress: this.#progress }
    waitForLoader(this.#taken, this.#sent)
    this.#sent++
    parentPort?.postMessage({ type: 'batch', batch: message } satisfies ReadingMessage, [
      tuples.buffer as ArrayBuffer,
    ])
    this.#batch = emptyBatch()
    this.#people = new Map()
  }
}

interface Building {
  count: number
  readonly places: Int32Array
  readonly starts: Int32Array
  readonly named: Int32Array
  readonly people: Named[]
  readonly ruleOf: Uint8Array
  readonly rules: string[]
  readonly ruleIndex: Map<string, number>
  readonly reviews: Map<number, string>
  readonly notes: RowNotes[]
  readonly rejectedCells: Map<number, readonly string[]>
  readonly secrets: Map<number, PersonSecrets>
  readonly registrationNumbers: Map<number, string>
  readonly formerNames: Map<number, readonly string[]>
  readonly stretchEnds: number[]
  readonly standing: number[]
  readonly digests: Buffer
}

/** One row in sixteen ends a stretch, by a few of its characters. */
function endsStretch(line: string): boolean {
  let mixed = line.length
  for (let i = 1; i <= 8; i++) mixed = Math.imul(mixed ^ line.charCodeAt((line.length * i) >> 3), 0x9e37_79b1)
  return mixed >>> 28 === 0
}

function emptyBatch(): Building {
  return {
    count: 0,
    places: new Int32Array(BATCH_ROWS),
    starts: new Int32Array(BATCH_ROWS + 1),
    named: new Int32Array(BATCH_ROWS),
    people: [],
    ruleOf: new Uint8Array(BATCH_ROWS),
    rules: [],
    ruleIndex: new Map(),
    reviews: new Map(),
    notes: [],
    rejectedCells: new Map(),
    secrets: new Map(),
    registrationNumbers: new Map(),
    formerNames: new Map(),
    stretchEnds: [],
    standing: [],
    digests: Buffer.alloc(BATCH_ROWS * DIGEST_BYTES),
  }
}

function post(message: ReadingMessage): void {
  parentPort?.postMessage(message)
}

/** One delivery after the other. */
async function read({ order, taken }: { order: ReadingOrder; taken: Int32Array }): Promise<void> {
  try {
    await new DeliveryReader(order, taken).run()
  } catch (error) {
    if (error instanceof ReadRefusal) {
      const { code, zh, en, remedyZh, remedyEn } = error
      post({ type: 'refused', code, zh, en, remedyZh, remedyEn })
    } else {
      // The message of an unexpected error may hold delivered text: only where it happened is told.
      post({
        type: 'failed',
        message:
          error instanceof Error
            ? (error.stack ?? '').split('\n').slice(1, 4).join(' ') || error.name
            : 'unknown',
      })
    }
  }
}

parentPort?.on('message', read)
