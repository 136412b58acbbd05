import type { FastifyInstance } from 'fastify'
import { type Static, type TSchema, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { Body, done, fileOf, Names, problems, Text, WORKBOOK } from '../../platform/http/shapes.ts'
import type { Supervision, Urges } from './service.ts'
import { DIMENSIONS, FIGURES, type Question } from './store.ts'
import { supervisionWorkbook } from './workbook.ts'

const Day = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' })
const Number20 = Type.String({ pattern: '^[0-9A-HJKMNP-TV-Z]{20}$' })
const Nullable = <T extends TSchema>(of: T) => Type.Union([of, Type.Null()])
const oneOf = <T extends string>(values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)))

const QUESTION = {
  from: Day,
  to: Day,
  unit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  matter: Type.Optional(Type.String({ pattern: '^[0-9A-Za-z][0-9A-Za-z-]{3,39}$' })),
  measure: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$' })),
  district: Type.Optional(Type.Integer({ minimum: 100_000, maximum: 999_999 })),
  month: Type.Optional(Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$' })),
}
const closed = { additionalProperties: false }
const BoardQuery = Type.Object({ ...QUESTION, by: oneOf(DIMENSIONS) }, closed)
const CasesQuery = Type.Object(
  {
    ...QUESTION,
    figure: oneOf(FIGURES),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  },
  closed,
)
const Period = Type.Object({ from: Day, to: Day }, closed)
const Figures = Object.fromEntries(FIGURES.map((figure) => [figure, Type.Integer()]))
const Board = Type.Object({
  from: Day,
  to: Day,
  by: oneOf(DIMENSIONS),
  totals: Type.Object({ ...Figures, pushed: Type.Integer() }),
  groups: Type.Array(
    Type.Object({
      key: Type.String(),
      title: Names,
      figures: Type.Object(Figures),
      pushed: Nullable(Type.Integer()),
    }),
  ),
})
const ROW = {
  number: Type.String(),
  unit: Type.String(),
  unitId: Type.Integer(),
  matter: Type.String(),
  askedAt: Type.String(),
  result: Type.String(),
  applicant: Nullable(Type.String()),
  uscc: Nullable(Type.String()),
  person: Type.Boolean(),
  caseNumber: Type.String(),
  decision: Nullable(Type.String()),
  effect: Nullable(Type.String()),
  feedbackDue: Nullable(Type.String()),
  fedBack: Type.Boolean(),
  overdue: Type.Boolean(),
  unexplained: Type.Boolean(),
  incentives: Type.Array(
    Type.Object({
      measure: Type.String(),
      title: Names,
      granted: Nullable(Type.Boolean()),
      what: Nullable(Type.String()),
      reason: Nullable(Type.String()),
    }),
  ),
}
const Case = Type.Object({
  ...ROW,
  purpose: Type.String(),
  officer: Nullable(Type.String()),
  decisionReason: Nullable(Type.String()),
  decidedBy: Nullable(Type.String()),
  confirmedBy: Nullable(Type.String()),
  decidedAt: Nullable(Type.String()),
  feedback: Type.Array(
    Type.Object({
      applied: Type.String(),
      effect: Type.String(),
      measure: Nullable(Names),
      done: Type.String(),
      doneOn: Type.String(),
      reason: Nullable(Type.String()),
      granted: Nullable(Type.String()),
      by: Type.String(),
      at: Type.String(),
    }),
  ),
  // As it was given; of a natural person it stays with the unit that asked.
  answer: Nullable(
    Type.Object({
      explanation: Names,
      hits: Type.Array(
        Type.Object({
          list: Type.Object({ code: Type.String(), title: Type.String() }),
          fact: Type.Object({
            documentNumber: Type.String(),
            authority: Type.String(),
            listedOn: Type.String(),
          }),
          measure: Type.Object({
            code: Type.String(),
            title: Type.String(),
            law: Type.String(),
            article: Type.String(),
          }),
          effect: Type.String(),
        }),
      ),
    }),
  ),
})
const Look = Type.Object({
  rules: Type.Array(
    Type.Object({
      rule: Type.String(),
      title: Names,
      words: Names,
      standing: Type.Array(
        Type.Object({
          unit: Type.Integer(),
          unitName: Type.String(),
          count: Type.Integer(),
          of: Type.Integer(),
          numbers: Type.Array(Type.String()),
        }),
      ),
    }),
  ),
})
const UrgeShape = Type.Object({
  id: Type.Integer(),
  unitId: Type.Integer(),
  unit: Type.String(),
  rule: Nullable(Type.String()),
  numbers: Type.Array(Type.String()),
  demand: Type.String(),
  dueOn: Type.String(),
  urgedBy: Type.String(),
  urgedAt: Type.String(),
  state: oneOf(['open', 'answered', 'overdue', 'closed']),
  closing: Nullable(Type.String()),
  closedBy: Nullable(Type.String()),
  replies: Type.Array(Type.Object({ reply: Type.String(), by: Type.String(), at: Type.String() })),
})
const NewUrge = Body({
  numbers: Type.Array(Number20, { minItems: 1, maxItems: 500 }),
  demand: Text(2000, 4),
  dueOn: Day,
  rule: Type.Optional(Text(60)),
})
const Reply = Body({ reply: Text(4000, 4) })
const Closing = Body({ closing: Text(1000, 2) })
const Id = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
const read = { config: { access: { may: 'supervision.read' as const } } }

/** The supervision board, its cases, what is worth a look, and urging. */
export function supervisionRoutes(
  app: FastifyInstance,
  { supervision, urges }: { supervision: Supervision; urges: Urges },
  city: string,
): void {
  app.get<{ Querystring: Static<typeof BoardQuery> }>(
    '/api/console/supervision',
    { ...read, schema: { hide: true, querystring: BoardQuery, response: { 200: Board, ...problems } } },
    (request) => {
      const { by, ...question } = request.query
      return supervision.board(actorOf(request), question as Question, by)
    },
  )
  app.get<{ Querystring: Static<typeof CasesQuery> }>(
    '/api/console/supervision/cases',
    {
      ...read,
      schema: {
        hide: true,
        querystring: CasesQuery,
        response: {
          200: Type.Object({ total: Type.Integer(), rows: Type.Array(Type.Object(ROW)) }),
          ...problems,
        },
      },
    },
    (request) => {
      const { figure, limit = 50, offset = 0, ...question } = request.query
      return supervision.cases(actorOf(request), question as Question, figure, { limit, offset })
    },
  )
  app.get<{ Params: { number: string } }>(
    '/api/console/supervision/cases/:number',
    {
      ...read,
      schema: {
        hide: true,
        params: Type.Object({ number: Number20 }),
        response: { 200: Case, ...problems },
      },
    },
    (request) => supervision.case(actorOf(request), request.params.number),
  )
  app.get<{ Querystring: Static<typeof Period> }>(
    '/api/console/supervision/workbook',
    { ...read, schema: { hide: true, querystring: Period, response: fileOf(WORKBOOK) } },
    async (request, reply) => {
      const { from, to } = request.query
      const boards = []
      for (const by of DIMENSIONS) boards.push(await supervision.board(actorOf(request), { from, to }, by))
      return reply
        .type(WORKBOOK)
        .header('content-disposition', `attachment; filename="joint-action-${from}-${to}.xlsx"`)
        .send(await supervisionWorkbook(boards, city))
    },
  )
  app.get<{ Querystring: Static<typeof Period> }>(
    '/api/console/supervision/worth-a-look',
    { ...read, schema: { hide: true, querystring: Period, response: { 200: Look, ...problems } } },
    async (request) => ({
      rules: await supervision.worthALook(actorOf(request), request.query.from, request.query.to),
    }),
  )
  app.get(
    '/api/console/supervision/urges',
    {
      ...read,
      schema: {
        hide: true,
        response: { 200: Type.Object({ urges: Type.Array(UrgeShape) }), ...problems },
      },
    },
    async (request) => ({ urges: await urges.list(actorOf(request)) }),
  )
  app.post<{ Body: Static<typeof NewUrge> }>(
    '/api/console/supervision/urges',
    {
      config: { access: { may: 'supervision.urge' } },
      schema: {
        hide: true,
        body: NewUrge,
        response: { 201: Type.Object({ urge: Type.Integer() }), ...problems },
      },
    },
    async (request, reply) =>
      reply.status(201).send({ urge: await urges.urge(actorOf(request), request.body) }),
  )
  app.post<{ Params: Static<typeof Id>; Body: Static<typeof Reply> }>(
    '/api/console/supervision/urges/:id/reply',
    {
      config: { access: { may: 'supervision.answer' } },
      schema: { hide: true, params: Id, body: Reply, response: { ...done, ...problems } },
    },
    async (request, reply) => {
      await urges.reply(actorOf(request), request.params.id, request.body.reply)
      return reply.status(204).send(null)
    },
  )
  app.post<{ Params: Static<typeof Id>; Body: Static<typeof Closing> }>(
    '/api/console/supervision/urges/:id/close',
    {
      config: { access: { may: 'supervision.urge' } },
      schema: { hide: true, params: Id, body: Closing, response: { ...done, ...problems } },
    },
    async (request, reply) => {
      await urges.close(actorOf(request), request.params.id, request.body.closing)
      return reply.status(204).send(null)
    },
  )
}
