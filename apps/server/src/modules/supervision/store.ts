import type pg from 'pg'

/** What the board is asked: days on which was checked, and what it is narrowed to. */
export interface Question {
  readonly from: string
  readonly to: string
  readonly unit?: number
  readonly matter?: string
  readonly measure?: string
  readonly district?: number
  readonly month?: string
}

export const DIMENSIONS = ['unit', 'matter', 'measure', 'district', 'month'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** Whether something became of an incentive that was offered: of the measure that is asked about, else of any. */
const incentive = (measure: string, what: string) =>
  `c.incentives @> jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('measure', ${measure}${what})))`
/** Of a natural person nothing is known of the answer but its result, and of feedback what it was. */
const OF_A_PERSON = "c.person AND c.result = 'reward'"

/** Each figure as a condition over one row of the one source. @param measure SQL of the measure asked about, null for any */
const figuresOf = (measure: string) =>
  ({
    checked: 'true',
    matched: "c.result <> 'clear'",
    intercepted: "c.result = 'intercept'",
    overridden: "c.decision = 'overridden'",
    rewarded: `(${incentive(measure, '')} OR ${OF_A_PERSON})`,
    granted: `(${incentive(measure, ", 'granted', true")} OR ${OF_A_PERSON} AND c.effect = '激励' AND c.applied <> 'no')`,
    notGranted: `(${incentive(measure, ", 'granted', false")} OR ${OF_A_PERSON} AND (c.effect <> '激励' OR c.applied = 'no'))`,
    fedBack: 'c.fed_back',
    awaited: 'c.feedback_due >= xh.today() AND NOT c.fed_back',
    overdue: 'c.overdue',
    unexplained: 'c.unexplained',
  }) as const
/** Of the measure to which the question is narrowed, where it is. */
const FIGURE = figuresOf('$5::text')
export type Figure = keyof typeof FIGURE
export const FIGURES = Object.keys(FIGURE) as readonly Figure[]
export type Figures = Readonly<Record<Figure, number>>

/** Titles of measures are policy's: the service knows them. */
const KEY: Readonly<Record<Dimension, { readonly key: string; readonly title: string }>> = {
  unit: { key: 'c.unit_id::text', title: 'c.unit' },
  matter: { key: 'c.matter', title: 'c.matter_name' },
  measure: { key: 'one_measure', title: 'one_measure' },
  district: { key: "coalesce(c.region::text, '')", title: "coalesce(c.region::text, '')" },
  month: { key: "to_char(c.day, 'YYYY-MM')", title: "to_char(c.day, 'YYYY-MM')" },
}

const SOURCE = `FROM xh.supervised_checks($1, $2) c
  WHERE ($3::int IS NULL OR c.unit_id = $3) AND ($4::text IS NULL OR c.matter = $4) AND ($5::text IS NULL OR $5 = ANY (c.measures))
    AND ($6::int IS NULL OR c.region = $6) AND ($7::text IS NULL OR to_char(c.day, 'YYYY-MM') = $7)`

const valuesOf = ({ from, to, unit, matter, measure, district, month }: Question) => [
  from,
  to,
  unit ?? null,
  matter ?? null,
  measure ?? null,
  district ?? null,
  month ?? null,
]

const countsOf = (figures: Readonly<Record<Figure, string>>) =>
  FIGURES.map((name) => `count(*) FILTER (WHERE ${figures[name]})::int AS "${name}"`).join(', ')
const COUNTS = countsOf(FIGURE)
const COUNTS_OF_ONE_MEASURE = countsOf(figuresOf('one_measure'))

export async function totals(client: pg.ClientBase, question: Question): Promise<Figures> {
  const { rows } = await client.query(`SELECT ${COUNTS} ${SOURCE}`, valuesOf(question))
  return rows[0]
}

export interface Group {
  readonly key: string
  readonly title: string
  readonly figures: Figures
}

export async function groups(client: pg.ClientBase, question: Question, by: Dimension): Promise<Group[]> {
  const { key, title } = KEY[by]
  const [source, counts] =
    by === 'measure'
      ? [
          SOURCE.replace(' c\n', ' c CROSS JOIN LATERAL unnest(c.measures) AS one_measure\n'),
          COUNTS_OF_ONE_MEASURE,
        ]
      : [SOURCE, COUNTS]
  const { rows } = await client.query(
    `SELECT ${key} AS key, min(${title}) AS title, ${counts} ${source} GROUP BY 1 ORDER BY ${by === 'month' ? '1 DESC' : '2, 1'} LIMIT 1000`,
    valuesOf(question),
  )
  return rows.map(({ key: of, title: called, ...figures }) => ({ key: of, title: called, figures }))
}

/** Messages pushed to units' systems, by unit, district or month; matters and measures have none. */
export async function pushed(
  client: pg.ClientBase,
  { from, to, unit, district }: Question,
): Promise<{ unit: number; region: number | null; month: string; pushed: number }[]> {
  const { rows } = await client.query(
    `SELECT unit_id AS unit, region, to_char(day, 'YYYY-MM') AS month, sum(pushed)::int AS pushed FROM xh.pushed_messages($1, $2)
      WHERE ($3::int IS NULL OR unit_id = $3) AND ($4::int IS NULL OR region = $4) GROUP BY 1, 2, 3`,
    [from, to, unit ?? null, district ?? null],
  )
  return rows
}

export interface CaseRow {
  readonly number: string
  readonly unit: string
  readonly unitId: number
  readonly matter: string
  readonly askedAt: string
  readonly result: string
  /** Null of a natural person. */
  readonly applicant: string | null
  readonly uscc: string | null
  readonly person: boolean
  readonly caseNumber: string
  readonly decision: string | null
  readonly effect: string | null
  readonly feedbackDue: string | null
  readonly fedBack: boolean
  readonly overdue: boolean
  readonly unexplained: boolean
  /** What became of each incentive that was offered; none of a natural person. */
  readonly incentives: readonly IncentiveOutcome[]
}

/** `granted` is null until the unit has told. */
export interface IncentiveOutcome {
  readonly measure: string
  readonly granted: boolean | null
  /** What was really granted, and why not or only in part, in the unit's words. */
  readonly what: string | null
  readonly reason: string | null
}

const ROW = `c.number, c.unit, c.unit_id AS "unitId", c.matter_name AS matter,
  to_char(c.asked_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS "askedAt", c.result, c.applicant, c.uscc, c.person,
  c.case_number AS "caseNumber", c.decision, c.effect, c.feedback_due::text AS "feedbackDue", c.fed_back AS "fedBack", c.overdue, c.unexplained,
  c.incentives`

/** Exactly the rows that a figure counts, newest first. */
export async function caseRows(
  client: pg.ClientBase,
  question: Question,
  figure: Figure,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ total: number; rows: CaseRow[] }> {
  const { rows } = await client.query(
    `SELECT ${ROW}, (count(*) OVER ())::int AS total ${SOURCE} AND ${FIGURE[figure]} ORDER BY c.check_id DESC LIMIT $8 OFFSET $9`,
    [...valuesOf(question), page.limit, page.offset],
  )
  return { total: rows[0]?.total ?? 0, rows: rows.map(({ total: _, ...row }) => row) }
}

export async function caseRow(client: pg.ClientBase, number: string) {
  const { rows: found } = await client.query(
    `SELECT day::text AS day, answer, purpose, officer, decision_reason AS "decisionReason", decided_by AS "decidedBy",
            confirmed_by AS "confirmedBy", to_char(decided_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS "decidedAt", feedback
       FROM xh.supervised_check($1)`,
    [number],
  )
  if (found[0] === undefined) return undefined
  const { rows } = await client.query(
    `SELECT ${ROW} FROM xh.supervised_checks($1, $1) c WHERE c.number = $2`,
    [found[0].day, number],
  )
  return { ...(rows[0] as CaseRow), ...found[0] }
}

/** Cases by a rule: whose unit, how many, and their numbers. */
export interface Standing {
  readonly unit: number
  readonly unitName: string
  readonly count: number
  readonly of: number
  readonly numbers: readonly string[]
}

export async function overridesAlways(
  client: pg.ClientBase,
  [from, to]: readonly [string, string],
  { decided, percent }: { readonly decided: number; readonly percent: number },
): Promise<Standing[]> {
  const { rows } = await client.query(
    `SELECT unit_id AS unit, min(c.unit) AS "unitName", count(*) FILTER (WHERE decision = 'overridden')::int AS count, count(*)::int AS of,
            (array_agg(number ORDER BY check_id DESC) FILTER (WHERE decision = 'overridden'))[1:500] AS numbers
       FROM xh.supervised_checks($1, $2) c WHERE result = 'intercept' AND decision IS NOT NULL GROUP BY 1
     HAVING count(*) >= $3 AND 100 * count(*) FILTER (WHERE decision = 'overridden') >= $4::int * count(*) ORDER BY 2`,
    [from, to, decided, percent],
  )
  return rows
}

export async function neverFeedsBack(
  client: pg.ClientBase,
  [from, to]: readonly [string, string],
  { due }: { readonly due: number },
): Promise<Standing[]> {
  const { rows } = await client.query(
    `SELECT unit_id AS unit, min(c.unit) AS "unitName", count(*) FILTER (WHERE overdue)::int AS count, count(*)::int AS of,
            (array_agg(number ORDER BY check_id DESC))[1:500] AS numbers
       FROM xh.supervised_checks($1, $2) c WHERE feedback_due < xh.today() GROUP BY 1
     HAVING count(*) >= $3 AND NOT bool_or(fed_back) ORDER BY 2`,
    [from, to, due],
  )
  return rows
}

export async function personWithoutCase(
  client: pg.ClientBase,
  [from, to]: readonly [string, string],
  { persons, blanks }: { readonly persons: number; readonly blanks: readonly string[] },
): Promise<Standing[]> {
  const { rows } = await client.query(
    `WITH asked AS (SELECT * FROM xh.supervised_person_checks($1, $2)),
          shared AS (SELECT unit_id, case_number FROM asked GROUP BY 1, 2 HAVING count(DISTINCT someone) >= $3)
     SELECT a.unit_id AS unit, min(a.unit) AS "unitName", count(*)::int AS count, count(DISTINCT someone)::int AS of,
            (array_agg(a.number ORDER BY a.day DESC, a.number))[1:500] AS numbers
       FROM asked a WHERE lower(btrim(a.case_number)) = ANY ($4) OR EXISTS (SELECT FROM shared s WHERE s.unit_id = a.unit_id AND s.case_number = a.case_number)
      GROUP BY 1 ORDER BY 2`,
    [from, to, persons, blanks],
  )
  return rows
}

export async function samePersonOften(
  client: pg.ClientBase,
  [from, to]: readonly [string, string],
  { times }: { readonly times: number },
): Promise<Standing[]> {
  const { rows } = await client.query(
    `SELECT unit_id AS unit, min(unit) AS "unitName", count(*)::int AS count, 1 AS of,
            (array_agg(number ORDER BY day DESC, number))[1:500] AS numbers
       FROM xh.supervised_person_checks($1, $2) GROUP BY unit_id, someone HAVING count(*) >= $3 ORDER BY 2`,
    [from, to, times],
  )
  return rows
}
