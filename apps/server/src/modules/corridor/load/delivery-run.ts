import { type CatalogueItem, comparableName, type Finding, nameSearchKey } from '@xinheng/core'
import type pg from 'pg'
import { FactSet } from '../compare/fact-set.ts'
import { factsByKey, factsBySubject, type KnownFact } from '../compare/known-facts.ts'
import {
  DIGEST_BYTES,
  type StandingStretches,
  StretchGuard,
  type StretchOrigin,
  StretchWriter,
} from '../compare/stretches.ts'
import { compare, type Verdict } from '../compare/verdict.ts'
import { type JudgedBatch, type Named, type PersonSecrets, type RowNotes, STANDING } from '../judged-batch.ts'
import type { CertainSubjects } from '../resolve/certain-subjects.ts'
import type { KnownSubject, Resolver } from '../resolve/resolver.ts'
import type { SubjectIds } from '../resolve/subject-ids.ts'
import { CellDigests } from './cell-digests.ts'
import type { PartOutcomes } from './outcomes.ts'
import type { NewName, PartWriter } from './part-writer.ts'
import {
  CONTENT_HASH_AT,
  KEY_AT,
  ROW_AT,
  RULE_AT,
  readSubject,
  SUBJECT_AT,
  writeSubject,
} from './record-tuple.ts'

/** A row that waits for a person, with all that loading it later needs. */
export interface WaitingRow {
  readonly row: number
  readonly reason: string
  /** The subject, where it stood in the database before. */
  readonly subject: number | undefined
  readonly other: number | undefined
  readonly key: string
  readonly identity: string
  readonly name: string
  readonly secrets: PersonSecrets | undefined
  readonly tuple: Uint8Array
}

/** What a rejected row needs to go back: its cells as delivered and everything that is wrong with it. */
export interface RejectedRow {
  /** Running number in the delivery, 1-based. */
  readonly row: number
  readonly place: number
  readonly cells: readonly string[]
  readonly findings: readonly Finding[]
}

export interface RunOptions {
  readonly item: CatalogueItem
  readonly sourceUnitId: number
  readonly reader: pg.Pool
  readonly resolver: Resolver
  /** Who the reading threads need not ask about. */
  readonly certain: CertainSubjects
  readonly subjectIds: SubjectIds
  /** False when the item had no fact before this delivery and nobody else can add one: nothing to ask for. */
  readonly asksDatabase: boolean
  /** Snapshot deliveries remember what they hold. */
  readonly remembersFacts: boolean
  readonly deliveryId: number
  /** About how many rows will come: room is made for them at once. */
  readonly expectedRows: number
  /** Stretches of the source's last delivery that stand as it left them. */
  readonly standing: StandingStretches | undefined
  ruleId(code: string): number
}

/** Batches whose lookups have come back. */
export interface PreparedBatch {
  readonly batch: JudgedBatch
  /** Generation of the resolver's memory in which its people were looked up. */
  readonly generation: number
  readonly facts: ReadonlyMap<string, readonly KnownFact[]>
}

/** What became of a row of a stretch; 0 where there is more to say of it. */
const WRITTEN = 1
const SAME = 2

const LOADED: Verdict = { outcome: 'loaded' }
const NO_FACTS: ReadonlyMap<string, readonly KnownFact[]> = new Map()
/** Facts remembered across parts; beyond it the database answers for the earlier parts. */
const REMEMBERED_FACTS = 4_000_000
/** The name that 双公示 prescribes for an individual business without one. */
const NAMELESS_BUSINESS = '个体工商户'

/** Resolves and compares batch after batch and hands the outcome to the writer of the running part. */
export class DeliveryRun {
  readonly #options: RunOptions
  #asks: boolean
  #facts: FactSet
  #documents = new FactSet()
  readonly #remembered: { subject: number; key: string }[] = []
  readonly #guard = new StretchGuard()
  #stretches = new StretchWriter()
  #cells: CellDigests | undefined
  #changesItself = false

  constructor(options: RunOptions) {
    this.#options = options
    this.#facts = new FactSet(options.expectedRows)
    this.#asks = options.asksDatabase
  }

