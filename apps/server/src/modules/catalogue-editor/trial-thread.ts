import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parentPort, workerData } from 'node:worker_threads'
import {
  compileJudge,
  DEMO_REGIONS,
  describeFinding,
  type Finding,
  headerMatcher,
  isRegion,
  type JudgedRow,
  maskIdNumber,
} from '@xinheng/core'
import { decryptingStream } from '../../platform/keys/file-cipher.ts'
import { readTable } from '../corridor/index.ts'
import {
  CHANGES,
  type Change,
  type TrialFile,
  type TrialFinding,
  type TrialMessage,
  type TrialOrder,
  type TrialResult,
  type TrialSample,
  type TrialSide,
} from './trial-order.ts'

const SAMPLES = 20
const LONGEST_CELL = 200
const PROGRESS_EVERY_MS = 250

/** A side with its judge and the way from a header to its fields. */
function sideOf(side: TrialSide, order: TrialOrder, file: TrialFile) {
  const { item } = side
  const units = new Map(order.units.map((unit) => [unit.uscc, unit]))
  const match = headerMatcher(item)
  let columnOf = new Int16Array(item.fields.length).fill(-1)
  const judge = compileJudge(item, {
    codeLists: new Map(side.codeLists.map((list) => [list.code, list])),
    publication: side.publication,
    today: file.receivedOn,
    sourceUnit: file.sourceUnit,
    findUnit: (uscc) => units.get(uscc),
    isRegion: (code) => isRegion(code, DEMO_REGIONS),
  })
  return {
    item,
    score: (cells: readonly string[]) => match(cells).fieldOf.filter((field) => field >= 0).length,
    header(header: readonly string[]) {
      columnOf = new Int16Array(item.fields.length).fill(-1)
      match(header).fieldOf.forEach((field, column) => {
        if (field >= 0) columnOf[field] = column
      })
    },
    judge: (cells: readonly string[], fault?: { readonly code: string }): JudgedRow =>
      judge(cells, columnOf, fault),
    columnOf: () => columnOf,
  }
}
type Side = ReturnType<typeof sideOf>

class Trial {
  readonly #order: TrialOrder
  readonly #begun = Date.now()
  #told = 0
  #rows = 0
  #deliveries = 0
  #from: string | null = null
  #to: string | null = null
  readonly #rejected = { before: 0, after: 0 }
  readonly #counts = new Map<Change, number>()
  readonly #findings = new Map<Change, Map<string, TrialFinding & { rows: number; comes: boolean }>>()
  readonly #samples = new Map<Change, TrialSample[]>()

  constructor(order: TrialOrder) {
    this.#order = order
  }

