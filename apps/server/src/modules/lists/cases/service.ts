import { randomUUID } from 'node:crypto'
import {
  addMonths,
  advanceCase,
  beginCase,
  type CaseClock,
  type CaseEvent,
  type CaseState,
  DomainFault,
  dueOf,
  isRealDay,
  isUscc,
  type ListDefinition,
  type ListExit,
  standardiseIdentifier,
  subjectKindOfUscc,
  type WorkingCalendar,
} from '@xinheng/core'
import type pg from 'pg'
import { type Actor, asReader, withActor } from '../../../platform/database/actor.ts'
import { DomainError } from '../../../platform/errors/domain-error.ts'
import type { House } from '../../../platform/house.ts'
import { todayOf } from '../../../platform/today.ts'
import type { Approvals, Executed } from '../../approvals/index.ts'
import type { Catalogue } from '../../catalogue/index.ts'
import { Lists } from '../definitions.ts'
import { documentContext, exitsInWords, makeDocument, statementContext } from './documents.ts'
import {
  caseFault,
  notAnObject,
  notThisUnits,
  standsAlready,
  unknownCase,
  wordsNeeded,
  yearUnknown,
} from './faults.ts'
import { chineseDay } from './pdf.ts'
import * as store from './store.ts'
import { caseDeadlines } from './templates.ts'

const DECIDE = 'listing.decide'
const DELIST = 'listing.delist'
/** What is late is told to the supervisor; it still has to be decided. */
const OPEN_UNTIL = '9999-12-31'

export interface Proposal {
  readonly list: string
  readonly uscc: string
  /** For whom the registers do not know yet. */
  readonly name?: string | undefined
  readonly criterion: string
  /** What will be public as the reason. */
  readonly reason: string
  readonly facts: string
  readonly basis: string
}

export interface CaseHead {
  readonly id: number
  readonly list: { readonly code: string; readonly title: { readonly zh: string; readonly en: string } }
  readonly unit: string
  readonly subject: string
  readonly uscc: string
  readonly stage: string
  readonly due: { readonly step: string; readonly on: string; readonly overdue: boolean } | null
  readonly problem: string | null
}

export interface CaseView extends CaseHead {
  readonly criterion: { readonly zh: string; readonly en: string }
  readonly reason: string
  readonly facts: string
  readonly basis: string
  readonly servedOn: string | null
  readonly defenceUntil: string | null
  readonly termMonths: number | null
  readonly termEnd: string | null
  readonly documentNumber: string | null
  readonly decidedOn: string | null
  readonly delisting: { readonly kind: string; readonly ground: string; readonly on: string | null } | null
  readonly exits: readonly { readonly kind: string; readonly words: { zh: string; en: string } }[]
  readonly mostMonths: number | null
  readonly statements: readonly { receivedOn: string; speaker: string; text: string }[]
  readonly steps: readonly store.StepRow[]
  readonly documents: readonly store.DocumentRow[]
  /** Whether the asking actor may decide what waits. */
  readonly mayDecide: boolean
}

/**
 * How an authority lists somebody: each step in a transaction of its own with its entry in the ledger, what is decided
 * by a second person, and the fact itself by the corridor, as a delivery of the authority.
 */
export class ListingCases {
  readonly #house: House
  readonly #lists: Lists
  readonly #approvals: Approvals
  readonly #calendar: () => Promise<WorkingCalendar>
  readonly #today: (asked: pg.Pool | pg.ClientBase) => Promise<string>

