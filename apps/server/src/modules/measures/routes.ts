import { EFFECTS } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { Body, done, Names, problems, Text } from '../../platform/http/shapes.ts'
import type { Measures, NewBinding, SubscriptionWish } from './service.ts'

const Nullable = Type.Union([Type.String(), Type.Null()])
const Effects = Type.Union(EFFECTS.map((effect) => Type.Literal(effect)))
const MatterCode = Type.String({ pattern: '^[0-9A-Za-z][0-9A-Za-z-]{3,39}$' })
const MeasureCode = Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$' })
const Id = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
const Reason = Body({ reason: Text(500, 2) })
const Proposed = Type.Object({ approval: Type.Integer() })
const Binding = {
  measure: MeasureCode,
  matters: Type.Optional(Type.Array(MatterCode, { minItems: 1, maxItems: 5000 })),
  rule: Type.Optional(Text(500)),
}
const Filter = Type.Object({
  text: Type.Optional(Type.String({ maxLength: 100 })),
  kind: Type.Optional(Text(20)),
  bound: Type.Optional(Type.Boolean()),
  after: Type.Optional(MatterCode),
})
const tags = ['joint action']

/** Measures, matters, bindings and subscriptions for the centre and the units. */
export function measureRoutes(app: FastifyInstance, measures: Measures): void {
  app.get(
    '/api/console/measures',
    {
      config: { access: { may: 'matter.read' } },
      schema: {
        tags,
        summary: '奖惩措施及其法律依据 measures and their laws',
        response: {
          200: Type.Object({
            measures: Type.Array(
              Type.Object({
                code: Type.String(),
                version: Type.Integer(),
                family: Type.String(),
                title: Names,
                applies: Type.Boolean(),
                executedBy: Type.Array(Type.String()),
                note: Type.Union([Names, Type.Null()]),
                grounds: Type.Array(
                  Type.Object({
                    kind: Type.String(),
                    law: Type.String(),
                    article: Type.String(),
                    lists: Type.Array(Type.String()),
                    objects: Type.Array(Type.String()),
                    effects: Type.Array(Type.String()),
                    from: Type.String(),
                    until: Type.Optional(Type.String()),
                    inForce: Type.Boolean(),
                  }),
                ),
                matters: Type.Integer(),
              }),
            ),
          }),
          ...problems,
        },
      },
    },
    async () => ({ measures: await measures.measures() }),
  )

  app.get<{ Querystring: Static<typeof Filter> }>(
    '/api/console/matters',
    {
      config: { access: { may: 'matter.read' } },
      schema: {
        tags,
        summary: '行政事项、所关联的措施和订阅 matters, the measures bound to them and subscriptions',
        querystring: Filter,
        response: {
          200: Type.Object({
            total: Type.Integer(),
            matters: Type.Array(
              Type.Object({
                code: Type.String(),
                name: Type.String(),
                kind: Type.String(),
                unit: Type.String(),
                bound: Type.Array(Type.String()),
                subscriptions: Type.Array(
                  Type.Object({
                    id: Type.Integer(),
                    measure: Type.String(),
                    effect: Effects,
                    since: Type.String(),
                  }),
                ),
              }),
            ),
          }),
          ...problems,
        },
      },
    },
    async (request) => measures.matters(actorOf(request), request.query),
  )

  app.get(
    '/api/console/bindings',
    {
      config: { access: { may: 'matter.read' } },
      schema: {
        tags,
        summary: '措施与事项的关联 which measure meets which matters',
        response: {
          200: Type.Object({
            bindings: Type.Array(
              Type.Object({
                id: Type.Integer(),
                measure: Type.String(),
                rule: Nullable,
                matters: Type.Integer(),
                reason: Type.String(),
                proposedBy: Type.String(),
                approvedBy: Type.String(),
                madeAt: Type.String(),
                endedAt: Nullable,
              }),
            ),
          }),
          ...problems,
        },
      },
    },
    async () => ({ bindings: await measures.bindings() }),
  )

  const Preview = Body(Binding)
  app.post<{ Body: Static<typeof Preview> }>(
    '/api/console/bindings/preview',
    {
      config: { access: { may: 'matter.read' } },
      schema: {
        tags,
        summary: '试算一条关联将涉及的事项 the matters that a binding would meet',
        body: Preview,
        response: {
          200: Type.Object({
            matters: Type.Integer(),
            first: Type.Array(
              Type.Object({
                code: Type.String(),
                name: Type.String(),
                kind: Type.String(),
                unit: Type.String(),
              }),
            ),
          }),
          ...problems,
        },
      },
    },
    async (request) => measures.preview(actorOf(request), request.body as NewBinding),
  )

  const Bind = Body({ ...Binding, reason: Text(500, 2) })
  app.post<{ Body: Static<typeof Bind> }>(
    '/api/console/bindings',
    {
      config: { access: { may: 'measure.bind' } },
      schema: {
        tags,
        summary: '提出关联，由第二人批准 propose a binding to a second person',
        body: Bind,
        response: { 202: Proposed, ...problems },
      },
    },
    async (request, reply) => {
      const { reason, ...binding } = request.body
      const approval = await measures.proposeBinding(actorOf(request), binding as NewBinding, reason)
      return reply.status(202).send({ approval })
    },
  )

  app.post<{ Params: Static<typeof Id>; Body: Static<typeof Reason> }>(
    '/api/console/bindings/:id/end',
    {
      config: { access: { may: 'measure.bind' } },
      schema: {
        tags,
        summary: '提出终止关联 propose to end a binding',
        params: Id,
        body: Reason,
        response: { 202: Proposed, ...problems },
      },
    },
    async (request, reply) => {
      const approval = await measures.proposeUnbinding(
        actorOf(request),
        request.params.id,
        request.body.reason,
      )
      return reply.status(202).send({ approval })
    },
  )

  const Subscribe = Body({
    lines: Type.Array(Body({ matter: MatterCode, measure: MeasureCode, effect: Effects }), {
      minItems: 1,
      maxItems: 500,
    }),
    reason: Text(500, 2),
  })
  app.post<{ Body: Static<typeof Subscribe> }>(
    '/api/console/subscriptions',
    {
      config: { access: { may: 'matter.subscribe' } },
      schema: {
        tags,
        summary: '提出订阅措施，由本单位第二人批准 propose subscriptions to a second person of the unit',
        body: Subscribe,
        response: { 202: Proposed, ...problems },
      },
    },
    async (request, reply) => {
      const { lines, reason } = request.body
      const approval = await measures.proposeSubscription(
        actorOf(request),
        lines as SubscriptionWish[],
        reason,
      )
      return reply.status(202).send({ approval })
    },
  )

  app.post<{ Params: Static<typeof Id>; Body: Static<typeof Reason> }>(
    '/api/console/subscriptions/:id/end',
    {
      config: { access: { may: 'matter.subscribe' } },
      schema: {
        tags,
        summary: '停止订阅 end a subscription',
        params: Id,
        body: Reason,
        response: { ...done, ...problems },
      },
    },
    async (request, reply) => {
      await measures.unsubscribe(actorOf(request), request.params.id, request.body.reason)
      return reply.status(204).send(null)
    },
  )
}