  /** Everything that is asked of the database for a batch; runs ahead of `settle`. */
  async prepare(batch: JudgedBatch): Promise<PreparedBatch> {
    const { item, reader, resolver } = this.#options
    // What is forgotten while this is asked is asked again: below everybody is known.
    let { generation } = resolver
    for (await this.#lookUp(batch); generation !== resolver.generation; await this.#lookUp(batch))
      generation = resolver.generation
    if (!this.#asks) return { batch, generation, facts: NO_FACTS }
    const tuples = Buffer.from(batch.tuples.buffer, batch.tuples.byteOffset, batch.tuples.length)
    if (item.naturalKey.length === 0) {
      const subjects = new Set<number>()
      let key = ''
      for (let i = 0; i < batch.count; i++) {
        const start = batch.starts[i] as number
        if (start < 0) continue
        const subject = this.#subjectOf(batch, i, tuples, start)
        if (subject !== undefined) for (const member of subject.members ?? [subject.id]) subjects.add(member)
        if (key === '') key = uuidAt(tuples, start + KEY_AT)
      }
      if (subjects.size === 0) return { batch, generation, facts: NO_FACTS }
      return { batch, generation, facts: await factsBySubject(reader, item.number, key, [...subjects]) }
    }
    const keys: string[] = []
    for (let i = 0; i < batch.count; i++) {
      const start = batch.starts[i] as number
      if (start >= 0) keys.push(uuidAt(tuples, start + KEY_AT))
    }
    const facts = keys.length === 0 ? NO_FACTS : await factsByKey(reader, item.number, keys)
    return { batch, generation, facts }
  }

  async #lookUp(batch: JudgedBatch): Promise<void> {
    const identities = batch.people.map((one) => one.identity)
    for (const number of batch.registrationNumbers.values()) identities.push(`r${number}`)
    await this.#options.resolver.lookUp(identities)
  }

  /** The subject that a row is known to be about before it is settled. */
  #subjectOf(
    batch: JudgedBatch,
    i: number,
    tuples: Buffer,
    start: number,
  ): KnownSubject | CertainSubject | undefined {
    const who = batch.people[batch.named[i] as number]
    return who === undefined ? certainSubject(tuples, start) : this.#options.resolver.find(who.identity)
  }