  /** @param today the demo city tells of days that are past; else the day of the law */
  constructor(
    house: House,
    catalogue: Catalogue,
    approvals: Approvals,
    calendar: () => Promise<WorkingCalendar>,
    today: (asked: pg.Pool | pg.ClientBase) => Promise<string> = todayOf,
  ) {
    this.#house = house
    this.#today = today
    this.#lists = new Lists(catalogue)
    this.#approvals = approvals
    this.#calendar = calendar
    approvals.register(DECIDE, {
      may: 'listing.approve',
      execute: (client, _payload, by, proposal) => this.#decided(client, by, proposal),
      refused: (client, _payload, by, proposal) => this.#refused(client, by, proposal, 'refuseDecision'),
    })
    approvals.register(DELIST, {
      may: 'listing.approve',
      execute: (client, _payload, by, proposal) => this.#delistingDecided(client, by, proposal),
      refused: (client, _payload, by, proposal) => this.#refused(client, by, proposal, 'refuseDelisting'),
    })
  }

  /** Lists on which a unit may decide here. */
  async listsOf(actor: Actor): Promise<ListDefinition[]> {
    const { app } = this.#house.database.pools
    const today = await this.#today(app)
    const unit = await this.#unit(actor)
    return this.#lists
      .current(today)
      .filter((list) => unit !== undefined && mayList(list, unit.name) && !list.objects.includes('person'))
  }

