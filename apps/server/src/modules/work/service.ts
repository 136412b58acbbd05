import { createHash } from 'node:crypto'
import { comparableName, describeFinding, describeHold, type Sentence } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, asReader, become, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Approvals } from '../approvals/index.ts'
import type { Calendars } from '../calendar/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { type Answer, Complaints } from '../complaints/index.ts'
import { type OpenedRow, openWaitingRow } from '../corridor/index.ts'
import { concerning } from '../ledger/index.ts'
import { RecordKeeping } from '../records/index.ts'
import { type Decision, Reviews } from '../review/index.ts'
import { listUnits } from '../units/index.ts'
import { type Deadline, deadlineOf, QUEUES, type Queue, termOf } from './deadlines.ts'
import {
  EvidenceReader,
  type KnownSubject,
  masked,
  type ShownFact,
  type ShownField,
  shownFields,
} from './evidence.ts'
import * as store from './store.ts'

const RELEASE = 'hold.release'
const PROPOSAL_DAYS = 14
/** Nobody works through more at a sitting; the rest comes when these are done. */
const MOST_LISTED = 200

export interface WorkItem extends Deadline {
  readonly queue: Queue
  readonly object: string
  readonly reason: string
  /** The reason in words. */
  readonly says: Sentence
  readonly title: string | null
  readonly item: { readonly code: string; readonly title: Sentence }
  readonly source: string
  readonly since: string
  readonly claim: store.Claim | null
  readonly state: string
  readonly decidedBy: string | null
  readonly decidedAt: string | null
  readonly decision: string | null
}

export interface QueueHead {
  readonly queue: Queue
  readonly open: number
  readonly workingDays: number
  readonly basis: string
}

/** Delivered beside known, value by value. */
export interface ComparedField {
  readonly name: string
  readonly title: Sentence
  readonly delivered: string | null
  readonly known: string | null
  readonly same: boolean
}

export interface ReviewCase {
  readonly queue: 'review'
  readonly item: WorkItem
  readonly delivery: number
  readonly row: number
  readonly delivered: {
    readonly name: string
    readonly identity: OpenedRow['identity']
    readonly kind: string
    readonly fields: readonly ShownField[]
  }
  readonly known: KnownSubject | null
  /** The other subject under which the same document stands. */
  readonly other: KnownSubject | null
  readonly fact: ShownFact | null
  readonly compared: readonly ComparedField[]
  /** Names agree in our comparable form with the present or a former one. */
  readonly nameAgrees: boolean | null
  /** Other open cases that ask the same question; each is decided by an entry of its own. */
  readonly identical: readonly string[]
  readonly mayDecideTogether: boolean
}

export interface HeldCase {
  readonly queue: 'held'
  readonly item: WorkItem
  readonly fact: ShownFact
  readonly known: KnownSubject | null
  readonly approval: number | null
}

export interface ComplaintCase {
  readonly queue: 'complaint'
  readonly item: WorkItem
  readonly about: string
  readonly text: string
  readonly contact: string | null
  readonly answer: string | null
  readonly fact: ShownFact | null
  readonly known: KnownSubject | null
}

export type Case = ReviewCase | HeldCase | ComplaintCase

/** The centre's work: what waits, who has taken it, by when, with the evidence beside it, and what is decided. */
export class Work {
  readonly #house: House
  readonly #catalogue: Catalogue
  readonly #approvals: Approvals
  readonly #calendars: Calendars
  readonly #reviews: Reviews
  readonly #complaints: Complaints
  readonly #keeping: RecordKeeping

  constructor(house: House, catalogue: Catalogue, approvals: Approvals, calendars: Calendars) {
    this.#house = house
    this.#catalogue = catalogue
    this.#approvals = approvals
    this.#calendars = calendars
    this.#reviews = new Reviews(house, catalogue)
    this.#complaints = new Complaints(house)
    this.#keeping = new RecordKeeping(house)
    approvals.register(RELEASE, {
      may: 'hold.release.approve',
      login: 'load',
      execute: (client, payload) => this.#keeping.releaseWithin(client, (payload as { fact: string }).fact),
    })
  }