  /**
   * Settles rows `from` to `to` of a batch.
   * @param row running number of the batch's first row, 1-based
   */
  async settle(
    prepared: PreparedBatch,
    row: number,
    from: number,
    to: number,
    writer: PartWriter,
    outcomes: PartOutcomes,
  ): Promise<{ waiting: WaitingRow[]; rejected: RejectedRow[] }> {
    const { batch, facts } = prepared
    const { item, sourceUnitId, resolver } = this.#options
    // What was looked up ahead may have been forgotten between two parts.
    if (prepared.generation !== resolver.generation) await this.#lookUp(batch)
    const tuples = Buffer.from(batch.tuples.buffer, batch.tuples.byteOffset, batch.tuples.length)
    const ruleIds = batch.rules.map((code) => this.#options.ruleId(code))
    const notes = new Map<number, RowNotes>(batch.notes.map((note) => [note.index, note]))
    const waiting: WaitingRow[] = []
    const rejected: RejectedRow[] = []
    const loads: [number, number][] = []
    const written: [number, number][] = []
    const changes: { fact: string; tuple: Uint8Array }[] = []
    let repeatedHere: Set<string> | undefined
    const fates = new Uint8Array(batch.count)

    for (let i = from; i < to; i++) {
      const note = notes.get(i)
      const rowNumber = row + i
      const place = batch.places[i] as number
      const start = batch.starts[i] as number
      if (start === STANDING) {
        outcomes.add('unchanged', place)
        continue
      }
      if (start < 0) {
        outcomes.add('rejected', place)
        outcomes.note(rowNumber, note?.findings ?? [], note?.repairs ?? [])
        rejected.push({
          row: rowNumber,
          place,
          cells: batch.rejectedCells.get(i) ?? [],
          findings: note?.findings ?? [],
        })
        continue
      }
      const end = endOf(batch, i)
      tuples.writeInt32BE(rowNumber, start + ROW_AT)
      tuples.writeInt32BE(ruleIds[batch.ruleOf[i] as number] as number, start + RULE_AT)
      const who = batch.people[batch.named[i] as number]
      const resolved: Resolved =
        who === undefined
          ? { subject: certainSubject(tuples, start), isNew: false }
          : this.#resolve(batch, i, who)
      let verdict: Verdict
      let extra: Finding | undefined
      let updates: KnownFact | undefined
      // Under which subject the fact lies: one that this was found to be, where it was delivered so before.
      let holder = 0
      const { subject } = resolved
      if (subject === undefined || resolved.reason !== undefined) {
        const reason = resolved.reason ?? 'L06/unidentified'
        verdict = {
          outcome: 'inReview',
          reason,
          finding: {
            code: reason,
            severity: 'review',
            ...(item.roles.subjectName === undefined ? {} : { field: item.roles.subjectName }),
          },
        }
      } else {
        const known = this.#knownFacts(facts, tuples, start, subject)
        holder = known.fact?.subject ?? subject.id
        writeSubject(tuples, holder, start)
        updates = known.fact
        let moved = known.moved
        if (moved !== undefined) {
          this.#guard.touches(moved.delivery, moved.row)
          repeatedHere ??= this.#repeatedIn(batch, tuples)
          if (repeatedHere.has(`${moved.subject} ${uuidAt(tuples, start + KEY_AT)}`)) moved = undefined
        }
        verdict =
          known.fact === undefined && moved === undefined
            ? LOADED
            : compare(item, sourceUnitId, uuidAt(tuples, start + CONTENT_HASH_AT), known.fact, moved)
        if (verdict.outcome !== 'inReview') {
          const seen = this.#facts.add(holder, tuples, start + KEY_AT, start + CONTENT_HASH_AT)
          if (seen === 'same') verdict = { outcome: 'unchanged' }
          else if (seen === 'other') {
            verdict = { outcome: 'updated' }
            this.#changesItself = true
          } else if (this.#options.remembersFacts) {
            this.#remembered.push({ subject: holder, key: uuidAt(tuples, start + KEY_AT) })
          }
          // The document's key beside the subject in the place of a content.
          if (
            item.sharedDocument === 'warn' &&
            this.#documents.add(0, tuples, start + KEY_AT, start + SUBJECT_AT) === 'other'
          ) {
            extra = {
              code: 'U04',
              severity: 'warning',
              ...(item.roles.documentNumber === undefined ? {} : { field: item.roles.documentNumber }),
            }
          }
        }
      }
      if (verdict.outcome === 'updated' && updates !== undefined)
        this.#guard.touches(updates.delivery, updates.row)
      outcomes.add(verdict.outcome, place)
      if (note !== undefined || verdict.finding !== undefined || extra !== undefined) {
        const findings = [
          ...(note?.findings ?? []),
          ...(verdict.finding ? [verdict.finding] : []),
          ...(extra ? [extra] : []),
        ]
        outcomes.note(rowNumber, findings, note?.repairs ?? [])
      } else if (verdict.outcome !== 'inReview') fates[i] = verdict.outcome === 'unchanged' ? SAME : WRITTEN
      if (verdict.outcome === 'inReview') {
        waiting.push({
          row: rowNumber,
          reason: verdict.reason,
          subject: subject?.before ? subject.id : undefined,
          other: verdict.other,
          key: uuidAt(tuples, start + KEY_AT),
          identity: who?.identity ?? '-',
          name: who?.name ?? '',
          secrets: batch.secrets.get(i),
          tuple: Buffer.from(tuples.subarray(start, end)),
        })
        continue
      }
      if (
        verdict.outcome !== 'unchanged' &&
        who !== undefined &&
        subject !== undefined &&
        'name' in subject &&
        (resolved.isNew || resolved.gainsIdentifier || item.registersSubjects === true)
      ) {
        this.#introduce(batch, i, who, subject, resolved.isNew, writer)
      }
      if (verdict.outcome !== 'unchanged') extend(written, start, end)
      if (verdict.outcome === 'loaded') {
        extend(loads, start, end)
      } else if (verdict.outcome === 'updated' && subject !== undefined) {
        changes.push({
          fact: `${holder} ${uuidAt(tuples, start + KEY_AT)}`,
          tuple: Buffer.from(tuples.subarray(start, end)),
        })
      }
    }
    this.#keepStretches(batch, fates, row, from, to)
    for (const [start, end] of written) writer.writes(tuples.subarray(start, end))
    for (const [start, end] of loads) await writer.facts(tuples.subarray(start, end))
    for (const change of changes) await writer.change(change.fact, change.tuple)
    await writer.flushIfMuch()
    // The registrar's own rows change names of subjects that stand.
    if (item.registersSubjects !== true) resolver.forgetStanding()
    return { waiting, rejected }
  }

  /** Keeps the stretches with rows that went through as they were delivered, without anything to say of them. */
  #keepStretches(batch: JudgedBatch, fates: Uint8Array, row: number, from: number, to: number): void {
    let begin = 0
    for (let i = 0; i < batch.standing.length; i++) {
      const end = batch.stretchEnds[i] as number
      const first = begin
      begin = end
      if (first >= from && first < to) {
        this.#cells ??= new CellDigests(row + first)
        this.#cells.add(end - first, batch.digests.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES))
      }
      // One that two parts share is judged again the next time.
      if (first < from || end > to) continue
      const standing = batch.standing[i] as number
      const origin =
        standing >= 0
          ? this.#options.standing?.origin(standing)
          : originOf(fates.subarray(first, end), this.#options.deliveryId, row + first)
      if (origin === undefined) continue
      if (standing >= 0) this.#guard.stands(origin)
      this.#stretches.add(batch.digests.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES), origin)
    }
  }

  /**
   * Called before a part is committed.
   * @returns its stretches, packed, and the digests of all of its rows' text
   * @throws StretchConflict where the file holds a fact twice, once in a stretch that was taken as standing
   */
  endPart(): { stretches: Buffer; cells: CellDigests } {
    this.#guard.check()
    const stretches = this.#stretches.packed()
    const cells = this.#cells ?? new CellDigests(1)
    this.#stretches = new StretchWriter()
    this.#cells = undefined
    return { stretches, cells }
  }

  /** Whether the delivery holds a fact in two states: then what it left does not stand when it comes again. */
  get changesItself(): boolean {
    return this.#changesItself
  }

  /** Called when a part is in the database. */
  partCommitted(): void {
    this.#options.resolver.forgetIfMany()
    if (this.#facts.size > REMEMBERED_FACTS) {
      this.#facts = new FactSet()
      this.#asks = true
    }
  }

  /** Facts that a snapshot delivery holds. */
  get remembered(): readonly { subject: number; key: string }[] {
    return this.#remembered
  }

  #resolve(batch: JudgedBatch, i: number, who: Named): Resolved {
    const { item, resolver } = this.#options
    const { identity, name, kind } = who
    const registers = item.registersSubjects === true
    const waits = batch.reviews.get(i)
    const type = identity[0]
    let subject = identity === '-' ? undefined : resolver.find(identity)
    if (waits !== undefined) return { subject, isNew: false, reason: waits }
    if (identity === '-') return { subject: undefined, isNew: false, reason: 'L06/unidentified' }
    if (subject === undefined && type === 'u') {
      // An old register's subject gains its code: known by its registration number until now.
      const number = batch.registrationNumbers.get(i)
      const old = number === undefined ? undefined : resolver.find(`r${number}`)
      if (old !== undefined && agrees(old, name)) return { subject: old, isNew: false, gainsIdentifier: true }
    }
    if (subject === undefined) {
      const creates = type === 'u' || type === 'p' || (type === 'r' && registers)
      if (!creates) return { subject: undefined, isNew: false, reason: 'L06/unidentified' }
      subject = {
        id: this.#options.subjectIds.next(),
        kind,
        name,
        comparables: kind === 'p' ? [] : [comparableName(name)],
        before: false,
        registered: registers,
      }
      return { subject, isNew: true }
    }
    if (agrees(subject, name) || (subject.kind === 'i' && name === NAMELESS_BUSINESS)) {
      // The registrar's rows say more of their subject than whose they are, and of subjects that were merged it has to
      // be found out which of them holds the fact: each of these is looked at.
      if (!registers && subject.members === undefined) this.#options.certain.add(identity, name, subject.id)
      return { subject, isNew: false }
    }
    if (registers && subject.kind !== 'p') return { subject, isNew: false }
    return { subject, isNew: false, reason: 'C01/name' }
  }

