import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { done, proposed } from '../../platform/http/shapes.ts'
import { ComplaintCase, HeldCase, QueueHead, ReviewCase, WorkItem } from './answers.ts'
import type { Work } from './service.ts'

const closed = { additionalProperties: false }
const Kind = Type.Union([Type.Literal('review'), Type.Literal('held'), Type.Literal('complaint')])
const Queue = Type.Object({ queue: Kind })
const One = Type.Object({ queue: Kind, object: Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' }) })
const Object_ = Type.Object({ object: Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' }) })
const Reason = Type.String({ minLength: 2, maxLength: 500 })
const Decision = Type.Object(
  {
    decision: Type.Union([Type.Literal('accept'), Type.Literal('both'), Type.Literal('reject')]),
    reason: Reason,
    subject: Type.Optional(Type.String({ minLength: 18, maxLength: 40 })),
  },
  closed,
)
const Together = Type.Object(
  {
    objects: Type.Array(Type.String({ pattern: '^\\d{1,15}$' }), { minItems: 1, maxItems: 200 }),
    decision: Type.Union([Type.Literal('accept'), Type.Literal('reject')]),
    reason: Reason,
  },
  closed,
)
const Answer = Type.Object(
  {
    state: Type.Union([Type.Literal('mended'), Type.Literal('unfounded'), Type.Literal('elsewhere')]),
    answer: Type.String({ minLength: 4, maxLength: 1000 }),
  },
  closed,
)
const Assignment = Type.Object({ account: Type.Optional(Type.String({ pattern: '^\\d{1,12}$' })) }, closed)

/** Work queues, for the centre's people. */
export function workRoutes(app: FastifyInstance, work: Work): void {
  const hide = true
  const reads = { access: { may: 'review.read' } } as const
  const decides = { access: { may: 'review.decide' } } as const
  app.get(
    '/api/console/work',
    { schema: { hide, response: { 200: Type.Object({ queues: Type.Array(QueueHead) }) } }, config: reads },
    async (request) => ({
      queues: await work.queues(actorOf(request)),
    }),
  )
  app.get(
    '/api/console/work/colleagues',
    {
      schema: {
        hide,
        response: {
          200: Type.Object({
            colleagues: Type.Array(
              Type.Object({ account: Type.String(), name: Type.String(), role: Type.String() }),
            ),
          }),
        },
      },
      config: reads,
    },
    async (request) => ({
      colleagues: await work.colleagues(actorOf(request)),
    }),
  )
  app.get<{ Params: Static<typeof Queue>; Querystring: { done?: boolean } }>(
    '/api/console/work/:queue',
    {
      schema: {
        hide,
        response: { 200: Type.Object({ items: Type.Array(WorkItem) }) },
        params: Queue,
        querystring: Type.Object({ done: Type.Optional(Type.Boolean()) }),
      },
      config: reads,
    },
    async (request) => ({
      items: await work.list(actorOf(request), request.params.queue, request.query.done === true),
    }),
  )
  app.get<{ Params: Static<typeof One> }>(
    '/api/console/work/:queue/:object',
    {
      schema: { hide, response: { 200: Type.Union([ReviewCase, HeldCase, ComplaintCase]) }, params: One },
      config: reads,
    },
    (request) => work.case(actorOf(request), request.params.queue, request.params.object),
  )
  app.post<{ Params: Static<typeof One>; Body: Static<typeof Assignment> }>(
    '/api/console/work/:queue/:object/take',
    { schema: { response: done, hide, params: One, body: Assignment }, config: decides },
    async (request, reply) => {
      await work.take(actorOf(request), request.params.queue, request.params.object, request.body.account)
      return reply.status(204).send()
    },
  )
  app.post<{ Params: Static<typeof One> }>(
    '/api/console/work/:queue/:object/give-back',
    { schema: { response: done, hide, params: One }, config: decides },
    async (request, reply) => {
      await work.giveBack(actorOf(request), request.params.queue, request.params.object)
      return reply.status(204).send()
    },
  )
  app.post<{ Params: Static<typeof Object_>; Body: Static<typeof Decision> }>(
    '/api/console/work/review/:object/decide',
    { schema: { response: done, hide, params: Object_, body: Decision }, config: decides },
    async (request, reply) => {
      const { decision, reason, subject } = request.body
      await work.decideReview(actorOf(request), request.params.object, decision, reason, subject)
      return reply.status(204).send()
    },
  )
  app.post<{ Body: Static<typeof Together> }>(
    '/api/console/work/review/decide-together',
    {
      schema: { hide, response: { 200: Type.Object({ decided: Type.Integer() }) }, body: Together },
      config: decides,
    },
    async (request) => {
      const { objects, decision, reason } = request.body
      return { decided: await work.decideTogether(actorOf(request), objects, decision, reason) }
    },
  )
  app.post<{ Params: Static<typeof Object_>; Body: { reason: string } }>(
    '/api/console/work/held/:object/release',
    {
      schema: {
        response: proposed,
        hide,
        params: Object_,
        body: Type.Object({ reason: Reason }, closed),
      },
      config: { access: { may: 'hold.release.propose' } },
    },
    async (request, reply) => {
      reply.status(201)
      return {
        approval: await work.proposeRelease(actorOf(request), request.params.object, request.body.reason),
      }
    },
  )
  app.post<{ Params: Static<typeof Object_>; Body: { reason: string } }>(
    '/api/console/work/held/:object/keep-back',
    {
      schema: { response: done, hide, params: Object_, body: Type.Object({ reason: Reason }, closed) },
      config: { access: { may: 'hold.release.approve' } },
    },
    async (request, reply) => {
      await work.keepBack(actorOf(request), request.params.object, request.body.reason)
      return reply.status(204).send()
    },
  )
  app.post<{ Params: Static<typeof Object_>; Body: Static<typeof Answer> }>(
    '/api/console/work/complaint/:object/answer',
    {
      schema: { response: done, hide, params: Object_, body: Answer },
      config: { access: { may: 'complaint.handle' } },
    },
    async (request, reply) => {
      const { state, answer } = request.body
      await work.answerComplaint(actorOf(request), request.params.object, state, answer)
      return reply.status(204).send()
    },
  )
}
