import type { Effect, MeasureObject } from '../measures/measure.ts'
import { explain } from './explain.ts'
import type { Answer, AnswerInput, ApplicantKind, CheckResult, Hit, HitEffect, Match } from './shapes.ts'

/** The weightiest comes first. */
const WEIGHT: readonly CheckResult[] = [
  'intercept',
  'toBeDecidedByAnOfficer',
  'warn',
  'remind',
  'reward',
  'clear',
]

/** What the lists, the measures and the matter say of an application. Pure: it knows no clock and no database. */
export function composeAnswer(input: AnswerInput): Answer {
  const found = matchesOf(input)
  // An incentive rests as long as a list of serious dishonesty says otherwise, whether or not a measure follows it.
  const serious = input.entries.filter(({ list }) => list.class === 'seriousDishonesty')
  const matches = serious.length === 0 ? found : found.filter(({ effect }) => effect !== 'reward')
  const suspended = matches.length < found.length ? serious : []
  const hits = matches.map(hitOf)
  const result = WEIGHT.find((one) => hits.some(({ effect }) => effect === one)) ?? 'clear'
  return {
    number: input.number,
    result,
    asOf: shanghaiInstant(input.at),
    validUntil: shanghaiInstant(input.validUntil),
    hits,
    resembling: input.kind === 'person' ? [] : input.resembling,
    explanation: explain(input, result, matches, suspended),
    objection: objectionOf(input, hits),
    notice: { url: hits.some(({ effect }) => effect !== 'reward') ? input.notice : null },
  }
}

function matchesOf(input: AnswerInput): Match[] {
  const object: MeasureObject = input.kind === 'person' ? 'person' : 'organisation'
  return input.entries.flatMap((entry) =>
    input.measures
      .filter(({ lists, objects }) => lists.includes(entry.list.code) && objects.includes(object))
      .map((measure) => ({ entry, measure, effect: effectFor(input.kind, measure.effect) })),
  )
}

function hitOf({ entry, measure, effect }: Match): Hit {
  const { publicName, documentNumber, authority, listedOn, until, reason } = entry
  return {
    list: { code: entry.list.code, title: entry.list.title.zh },
    fact: { publicName, documentNumber, authority, listedOn, until, reason },
    measure: {
      code: measure.code,
      title: measure.title.zh,
      law: measure.law,
      article: measure.article,
    },
    effect,
    ...(entry.origin === undefined ? {} : { origin: entry.origin }),
  }
}

/** No adverse decision about a person is automatic, and an individual business is decided about as a person is. */
function effectFor(kind: ApplicantKind, effect: Effect): HitEffect {
  if (kind === 'organisation' || effect === 'reward') return effect
  return kind === 'person' || effect === 'intercept' ? 'toBeDecidedByAnOfficer' : effect
}

function objectionOf(input: AnswerInput, hits: readonly Hit[]): Answer['objection'] {
  const authorities = [...new Set(hits.map(({ fact }) => fact.authority))].filter((name) => name !== '')
  const or = (joint: string, word: string) =>
    authorities.length === 0 ? '' : `${authorities.join(joint)}${word}`
  const zh =
    hits.length === 0
      ? '对本次核查有异议的，可凭核查编号向信用中心提出。'
      : `对名单信息有异议的，可向${or('、', '或')}信用中心提出异议申诉（7个工作日内核实）；已履行义务的，可向作出认定的单位申请信用修复；对办理结果不服的，可依法申请行政复议或者提起行政诉讼。`
  const en =
    hits.length === 0
      ? 'Objections to this check go to the credit centre, with its number.'
      : `Objections to an entry go to ${or(', ', ' or to ')}the credit centre (examined within 7 working days); whoever has done their duty may apply to the determining authority for credit repair; against the decision itself there are administrative reconsideration and suit.`
  return { zh, en, url: hits.length === 0 ? null : input.notice }
}

/** An instant in the clock of Asia/Shanghai, which knows no summer time: `2026-11-25T23:59:59.123+08:00`. */
export function shanghaiInstant(milliseconds: number): string {
  return `${new Date(milliseconds + 8 * 3_600_000).toISOString().slice(0, -1)}+08:00`
}
