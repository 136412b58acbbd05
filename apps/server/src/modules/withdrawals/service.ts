import type { WorkingCalendar } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, asActor, asReader, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Approvals, Executed } from '../approvals/index.ts'
import type { FactKey, OwnFact, OwnFacts } from './own-facts.ts'

/** Why a unit or the centre takes a fact back, and the letter that its record bears once that is confirmed. */
const LETTERS = { revoked: 'v', changed: 'c', heldUnlawful: 'v', error: 'e' } as const
export type WithdrawalReason = keyof typeof LETTERS
export const WITHDRAWAL_REASONS = Object.keys(LETTERS) as WithdrawalReason[]

const KIND = 'fact.withdraw'
const WITHDRAWALS_READ = { act: 'withdrawal.read', object: 'withdrawals', ground: '核实撤下的信息' } as const
/** While a second person has not decided. */
const HIDDEN = 'h'
/** Working days within which a second person decides. */
const DECIDED_WITHIN = 1
/** The proposal itself stays open for longer: what is late is told to a supervisor, and still has to be decided. */
const OPEN_UNTIL = '9999-12-31'

export interface Withdrawal {
  readonly withdrawal: number
  readonly fact: string
  readonly item: OwnFact['item']
  readonly subject: string
  readonly documentNumber: string | null
  readonly reason: WithdrawalReason
  readonly ground: string
  readonly by: string
  readonly at: string
  readonly due: string
  readonly overdue: boolean
  readonly state: 'open' | 'confirmed' | 'refused'
  readonly decidedBy: string | null
  readonly decidedAt: string | null
  readonly decisionReason: string | null
  readonly mayDecide: boolean
}

interface Row extends FactKey {
  readonly id: number
  readonly source_unit: number
  readonly reason: WithdrawalReason
  readonly ground: string
  readonly hidden_by: string
  readonly hidden_account: number
  readonly hidden_at: Date
  readonly due_on: string
  readonly overdue: boolean
  readonly approval: number
  readonly state: 'open' | 'confirmed' | 'refused'
  readonly decided_by: string | null
  readonly decided_at: Date | null
  readonly decision_reason: string | null
}

const SELECT = `SELECT withdrawal_id::int AS id, subject_id::float8 AS subject, item, key, source_unit, reason, ground, hidden_by,
    hidden_account, hidden_at, due_on::text, state = 'open' AND due_on < xh.today() AS overdue, approval::int AS approval, state,
    decided_by, decided_at, decision_reason
  FROM xh.withdrawal`

/**
 * A fact that should not be shown is hidden at once by one person; a second one confirms within a working day, or says
 * no, and then exactly what was shown is shown again. Who is late is told to the supervisor.
 * @see 行政处罚法第四十八条: withdrawn within three days, the reason stated publicly
 */
export class Withdrawals {
  readonly #house: House
  readonly #facts: OwnFacts
  readonly #approvals: Approvals
  readonly #calendar: () => Promise<WorkingCalendar>

  constructor(house: House, facts: OwnFacts, approvals: Approvals, calendar: () => Promise<WorkingCalendar>) {
    this.#house = house
    this.#facts = facts
    this.#approvals = approvals
    this.#calendar = calendar
    approvals.register(KIND, {
      may: 'fact.withdraw.approve',
      execute: (client, _payload, decidedBy, proposal) => this.#confirm(client, decidedBy, proposal),
      refused: (client, _payload, decidedBy, proposal) => this.#restore(client, decidedBy, proposal),
    })
  }

