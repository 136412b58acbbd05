import { type Answer, type ApplicantKind, findPersonalData } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, asActor, asReader, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Approvals } from '../approvals/index.ts'
import { tagOfDocument } from '../ledger/index.ts'
import type { Checks } from './service.ts'
import { unknownCheck } from './service.ts'

const OVERRIDE = 'check.override'
const PROPOSAL_DAYS = 7

/** One check among many: of a natural person no name. */
export interface CheckLine {
  readonly number: string
  readonly askedAt: string
  readonly matter: string
  readonly caseNumber: string
  readonly applicant: {
    readonly kind: ApplicantKind
    readonly name: string | null
    readonly identifier: string | null
  }
  readonly result: string
  readonly decision: string | null
  readonly feedbackDue: string | null
  readonly fedBack: boolean
  /** Working days are counted by whoever shows it: this is whether the day has passed. */
  readonly overdue: boolean
  readonly overrideProposed: boolean
}

export interface CheckDetail extends CheckLine {
  readonly unit: string
  readonly purpose: string
  readonly officer: string | null
  readonly ground: string | null
  readonly answer: Answer
  readonly decided: {
    readonly decision: string
    readonly reason: string
    readonly by: string
    readonly confirmedBy: string | null
    readonly at: string
  } | null
  readonly feedback: readonly {
    readonly applied: string
    readonly effect: string
    readonly done: string
    readonly doneOn: string
    readonly reason: string | null
    readonly granted: string | null
    readonly by: string
    readonly at: string
  }[]
  readonly told: boolean
}

export type Desk = 'open' | 'due' | 'all'

const KINDS: Readonly<Record<string, ApplicantKind>> = {
  o: 'organisation',
  i: 'individualBusiness',
  p: 'person',
}

/** What officers decide of an answer: an intercept stays until one of them keeps it, or two of them lift it. */
export class Decisions {
  readonly #house: House
  readonly #approvals: Approvals
  readonly #checks: Checks

  constructor(house: House, approvals: Approvals, checks: Checks) {
    this.#house = house
    this.#approvals = approvals
    this.#checks = checks
    approvals.register(OVERRIDE, {
      may: 'check.override.approve',
      execute: async (client, _payload, _actor, { id }) => {
        const { rows } = await client.query('SELECT xh.override_intercept($1) AS done', [id])
        if (!rows[0].done) throw decidedAlready()
        return { overridden: true }
      },
    })
  }

