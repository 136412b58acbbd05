import { createHash } from 'node:crypto'
import type { Writable } from 'node:stream'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { RECORD_COLUMN_LIST, ROW_AT } from './record-tuple.ts'
import { COPY_HEADER, COPY_TRAILER, TupleWriter } from './tuple.ts'

/** A subject that a delivery brings in. Times and ids are known before anything is written. */
export interface NewSubject {
  readonly id: number
  readonly kind: string
  readonly name: string
  readonly nameSecret: Uint8Array | undefined
  readonly region: number | undefined
  readonly registered: boolean
}

export interface NewName {
  readonly subject: number
  readonly name: string
  readonly comparable: string
  readonly current: boolean
  readonly uscc: string | undefined
  readonly initials: string
  readonly grams: readonly number[]
}

export interface PartOptions {
  readonly item: number
  readonly succession: boolean
  readonly deliveryId: number
  /** Its facts are entries of a list, of which there is a projection. */
  readonly isList: boolean
}

/** What waits beside the facts is written when so many bytes have gathered. */
const GATHERED_BYTES = 8 << 20

/**
 * Writes one part of a delivery on one connection, in one transaction that the caller opens and ends: facts stream
 * straight into the item's leaf; subjects, names and changed facts gather and follow behind each stretch.
 */
export class PartWriter {
  readonly #client: pg.PoolClient
  readonly #item: number
  readonly #succession: boolean
  readonly #deliveryId: number
  readonly #isList: boolean
  /** The first row whose new fact is not projected yet. */
  #unprojected: number | undefined
  #facts: Writable | undefined
  #factsEnd: Promise<void> | undefined
  #organisations = new TupleWriter(1 << 16)
  #persons = new TupleWriter(1 << 12)
  #identifiers = { u: new TupleWriter(1 << 16), r: new TupleWriter(1 << 12), p: new TupleWriter(1 << 12) }
  #names = new TupleWriter(1 << 16)
  #changes: Uint8Array[] = []
  #changedFacts = new Set<string>()
  #renames: NewName[] = []
  #codes: { readonly subject: number; readonly code: string }[] = []
  readonly #written = createHash('sha256')

  constructor(client: pg.PoolClient, part: PartOptions) {
    this.#client = client
    this.#item = part.item
    this.#succession = part.succession
    this.#deliveryId = part.deliveryId
    this.#isList = part.isList
  }

  /** Tuples of facts, new and changed, that the part writes: told in the order of their rows. */
  writes(tuples: Uint8Array): void {
    this.#written.update(tuples)
  }

  /** SHA-256 over all tuples that the part wrote, base64url: what the ledger says of them. Asked once, at its end. */
  writtenDigest(): string {
    return this.#written.digest('base64url')
  }

