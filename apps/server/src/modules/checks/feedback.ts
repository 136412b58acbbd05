import type { WorkingCalendar } from '@xinheng/core'
import { findPersonalData } from '@xinheng/core'
import { type Actor, asActor, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import type { JobKind } from '../../platform/jobs/index.ts'
import { jointActionDeadlines } from '../measures/index.ts'
import { requestDigest } from './asking.ts'
import { alreadyAsked, isRepeated } from './refusals.ts'
import { unknownCheck } from './service.ts'

/** What the unit did with an answer. */
export interface NewFeedback {
  readonly applied: 'yes' | 'no' | 'partly'
  readonly effect: '拦截' | '放行' | '提示' | '激励'
  readonly measure?: string
  readonly done: string
  readonly doneOn: string
  readonly notAppliedReason?: string
  readonly granted?: string
  readonly document?: string
}

export interface TakenFeedback {
  readonly feedback: number
  /** Last day on which it was due, ISO. */
  readonly dueOn: string | null
  readonly late: boolean
}

/** Feedback within the days of policy/deadlines; who is late, or lets pass what is intercepted, is told to the supervisor. */
export class Feedbacks {
  readonly #house: House
  readonly #calendar: () => Promise<WorkingCalendar>

  constructor(house: House, calendar: () => Promise<WorkingCalendar>) {
    this.#house = house
    this.#calendar = calendar
  }

  /** Each morning: who is late, and who will be. */
  get jobKind(): JobKind {
    return {
      name: 'checks.follow-up',
      zh: '核查反馈到期提醒与逾期督办',
      en: 'Feedback of checks: reminders, and what is overdue',
      schedule: '20 6 * * *',
      ids: [],
      retries: 3,
      retryDelaySeconds: 300,
      expireSeconds: 900,
      run: () => this.followUp(),
    }
  }

  /** The same key is the same feedback. @throws DomainError `feedback.*`, `check.unknown` */
  async give(actor: Actor, number: string, given: NewFeedback, key: string): Promise<TakenFeedback> {
    refuseIncomplete(given)
    const digest = requestDigest({ number, ...given })
    try {
      return await withActor(this.#house.database.pools.app, actor, async (client) => {
        const { rows } = await client.query(
          `SELECT check_id, feedback_due::text AS due, day::text AS day, xh.today()::text AS today
             FROM xh.credit_check WHERE number = $1 AND unit_id = xh.actor_unit()`,
          [number],
        )
        const check = rows[0]
        if (check === undefined) throw unknownCheck()
        if (given.doneOn < check.day || given.doneOn > check.today) throw wrongDay()
        const inserted = await client.query(
          `INSERT INTO xh.check_feedback (check_id, unit_id, idempotency_key, request_digest, applied, effect, measure, done, done_on,
             not_applied_reason, granted, document, given_by, given_account)
           VALUES ($1, xh.actor_unit(), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING feedback_id::float8 AS feedback`,
          [
            check.check_id,
            key,
            digest,
            given.applied,
            given.effect,
            given.measure ?? null,
            given.done,
            given.doneOn,
            given.notAppliedReason ?? null,
            given.granted ?? null,
            given.document ?? null,
            actor.name,
            actor.accountId,
          ],
        )
        return {
          result: {
            feedback: inserted.rows[0].feedback,
            dueOn: check.due,
            late: check.due !== null && check.today > check.due,
          },
          act: {
            act: 'check.feedback',
            object: `check:${number}`,
            ground: '联合奖惩反馈',
            result: given.applied,
            detail: { effect: given.effect, measure: given.measure ?? null, doneOn: given.doneOn },
          },
        }
      })
    } catch (error) {
      if ((error as { constraint?: string }).constraint === 'check_feedback_measure_fkey')
        throw unknownMeasure()
      if (!isRepeated(error)) throw error
      return this.#again(actor, key, digest)
    }
  }

  /**
   * Tells the supervisor what is overdue and what is unexplained, each once, and who has to be reminded.
   * @returns numbers alone, for the jobs page
   */
  async followUp(): Promise<{ overdue: number; unexplained: number; reminded: number }> {
    const pool = this.#house.database.pools.job
    const overdue = await pool.query(
      `INSERT INTO xh.supervision_event (kind, object, source_unit, due_on)
       SELECT 'check.feedback-overdue', 'check:' || c.number, c.unit_id, c.feedback_due
         FROM xh.credit_check c
        WHERE c.feedback_due < xh.today() AND NOT EXISTS (SELECT FROM xh.check_feedback f WHERE f.check_id = c.check_id)
       ON CONFLICT (kind, object) DO NOTHING`,
    )
    // Let pass although the intercept stands: nobody of the unit has said why.
    const unexplained = await pool.query(
      `INSERT INTO xh.supervision_event (kind, object, source_unit, due_on)
       SELECT DISTINCT 'check.unexplained', 'check:' || c.number, c.unit_id, f.done_on
         FROM xh.check_feedback f JOIN xh.credit_check c USING (check_id)
         LEFT JOIN xh.check_decision d USING (check_id)
        WHERE f.effect = '放行' AND c.result = 'intercept' AND d.decision IS DISTINCT FROM 'overridden'
       ON CONFLICT (kind, object) DO NOTHING`,
    )
    const calendar = await this.#calendar()
    const { rows } = await pool.query('SELECT xh.today()::text AS today')
    const last = calendar.addWorkingDays(rows[0].today, jointActionDeadlines().reminder.workingDaysBefore)
    const reminded = await pool.query(
      `INSERT INTO xh.supervision_event (kind, object, source_unit, due_on)
       SELECT 'check.feedback-due', 'check:' || c.number, c.unit_id, c.feedback_due
         FROM xh.credit_check c
        WHERE c.feedback_due BETWEEN xh.today() AND $1::date
          AND NOT EXISTS (SELECT FROM xh.check_feedback f WHERE f.check_id = c.check_id)
       ON CONFLICT (kind, object) DO NOTHING`,
      [last],
    )
    return {
      overdue: overdue.rowCount ?? 0,
      unexplained: unexplained.rowCount ?? 0,
      reminded: reminded.rowCount ?? 0,
    }
  }

  #again(actor: Actor, key: string, digest: Buffer): Promise<TakenFeedback> {
    return asActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        `SELECT f.feedback_id::float8 AS feedback, f.request_digest, c.feedback_due::text AS due,
                (f.given_at AT TIME ZONE 'Asia/Shanghai')::date > c.feedback_due AS late
           FROM xh.check_feedback f JOIN xh.credit_check c USING (check_id)
          WHERE f.given_account = $1 AND f.idempotency_key = $2`,
        [actor.accountId, key],
      )
      if (!digest.equals(rows[0].request_digest)) throw alreadyAsked()
      return { feedback: rows[0].feedback, dueOn: rows[0].due, late: rows[0].late === true }
    })
  }
}

