import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { Nullable } from '../../platform/http/shapes.ts'
import type { Home } from './home.ts'
import type { NilReports } from './nil-reports.ts'

const Day = Type.String({ pattern: '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$' })
const Code = Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$' })
const Item = Type.Object({
  code: Type.String(),
  title: Type.Object({ zh: Type.String(), en: Type.String() }),
})
const Rate = Type.Union([Type.Number(), Type.Null()])
const HomeShape = Type.Object({
  today: Type.String(),
  deadlines: Type.Array(
    Type.Object({
      what: Type.String({ description: 'rejected | nil' }),
      item: Item,
      decidedOn: Nullable(Type.String()),
      rows: Type.Integer(),
      delivery: Nullable(Type.Integer()),
      due: Nullable(Type.String()),
      daysLeft: Nullable(Type.Integer()),
      light: Type.String({ description: 'green | yellow | red | unknown' }),
    }),
  ),
  cameBack: Type.Array(
    Type.Object({
      delivery: Type.Integer(),
      item: Item,
      rejected: Type.Integer(),
      stillRejected: Type.Integer(),
      receivedAt: Type.String(),
    }),
  ),
  inReview: Type.Integer(),
  held: Type.Integer(),
  withdrawalsToConfirm: Type.Integer(),
  toApprove: Type.Integer({ description: '他人提出、待我审批 proposals of others that I may decide' }),
  toDecide: Type.Integer({ description: '待决定的核查 checks that wait for an officer' }),
  toFeedBack: Type.Integer({ description: '待反馈的核查 checks to be fed back' }),
  toAnswer: Type.Integer({ description: '待答复的督办 urges without an answer' }),
  drafts: Type.Integer(),
  figures: Type.Object({
    month: Type.String(),
    reported: Type.Integer(),
    onTime: Type.Integer(),
    late: Type.Integer(),
    timeliness: Rate,
    firstDeliveryRows: Type.Integer(),
    firstDeliveryPassed: Type.Integer(),
    compliance: Rate,
  }),
})
const PeriodShape = Type.Object({
  item: Item,
  period: Type.String(),
  from: Type.String(),
  to: Type.String(),
  decisions: Type.Integer(),
  nil: Type.Union([Type.Object({ by: Type.String(), at: Type.String() }), Type.Null()]),
  state: Type.String({ description: 'reported | nil | contradicted | silent | open' }),
})
const NilQuery = Type.Object({
  period: Type.Optional(Type.Union([Type.Literal('week'), Type.Literal('month')])),
  item: Type.Optional(Code),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 60, default: 8 })),
})
const NewNil = Type.Object({ item: Code, from: Day, to: Day }, { additionalProperties: false })

/** What a unit owes: the home page and nil reports. */
export function obligationRoutes(app: FastifyInstance, { home, nil }: { home: Home; nil: NilReports }): void {
  const config = { access: { may: 'delivery.make' } } as const
  app.get(
    '/api/console/home',
    { config, schema: { hide: true, response: { 200: HomeShape } } },
    async (request) => home.of(actorOf(request)),
  )
  app.get<{ Querystring: Static<typeof NilQuery> }>(
    '/api/console/nil-reports',
    {
      config,
      schema: {
        hide: true,
        querystring: NilQuery,
        response: { 200: Type.Object({ periods: Type.Array(PeriodShape) }) },
      },
    },
    async (request) => {
      const { period, item, count } = request.query
      return {
        periods: await nil.periods(request.signedIn.unitId as number, {
          period: period ?? 'week',
          item,
          count: count ?? 8,
        }),
      }
    },
  )
  app.post<{ Body: Static<typeof NewNil> }>(
    '/api/console/nil-reports',
    {
      config,
      schema: { hide: true, body: NewNil, response: { 201: Type.Object({ declared: Type.Boolean() }) } },
    },
    async (request, reply) => {
      await nil.declare(actorOf(request), request.body)
      return reply.status(201).send({ declared: true })
    },
  )
}