  async queues(actor: Actor): Promise<QueueHead[]> {
    const counts = await this.#read(actor, (client) => store.openCounts(client))
    return QUEUES.map((queue) => ({ queue, open: counts[queue], ...termOf(queue) }))
  }

  /** Open work, the oldest first, or what was decided, the newest first. */
  async list(actor: Actor, queue: Queue, done = false): Promise<WorkItem[]> {
    const context = await this.#context()
    const reading = {
      act: 'work.list.read',
      object: queue,
      ground: PERMISSION_OF[queue],
      detail: { done },
    } as const
    const { rows, claims } = await asReader(
      this.#house.database.pools.app,
      actor,
      reading,
      async (client) => ({
        rows:
          queue === 'review'
            ? await store.reviews(client, done, MOST_LISTED)
            : queue === 'held'
              ? (await store.held(client, done, MOST_LISTED)).map((row) => ({
                  ...row,
                  object: this.#house.keys.publicId({
                    subject: row.subject,
                    item: row.item,
                    keyPrefix: row.key.replaceAll('-', '').slice(0, 16),
                  }),
                }))
              : await this.#complaintRows(client, done),
        claims: await store.claims(client, queue),
      }),
    )
    return rows.map((row) => this.#item(queue, row, claims.get(row.object), context))
  }

  /** A case with its evidence. It shows what is not public: the reading is in the ledger. */
  async case(actor: Actor, queue: Queue, object: string): Promise<Case> {
    const context = await this.#context()
    const units = new Map(
      (await listUnits(this.#house.database.pools.job)).map((unit) => [unit.unitId, unit]),
    )
    const evidence = new EvidenceReader(
      this.#house.keys,
      this.#catalogue,
      this.#house.database.pools.job,
      (id) => units.get(id),
    )
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const claim = await store.claimOf(client, queue, object)
      const persons: number[] = []
      const result =
        queue === 'review'
          ? await this.#reviewCase(
              client,
              numberOf(object),
              claim,
              evidence,
              context,
              (id) => units.get(id),
              persons,
            )
          : queue === 'held'
            ? await this.#heldCase(client, actor, object, claim, evidence, context)
            : await this.#complaintCase(client, numberOf(object), claim, evidence, context)
      return {
        result,
        act: {
          act: 'work.read',
          object: `${queue}:${object}`,
          ground: PERMISSION_OF[queue],
          ...(await concerning(client, this.#house.keys, persons)),
        },
      }
    })
  }

  /** Takes work, or gives it to a colleague. @param to account; absent: oneself */
  async take(actor: Actor, queue: Queue, object: string, to?: string): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const people = await store.colleagues(client)
      const target = people.find((one) => one.account === (to ?? String(actor.accountId)))
      if (target === undefined) throw fault('work.nobody')
      const claim = await store.claimOf(client, queue, object)
      if (to === undefined && claim !== undefined && claim.account !== String(actor.accountId))
        throw fault('work.taken')
      await this.#exists(client, queue, object)
      await store.take(client, queue, object, target, actor.name)
      return {
        result: undefined,
        act: {
          act: to === undefined ? 'work.take' : 'work.assign',
          object: `${queue}:${object}`,
          detail: { to: Number(target.account) },
        },
      }
    })
  }

  async giveBack(actor: Actor, queue: Queue, object: string): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      await store.giveBack(client, queue, object)
      return { result: undefined, act: { act: 'work.giveBack', object: `${queue}:${object}` } }
    })
  }

  colleagues(actor: Actor): Promise<{ account: string; name: string; role: string }[]> {
    return this.#read(actor, (client) => store.colleagues(client))
  }

  /** Decides a waiting row. */
  async decideReview(
    actor: Actor,
    object: string,
    decision: Decision,
    reason: string,
    subject?: string,
  ): Promise<void> {
    await this.#refuseOthers(actor, 'review', object)
    await this.#reviews.decide(numberOf(object), decision, reason, actor, subject)
    await this.#done(actor, 'review', object)
  }

  /**
   * Decides cases that ask the same question, about organisations alone: each is decided by itself, with an entry of
   * its own.
   * @returns how many were decided
   */
  async decideTogether(
    actor: Actor,
    objects: readonly string[],
    decision: Exclude<Decision, 'both'>,
    reason: string,
  ): Promise<number> {
    const [first] = objects
    if (first === undefined) return 0
    const shown = await this.case(actor, 'review', first)
    if (shown.queue !== 'review' || !shown.mayDecideTogether) throw fault('work.persons-one-by-one')
    const identical = new Set([first, ...shown.identical])
    if (objects.some((object) => !identical.has(object))) throw fault('work.not-identical')
    for (const object of new Set(objects)) await this.decideReview(actor, object, decision, reason)
    return new Set(objects).size
  }

  /** Keeps a held fact from the public: its unit reads why, and corrects it. Another content is looked at anew. */
  async keepBack(actor: Actor, fact: string, reason: string): Promise<void> {
    await this.#refuseOthers(actor, 'held', fact)
    const open = await this.#approvals.open(actor, { kind: RELEASE, object: `fact:${fact}` })
    if (open.length > 0) throw fault('work.proposed')
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const row = await this.#factBy(client, fact)
      if (row === undefined || row.hold === null) throw fault('work.unknown')
      const kept = await store.keepBack(client, row, { name: actor.name, reason })
      if (!kept) throw fault('work.unknown')
      return {
        result: undefined,
        act: { act: 'hold.keep', object: `fact:${fact}`, ground: reason, result: 'keptBack' },
      }
    })
    await this.#done(actor, 'held', fact)
  }

  /** Proposes that the public may see a fact that was held back. @returns the approval's number */
  async proposeRelease(actor: Actor, fact: string, reason: string): Promise<number> {
    await this.#refuseOthers(actor, 'held', fact)
    await this.#read(actor, (client) => this.#exists(client, 'held', fact))
    const open = await this.#approvals.open(actor, { kind: RELEASE, object: `fact:${fact}` })
    if (open.length > 0) throw fault('work.proposed')
    const today = await todayOf(this.#house.database.pools.job)
    return this.#approvals.propose(actor, {
      kind: RELEASE,
      object: `fact:${fact}`,
      payload: { fact },
      reason,
      expiresOn: new Date(Date.parse(today) + PROPOSAL_DAYS * 86_400_000).toISOString().slice(0, 10),
    })
  }

  async answerComplaint(actor: Actor, object: string, state: Answer, answer: string): Promise<void> {
    await this.#refuseOthers(actor, 'complaint', object)
    await this.#complaints.answer(actor, numberOf(object), state, answer)
    await this.#done(actor, 'complaint', object)
  }

  /** Each with the name of the organisation that the fact is about. */
  async #complaintRows(client: pg.ClientBase, done: boolean): Promise<store.WorkRow[]> {
    const rows = await store.complaints(client, done, MOST_LISTED)
    const subjects = rows.map((row) => this.#house.keys.readPublicId(row.fact)?.subject)
    const names = await store.namesOf(
      client,
      subjects.filter((one) => one !== undefined),
    )
    return rows.map((row, place) => ({ ...row, title: names.get(subjects[place] ?? 0) ?? null }))
  }

  async #reviewCase(
    client: pg.ClientBase,
    id: number,
    claim: store.Claim | undefined,
    evidence: EvidenceReader,
    context: Context,
    unit: (id: number) => { name: string; uscc: string } | undefined,
    persons: number[],
  ): Promise<ReviewCase> {
    const row = await store.review(client, id)
    if (row === undefined) throw fault('work.unknown')
    const opened = this.#open(row, unit)
    const item = this.#catalogue.version(row.item, row.itemVersion)
    if (item === undefined || opened === undefined) throw fault('work.unknown')
    const known = await evidence.known(row.subject, context.today)
    const other = await evidence.known(row.other === row.subject ? null : row.other, context.today)
    for (const [subject, shown] of [
      [row.subject, known],
      [row.other, other],
    ] as const)
      if (subject !== null && shown?.kind === 'person') persons.push(subject)
    const prefix = row.key?.replaceAll('-', '')
    const holder = row.reason === 'KEY_MOVED' ? row.other : row.subject
    const stored =
      prefix === undefined || holder === null
        ? undefined
        : await store.fact(this.#house.database.pools.job, holder, row.item, prefix)
    const fact = stored === undefined ? undefined : evidence.shownFact(stored, context.today)
    const fields = shownFields(item, opened.values)
    const group = groupOf(row, opened)
    const about = opened.kind === 'p' ? 'person' : opened.kind === 'i' ? 'individualBusiness' : 'organisation'
    const together = about === 'organisation' && row.state === 'open' && !row.reason.startsWith('L06')
    return {
      queue: 'review',
      item: this.#item(
        'review',
        {
          object: String(id),
          reason: row.reason,
          item: row.item,
          source: row.source,
          since: row.since,
          title: known?.name ?? opened.name,
          isPerson: about === 'person',
          state: row.state,
          decidedBy: row.decidedBy,
          decidedAt: null,
          decision: row.decision,
        },
        claim,
        context,
      ),
      delivery: row.delivery,
      row: row.row,
      delivered: { name: opened.name, identity: opened.identity, kind: about, fields },
      known,
      other,
      fact: fact ?? null,
      compared: comparedFields(fields, fact?.fields),
      nameAgrees:
        known === null
          ? null
          : [known.name, ...known.formerNames].map(comparableName).includes(comparableName(opened.name)),
      identical: together ? await this.#identical(client, id, group, unit) : [],
      mayDecideTogether: together,
    }
  }

  /** Open cases of the same question: the same reason, subjects, delivered name and code. */
  async #identical(
    client: pg.ClientBase,
    id: number,
    group: string,
    unit: (id: number) => { name: string; uscc: string } | undefined,
  ): Promise<string[]> {
    const same: string[] = []
    for (const one of await store.reviews(client, false, MOST_LISTED)) {
      if (Number(one.object) === id) continue
      const row = await store.review(client, Number(one.object))
      const opened = row === undefined ? undefined : this.#open(row, unit)
      if (row !== undefined && opened !== undefined && groupOf(row, opened) === group) same.push(one.object)
    }
    return same
  }

  #open(
    row: store.ReviewRow,
    unit: (id: number) => { name: string; uscc: string } | undefined,
  ): OpenedRow | undefined {
    const item = this.#catalogue.version(row.item, row.itemVersion)
    if (item === undefined) return undefined
    const packed = this.#house.keys.decrypt(row.sealed, `review‖${row.delivery}‖${row.row}`)
    return openWaitingRow(packed, item, (sealed, context) => this.#house.keys.decrypt(sealed, context), unit)
  }

  async #heldCase(
    client: pg.ClientBase,
    actor: Actor,
    object: string,
    claim: store.Claim | undefined,
    evidence: EvidenceReader,
    context: Context,
  ): Promise<HeldCase> {
    const row = await this.#factBy(client, object)
    if (row === undefined || row.hold === null) throw fault('work.unknown')
    const fact = evidence.shownFact(row, context.today)
    if (fact === undefined) throw fault('work.unknown')
    const known = await evidence.known(row.subject, context.today, 5)
    const [approval] = await this.#approvals.open(actor, { kind: RELEASE, object: `fact:${object}` })
    const isIt = (one: store.HeldRow) =>
      one.subject === row.subject && one.item === row.item && one.key === row.key
    const item =
      (await store.held(client, false, MOST_LISTED)).find(isIt) ??
      (await store.held(client, true, MOST_LISTED)).find(isIt)
    return {
      queue: 'held',
      item: this.#item(
        'held',
        {
          object,
          reason: row.hold,
          item: row.item,
          source: fact.source,
          since: item?.since ?? context.today,
          title: known?.name ?? null,
          isPerson: false,
          state: item?.state ?? 'open',
          decidedBy: item?.decidedBy ?? null,
          decidedAt: item?.decidedAt ?? null,
          decision: item?.decision ?? null,
        },
        claim,
        context,
      ),
      fact,
      known,
      approval: approval?.id ?? null,
    }
  }

  async #complaintCase(
    client: pg.ClientBase,
    id: number,
    claim: store.Claim | undefined,
    evidence: EvidenceReader,
    context: Context,
  ): Promise<ComplaintCase> {
    const row = await store.complaint(client, id)
    if (row === undefined) throw fault('work.unknown')
    const stored = await this.#factBy(client, row.fact)
    const known = stored === undefined ? null : await evidence.known(stored.subject, context.today, 5)
    const text = this.#house.keys.decrypt(row.text, `complaint‖text‖${row.ticket}`).toString()
    return {
      queue: 'complaint',
      item: this.#item(
        'complaint',
        {
          object: String(id),
          reason: row.about,
          item: stored?.item ?? 0,
          source: stored === undefined ? '' : (evidence.shownFact(stored, context.today)?.source ?? ''),
          since: row.since,
          title: known?.name ?? null,
          isPerson: false,
          state: row.state,
          decidedBy: row.decidedBy,
          decidedAt: null,
          decision: row.answer,
        },
        claim,
        context,
      ),
      about: row.about,
      text: masked(text).text,
      contact:
        row.contact === null
          ? null
          : this.#house.keys.decrypt(row.contact, `complaint‖contact‖${row.ticket}`).toString(),
      answer: row.answer,
      fact: stored === undefined ? null : (evidence.shownFact(stored, context.today) ?? null),
      known,
    }
  }

  async #factBy(client: pg.ClientBase, id: string): Promise<store.FactRow | undefined> {
    const parts = this.#house.keys.readPublicId(id)
    return parts === undefined ? undefined : store.fact(client, parts.subject, parts.item, parts.keyPrefix)
  }

  async #exists(client: pg.ClientBase, queue: Queue, object: string): Promise<void> {
    const found =
      queue === 'review'
        ? (await store.review(client, numberOf(object)))?.state === 'open'
        : queue === 'complaint'
          ? (await store.complaint(client, numberOf(object)))?.state === 'open'
          : ((await this.#factBy(client, object))?.hold ?? null) !== null
    if (!found) throw fault('work.unknown')
  }

  /** What a colleague has taken is theirs to decide. */
  async #refuseOthers(actor: Actor, queue: Queue, object: string): Promise<void> {
    const claim = await this.#read(actor, (client) => store.claimOf(client, queue, object))
    if (claim !== undefined && claim.account !== String(actor.accountId)) throw fault('work.taken')
  }

  /** The claim of what is done is of no use any more; the decision itself is in the ledger. */
  async #done(actor: Actor, queue: Queue, object: string): Promise<void> {
    await this.#read(actor, (client) => store.giveBack(client, queue, object))
  }

  #item(
    queue: Queue,
    row: store.WorkRow,
    claim: store.Claim | undefined,
    { today, calendar }: Context,
  ): WorkItem {
    const item = this.#catalogue.items('9999-12-31').find((one) => one.number === row.item)
    return {
      queue,
      object: row.object,
      reason: row.reason,
      says:
        queue === 'held'
          ? describeHold(row.reason)
          : queue === 'complaint' || item === undefined
            ? { zh: row.reason, en: row.reason }
            : describeFinding({ code: row.reason, severity: 'review' }, item).message,
      title: row.title,
      item: { code: item?.code ?? '', title: item?.title ?? { zh: '', en: '' } },
      source: row.source,
      since: row.since,
      claim: claim ?? null,
      state: row.state,
      decidedBy: row.decidedBy,
      decidedAt: row.decidedAt,
      decision: row.decision,
      ...deadlineOf(queue, row.since, today, calendar),
    }
  }

  async #context(): Promise<Context> {
    return {
      today: await todayOf(this.#house.database.pools.job),
      calendar: await this.#calendars.current(),
    }
  }

  async #read<T>(actor: Actor, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = await this.#house.database.pools.app.connect()
    try {
      await client.query('BEGIN')
      await become(client, actor)
      const result = await work(client)
      await client.query('COMMIT')
      return result
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }
}

