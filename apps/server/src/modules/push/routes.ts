import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { Body, done, Names, problems, proposed, Text } from '../../platform/http/shapes.ts'
import type { Desk } from './desk.ts'
import type { Exchange } from './exchange.ts'
import type { WidgetOrigins } from './origins.ts'
import type { NewSubscription, Subscriptions } from './subscriptions.ts'

const Nullable = Type.Union([Type.String(), Type.Null()])
const Reason = Text(500, 2)
const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' })
const ListCode = Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$' })
const DELIVERY = Type.Union([Type.Literal('webhook'), Type.Literal('pull'), Type.Literal('exchange')])
const STATE = Type.Union(
  (['waiting', 'tried', 'acknowledged', 'dead', 'again', 'setAside'] as const).map((one) =>
    Type.Literal(one),
  ),
)
export const SubscriptionShape = Type.Object({
  id: Type.String(),
  name: Type.String(),
  unit: Type.Object({ id: Type.Integer(), name: Type.String() }),
  client: Type.String(),
  lists: Type.Array(Type.String()),
  regions: Type.Array(Type.String()),
  industries: Type.Array(Type.String()),
  delivery: DELIVERY,
  url: Nullable,
  agreement: Nullable,
  state: Type.String({ description: 'live | silent（接收方不可达 cannot be reached） | stopped' }),
  silentSince: Nullable,
  lastFault: Nullable,
  createdAt: Type.String(),
  stoppedReason: Nullable,
  waiting: Type.Integer(),
  dead: Type.Integer(),
  acknowledged: Type.Integer(),
})
const New = Body({
  name: Text(60),
  client: Type.String({ pattern: '^[a-z][a-z0-9-]{2,39}$' }),
  lists: Type.Array(ListCode, { minItems: 1, maxItems: 100, uniqueItems: true }),
  regions: Type.Array(Type.String({ pattern: '^\\d{2}(?:\\d{2}){0,2}$' }), { maxItems: 50 }),
  industries: Type.Array(Type.String({ pattern: '^[A-T]?\\d{0,4}$', minLength: 1 }), { maxItems: 50 }),
  delivery: DELIVERY,
  url: Type.Optional(Type.String({ pattern: '^https?://[!-~]{3,400}$' })),
  knownAs: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9-]{2,39}$' })),
  agreement: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$' })),
  from: Type.Union([Type.Literal('start'), Type.Literal('now')]),
  reason: Reason,
})
const Message = Type.Object({
  message: Type.String(),
  subscription: Type.String(),
  subscriptionName: Type.String(),
  unit: Type.String(),
  type: Type.String(),
  list: Type.String(),
  change: Type.String(),
  subject: Type.String(),
  uscc: Type.String(),
  documentNumber: Nullable,
  at: Type.String(),
  state: STATE,
  tries: Type.Integer(),
  fault: Nullable,
  lastAt: Nullable,
  acknowledgedAt: Nullable,
  decidedBy: Nullable,
  reason: Nullable,
})
const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 }))
const ById = Type.Object({ id: Id })
const ByMessage = Type.Object({ id: Id, message: Id })
const Given = Body({ reason: Reason })
const From = Text(40)
const OriginText = Type.String({ pattern: '^https?://[a-z0-9.:\\[\\]-]{3,200}$' })

export interface PushParts {
  readonly subscriptions: Subscriptions
  readonly desk: Desk
  readonly exchange: Exchange
  readonly origins: WidgetOrigins
}