  /** @throws DomainError `fact.unknown`, `fact.not-standing`, `approval.reason-needed` */
  async hide(
    actor: Actor,
    asked: { fact: string; reason: WithdrawalReason; ground: string },
  ): Promise<number> {
    const { app, job } = this.#house.database.pools
    const due = (await this.#calendar()).addWorkingDays(await todayOf(job), DECIDED_WITHIN)
    return withActor(app, actor, async (client) => {
      const key = await this.#facts.keyOf(client, asked.fact)
      if (key === undefined) throw unknownFact()
      const { rows: fact } = await client.query<{ source_unit: number }>(
        'SELECT source_unit FROM xh.record WHERE subject_id = $1 AND item = $2 AND key = $3',
        [key.subject, key.item, key.key],
      )
      if (!(await turn(client, key, null, HIDDEN))) throw notStanding()
      const approval = await this.#approvals.proposeWithin(client, actor, {
        kind: KIND,
        object: `fact:${asked.fact}`,
        payload: { fact: asked.fact, reason: asked.reason },
        reason: asked.ground,
        expiresOn: OPEN_UNTIL,
      })
      const { rows } = await client.query<{ id: number }>(
        `INSERT INTO xh.withdrawal (subject_id, item, key, source_unit, reason, ground, hidden_by, hidden_account, due_on, approval)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING withdrawal_id::int AS id`,
        [
          key.subject,
          key.item,
          key.key,
          fact[0]?.source_unit,
          asked.reason,
          asked.ground,
          actor.name,
          actor.accountId,
          due,
          approval,
        ],
      )
      const id = (rows[0] as { id: number }).id
      return {
        result: id,
        act: {
          act: 'fact.hide',
          object: `fact:${asked.fact}`,
          ground: asked.ground,
          result: asked.reason,
          detail: { withdrawal: id, approval, due },
        },
      }
    })
  }

  /** @throws DomainError `withdrawal.unknown` and what deciding an approval throws */
  async decide(
    actor: Actor,
    withdrawal: number,
    decision: 'confirm' | 'refuse',
    reason: string,
  ): Promise<void> {
    const row = await asActor(this.#house.database.pools.app, actor, (client) => rowOf(client, withdrawal))
    if (row === undefined) throw unknownWithdrawal(withdrawal)
    await this.#approvals.decide(actor, row.approval, decision === 'confirm' ? 'approve' : 'refuse', reason)
  }

  /** Newest first; those that wait first of all. */
  async list(actor: Actor, state?: Withdrawal['state']): Promise<Withdrawal[]> {
    const open = await this.#approvals.open(actor, { kind: KIND })
    const mine = new Set(open.filter((one) => one.mine).map((one) => one.id))
    return asReader(this.#house.database.pools.app, actor, WITHDRAWALS_READ, async (client) => {
      const { rows } = await client.query<Row>(
        `${SELECT} WHERE $1::text IS NULL OR state = $1 ORDER BY state = 'open' DESC, withdrawal_id DESC LIMIT 500`,
        [state ?? null],
      )
      const told: Withdrawal[] = []
      for (const row of rows) {
        const fact = await this.#facts.byKey(client, row)
        if (fact !== undefined) told.push(toldOf(row, fact, mine.has(row.approval)))
      }
      return told
    })
  }

  async find(actor: Actor, withdrawal: number): Promise<Withdrawal> {
    const found = (await this.list(actor)).find((one) => one.withdrawal === withdrawal)
    if (found === undefined) throw unknownWithdrawal(withdrawal)
    return found
  }

  /** Tells the supervisor what nobody has decided in time; each once. @returns how many are new */
  async raiseOverdue(): Promise<number> {
    const { rowCount } = await this.#house.database.pools.job.query(
      `INSERT INTO xh.supervision_event (kind, object, source_unit, due_on)
       SELECT 'withdrawal.overdue', 'withdrawal:' || withdrawal_id, source_unit, due_on
         FROM xh.withdrawal WHERE state = 'open' AND due_on < xh.today() ON CONFLICT (kind, object) DO NOTHING`,
    )
    return rowCount ?? 0
  }

  async #confirm(client: pg.PoolClient, decidedBy: Actor, proposal: Executed): Promise<void> {
    const row = await this.#decided(client, decidedBy, proposal, 'confirmed')
    const letter = LETTERS[row.reason]
    // A delivery may have brought the fact again meanwhile, by a person's word: it is taken back as it stands now.
    if (!(await turn(client, row, HIDDEN, letter))) await turn(client, row, null, letter)
  }

  /** Shows again what was shown: the state is the one that was hidden, with all its days. */
  async #restore(client: pg.PoolClient, decidedBy: Actor, proposal: Executed): Promise<void> {
    const row = await this.#decided(client, decidedBy, proposal, 'refused')
    await turn(client, row, HIDDEN, null)
  }

  async #decided(
    client: pg.PoolClient,
    decidedBy: Actor,
    proposal: Executed,
    state: 'confirmed' | 'refused',
  ): Promise<Row> {
    const { rows: approval } = await client.query<{ reason: string | null }>(
      'SELECT decision_reason AS reason FROM xh.approval WHERE approval_id = $1',
      [proposal.id],
    )
    const takenBack = decidedBy.accountId === proposal.proposer
    const { rows } = await client.query<Row>(
      `UPDATE xh.withdrawal SET state = $2, decided_by = $3, decided_account = $4, decided_at = now(), decision_reason = $5
        WHERE approval = $1 AND state = 'open'
       RETURNING subject_id::float8 AS subject, item, key, reason`,
      [
        proposal.id,
        state,
        decidedBy.name,
        takenBack ? null : decidedBy.accountId,
        approval[0]?.reason ?? null,
      ],
    )
    if (rows[0] === undefined) throw new Error('a withdrawal stands behind its approval')
    return rows[0]
  }
}

async function turn(
  client: pg.ClientBase,
  { subject, item, key }: FactKey,
  before: string | null,
  after: string | null,
): Promise<boolean> {
  const { rows } = await client.query('SELECT xh.turn_withdrawn($1, $2::smallint, $3, $4, $5) AS turned', [
    subject,
    item,
    key,
    before,
    after,
  ])
  return rows[0].turned === 1
}

async function rowOf(client: pg.ClientBase, withdrawal: number): Promise<Row | undefined> {
  const { rows } = await client.query<Row>(`${SELECT} WHERE withdrawal_id = $1`, [withdrawal])
  return rows[0]
}

function toldOf(row: Row, fact: OwnFact, mayDecide: boolean): Withdrawal {
  return {
    withdrawal: row.id,
    fact: fact.id,
    item: fact.item,
    subject: fact.subject,
    documentNumber: fact.documentNumber,
    reason: row.reason,
    ground: row.ground,
    by: row.hidden_by,
    at: row.hidden_at.toISOString(),
    due: row.due_on,
    overdue: row.overdue,
    state: row.state,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
    decisionReason: row.decision_reason,
    mayDecide: mayDecide && row.state === 'open',
  }
}

export const unknownFact = (): DomainError =>
  new DomainError('fact.unknown', {
    zh: '没有这条信息。',
    en: 'There is no such fact.',
    remedyZh: '从本单位的信息中选择。',
    remedyEn: 'Choose it from your unit’s facts.',
    status: 404,
  })

const notStanding = (): DomainError =>
  new DomainError('fact.not-standing', {
    zh: '该信息已撤下或正在等待确认。',
    en: 'The fact is withdrawn already, or waits to be confirmed.',
    remedyZh: '刷新列表查看现状。',
    remedyEn: 'Load the list again.',
    status: 409,
  })

const unknownWithdrawal = (withdrawal: number): DomainError =>
  new DomainError('withdrawal.unknown', {
    zh: `没有撤下申请 ${withdrawal}。`,
    en: `There is no withdrawal ${withdrawal}.`,
    remedyZh: '从撤下列表中打开。',
    remedyEn: 'Open it from the list.',
    status: 404,
  })
