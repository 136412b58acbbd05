import { APPLICANT_KINDS, CHECK_RESULTS } from '@xinheng/core'
import { Type } from 'typebox'
import { Body, Names, Text } from '../../platform/http/shapes.ts'

const Day = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' })
const Nullable = Type.Union([Type.String(), Type.Null()])
const oneOf = <T extends string>(values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)))

export const ByNumber = Type.Object({
  number: Type.String({ pattern: '^[0-9A-HJKMNP-TV-Z]{20}$', description: '核查编号 the number of a check' }),
})

/** Repeats are told from new requests by it. */
export const Idempotent = Type.Object({
  'idempotency-key': Type.String({
    pattern: '^[A-Za-z0-9_.:-]{8,128}$',
    description: '重试用同一个键，答复也是同一个 the same key gives the same answer',
  }),
})

export const Question = Body({
  matter: Type.String({
    pattern: '^[0-9A-Za-z][0-9A-Za-z-]{3,39}$',
    description: '事项编码 the matter’s code',
    examples: ['51990000100101'],
  }),
  applicant: Body({
    kind: oneOf(APPLICANT_KINDS),
    identifier: Type.String({
      minLength: 15,
      maxLength: 40,
      description:
        '统一社会信用代码；自然人为公民身份号码 the unified code, of a person the identity number: never in a URL, never stored in clear',
    }),
    name: Text(200),
  }),
  purpose: Type.String({ minLength: 2, maxLength: 200, description: '用途 what for' }),
  caseNumber: Type.String({
    minLength: 1,
    maxLength: 100,
    description: '业务系统自己的办件编号 your own number',
  }),
  officer: Type.Optional(Text(60)),
  consent: Type.Optional(
    Body({
      number: Type.String({ minLength: 4, maxLength: 64, description: '授权编号 number of the consent' }),
      until: Day,
    }),
  ),
  duty: Type.Optional(
    Body({
      law: Type.String({ minLength: 2, maxLength: 200, description: '法律全称 full name of the law' }),
      article: Type.String({ minLength: 2, maxLength: 60, description: '条款 article' }),
    }),
  ),
})

export const HitShape = Type.Object({
  list: Type.Object({ code: Type.String(), title: Type.String() }),
  fact: Type.Object({
    publicName: Type.String(),
    documentNumber: Type.String(),
    authority: Type.String(),
    listedOn: Type.String(),
    until: Nullable,
    reason: Nullable,
  }),
  measure: Type.Object({
    code: Type.String(),
    title: Type.String(),
    law: Type.String(),
    article: Type.String(),
  }),
  effect: Type.String({ description: CHECK_RESULTS.slice(1).join(' | ') }),
  origin: Type.Optional(Type.Object({ city: Type.String(), agreement: Type.String() })),
})

const Resembling = Type.Object({
  name: Type.String(),
  uscc: Type.String(),
  score: Type.Number(),
  matches: Type.Array(Type.String()),
  differs: Type.Array(Type.String()),
  verdict: Type.Literal('toBeChecked'),
})

const ANSWER = {
  number: Type.String(),
  result: oneOf(CHECK_RESULTS),
  asOf: Type.String(),
  validUntil: Type.String(),
  hits: Type.Array(HitShape),
  resembling: Type.Array(Resembling, {
    description: '名称相近，仅供人工核对 to be checked by a person, no ground of anything',
  }),
  explanation: Names,
  objection: Type.Object({ zh: Type.String(), en: Type.String(), url: Nullable }),
  notice: Type.Object({ url: Nullable }),
}

export const AnswerShape = Type.Object(ANSWER)

export const FoundAnswer = Type.Object({
  ...ANSWER,
  decision: Type.Union([
    Type.Object({
      decision: oneOf(['kept', 'overridden', 'applied', 'notApplied']),
      decidedAt: Type.String(),
    }),
    Type.Null(),
  ]),
})

export const FeedbackBody = Body({
  applied: oneOf(['yes', 'no', 'partly']),
  effect: oneOf(['拦截', '放行', '提示', '激励']),
  measure: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$' })),
  done: Type.String({ minLength: 2, maxLength: 1000, description: '实际办理情况 what was done' }),
  doneOn: Day,
  notAppliedReason: Type.Optional(Type.String({ minLength: 2, maxLength: 1000 })),
  granted: Type.Optional(
    Type.String({
      minLength: 2,
      maxLength: 500,
      description: '实际给予的便利 what an incentive really gave',
    }),
  ),
  document: Type.Optional(Text(200)),
})

export const FeedbackTaken = Type.Object({
  feedback: Type.Integer(),
  dueOn: Nullable,
  late: Type.Boolean(),
})
