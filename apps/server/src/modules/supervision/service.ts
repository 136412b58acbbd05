import { DEMO_REGIONS, regionName } from '@xinheng/core'
import { type Actor, asActor, asReader, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { type LookRule, lookRules, ruleInWords } from './rules.ts'
import {
  type CaseRow,
  caseRow,
  caseRows,
  type Dimension,
  type Figure,
  type Figures,
  type Group,
  groups,
  neverFeedsBack,
  overridesAlways,
  personWithoutCase,
  pushed,
  type Question,
  type Standing,
  samePersonOften,
  totals,
} from './store.ts'

interface Sentence {
  readonly zh: string
  readonly en: string
}

export interface SupervisionBoard {
  readonly from: string
  readonly to: string
  readonly by: Dimension
  readonly totals: Figures & { readonly pushed: number }
  readonly groups: readonly {
    readonly key: string
    readonly title: Sentence
    readonly figures: Figures
    /** Null where pushing knows no such dimension. */
    readonly pushed: number | null
  }[]
}

/** A case with its incentives by name. */
type TitledRow = Omit<CaseRow, 'incentives'> & {
  readonly incentives: readonly (CaseRow['incentives'][number] & { readonly title: Sentence })[]
}

export interface WorthALook {
  readonly rule: string
  readonly title: Sentence
  /** The rule in words, with its thresholds. */
  readonly words: Sentence
  readonly standing: readonly Standing[]
}

const LONGEST_DAYS = 1100
const DAY_MS = 86_400_000

/** The supervision of joint action: what was pushed, checked, intercepted, lifted and fed back, down to the case. */
export class Supervision {
  readonly #house: House
  readonly #catalogue: Catalogue

  constructor(house: House, catalogue: Catalogue) {
    this.#house = house
    this.#catalogue = catalogue
  }

  /** Figures of the period by one dimension. They are ordered by name: nobody is ranked by them. */
  async board(actor: Actor, question: Question, by: Dimension): Promise<SupervisionBoard> {
    refusePeriod(question)
    const { whole, found, messages } = await asActor(
      this.#house.database.pools.app,
      actor,
      async (client) => ({
        whole: await totals(client, question),
        found: await groups(client, question, by),
        messages: await pushed(client, question),
      }),
    )
    const keyOf = {
      unit: (one: (typeof messages)[number]) => String(one.unit),
      district: (one: (typeof messages)[number]) => String(one.region ?? ''),
      month: (one: (typeof messages)[number]) => one.month,
    }
    const known = by === 'unit' || by === 'district' || by === 'month' ? keyOf[by] : undefined
    const narrowed = question.matter !== undefined || question.measure !== undefined
    const counted = new Map<string, number>()
    if (known !== undefined && !narrowed)
      for (const one of messages) counted.set(known(one), (counted.get(known(one)) ?? 0) + one.pushed)
    return {
      from: question.from,
      to: question.to,
      by,
      totals: { ...whole, pushed: narrowed ? 0 : messages.reduce((sum, one) => sum + one.pushed, 0) },
      groups: found.map((group) => ({
        key: group.key,
        title: this.#titleOf(by, group),
        figures: group.figures,
        pushed: known === undefined || narrowed ? null : (counted.get(group.key) ?? 0),
      })),
    }
  }

  /** Exactly the cases that a figure counts. The reading stands on the ledger. */
  async cases(
    actor: Actor,
    question: Question,
    figure: Figure,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ total: number; rows: TitledRow[] }> {
    refusePeriod(question)
    const reading = {
      act: 'supervision.cases.read',
      object: `supervision:${figure}`,
      ground: '联合奖惩监督',
      detail: { ...question },
    } as const
    return asReader(this.#house.database.pools.app, actor, reading, async (client) => {
      const { total, rows } = await caseRows(client, question, figure, page)
      return { total, rows: rows.map((row) => this.#titled(row)) }
    })
  }

  /** One case with its answer and what became of it. @throws DomainError `supervision.unknown` */
  async case(actor: Actor, number: string) {
    const reading = {
      act: 'supervision.case.read',
      object: `check:${number}`,
      ground: '联合奖惩监督',
    } as const
    return asReader(this.#house.database.pools.app, actor, reading, async (client) => {
      const row = await caseRow(client, number)
      if (row === undefined) throw unknownCase()
      const { answer, day: _, feedback, ...rest } = row
      return {
        ...this.#titled(rest),
        feedback: feedback.map(({ measure, ...one }: { measure: string | null }) => ({
          ...one,
          measure: measure === null ? null : this.#titleOfMeasure(measure),
        })),
        answer: answer === null ? null : JSON.parse(answer),
      }
    })
  }

  /** Cases that a person should read, each rule with its words and its rows. A rule is no finding. */
  async worthALook(actor: Actor, from: string, to: string): Promise<WorthALook[]> {
    refusePeriod({ from, to })
    const reading = {
      act: 'supervision.look.read',
      object: 'supervision:worth-a-look',
      ground: '联合奖惩监督',
      detail: { from, to },
    } as const
    return asReader(this.#house.database.pools.app, actor, reading, async (client) => {
      const period = [from, to] as const
      const find = {
        'overrides-always': (rule: LookRule) =>
          overridesAlways(client, period, { decided: rule.decided ?? 5, percent: rule.percent ?? 90 }),
        'never-feeds-back': (rule: LookRule) => neverFeedsBack(client, period, { due: rule.due ?? 5 }),
        'person-without-case': (rule: LookRule) =>
          personWithoutCase(client, period, { persons: rule.persons ?? 3, blanks: rule.blanks ?? [] }),
        'same-person-often': (rule: LookRule) => samePersonOften(client, period, { times: rule.times ?? 5 }),
      }
      const found: WorthALook[] = []
      for (const rule of lookRules())
        found.push({
          rule: rule.code,
          title: rule.title,
          words: ruleInWords(rule),
          standing: await find[rule.code](rule),
        })
      return found
    })
  }

  #titleOf(by: Dimension, { key, title }: Group): Sentence {
    if (by === 'measure') return this.#titleOfMeasure(key)
    if (by === 'district') {
      const name = key === '' ? '未定' : (regionName(key, DEMO_REGIONS) ?? key)
      return { zh: name, en: key === '' ? 'unknown' : name }
    }
    return { zh: title, en: title }
  }

  #titled<Row extends Pick<CaseRow, 'incentives'>>(row: Row) {
    return {
      ...row,
      incentives: row.incentives.map((one) => ({ ...one, title: this.#titleOfMeasure(one.measure) })),
    }
  }

  /** As its newest version calls it. */
  #titleOfMeasure(code: string): Sentence {
    const newest = this.#catalogue.policy.measures
      .filter((one) => one.code === code)
      .reduce<{ version: number; title: Sentence } | undefined>(
        (last, one) => (last === undefined || one.version > last.version ? one : last),
        undefined,
      )
    return newest?.title ?? { zh: code, en: code }
  }
}