  async run(): Promise<TrialResult> {
    for (const file of this.#order.files) {
      if (this.#isOver()) break
      await this.#file(file)
    }
    return {
      item: this.#order.after.item.code,
      rows: this.#rows,
      deliveries: this.#deliveries,
      from: this.#from,
      to: this.#to,
      seconds: Math.round((Date.now() - this.#begun) / 100) / 10,
      cut: this.#rows < this.#order.rows && Date.now() - this.#begun > this.#order.seconds * 1000,
      rejected: this.#rejected,
      changes: CHANGES.flatMap((change) => {
        const rows = this.#counts.get(change) ?? 0
        const findings = [...(this.#findings.get(change)?.values() ?? [])].sort((a, b) => b.rows - a.rows)
        return rows === 0 ? [] : [{ change, rows, findings, samples: this.#samples.get(change) ?? [] }]
      }),
    }
  }

  #isOver(): boolean {
    return this.#rows >= this.#order.rows || Date.now() - this.#begun > this.#order.seconds * 1000
  }

  /** The file lies open only while it is read. */
  async #file(file: TrialFile): Promise<void> {
    const plain = join(
      this.#order.temporaryFolder,
      `trial-${file.delivery}-${randomBytes(4).toString('hex')}`,
    )
    try {
      await pipeline(
        createReadStream(file.path),
        decryptingStream(this.#order.fileKeys),
        createWriteStream(plain, { mode: 0o600 }),
      )
      const before = sideOf(this.#order.before, this.#order, file)
      const after = sideOf(this.#order.after, this.#order, file)
      let header: readonly string[] | undefined
      this.#deliveries++
      for await (const part of readTable(plain, {
        encoding: file.encoding,
        sheet: file.sheet,
        temporaryFolder: this.#order.temporaryFolder,
        headerScore: (cells) => Math.max(before.score(cells), after.score(cells)),
      })) {
        if (part.header !== header) {
          header = part.header
          before.header(header)
          after.header(header)
        }
        for (const row of part.rows) {
          if (this.#isOver()) return
          this.#row(before, after, row, file)
        }
        this.#tell()
      }
    } finally {
      rmSync(plain, { force: true })
    }
  }

  #row(
    before: Side,
    after: Side,
    row: {
      readonly cells: readonly string[]
      readonly place: number
      readonly fault?: { readonly code: string } | undefined
    },
    file: TrialFile,
  ): void {
    this.#rows++
    this.#to ??= file.receivedOn
    this.#from = file.receivedOn
    const [was, would] = [before.judge(row.cells, row.fault), after.judge(row.cells, row.fault)]
    if (was.rejected) this.#rejected.before++
    if (would.rejected) this.#rejected.after++
    const change = changeBetween(was, would)
    if (change === undefined) return
    this.#counts.set(change, (this.#counts.get(change) ?? 0) + 1)
    const [left, right] = [told(was.findings, before), told(would.findings, after)]
    const counted = this.#findings.get(change) ?? new Map()
    this.#findings.set(change, counted)
    const count = (finding: TrialFinding, comes: boolean) => {
      const name = `${comes} ${finding.code} ${finding.field ?? ''}`
      const known = counted.get(name)
      if (known === undefined) counted.set(name, { ...finding, rows: 1, comes })
      else known.rows++
    }
    const has = (among: readonly TrialFinding[], one: TrialFinding) =>
      among.some((other) => other.code === one.code && other.field === one.field)
    for (const finding of right) if (!has(left, finding)) count(finding, true)
    for (const finding of left) if (!has(right, finding)) count(finding, false)
    const samples = this.#samples.get(change) ?? []
    this.#samples.set(change, samples)
    if (samples.length >= SAMPLES) return
    samples.push({
      delivery: file.delivery,
      place: row.place,
      cells: cellsOf(row.cells, after, [...was.findings, ...would.findings]),
      before: left,
      after: right,
    })
  }

  #tell(): void {
    if (Date.now() - this.#told < PROGRESS_EVERY_MS) return
    this.#told = Date.now()
    post({ type: 'progress', progress: Math.min(0.99, this.#rows / Math.max(1, this.#order.rows)) })
  }
}

function changeBetween(was: JudgedRow, would: JudgedRow): Change | undefined {
  if (was.rejected !== would.rejected) return would.rejected ? 'newlyRejected' : 'newlyAccepted'
  const codes = (row: JudgedRow, severity: string) =>
    row.findings
      .filter((finding) => finding.severity === severity)
      .map((finding) => `${finding.code} ${finding.field ?? ''}`)
      .sort()
      .join('\n')
  if (would.rejected) return codes(was, 'error') === codes(would, 'error') ? undefined : 'otherFaults'
  if (was.reviewReason !== would.reviewReason || codes(was, 'review') !== codes(would, 'review'))
    return 'newlyWaiting'
  // The rule's name holds its version: only what the public sees counts.
  const shown = ({ publication }: JudgedRow) =>
    [publication.from, publication.until, publication.hold].map((part) => part ?? '').join(' ')
  if (shown(was) !== shown(would)) return 'publication'
  return codes(was, 'warning') === codes(would, 'warning') ? undefined : 'otherWarnings'
}

function told(findings: readonly Finding[], side: Side): TrialFinding[] {
  return findings.map((finding) => ({
    code: finding.code,
    field: finding.field ?? null,
    message: describeFinding(finding, side.item).message,
  }))
}

/** Delivered cells by field. Of a record that the law seals nothing is told; of what is secret, its ends. */
function cellsOf(cells: readonly string[], side: Side, findings: readonly Finding[]): TrialSample['cells'] {
  if (findings.some((finding) => finding.code === 'SEALED_RECORD')) return []
  const columns = side.columnOf()
  return side.item.fields.flatMap((field, index) => {
    const column = columns[index] as number
    const value = column < 0 ? '' : (cells[column] ?? '')
    if (value === '') return []
    return [
      {
        field: field.name,
        title: field.title,
        value:
          field.visibility === 'secret' ? maskIdNumber(value.slice(0, 40)) : value.slice(0, LONGEST_CELL),
      },
    ]
  })
}

function post(message: TrialMessage): void {
  parentPort?.postMessage(message)
}

try {
  post({ type: 'done', result: await new Trial(workerData as TrialOrder).run() })
} catch (error) {
  // Its message may hold delivered text: only where it happened is told.
  const where = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 4).join(' ') : ''
  post({ type: 'failed', where: where || 'unknown' })
}
