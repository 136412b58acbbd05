import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import type { OwnFacts } from './own-facts.ts'
import type { Releases } from './releases.ts'
import { WITHDRAWAL_REASONS, type Withdrawals } from './service.ts'

const Sentence = Type.Object({ zh: Type.String(), en: Type.String() })
const Text = Type.Union([Type.String(), Type.Null()])
const Item = Type.Object({ code: Type.String(), title: Sentence })
const FactId = Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' })
const Reason = Type.Union(WITHDRAWAL_REASONS.map((reason) => Type.Literal(reason)))
const Ground = Type.String({ minLength: 2, maxLength: 500 })
const State = Type.Union([Type.Literal('open'), Type.Literal('confirmed'), Type.Literal('refused')])

const Fact = Type.Object({
  id: FactId,
  item: Item,
  subject: Type.String(),
  uscc: Text,
  documentNumber: Text,
  decidedOn: Text,
  publicFrom: Text,
  publicUntil: Text,
  state: Type.String({ description: 'public | notPublic | held | hidden | withdrawn' }),
  hold: Type.Union([Type.Object({ code: Type.String(), message: Sentence }), Type.Null()]),
  keptBack: Text,
  withdrawal: Type.Union([Type.Integer(), Type.Null()]),
  delivery: Type.Integer(),
  row: Type.Integer(),
})
const WithdrawalShape = Type.Object({
  withdrawal: Type.Integer(),
  fact: Type.String(),
  item: Item,
  subject: Type.String(),
  documentNumber: Text,
  reason: Type.String(),
  ground: Type.String(),
  by: Type.String(),
  at: Type.String(),
  due: Type.String(),
  overdue: Type.Boolean(),
  state: State,
  decidedBy: Text,
  decidedAt: Text,
  decisionReason: Text,
  mayDecide: Type.Boolean(),
})
const NewWithdrawal = Type.Object(
  { fact: FactId, reason: Reason, ground: Ground },
  { additionalProperties: false },
)
const Decision = Type.Object(
  { decision: Type.Union([Type.Literal('confirm'), Type.Literal('refuse')]), reason: Ground },
  { additionalProperties: false },
)
const NewRelease = Type.Object(
  { facts: Type.Array(FactId, { minItems: 1, maxItems: 500, uniqueItems: true }), ground: Ground },
  { additionalProperties: false },
)
const ReleaseDecision = Type.Object(
  { decision: Type.Union([Type.Literal('release'), Type.Literal('refuse')]), reason: Ground },
  { additionalProperties: false },
)
const ReleaseShape = Type.Object({
  release: Type.Integer(),
  by: Type.String(),
  at: Type.String(),
  ground: Type.String(),
  facts: Type.Array(Fact),
  mayDecide: Type.Boolean(),
})
const ByNumber = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
const FactsQuery = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 200 })),
  item: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$' })),
  held: Type.Optional(Type.Boolean()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
})

/** A unit's own facts, taking one back, and the second person's word. */
export function withdrawalRoutes(
  app: FastifyInstance,
  { facts, withdrawals, releases }: { facts: OwnFacts; withdrawals: Withdrawals; releases: Releases },
): void {
  const read = { access: { may: 'fact.read' } } as const
  app.get<{ Querystring: Static<typeof FactsQuery> }>(
    '/api/console/facts',
    {
      config: read,
      schema: {
        hide: true,
        querystring: FactsQuery,
        response: { 200: Type.Object({ facts: Type.Array(Fact) }) },
      },
    },
    async (request) => ({
      facts: await facts.list(actorOf(request), { ...request.query, limit: request.query.limit ?? 50 }),
    }),
  )
  app.get<{ Querystring: { state?: Static<typeof State> } }>(
    '/api/console/withdrawals',
    {
      config: read,
      schema: {
        hide: true,
        querystring: Type.Object({ state: Type.Optional(State) }),
        response: { 200: Type.Object({ withdrawals: Type.Array(WithdrawalShape) }) },
      },
    },
    async (request) => ({ withdrawals: await withdrawals.list(actorOf(request), request.query.state) }),
  )
  app.post<{ Body: Static<typeof NewWithdrawal> }>(
    '/api/console/withdrawals',
    {
      config: { access: { may: 'fact.withdraw.propose' } },
      schema: { hide: true, body: NewWithdrawal, response: { 201: WithdrawalShape } },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { fact, reason, ground } = request.body
      const id = await withdrawals.hide(actor, { fact, reason: reason as never, ground })
      return reply.status(201).send(await withdrawals.find(actor, id))
    },
  )
  app.post<{ Params: { id: number }; Body: Static<typeof Decision> }>(
    '/api/console/withdrawals/:id/decide',
    {
      config: { access: { may: 'fact.withdraw.approve', fresh: true } },
      schema: {
        hide: true,
        params: ByNumber,
        body: Decision,
        response: { 200: WithdrawalShape },
      },
    },
    async (request) => {
      const actor = actorOf(request)
      await withdrawals.decide(actor, request.params.id, request.body.decision, request.body.reason)
      return withdrawals.find(actor, request.params.id)
    },
  )

  app.get(
    '/api/console/releases',
    {
      config: read,
      schema: { hide: true, response: { 200: Type.Object({ releases: Type.Array(ReleaseShape) }) } },
    },
    async (request) => ({ releases: await releases.open(actorOf(request)) }),
  )
  app.post<{ Body: Static<typeof NewRelease> }>(
    '/api/console/releases',
    {
      config: { access: { may: 'release.propose' } },
      schema: { hide: true, body: NewRelease, response: { 201: Type.Object({ release: Type.Integer() }) } },
    },
    async (request, reply) => {
      const { facts: ids, ground } = request.body
      return reply.status(201).send({ release: await releases.propose(actorOf(request), ids, ground) })
    },
  )
  app.post<{ Params: { id: number }; Body: Static<typeof ReleaseDecision> }>(
    '/api/console/releases/:id/decide',
    {
      config: { access: { may: 'release.approve', fresh: true } },
      schema: {
        hide: true,
        params: ByNumber,
        body: ReleaseDecision,
        response: { 200: Type.Object({ released: Type.Integer(), changed: Type.Integer() }) },
      },
    },
    async (request) =>
      releases.decide(actorOf(request), request.params.id, request.body.decision, request.body.reason),
  )
}