  /** Streams tuples of new facts. Waits while the database is behind. */
  async facts(tuples: Uint8Array): Promise<void> {
    if (this.#facts === undefined) {
      const stream = this.#client.query(
        copyFrom(`COPY xh.record_${this.#item} (${RECORD_COLUMN_LIST}) FROM STDIN (FORMAT binary)`),
      )
      this.#facts = stream
      this.#factsEnd = new Promise((resolve, reject) => {
        stream.once('finish', resolve)
        stream.once('error', reject)
      })
      // The failure is told by whoever waits next; without this it would also end the process.
      this.#factsEnd.catch(() => {})
      stream.write(COPY_HEADER)
    }
    if (this.#isList) this.#unprojected ??= Buffer.from(tuples.buffer, tuples.byteOffset).readInt32BE(ROW_AT)
    const stream = this.#facts
    if (!stream.write(tuples)) {
      await Promise.race([new Promise<void>((resolve) => stream.once('drain', resolve)), this.#factsEnd])
    }
  }

  /** A fact that stands in the database (or earlier in this part) takes on a new state. */
  async change(fact: string, tuple: Uint8Array): Promise<void> {
    if (this.#changedFacts.has(fact)) await this.flush()
    this.#changedFacts.add(fact)
    this.#changes.push(tuple)
  }

  subject(subject: NewSubject): void {
    const person = subject.kind === 'p'
    const writer = person ? this.#persons : this.#organisations
    writer.begin(7)
    writer.bigint(subject.id)
    writer.character(subject.kind)
    writer.text(person ? undefined : subject.name)
    writer.bytes(subject.nameSecret)
    writer.integer(subject.region)
    writer.boolean(subject.registered)
    writer.bigint(this.#deliveryId)
  }

  identifier(type: 'u' | 'r' | 'p', value: string, subject: number, kind: string, secret?: Uint8Array): void {
    const writer = this.#identifiers[type]
    writer.begin(5)
    writer.text(value)
    writer.character(type)
    writer.bigint(subject)
    writer.character(kind)
    writer.bytes(secret)
  }

  name(name: NewName): void {
    const writer = this.#names
    writer.begin(7)
    writer.bigint(name.subject)
    writer.text(name.name)
    writer.text(name.comparable)
    writer.boolean(name.current)
    writer.text(name.uscc)
    writer.text(name.initials)
    writer.integers(name.grams)
  }

  rename(name: NewName): void {
    this.#renames.push(name)
  }

  /** A subject known by another number until now has got its credit code. */
  code(subject: number, code: string): void {
    this.#codes.push({ subject, code })
  }

  /** Writes what has gathered when it is much. */
  async flushIfMuch(): Promise<void> {
    const gathered = this.#names.length + this.#organisations.length + this.#persons.length
    if (gathered > GATHERED_BYTES || this.#changes.length > 10_000 || this.#renames.length > 5_000)
      await this.flush()
  }

  /** Ends the stretch: facts first, then subjects, names, and the changed facts through the one door. */
  async flush(): Promise<void> {
    if (this.#facts !== undefined) {
      this.#facts.end(COPY_TRAILER)
      await this.#factsEnd
      this.#facts = undefined
    }
    await this.#copy('subject_organisation', SUBJECT_COLUMNS, this.#organisations)
    await this.#copy('subject_person', SUBJECT_COLUMNS, this.#persons)
    await this.#copy('identifier_uscc', IDENTIFIER_COLUMNS, this.#identifiers.u)
    await this.#copy('identifier_registration', IDENTIFIER_COLUMNS, this.#identifiers.r)
    await this.#copy('identifier_person', IDENTIFIER_COLUMNS, this.#identifiers.p)
    await this.#copy('subject_name', NAME_COLUMNS, this.#names)
    if (this.#changes.length > 0) {
      await this.#send(`COPY xh.change (${RECORD_COLUMN_LIST}) FROM STDIN (FORMAT binary)`, this.#changes)
      await this.#client.query('SELECT xh.supersede($1)', [this.#succession])
      this.#changes = []
      this.#changedFacts.clear()
    }
    for (const name of this.#renames) {
      await this.#client.query('SELECT xh.rename($1, $2, $3, $4, $5, $6)', [
        name.subject,
        name.name,
        name.comparable,
        name.uscc ?? null,
        name.initials,
        name.grams,
      ])
    }
    this.#renames = []
    for (const { subject, code } of this.#codes)
      await this.#client.query('SELECT xh.learn_code($1, $2)', [subject, code])
    this.#codes = []
    if (this.#unprojected === undefined) return
    await this.#client.query('SELECT xh.project_listings($1::smallint, $2, $3)', [
      this.#item,
      this.#deliveryId,
      this.#unprojected,
    ])
    this.#unprojected = undefined
  }

  async #copy(table: string, columns: string, writer: TupleWriter): Promise<void> {
    if (writer.length === 0) return
    await this.#send(`COPY xh.${table} (${columns}) FROM STDIN (FORMAT binary)`, [writer.take()])
  }

  async #send(statement: string, tuples: readonly Uint8Array[]): Promise<void> {
    const stream = this.#client.query(copyFrom(statement))
    await new Promise<void>((resolve, reject) => {
      stream.once('finish', resolve)
      stream.once('error', reject)
      stream.write(COPY_HEADER)
      for (const chunk of tuples) stream.write(chunk)
      stream.end(COPY_TRAILER)
    })
  }
}

const SUBJECT_COLUMNS = 'subject_id, kind, name, name_secret, region, registered, delivery_id'
const IDENTIFIER_COLUMNS = 'value, type, subject_id, subject_kind, secret'
const NAME_COLUMNS = 'subject_id, name, comparable, current, uscc, initials, grams'