function refuseIncomplete({ applied, effect, notAppliedReason, granted, done }: NewFeedback): void {
  for (const text of [notAppliedReason ?? '', granted ?? '', done])
    if (findPersonalData(text).some(({ kind }) => kind !== 'landline'))
      throw new DomainError('feedback.personal-data', {
        zh: '反馈内容中有个人证件号、电话等信息。',
        en: 'The feedback holds an identity number, a phone number or the like.',
        remedyZh: '删去后重试。',
        remedyEn: 'Remove it and try again.',
        status: 422,
      })
  if (applied !== 'yes' && (notAppliedReason ?? '').trim().length < 2)
    throw new DomainError('feedback.unexplained', {
      zh: '未实施或部分实施的，须说明原因。',
      en: 'What was not applied, or only partly, needs its reason.',
      remedyZh: '填写 notAppliedReason。',
      remedyEn: 'Give notAppliedReason.',
      status: 422,
    })
  if (effect === '激励' && applied !== 'no' && (granted ?? '').trim().length < 2)
    throw new DomainError('feedback.grant', {
      zh: '激励须写明实际给予的便利。',
      en: 'An incentive says what was really granted.',
      remedyZh: '填写 granted，如“容缺受理一项材料”。',
      remedyEn: 'Give granted, such as “one paper may follow”.',
      status: 422,
    })
}

const wrongDay = (): DomainError =>
  new DomainError('feedback.day', {
    zh: '实施日期须在核查当日至今天之间。',
    en: 'It was done between the day of the check and today.',
    remedyZh: '核对 doneOn。',
    remedyEn: 'Check doneOn.',
    status: 422,
  })

const unknownMeasure = (): DomainError =>
  new DomainError('feedback.measure', {
    zh: '没有这项措施。',
    en: 'There is no such measure.',
    remedyZh: '用核查结果 hits 中的措施代码。',
    remedyEn: 'Use the code of a measure among the hits.',
    status: 422,
  })