  /** Writes what the row says of its subject: a new one, another identifier, a new name. */
  #introduce(
    batch: JudgedBatch,
    i: number,
    { identity, name }: Named,
    subject: KnownSubject,
    isNew: boolean,
    writer: PartWriter,
  ): void {
    const { item, resolver } = this.#options
    const type = identity[0] as 'u' | 'r' | 'p' | 'c'
    const value = identity.slice(1)
    const secrets = batch.secrets.get(i)
    const uscc = type === 'u' ? value : undefined
    if (isNew) {
      const region = uscc === undefined ? undefined : Number(uscc.slice(2, 8))
      writer.subject({
        id: subject.id,
        kind: subject.kind,
        name,
        nameSecret: secrets?.name,
        region: Number.isNaN(region) ? undefined : region,
        registered: subject.registered,
      })
      if (subject.kind !== 'p') writer.name(nameOf(subject.id, name, true, uscc))
    }
    if (type !== 'c' && resolver.find(identity) === undefined) {
      writer.identifier(type, value, subject.id, subject.kind, secrets?.number)
      if (uscc !== undefined && !isNew) writer.code(subject.id, uscc)
      resolver.introduce(identity, subject)
    }
    if (item.registersSubjects !== true || subject.kind === 'p') return
    const number = batch.registrationNumbers.get(i)
    if (number !== undefined && resolver.find(`r${number}`) === undefined) {
      writer.identifier('r', number, subject.id, subject.kind)
      resolver.introduce(`r${number}`, subject)
    }
    const comparable = comparableName(name)
    if (!isNew && (comparable !== comparableName(subject.name) || !subject.registered)) {
      writer.rename(nameOf(subject.id, name, true, uscc))
      if (!subject.comparables.includes(comparable)) subject.comparables.push(comparable)
      subject.name = name
      subject.registered = true
    }
    for (const former of batch.formerNames.get(i) ?? []) {
      const key = comparableName(former)
      if (key === '' || subject.comparables.includes(key)) continue
      subject.comparables.push(key)
      writer.name(nameOf(subject.id, former, false, uscc))
    }
  }

  #knownFacts(
    facts: ReadonlyMap<string, readonly KnownFact[]>,
    tuples: Buffer,
    start: number,
    { id, members }: KnownSubject | CertainSubject,
  ): { fact: KnownFact | undefined; moved: KnownFact | undefined } {
    if (facts.size === 0) return { fact: undefined, moved: undefined }
    const single = this.#options.item.naturalKey.length === 0
    const candidates = facts.get(single ? String(id) : uuidAt(tuples, start + KEY_AT))
    if (candidates === undefined) return { fact: undefined, moved: undefined }
    const isOwn = ({ subject }: KnownFact) => subject === id || members?.has(subject) === true
    return {
      fact: candidates.find(({ subject }) => subject === id) ?? candidates.find(isOwn),
      moved: candidates.find((candidate) => !isOwn(candidate) && candidate.withdrawn === null),
    }
  }

  /** Facts that this batch delivers again, whatever the order of its rows. */
  #repeatedIn(batch: JudgedBatch, tuples: Buffer): Set<string> {
    const repeated = new Set<string>()
    for (let i = 0; i < batch.count; i++) {
      const start = batch.starts[i] as number
      if (start < 0) continue
      const subject = this.#subjectOf(batch, i, tuples, start)
      if (subject !== undefined) repeated.add(`${subject.id} ${uuidAt(tuples, start + KEY_AT)}`)
    }
    return repeated
  }
}