  async cases(actor: Actor): Promise<CaseHead[]> {
    const { app } = this.#house.database.pools
    const today = await this.#today(app)
    const reading = { act: 'listing-case.read', object: 'listing-cases', ground: '办理名单认定案件' } as const
    const rows = await asReader(app, actor, reading, (client) => store.casesOf(client))
    return rows.map((row) => headOf(row, this.#lists.list(row.list, today)))
  }

  async case(actor: Actor, id: number): Promise<CaseView> {
    const { app } = this.#house.database.pools
    const today = await this.#today(app)
    const open = await this.#approvals.open(actor, { object: objectOf(id) })
    const mine = new Set(open.filter((one) => one.mine).map((one) => one.id))
    const reading = { act: 'listing-case.read', object: objectOf(id), ground: '办理名单认定案件' } as const
    return asReader(app, actor, reading, async (client) => {
      const row = await store.caseById(client, id)
      if (row === undefined) throw unknownCase()
      const list = this.#lists.list(row.list, today)
      const { state } = row
      const statements = (await store.statementsOf(client, id)).map(({ id: one, receivedOn, sealed }) => ({
        receivedOn,
        ...(JSON.parse(this.#house.keys.decrypt(sealed, statementContext(one)).toString()) as {
          speaker: string
          text: string
        }),
      }))
      return {
        ...headOf(row, list),
        criterion: criterionOf(list, row.criterion),
        reason: row.reason,
        facts: row.facts,
        basis: row.basis,
        servedOn: state.notice?.servedOn ?? null,
        defenceUntil: state.notice?.defenceUntil ?? null,
        termMonths: state.decisionProposed?.termMonths ?? null,
        termEnd: row.termEnd,
        documentNumber: row.documentNumber,
        decidedOn: row.decidedOn,
        delisting:
          row.delistingKind === null
            ? null
            : { kind: row.delistingKind, ground: row.delistingGround ?? '', on: row.delistedOn },
        exits: list.exits.map(({ kind, words }) => ({ kind, words })),
        mostMonths: list.term.months ?? null,
        statements,
        steps: await store.stepsOf(client, id),
        documents: await store.documentsOf(client, id),
        mayDecide: row.approval !== null && mine.has(row.approval),
      }
    })
  }

  /** The file of a document of a case that the actor may read. */
  async document(actor: Actor, id: number, document: string): Promise<{ name: string; pdf: Buffer }> {
    const reading = {
      act: 'listing-document.read',
      object: `listing-document:${document}`,
      ground: '查阅文书',
    } as const
    return asReader(this.#house.database.pools.app, actor, reading, async (client) => {
      const { rows } = await client.query(
        'SELECT number, content_secret AS sealed FROM xh.listing_document WHERE document_id = $1 AND case_id = $2',
        [document, id],
      )
      if (rows[0] === undefined) throw unknownCase()
      return {
        name: `${rows[0].number}.pdf`,
        pdf: this.#house.keys.decrypt(rows[0].sealed, documentContext(document)),
      }
    })
  }

  /** @throws DomainError `listing-case.not-the-authority`, `listing-case.not-an-object`, `listing-case.stands` */
  async propose(actor: Actor, asked: Proposal): Promise<number> {
    const { app } = this.#house.database.pools
    const today = await this.#today(app)
    const list = this.#lists.list(asked.list, today)
    const unit = await this.#unit(actor)
    if (unit === undefined || !mayList(list, unit.name)) throw notThisUnits(list.title.zh)
    const uscc = standardiseIdentifier(asked.uscc).value ?? ''
    const kind = isUscc(uscc) ? subjectKindOfUscc(uscc) : undefined
    if (kind === undefined || kind === 'person' || !list.objects.includes(kind)) throw notAnObject()
    const [reason, facts, basis] = [asked.reason.trim(), asked.facts.trim(), asked.basis.trim()]
    if (reason.length < 2 || facts.length < 2 || basis.length < 4) throw wordsNeeded()
    if (!list.criteria.some(({ code }) => code === asked.criterion)) throw notAnObject()
    return withActor(app, actor, async (client) => {
      const known = await store.partyByCode(client, uscc)
      const subject = known?.name ?? asked.name?.trim() ?? ''
      if (subject === '') throw notAnObject()
      const state = beginCase({ by: accountOf(actor), on: today })
      const letter = kind === 'publicBody' ? 'b' : kind === 'individualBusiness' ? 'i' : 'o'
      const id = await store
        .insertCase(
          client,
          {
            list: list.code,
            unit: unit.unitId,
            uscc,
            subject,
            kind: letter,
            criterion: asked.criterion,
            reason,
            facts,
            basis,
          },
          state,
        )
        .catch((error: { code?: string }) => {
          throw error.code === '23505' ? standsAlready() : error
        })
      await this.#write(client, actor, id, state, list, { act: 'propose', on: today, words: asked.reason })
      return {
        result: id,
        act: {
          act: 'listing-case.propose',
          object: objectOf(id),
          ground: asked.basis,
          detail: { list: list.code, criterion: asked.criterion },
        },
      }
    })
  }

  /** The prior notice is made, and was served on a day. */
  async notice(actor: Actor, id: number, servedOn: string): Promise<void> {
    if (!isRealDay(servedOn)) throw caseFault('listing-case.served-later')
    await this.#step(actor, id, 'notice', async ({ row, list, today, client, advance }) => {
      const state = advance({ type: 'notice', by: accountOf(actor), on: today, servedOn })
      const made = await makeDocument(client, this.#house.keys, actor, row, list, 'priorNotice', servedOn, {
        facts: row.facts,
        criterion: criterionOf(list, row.criterion).zh,
        basis: row.basis,
        reason: row.reason,
        term: list.term.words.zh,
        defenceDays: String(list.procedure.defence?.workingDays ?? ''),
        defenceUntil: chineseDay(state.notice?.defenceUntil ?? today),
        exits: exitsInWords(list.exits),
      })
      return { state, words: made.number, detail: { ...made, servedOn, until: state.notice?.defenceUntil } }
    })
  }

  /** What the other side said, as a record of its own. */
  async statement(
    actor: Actor,
    id: number,
    said: { readonly receivedOn: string; readonly speaker: string; readonly text: string },
  ): Promise<void> {
    if (!isRealDay(said.receivedOn)) throw caseFault('listing-case.served-later')
    await this.#step(actor, id, 'statement', async ({ row, list, today, client, advance }) => {
      if (said.receivedOn > today || said.receivedOn < (row.state.notice?.servedOn ?? '9999'))
        throw caseFault('listing-case.served-later')
      const state = advance({ type: 'statement', by: accountOf(actor), on: said.receivedOn })
      const statement = randomUUID()
      await client.query(
        'INSERT INTO xh.listing_statement (statement_id, case_id, received_on, text_secret) VALUES ($1, $2, $3, $4)',
        [
          statement,
          id,
          said.receivedOn,
          this.#house.keys.encrypt(
            Buffer.from(JSON.stringify({ speaker: said.speaker, text: said.text })),
            statementContext(statement),
          ),
        ],
      )
      const made = await makeDocument(client, this.#house.keys, actor, row, list, 'defenceRecord', today, {
        noticeNumber: await numberOf(client, id, 'priorNotice'),
        servedOn: chineseDay(row.state.notice?.servedOn ?? today),
        receivedOn: chineseDay(said.receivedOn),
        speaker: said.speaker,
        statement: said.text,
      })
      return { state, words: made.number, detail: { ...made, statement } }
    })
  }

  /** The facts do not carry a listing: the case ends. */
  async drop(actor: Actor, id: number, reason: string): Promise<void> {
    await this.#step(actor, id, 'drop', async ({ today, advance }) => ({
      state: advance({ type: 'drop', by: accountOf(actor), on: today }),
      words: reason,
      ground: reason,
    }))
  }

  /** Proposes the decision to a second person. */
  async proposeDecision(
    actor: Actor,
    id: number,
    asked: { readonly opinion: string; readonly termMonths?: number | undefined },
  ): Promise<void> {
    await this.#step(actor, id, 'proposeDecision', async ({ row, today, client, advance }) => {
      const state = advance({
        type: 'proposeDecision',
        by: accountOf(actor),
        on: today,
        termMonths: asked.termMonths,
      })
      const approval = await this.#approvals.proposeWithin(client, actor, {
        kind: DECIDE,
        object: objectOf(id),
        payload: {
          case: id,
          list: row.list,
          uscc: row.uscc,
          criterion: row.criterion,
          termMonths: state.decisionProposed?.termMonths ?? null,
          opinion: asked.opinion,
        },
        reason: asked.opinion,
        expiresOn: OPEN_UNTIL,
      })
      return { state, words: asked.opinion, change: { approval }, detail: { approval } }
    })
  }

  async proposeDelisting(
    actor: Actor,
    id: number,
    asked: { readonly kind: ListExit['kind']; readonly ground: string },
  ): Promise<void> {
    await this.#step(actor, id, 'proposeDelisting', async ({ row, today, client, advance }) => {
      const state = advance({ type: 'proposeDelisting', by: accountOf(actor), on: today, kind: asked.kind })
      const approval = await this.#approvals.proposeWithin(client, actor, {
        kind: DELIST,
        object: objectOf(id),
        payload: { case: id, list: row.list, uscc: row.uscc, kind: asked.kind, ground: asked.ground },
        reason: asked.ground,
        expiresOn: OPEN_UNTIL,
      })
      return {
        state,
        words: asked.ground,
        change: { approval, delistingKind: asked.kind, delistingGround: asked.ground },
        detail: { approval, kind: asked.kind },
      }
    })
  }

  /** The second person's word on whatever waits: the listing or the delisting. */
  async decide(actor: Actor, id: number, decision: 'approve' | 'refuse', reason: string): Promise<void> {
    const row = await asReader(
      this.#house.database.pools.app,
      actor,
      { act: 'listing-case.read', object: objectOf(id), ground: '决定名单认定案件' },
      (client) => store.caseById(client, id),
    )
    if (row === undefined) throw unknownCase()
    if (row.approval === null) throw caseFault('listing-case.stage')
    await this.#approvals.decide(actor, row.approval, decision, reason)
  }

  /** Tells the supervisor of steps that nobody took in time; each step of each case once. @returns how many are new */
  async raiseOverdue(): Promise<number> {
    const { rowCount } = await this.#house.database.pools.job.query(
      `INSERT INTO xh.supervision_event (kind, object, source_unit, due_on)
       SELECT 'listing-case.overdue', 'listing-case:' || case_id || '/' || due_step || '/' || due_on, source_unit, due_on
         FROM xh.listing_case WHERE due_on < xh.today() ON CONFLICT (kind, object) DO NOTHING`,
    )
    return rowCount ?? 0
  }

  async #decided(client: pg.PoolClient, by: Actor, proposal: Executed): Promise<void> {
    const { row, list, today, clock } = await this.#locked(client, idOf(proposal.object))
    const state = advanced(row.state, { type: 'decide', by: accountOf(by), on: today }, list, clock)
    const months = state.decisionProposed?.termMonths
    const termEnd = months === undefined ? null : addMonths(today, months)
    const noticeNumber = await numberOf(client, row.id, 'priorNotice')
    const decision = await makeDocument(client, this.#house.keys, by, row, list, 'listingDecision', today, {
      facts: row.facts,
      servedOn: chineseDay(state.notice?.servedOn ?? today),
      noticeNumber,
      heard:
        state.statements.length === 0
          ? '你单位在规定期限内未提出陈述、申辩。'
          : `你单位在规定期限内提出了${state.statements.length}次陈述、申辩，已记录在案。`,
      opinion: proposal.reason,
      criterion: criterionOf(list, row.criterion).zh,
      basis: row.basis,
      reason: row.reason,
      listedOn: chineseDay(today),
      termEnd: termEnd === null ? '移出之日' : chineseDay(termEnd),
    })
    // 两书同达: how one gets off is served together with the decision.
    const repair = await makeDocument(client, this.#house.keys, by, row, list, 'repairNotice', today, {
      decisionNumber: decision.number,
      exits: exitsInWords(list.exits),
    })
    await this.#write(
      client,
      by,
      row.id,
      state,
      list,
      { act: 'decide', on: today, words: `${decision.number}；${repair.number}` },
      { documentNumber: decision.number, termEnd, approval: null },
    )
  }

  async #delistingDecided(client: pg.PoolClient, by: Actor, proposal: Executed): Promise<void> {
    const { row, list, today, clock } = await this.#locked(client, idOf(proposal.object))
    const state = advanced(row.state, { type: 'decideDelisting', by: accountOf(by), on: today }, list, clock)
    const exit = list.exits.find(({ kind }) => kind === row.delistingKind)
    const made = await makeDocument(client, this.#house.keys, by, row, list, 'delistingDecision', today, {
      listedOn: chineseDay(row.decidedOn ?? today),
      decisionNumber: row.documentNumber ?? undefined,
      ground: row.delistingGround ?? undefined,
      exit: exit?.words.zh,
      delistedOn: chineseDay(today),
    })
    await this.#write(
      client,
      by,
      row.id,
      state,
      list,
      { act: 'decideDelisting', on: today, words: made.number },
      { delistedOn: today, approval: null },
    )
  }

  async #refused(
    client: pg.PoolClient,
    by: Actor,
    proposal: Executed,
    type: 'refuseDecision' | 'refuseDelisting',
  ): Promise<void> {
    const { row, list, today, clock } = await this.#locked(client, idOf(proposal.object))
    const state = advanced(row.state, { type, by: accountOf(by), on: today }, list, clock)
    await this.#write(client, by, row.id, state, list, { act: type, on: today }, { approval: null })
  }

  /** A step of one person: state, history and ledger in one transaction. */
  async #step(
    actor: Actor,
    id: number,
    act: string,
    work: (step: {
      readonly row: store.CaseRow
      readonly list: ListDefinition
      readonly today: string
      readonly client: pg.PoolClient
      advance(event: CaseEvent): CaseState
    }) => Promise<{
      readonly state: CaseState
      readonly words?: string | undefined
      readonly ground?: string
      readonly change?: store.CaseChange
      readonly detail?: Readonly<Record<string, unknown>>
    }>,
  ): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const { row, list, today, clock } = await this.#locked(client, id)
      if (row.unit !== actor.unitId) throw unknownCase()
      const advance = (event: CaseEvent) => advanced(row.state, event, list, clock)
      const done = await work({ row, list, today, client, advance })
      await this.#write(
        client,
        actor,
        id,
        done.state,
        list,
        { act, on: today, ...(done.words === undefined ? {} : { words: done.words }) },
        done.change,
      )
      return {
        result: undefined,
        act: {
          act: `listing-case.${act}`,
          object: objectOf(id),
          ground: done.ground ?? row.basis,
          detail: { list: row.list, stage: done.state.stage, ...done.detail },
        },
      }
    })
  }

  async #locked(client: pg.PoolClient, id: number) {
    const row = await store.caseById(client, id, true)
    if (row === undefined) throw unknownCase()
    const today = await this.#today(client)
    return { row, list: this.#lists.list(row.list, today), today, clock: await this.#clock() }
  }

  async #write(
    client: pg.ClientBase,
    actor: Actor,
    id: number,
    state: CaseState,
    list: ListDefinition,
    step: { readonly act: string; readonly on: string; readonly words?: string },
    change?: store.CaseChange,
  ): Promise<void> {
    const due = dueIfKnown(state, list, await this.#clock())
    await store.writeState(client, id, state, due, change)
    await store.writeStep(client, id, { ...step, account: actor.accountId, by: actor.name })
  }

  async #clock(): Promise<CaseClock> {
    const calendar = await this.#calendar()
    return {
      addWorkingDays(day, days) {
        try {
          return calendar.addWorkingDays(day, days)
        } catch (error) {
          throw error instanceof DomainFault ? yearUnknown(error) : error
        }
      },
      addMonths,
    }
  }

  async #unit(actor: Actor): Promise<{ unitId: number; name: string } | undefined> {
    if (actor.unitId === undefined) return undefined
    const { rows } = await this.#house.database.pools.app.query(
      'SELECT unit_id AS "unitId", name FROM xh.unit WHERE unit_id = $1',
      [actor.unitId],
    )
    return rows[0]
  }
}