/** Subscriptions, their messages and what waits for a person; agreements; sites that may embed the check. */
export function pushRoutes(
  app: FastifyInstance,
  { subscriptions, desk, exchange, origins }: PushParts,
): void {
  const tags = ['push']
  const read = { access: { may: 'subscription.read' } } as const
  const propose = { access: { may: 'subscription.propose' } } as const

  app.get(
    '/api/console/push/subscriptions',
    {
      config: read,
      schema: {
        tags,
        summary: '名单推送的订阅 subscriptions that I may see',
        response: { 200: Type.Object({ subscriptions: Type.Array(SubscriptionShape) }), ...problems },
      },
    },
    async (request) => ({ subscriptions: await subscriptions.list(actorOf(request)) }),
  )

  app.post<{ Body: Static<typeof New> }>(
    '/api/console/push/subscriptions',
    {
      config: { access: { may: 'subscription.propose', fresh: true } },
      schema: {
        tags,
        summary: '提出订阅，由信用中心批准 propose a subscription; the centre approves',
        body: New,
        response: { ...proposed, ...problems },
      },
    },
    async (request, reply) => {
      const { reason, ...one } = request.body
      const approval = await subscriptions.propose(actorOf(request), one as NewSubscription, reason)
      return reply.status(201).send({ approval })
    },
  )

  app.post<{ Params: Static<typeof ById>; Body: Static<typeof Given> }>(
    '/api/console/push/subscriptions/:id/stop',
    {
      config: propose,
      schema: {
        tags,
        summary: '停止订阅，立即生效 end a subscription at once',
        params: ById,
        body: Given,
        response: { ...done, ...problems },
      },
    },
    async (request, reply) => {
      await subscriptions.stop(actorOf(request), request.params.id, request.body.reason)
      return reply.status(204).send(null)
    },
  )

  const Replay = Body({ from: From, reason: Reason })
  app.post<{ Params: Static<typeof ById>; Body: Static<typeof Replay> }>(
    '/api/console/push/subscriptions/:id/replay',
    {
      config: propose,
      schema: {
        tags,
        summary: '从某条消息或某一时刻起重新推送 send everything again from a message or an instant on',
        params: ById,
        body: Replay,
        response: { 200: Type.Object({ messages: Type.Integer() }), ...problems },
      },
    },
    async (request) => {
      const { from, reason } = request.body
      return { messages: await subscriptions.replay(actorOf(request), request.params.id, from, reason) }
    },
  )

  const MessagesQuery = Type.Object({ state: Type.Optional(STATE), limit: Limit })
  app.get<{ Params: Static<typeof ById>; Querystring: Static<typeof MessagesQuery> }>(
    '/api/console/push/subscriptions/:id/messages',
    {
      config: read,
      schema: {
        tags,
        summary: '订阅的消息及其送达情况 messages of a subscription and what became of them',
        params: ById,
        querystring: MessagesQuery,
        response: { 200: Type.Object({ messages: Type.Array(Message) }), ...problems },
      },
    },
    async (request) => {
      const { state, limit = 100 } = request.query
      return {
        messages: await desk.list(actorOf(request), {
          subscription: request.params.id,
          limit,
          ...(state === undefined ? {} : { state }),
        }),
      }
    },
  )

  app.get(
    '/api/console/push/dead-letters',
    {
      config: read,
      schema: {
        tags,
        summary: '接收方多次拒收的消息 messages that a receiver would not take',
        response: { 200: Type.Object({ messages: Type.Array(Message) }), ...problems },
      },
    },
    async (request) => ({ messages: await desk.list(actorOf(request), { state: 'dead', limit: 200 }) }),
  )

  for (const [path, summary, act] of [
    ['again', '再次推送 send it again', 'again'],
    ['set-aside', '搁置并写明理由 leave it be, for a reason', 'setAside'],
  ] as const)
    app.post<{ Params: Static<typeof ByMessage>; Body: Static<typeof Given> }>(
      `/api/console/push/subscriptions/:id/messages/:message/${path}`,
      {
        config: { access: { may: 'push.desk' } },
        schema: {
          tags,
          summary,
          params: ByMessage,
          body: Given,
          response: { ...done, ...problems },
        },
      },
      async (request, reply) => {
        const { id, message } = request.params
        await desk[act](actorOf(request), id, message, request.body.reason)
        return reply.status(204).send(null)
      },
    )

  app.get(
    '/api/console/push/agreements',
    {
      config: read,
      schema: {
        tags,
        summary: '跨市互认协议 agreements with other cities and what stands by them',
        response: {
          200: Type.Object({
            agreements: Type.Array(
              Type.Object({
                code: Type.String(),
                version: Type.Integer(),
                title: Names,
                document: Type.String(),
                parties: Type.Array(
                  Type.Object({ region: Type.String(), name: Type.String(), client: Nullable }),
                ),
                lists: Type.Array(Type.String()),
                matters: Type.Array(Type.String()),
                from: Type.String(),
                until: Nullable,
                inForce: Type.Boolean(),
                received: Type.Integer(),
                stands: Type.Integer(),
              }),
            ),
          }),
          ...problems,
        },
      },
    },
    async (request) => ({ agreements: await exchange.overview(actorOf(request)) }),
  )

  app.get(
    '/api/console/push/origins',
    {
      config: read,
      schema: {
        tags,
        summary: '可嵌入核查的网站 sites in which checks may be embedded',
        response: {
          200: Type.Object({
            origins: Type.Array(
              Type.Object({
                id: Type.Integer(),
                origin: Type.String(),
                unit: Type.Object({ id: Type.Integer(), name: Type.String() }),
                registeredAt: Type.String(),
                endedAt: Nullable,
              }),
            ),
          }),
          ...problems,
        },
      },
    },
    async (request) => ({ origins: await origins.list(actorOf(request)) }),
  )

  const NewOrigin = Body({
    origin: OriginText,
    unit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
    reason: Reason,
  })
  app.post<{ Body: Static<typeof NewOrigin> }>(
    '/api/console/push/origins',
    {
      config: { access: { may: 'widget.propose', fresh: true } },
      schema: {
        tags,
        summary: '登记网站来源，由信用中心批准 propose an origin; the centre approves',
        body: NewOrigin,
        response: { ...proposed, ...problems },
      },
    },
    async (request, reply) => {
      const { origin, unit, reason } = request.body
      return reply
        .status(201)
        .send({ approval: await origins.propose(actorOf(request), origin, unit, reason) })
    },
  )

  const ByOrigin = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
  app.post<{ Params: Static<typeof ByOrigin>; Body: Static<typeof Given> }>(
    '/api/console/push/origins/:id/end',
    {
      config: { access: { may: 'widget.propose' } },
      schema: {
        tags,
        summary: '停用网站来源，立即生效 end an origin at once',
        params: ByOrigin,
        body: Given,
        response: { ...done, ...problems },
      },
    },
    async (request, reply) => {
      await origins.end(actorOf(request), request.params.id, request.body.reason)
      return reply.status(204).send(null)
    },
  )
}