/** Adds a stretch; one that follows the last is one with it. */
function extend(stretches: [number, number][], start: number, end: number): void {
  const last = stretches.at(-1)
  if (last !== undefined && last[1] === start) last[1] = end
  else stretches.push([start, end])
}

/** Where the plain rows of a judged stretch were written; undefined where none is plain. */
function originOf(fates: Uint8Array, delivery: number, firstRow: number): StretchOrigin | undefined {
  if (fates.every((fate) => fate === 0)) return undefined
  const one = !fates.includes(SAME)
  let judged = 0n
  for (let i = 0; i < fates.length; i++) if (fates[i] === 0) judged |= 1n << BigInt(i)
  return { delivery: one ? delivery : 0, firstRow: one ? firstRow : 0, rows: fates.length, judged }
}

/** Whose fact a row is, or why a person has to find out. */
interface Resolved {
  readonly subject: KnownSubject | CertainSubject | undefined
  readonly isNew: boolean
  readonly gainsIdentifier?: boolean
  readonly reason?: string
}

interface CertainSubject {
  readonly id: number
  readonly before: true
  readonly members?: never
}

/** A subject that was certain before the row came: it stands, and the row has nothing new to say of it. */
function certainSubject(tuples: Buffer, start: number): CertainSubject {
  return { id: readSubject(tuples, start), before: true }
}

function agrees(subject: KnownSubject, name: string): boolean {
  if (subject.name === name) return true
  const comparable = comparableName(name)
  return subject.kind === 'p'
    ? comparableName(subject.name) === comparable
    : subject.comparables.includes(comparable)
}

export function nameOf(subject: number, name: string, current: boolean, uscc: string | undefined): NewName {
  return { subject, name, current, uscc, ...nameSearchKey(name) }
}

function endOf(batch: JudgedBatch, i: number): number {
  for (let next = i + 1; next <= batch.count; next++) {
    const start = batch.starts[next] as number
    if (start >= 0) return start
  }
  return batch.tuples.length
}

function uuidAt(tuples: Buffer, at: number): string {
  const hex = tuples.toString('hex', at, at + 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