/** Urging: the centre asks a unit about cases, the unit answers, the centre closes. */
export class Urges {
  readonly #house: House

  constructor(house: House) {
    this.#house = house
  }

  async list(actor: Actor): Promise<Urge[]> {
    const reading = { act: 'supervision.urge.read', object: 'urges', ground: '联合奖惩督办' } as const
    return asReader(this.#house.database.pools.app, actor, reading, async (client) => {
      const { rows } = await client.query(
        `SELECT g.urge_id AS id, g.unit_id AS "unitId", u.name AS unit, g.rule, g.numbers, g.demand, g.due_on::text AS "dueOn", g.urged_by AS "urgedBy",
                to_char(g.urged_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS "urgedAt", g.closing, g.closed_by AS "closedBy",
                CASE WHEN g.closed_at IS NOT NULL THEN 'closed' WHEN r.replies IS NOT NULL THEN 'answered'
                     WHEN g.due_on < xh.today() THEN 'overdue' ELSE 'open' END AS state,
                coalesce(r.replies, '[]') AS replies
           FROM xh.supervision_urge g JOIN xh.unit u USING (unit_id)
           LEFT JOIN LATERAL (SELECT json_agg(json_build_object('reply', p.reply, 'by', p.replied_by,
                    'at', to_char(p.replied_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')) ORDER BY p.reply_id) AS replies
               FROM xh.supervision_reply p WHERE p.urge_id = g.urge_id) r ON true
          ORDER BY g.closed_at IS NOT NULL, g.due_on, g.urge_id DESC LIMIT 500`,
      )
      return rows
    })
  }

  /** @throws DomainError `urge.cases` where they are not all of one unit, `urge.day` */
  async urge(
    actor: Actor,
    wish: {
      readonly numbers: readonly string[]
      readonly demand: string
      readonly dueOn: string
      readonly rule?: string
    },
  ): Promise<number> {
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const numbers = [...new Set(wish.numbers)]
      // Of a natural person's check the unit is known, and nothing else.
      const { rows: of } = await client.query('SELECT * FROM xh.units_of_checks($1)', [numbers])
      if (of.length !== 1 || of[0].checks !== numbers.length) throw otherUnits()
      const { rows: day } = await client.query('SELECT xh.today()::text AS today')
      if (wish.dueOn < day[0].today) throw pastDay()
      const { rows } = await client.query(
        `INSERT INTO xh.supervision_urge (unit_id, rule, numbers, demand, due_on, urged_by, urged_account)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING urge_id`,
        [of[0].unit_id, wish.rule ?? null, numbers, wish.demand, wish.dueOn, actor.name, actor.accountId],
      )
      const id: number = rows[0].urge_id
      return {
        result: id,
        act: {
          act: 'supervision.urge',
          object: `urge:${id}`,
          ground: wish.demand,
          detail: { unit: of[0].unit_id, cases: numbers.length, dueOn: wish.dueOn, rule: wish.rule ?? null },
        },
      }
    })
  }

  async reply(actor: Actor, id: number, reply: string): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rowCount } = await client.query(
        `INSERT INTO xh.supervision_reply (urge_id, unit_id, reply, replied_by, replied_account)
         SELECT urge_id, unit_id, $2, $3, $4 FROM xh.supervision_urge WHERE urge_id = $1 AND unit_id = xh.actor_unit() AND closed_at IS NULL`,
        [id, reply, actor.name, actor.accountId],
      )
      if (rowCount !== 1) throw unknownUrge()
      return {
        result: undefined,
        act: { act: 'supervision.reply', object: `urge:${id}`, ground: '督办答复' },
      }
    })
  }

  async close(actor: Actor, id: number, closing: string): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rowCount } = await client.query(
        `UPDATE xh.supervision_urge SET closed_by = $2, closed_at = now(), closing = $3 WHERE urge_id = $1 AND closed_at IS NULL`,
        [id, actor.name, closing],
      )
      if (rowCount !== 1) throw unknownUrge()
      return { result: undefined, act: { act: 'supervision.close', object: `urge:${id}`, ground: closing } }
    })
  }
}