/** Whether a unit is the authority of a list that is decided here. */
function mayList(list: ListDefinition, unitName: string): boolean {
  return (
    !list.procedure.decidedElsewhere &&
    list.procedure.defence !== undefined &&
    (list.decidedBy ?? ['']).some((word) => unitName.includes(word))
  )
}

function advanced(state: CaseState, event: CaseEvent, list: ListDefinition, clock: CaseClock): CaseState {
  const next = advanceCase(state, event, list, clock)
  if ('fault' in next) throw caseFault(next.fault)
  return next.state
}

/** A step whose last day cannot be counted yet has none: nobody is told to be late by a guess. */
function dueIfKnown(state: CaseState, list: ListDefinition, clock: CaseClock) {
  try {
    return dueOf(state, list, caseDeadlines(), clock)
  } catch (error) {
    if (error instanceof DomainError && error.code === 'calendar.year-unknown') return undefined
    throw error
  }
}

function headOf(row: store.CaseRow, list: ListDefinition): CaseHead {
  return {
    id: row.id,
    list: { code: list.code, title: list.title },
    unit: row.unitName,
    subject: row.subject,
    uscc: row.uscc,
    stage: row.state.stage,
    due:
      row.dueStep === null || row.dueOn === null
        ? null
        : { step: row.dueStep, on: row.dueOn, overdue: row.overdue },
    problem: row.problem,
  }
}

function criterionOf(list: ListDefinition, code: string) {
  return list.criteria.find((one) => one.code === code)?.words ?? { zh: code, en: code }
}

async function numberOf(client: pg.ClientBase, id: number, kind: string): Promise<string> {
  const { rows } = await client.query(
    'SELECT number FROM xh.listing_document WHERE case_id = $1 AND kind = $2 ORDER BY made_at LIMIT 1',
    [id, kind],
  )
  return rows[0]?.number ?? ''
}

function accountOf(actor: Actor): number {
  if (actor.accountId === undefined) throw new Error('a case is handled by people with an account')
  return actor.accountId
}

const objectOf = (id: number): string => `listing-case:${id}`
const idOf = (object: string): number => Number(object.split(':')[1])
