import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { Body, problems, Text } from '../../platform/http/shapes.ts'
import type { Exchange, Incoming } from './exchange.ts'
import { SubscriptionShape } from './routes.ts'
import type { Subscriptions } from './subscriptions.ts'

const Nullable = Type.Union([Type.String(), Type.Null()])
const MaybeText = (length: number) => Type.Union([Type.String({ maxLength: length }), Type.Null()])
const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' })
const Day = Type.String({ pattern: '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$' })
const MaybeDay = Type.Union([Day, Type.Null()])
const Uscc = Type.String({ pattern: '^[0-9A-HJ-NP-RTUWXY]{18}$' })
const ById = Type.Object({ id: Id })
const Stream = Type.Object({
  type: Type.Union([Type.Literal('list.entry'), Type.Literal('action.lift')]),
  sequence: Type.Integer(),
  subscription: Type.String(),
  message: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
})

const envelope = {
  messageId: Type.String({ pattern: '^[A-Za-z0-9_-]{16,64}$' }),
  sentAt: Text(40),
  homeRegion: Type.String({ pattern: '^\\d{6}$' }),
  agreementNo: Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$' }),
  signature: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' }),
  listCode: Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$' }),
  docNo: MaybeText(200),
}
/** With nothing that is not named: what a partner sends beside it is refused, not dropped. */
const ForeignEntry = Body({
  ...envelope,
  change: Type.Union([Type.Literal('add'), Type.Literal('update'), Type.Literal('remove')]),
  subject: Body({
    name: Text(200),
    uscc: Uscc,
    kind: Type.Union([
      Type.Literal('organisation'),
      Type.Literal('publicBody'),
      Type.Literal('individualBusiness'),
    ]),
  }),
  authority: MaybeText(200),
  authorityUscc: Type.Union([Uscc, Type.Null()]),
  reason: MaybeText(4000),
  basis: MaybeText(4000),
  listedOn: Day,
  termEnd: MaybeDay,
  removedOn: MaybeDay,
  removeKind: Type.Union([
    ...(['expired', 'repaired', 'revoked', 'changed', 'error', 'shielded', 'held'] as const).map((one) =>
      Type.Literal(one),
    ),
    Type.Null(),
  ]),
  officialNo: Type.Array(Text(40), { maxItems: 50 }),
  edition: MaybeText(80),
})
const ForeignLift = Body({
  ...envelope,
  uscc: Uscc,
  liftedOn: Day,
  cause: Type.Union((['expired', 'repaired', 'revoked', 'court'] as const).map((one) => Type.Literal(one))),
  unitsNotified: Type.Array(Uscc, { maxItems: 1000 }),
  ackAt: Nullable,
})
const sequence = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Foreign = Type.Union([
  Body({ type: Type.Literal('list.entry'), sequence, subscription: Id, message: ForeignEntry }),
  Body({ type: Type.Literal('action.lift'), sequence, subscription: Id, message: ForeignLift }),
])

/** For systems: their own subscriptions, pulled and replayed; and the door for partner cities. */
export function pushMachineRoutes(
  app: FastifyInstance,
  { subscriptions, exchange }: { subscriptions: Subscriptions; exchange: Exchange },
): void {
  const tags = ['machine']
  const receive = { access: { may: 'push.receive' } } as const

  app.get(
    '/api/v1/subscriptions',
    {
      config: receive,
      schema: {
        tags,
        summary: '本系统的订阅 my own subscriptions',
        response: { 200: Type.Object({ subscriptions: Type.Array(SubscriptionShape) }), ...problems },
      },
    },
    async (request) => ({
      subscriptions: await subscriptions.list(actorOf(request), { clientId: request.signedIn.accountId }),
    }),
  )

  const Pull = Type.Object({
    after: Type.Optional(Id),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
  })
  app.get<{ Params: Static<typeof ById>; Querystring: Static<typeof Pull> }>(
    '/api/v1/subscriptions/:id/messages',
    {
      config: receive,
      schema: {
        tags,
        summary: '按次序拉取消息 messages in order, after one or after all that is acknowledged',
        params: ById,
        querystring: Pull,
        response: { 200: Type.Object({ messages: Type.Array(Stream) }), ...problems },
      },
    },
    async (request) => {
      const { after, limit = 100 } = request.query
      return { messages: await subscriptions.pull(actorOf(request), request.params.id, after, limit) }
    },
  )

  const UpTo = Body({ upTo: Id })
  app.post<{ Params: Static<typeof ById>; Body: Static<typeof UpTo> }>(
    '/api/v1/subscriptions/:id/acknowledgements',
    {
      config: receive,
      schema: {
        tags,
        summary: '确认至某条消息 everything up to and with this message is done',
        params: ById,
        body: UpTo,
        response: { 200: Type.Object({ acknowledged: Type.Integer() }), ...problems },
      },
    },
    async (request) => ({
      acknowledged: await subscriptions.acknowledge(actorOf(request), request.params.id, request.body.upTo),
    }),
  )

  const From = Body({ from: Text(40) })
  app.post<{ Params: Static<typeof ById>; Body: Static<typeof From> }>(
    '/api/v1/subscriptions/:id/replay',
    {
      config: receive,
      schema: {
        tags,
        summary: '从某条消息或某一时刻起重发 have everything sent again from a message or an instant on',
        params: ById,
        body: From,
        response: { 200: Type.Object({ messages: Type.Integer() }), ...problems },
      },
    },
    async (request) => ({
      messages: await subscriptions.replay(
        actorOf(request),
        request.params.id,
        request.body.from,
        'push.receive',
      ),
    }),
  )

  app.post<{ Body: Static<typeof Foreign> }>(
    '/api/v1/exchange/messages',
    {
      config: { access: { may: 'exchange.deliver' } },
      schema: {
        tags,
        summary: '协议城市送来的名单消息 a message about an entry of a partner city’s list',
        body: Foreign,
        response: { 200: Type.Object({ acknowledged: Type.String() }), ...problems },
      },
    },
    async (request, reply) => {
      const acknowledged = await exchange.receive(actorOf(request), request.body as Incoming)
      return reply.header('xinheng-acknowledge', acknowledged).send({ acknowledged })
    },
  )
}