export interface Urge {
  readonly id: number
  readonly unitId: number
  readonly unit: string
  readonly rule: string | null
  readonly numbers: readonly string[]
  readonly demand: string
  readonly dueOn: string
  readonly urgedBy: string
  readonly urgedAt: string
  readonly state: 'open' | 'answered' | 'overdue' | 'closed'
  readonly closing: string | null
  readonly closedBy: string | null
  readonly replies: readonly { readonly reply: string; readonly by: string; readonly at: string }[]
}

function refusePeriod({ from, to }: { readonly from: string; readonly to: string }): void {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS
  if (days >= 0 && days <= LONGEST_DAYS) return
  throw new DomainError('supervision.period', {
    zh: '统计期起止颠倒，或超过三年。',
    en: 'The period ends before it begins, or is longer than three years.',
    remedyZh: '改正起止日期，或分段查询。',
    remedyEn: 'Correct the days, or ask in parts.',
    status: 422,
  })
}

const unknownCase = (): DomainError =>
  new DomainError('supervision.unknown', {
    zh: '没有这件核查，或不在您的监督范围内。',
    en: 'There is no such check, or it is not yours to see.',
    remedyZh: '核对编号。',
    remedyEn: 'Check the number.',
    status: 404,
  })
const otherUnits = (): DomainError =>
  new DomainError('urge.cases', {
    zh: '一次督办只能针对同一单位的核查。',
    en: 'One urge concerns checks of one unit.',
    remedyZh: '按单位分别督办，并核对编号。',
    remedyEn: 'Urge each unit by itself, and check the numbers.',
    status: 422,
  })
const pastDay = (): DomainError =>
  new DomainError('urge.day', {
    zh: '办理期限不能早于今天。',
    en: 'The deadline lies before today.',
    remedyZh: '改为今天或以后。',
    remedyEn: 'Take today or later.',
    status: 422,
  })
const unknownUrge = (): DomainError =>
  new DomainError('urge.unknown', {
    zh: '没有这件督办，或已经办结。',
    en: 'There is no such urge, or it is closed.',
    remedyZh: '刷新页面查看。',
    remedyEn: 'Reload the page.',
    status: 404,
  })