  /** The officer's desk: what is open, what has to be fed back, or all; newest last where work waits. */
  async list(actor: Actor, desk: Desk, before?: string): Promise<CheckLine[]> {
    const reading = { act: 'check.list.read', object: `desk:${desk}`, ground: '联合奖惩办理' } as const
    return asReader(this.#house.database.pools.app, actor, reading, async (client) => {
      const where = {
        open: "c.result IN ('intercept', 'toBeDecidedByAnOfficer') AND d.check_id IS NULL",
        due: 'c.feedback_due IS NOT NULL AND NOT EXISTS (SELECT FROM xh.check_feedback f WHERE f.check_id = c.check_id)',
        all: 'true',
      }[desk]
      const order = desk === 'all' ? 'c.check_id DESC' : 'c.feedback_due, c.check_id'
      const { rows } = await client.query(
        `${LINE} WHERE ${where} AND ($1::text IS NULL OR c.check_id < (SELECT b.check_id FROM xh.credit_check b WHERE b.number = $1))
          ORDER BY ${order} LIMIT 200`,
        [before ?? null],
      )
      return rows.map(lineOf)
    })
  }

  /** One check with all that became of it. Of a person it is an entry on their own ledger. */
  async detail(actor: Actor, number: string): Promise<CheckDetail> {
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        `${LINE.replace('SELECT ', 'SELECT c.check_id, c.purpose, c.officer, c.consent, c.duty_law, c.duty_article, c.answer, c.answer_secret, c.applicant_secret, c.person, u.name AS unit, d.reason AS decision_reason, d.decided_by, d.confirmed_by, d.decided_at, ')} WHERE c.number = $1`,
        [number],
      )
      const row = rows[0]
      if (row === undefined) throw unknownCheck()
      const { rows: fed } = await client.query(
        `SELECT applied, effect, done, done_on::text AS "doneOn", not_applied_reason AS reason, granted, given_by AS by,
                to_char(given_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS at
           FROM xh.check_feedback WHERE check_id = $1 ORDER BY feedback_id`,
        [row.check_id],
      )
      const told = await client.query('SELECT FROM xh.check_message WHERE check_id = $1', [row.check_id])
      const line = lineOf(row)
      const person =
        row.person === null ? undefined : await tagOfDocument(client, this.#house.keys, row.person)
      return {
        result: {
          ...line,
          applicant: row.person === null ? line.applicant : { ...line.applicant, ...this.#opened(row) },
          unit: row.unit,
          purpose: row.purpose,
          officer: row.officer,
          ground:
            row.consent === null
              ? row.duty_law === null
                ? null
                : `《${row.duty_law}》${row.duty_article}`
              : `授权 ${row.consent}`,
          answer: this.#checks.answerOf(row),
          decided:
            row.decision === null
              ? null
              : {
                  decision: row.decision,
                  reason: row.decision_reason,
                  by: row.decided_by,
                  confirmedBy: row.confirmed_by,
                  at: row.decided_at.toISOString(),
                },
          feedback: fed,
          told: told.rowCount === 1,
        },
        act: { act: 'check.read', object: `check:${number}`, ground: '联合奖惩办理', person },
      }
    })
  }

  /** Keeps an intercept, or decides what only an officer may. @throws DomainError `check.decided`, `check.decision` */
  async decide(
    actor: Actor,
    number: string,
    decision: 'kept' | 'applied' | 'notApplied',
    reason: string,
  ): Promise<void> {
    refusePersonalData(reason)
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const check = await this.#own(client, number)
      if ((check.result === 'intercept') !== (decision === 'kept')) throw wrongDecision()
      if (check.result !== 'intercept' && check.result !== 'toBeDecidedByAnOfficer') throw wrongDecision()
      const { rowCount } = await client.query(
        `INSERT INTO xh.check_decision (check_id, unit_id, decision, reason, decided_by, decided_account)
         VALUES ($1, xh.actor_unit(), $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
        [check.check_id, decision, reason, actor.name, actor.accountId],
      )
      if (rowCount !== 1) throw decidedAlready()
      const person =
        check.person === null ? undefined : await tagOfDocument(client, this.#house.keys, check.person)
      return {
        result: undefined,
        act: { act: 'check.decide', object: `check:${number}`, ground: reason, result: decision, person },
      }
    })
  }

  /** Proposes to lift an intercept; a second person of the unit confirms. @returns the approval's number */
  async proposeOverride(actor: Actor, number: string, reason: string): Promise<number> {
    refusePersonalData(reason)
    await asActor(this.#house.database.pools.app, actor, async (client) => {
      const check = await this.#own(client, number)
      if (check.result !== 'intercept') throw wrongDecision()
      if (check.decided) throw decidedAlready()
    })
    const today = await todayOf(this.#house.database.pools.app)
    return this.#approvals.propose(actor, {
      kind: OVERRIDE,
      object: `check:${number}`,
      payload: { number },
      reason,
      expiresOn: new Date(Date.parse(today) + PROPOSAL_DAYS * 86_400_000).toISOString().slice(0, 10),
    })
  }

  /** What a natural person gets to read on their own page: the officer's words, and nothing else. @returns the page's path */
  async tell(actor: Actor, number: string, text: string): Promise<string> {
    // A telephone number to call back is welcome there; an identity number is not.
    if (findPersonalData(text).some(({ kind }) => kind === 'idNumber')) throw personalData()
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const check = await this.#own(client, number)
      if (check.person === null) throw wrongDecision()
      const { rowCount } = await client.query(
        `INSERT INTO xh.check_message (check_id, unit_id, text_secret, told_by) VALUES ($1, xh.actor_unit(), $2, $3) ON CONFLICT DO NOTHING`,
        [
          check.check_id,
          this.#house.keys.encrypt(Buffer.from(text), `check_message‖text_secret‖${check.check_id}`),
          actor.name,
        ],
      )
      if (rowCount !== 1) throw decidedAlready()
      return {
        result: this.#checks.noticePathOf(number),
        act: {
          act: 'check.tell',
          object: `check:${number}`,
          ground: '告知申请人',
          person: await tagOfDocument(client, this.#house.keys, check.person),
        },
      }
    })
  }

  async #own(client: pg.ClientBase, number: string) {
    const { rows } = await client.query(
      `SELECT c.check_id, c.result, c.person, EXISTS (SELECT FROM xh.check_decision d WHERE d.check_id = c.check_id) AS decided
         FROM xh.credit_check c WHERE c.number = $1 AND c.unit_id = xh.actor_unit()`,
      [number],
    )
    if (rows[0] === undefined) throw unknownCheck()
    return rows[0] as { check_id: string; result: string; person: string | null; decided: boolean }
  }

  #opened(row: { number: string; applicant_secret: Buffer }): { name: string; identifier: string } {
    const { number, name } = JSON.parse(
      this.#house.keys.decrypt(row.applicant_secret, `credit_check‖applicant‖${row.number}`).toString(),
    )
    return { name, identifier: `${String(number).slice(0, 3)}*************${String(number).slice(-2)}` }
  }
}

const LINE = `SELECT c.number, to_char(c.asked_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS asked, m.name AS matter, c.case_number,
    c.applicant_kind, c.applicant_name, c.uscc, c.result, d.decision, c.feedback_due::text AS due,
    EXISTS (SELECT FROM xh.check_feedback f WHERE f.check_id = c.check_id) AS fed, c.feedback_due < xh.today() AS late,
    EXISTS (SELECT FROM xh.approval a WHERE a.object = 'check:' || c.number AND a.kind = 'check.override' AND a.state = 'open') AS proposed
  FROM xh.credit_check c JOIN xh.matter m USING (matter_id) JOIN xh.unit u ON u.unit_id = c.unit_id LEFT JOIN xh.check_decision d USING (check_id)`

// biome-ignore lint/suspicious/noExplicitAny: a row of LINE
function lineOf(row: any): CheckLine {
  return {
    number: row.number,
    askedAt: row.asked,
    matter: row.matter,
    caseNumber: row.case_number,
    applicant: {
      kind: KINDS[row.applicant_kind] ?? 'person',
      name: row.applicant_name,
      identifier: row.uscc,
    },
    result: row.result,
    decision: row.decision,
    feedbackDue: row.due,
    fedBack: row.fed,
    overdue: row.late === true && !row.fed,
    overrideProposed: row.proposed,
  }
}

function refusePersonalData(text: string): void {
  if (findPersonalData(text).some(({ kind }) => kind !== 'landline')) throw personalData()
}

const personalData = (): DomainError =>
  new DomainError('check.personal-data', {
    zh: '所写内容中有个人证件号、电话等信息。',
    en: 'The text holds an identity number, a phone number or the like.',
    remedyZh: '删去后重试。',
    remedyEn: 'Remove it and try again.',
    status: 422,
  })

const decidedAlready = (): DomainError =>
  new DomainError('check.decided', {
    zh: '该核查已有决定。',
    en: 'It has been decided already.',
    remedyZh: '刷新页面查看。',
    remedyEn: 'Reload the page.',
    status: 409,
  })

const wrongDecision = (): DomainError =>
  new DomainError('check.decision', {
    zh: '该核查不能作这种决定。',
    en: 'This check takes no such decision.',
    remedyZh: '拦截可维持，或由两人解除；个人和个体工商户由工作人员决定适用或不适用。',
    remedyEn:
      'An intercept is kept, or lifted by two persons; for persons and individual businesses an officer applies or does not.',
    status: 409,
  })