interface Context {
  readonly today: string
  readonly calendar: Awaited<ReturnType<Calendars['current']>>
}

const PERMISSION_OF: Readonly<Record<Queue, string>> = {
  review: 'review.read',
  held: 'review.read',
  complaint: 'complaint.handle',
}

function groupOf(row: store.ReviewRow, opened: OpenedRow): string {
  return createHash('sha256')
    .update(
      [
        row.reason,
        row.item,
        row.subject,
        row.other,
        opened.identity.type,
        opened.identity.code,
        opened.name,
      ].join('\u001f'),
    )
    .digest('base64url')
}

function comparedFields(
  delivered: readonly ShownField[],
  known: readonly ShownField[] | undefined,
): ComparedField[] {
  if (known === undefined) return []
  const titles = new Map([...known, ...delivered].map((field) => [field.name, field.title]))
  const value = (among: readonly ShownField[], name: string) =>
    among.find((field) => field.name === name)?.value ?? null
  return [...titles].map(([name, title]) => {
    const [one, other] = [value(delivered, name), value(known, name)]
    return { name, title, delivered: one, known: other, same: one === other }
  })
}

function numberOf(object: string): number {
  if (!/^\d{1,15}$/.test(object)) throw fault('work.unknown')
  return Number(object)
}

const FAULTS = {
  'work.unknown': {
    zh: '没有这项工作，或已经处理完毕。',
    en: 'There is no such work, or it is done.',
    remedyZh: '刷新列表。',
    remedyEn: 'Load the list again.',
    status: 404,
  },
  'work.taken': {
    zh: '同事已经领取这项工作。',
    en: 'A colleague has taken this.',
    remedyZh: '请其处理或退回，或由您改派。',
    remedyEn: 'Let them decide or give it back, or assign it anew.',
    status: 409,
  },
  'work.nobody': {
    zh: '没有这位信用中心的同事。',
    en: 'There is no such colleague at the centre.',
    status: 404,
  },
  'work.not-identical': {
    zh: '所选记录的问题并不相同，不能一并处理。',
    en: 'The chosen cases do not ask the same question.',
    remedyZh: '逐条处理。',
    remedyEn: 'Decide them one by one.',
    status: 409,
  },
  'work.persons-one-by-one': {
    zh: '只有法人和机构的相同问题可以一并处理；涉及自然人或个体工商户、以及主体不明的须逐条处理。',
    en: 'Only identical questions about organisations may be decided together; persons, individual businesses and unidentified rows one by one.',
    remedyZh: '逐条处理。',
    remedyEn: 'Decide them one by one.',
    status: 409,
  },
  'work.proposed': {
    zh: '已提出解除暂缓公示，等待审核。',
    en: 'Its release has been proposed and waits for the second person.',
    status: 409,
  },
} as const

function fault(code: keyof typeof FAULTS): DomainError {
  return new DomainError(code, FAULTS[code])
}
