import { type AnnouncedYear, WorkingCalendar } from '@xinheng/core'
import type pg from 'pg'
import type { Actor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { todayOf } from '../../platform/today.ts'
import type { Approvals } from '../approvals/index.ts'

/** How long a process may count by what another has changed since. */
const FRESH_MS = 3_000
const ENTER = 'calendar.enter'
const PROPOSAL_DAYS = 30

/** The State Council's notice for one year, as two persons entered it. Days are ISO. */
export interface YearNotice extends AnnouncedYear {
  readonly edition: number
  readonly document: string
  readonly proposedBy: string
  readonly approvedBy: string
  readonly enteredAt: string
}

/** What is proposed: the notice without who and when. */
export interface NewYearNotice extends AnnouncedYear {
  readonly document: string
}

/**
 * The calendar by which deadlines are counted: the tables the program brings, and over them the years that were
 * entered here. The newest edition of a year counts.
 */
export class Calendars {
  readonly #pool: pg.Pool
  #read: { at: number; calendar: WorkingCalendar } | undefined
  #approvals: Approvals | undefined

  /** @param pool any login that may read `announced_year` */
  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  /** The calendar of now; a newly entered year counts at once here, within seconds in other processes. */
  async current(): Promise<WorkingCalendar> {
    if (this.#read === undefined || Date.now() - this.#read.at > FRESH_MS) {
      const { rows } = await this.#pool.query(
        `SELECT DISTINCT ON (year) year, holidays::text[] AS holidays, make_up_days::text[] AS "makeUpDays"
           FROM xh.announced_year ORDER BY year, edition DESC`,
      )
      this.#read = { at: Date.now(), calendar: new WorkingCalendar(rows) }
    }
    return this.#read.calendar
  }

  /** Years from `from` on, each with its notice where one is known. */
  async years(from: number, count: number): Promise<{ year: number; notice: AnnouncedYear | null }[]> {
    const calendar = await this.current()
    return Array.from({ length: count }, (_, index) => ({
      year: from + index,
      notice: calendar.yearOf(from + index) ?? null,
    }))
  }

  async notices(): Promise<YearNotice[]> {
    const { rows } = await this.#pool.query(
      `SELECT year, edition, document, holidays::text[] AS holidays, make_up_days::text[] AS "makeUpDays",
              proposed_by AS "proposedBy", approved_by AS "approvedBy",
              to_char(entered_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS "enteredAt"
         FROM xh.announced_year ORDER BY year DESC, edition DESC`,
    )
    return rows
  }

  /** From now on a year is entered when a second person agrees. */
  entersBy(approvals: Approvals): void {
    approvals.register(ENTER, {
      may: 'calendar.approve',
      execute: async (client, payload, _actor, { id }) => {
        const { year, document, holidays, makeUpDays } = payload as NewYearNotice
        checkNotice(payload as NewYearNotice)
        const { rows } = await client.query('SELECT xh.enter_year($1, $2, $3, $4, $5) AS edition', [
          id,
          year,
          document,
          holidays,
          makeUpDays,
        ])
        this.#read = undefined
        return { year, edition: rows[0].edition }
      },
    })
    this.#approvals = approvals
  }

  /** @returns the approval's number */
  async propose(actor: Actor, notice: NewYearNotice): Promise<number> {
    if (this.#approvals === undefined) throw new Error('nobody approves years here')
    const sorted: NewYearNotice = {
      year: notice.year,
      document: notice.document.trim(),
      holidays: [...notice.holidays].sort(),
      makeUpDays: [...notice.makeUpDays].sort(),
    }
    checkNotice(sorted)
    const today = await todayOf(this.#pool)
    return this.#approvals.propose(actor, {
      kind: ENTER,
      object: `calendar:${notice.year}`,
      payload: sorted,
      reason: sorted.document,
      expiresOn: new Date(Date.parse(today) + PROPOSAL_DAYS * 86_400_000).toISOString().slice(0, 10),
    })
  }
}

/** What no notice of the State Council would say. @throws DomainError `calendar.notice` */
export function checkNotice({ year, holidays, makeUpDays, document }: NewYearNotice): void {
  const faults: { zh: string; en: string }[] = []
  const all = [...holidays, ...makeUpDays]
  const real = (day: string) =>
    /^\d{4}-\d{2}-\d{2}$/.test(day) &&
    !Number.isNaN(Date.parse(day)) &&
    new Date(day).toISOString().slice(0, 10) === day
  if (document.trim() === '') faults.push({ zh: '缺少通知文号', en: 'the notice’s document is missing' })
  if (!all.every(real)) faults.push({ zh: '有不存在的日期', en: 'a day that does not exist' })
  else {
    if (!all.every((day) => day.startsWith(`${year}-`)))
      faults.push({ zh: `有不属于${year}年的日期`, en: `a day outside ${year}` })
    if (new Set(all).size !== all.length) faults.push({ zh: '同一天出现两次', en: 'a day that stands twice' })
    if (!holidays.includes(`${year}-01-01`))
      faults.push({ zh: '元旦不在放假日期中', en: 'New Year’s Day is no holiday' })
    const weekend = (day: string) => [0, 6].includes(new Date(day).getUTCDay())
    const working = makeUpDays.filter((day) => !weekend(day))
    if (working.length > 0)
      faults.push({
        zh: `调休上班日须为周末：${working.join('、')}`,
        en: `make-up days are weekend days: ${working.join(', ')}`,
      })
  }
  if (faults.length > 0)
    throw new DomainError('calendar.notice', {
      zh: `节假日安排有误：${faults.map((one) => one.zh).join('；')}。`,
      en: `The notice is wrong: ${faults.map((one) => one.en).join('; ')}.`,
      remedyZh: '对照国务院办公厅通知改正。',
      remedyEn: 'Correct it by the State Council’s notice.',
    })
}
