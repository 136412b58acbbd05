import { randomUUID } from 'node:crypto'
import { APPLICANT_KINDS } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { Body, done, problems, Text } from '../../platform/http/shapes.ts'
import type { CheckRequest } from './asking.ts'
import type { Decisions, Desk } from './decisions.ts'
import type { Feedbacks, NewFeedback } from './feedback.ts'
import type { Checks } from './service.ts'
import { AnswerShape, ByNumber, FeedbackBody, FeedbackTaken, Idempotent, Question } from './shapes.ts'

const tags = ['joint action']
const Nullable = Type.Union([Type.String(), Type.Null()])
const DeskQuery = Type.Object({
  desk: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('due'), Type.Literal('all')])),
  before: Type.Optional(ByNumber.properties.number),
})
const LINE = {
  number: Type.String(),
  askedAt: Type.String(),
  matter: Type.String(),
  caseNumber: Type.String(),
  applicant: Type.Object({
    kind: Type.Union(APPLICANT_KINDS.map((kind) => Type.Literal(kind))),
    name: Nullable,
    identifier: Nullable,
  }),
  result: Type.String(),
  decision: Nullable,
  feedbackDue: Nullable,
  fedBack: Type.Boolean(),
  overdue: Type.Boolean(),
  overrideProposed: Type.Boolean(),
}
const Detail = Type.Object({
  ...LINE,
  unit: Type.String(),
  purpose: Type.String(),
  officer: Nullable,
  ground: Nullable,
  answer: AnswerShape,
  decided: Type.Union([
    Type.Object({
      decision: Type.String(),
      reason: Type.String(),
      by: Type.String(),
      confirmedBy: Nullable,
      at: Type.String(),
    }),
    Type.Null(),
  ]),
  feedback: Type.Array(
    Type.Object({
      applied: Type.String(),
      effect: Type.String(),
      done: Type.String(),
      doneOn: Type.String(),
      reason: Nullable,
      granted: Nullable,
      by: Type.String(),
      at: Type.String(),
    }),
  ),
  told: Type.Boolean(),
})
const Decision = Body({
  decision: Type.Union([Type.Literal('kept'), Type.Literal('applied'), Type.Literal('notApplied')]),
  reason: Text(1000, 2),
})
const Reason = Body({ reason: Text(500, 2) })
const Message = Body({ text: Text(2000, 10) })

/** The officer's desk. */
export function checkDeskRoutes(
  app: FastifyInstance,
  { checks, decisions, feedbacks }: { checks: Checks; decisions: Decisions; feedbacks: Feedbacks },
): void {
  app.get<{ Querystring: Static<typeof DeskQuery> }>(
    '/api/console/checks',
    {
      config: { access: { may: 'check.read' } },
      schema: {
        tags,
        summary: '核查：待决定、待反馈或全部 checks: open, due, or all',
        querystring: DeskQuery,
        response: { 200: Type.Object({ checks: Type.Array(Type.Object(LINE)) }), ...problems },
      },
    },
    async (request) => ({
      checks: await decisions.list(
        actorOf(request),
        (request.query.desk ?? 'all') as Desk,
        request.query.before,
      ),
    }),
  )

  app.post<{ Body: Static<typeof Question>; Headers: Partial<Static<typeof Idempotent>> }>(
    '/api/console/checks',
    {
      config: { access: { may: 'check.ask' } },
      schema: {
        tags,
        summary: '手工核查 check by hand',
        headers: Type.Partial(Idempotent),
        body: Question,
        response: { 200: AnswerShape, ...problems },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const key = request.headers['idempotency-key'] ?? randomUUID()
      return checks.ask(actorOf(request), request.body as CheckRequest, key)
    },
  )

  app.get<{ Params: Static<typeof ByNumber> }>(
    '/api/console/checks/:number',
    {
      config: { access: { may: 'check.read' } },
      schema: {
        tags,
        summary: '一件核查及其后续 one check and what became of it',
        params: ByNumber,
        response: { 200: Detail, ...problems },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      return decisions.detail(actorOf(request), request.params.number)
    },
  )

  app.post<{ Params: Static<typeof ByNumber>; Body: Static<typeof Decision> }>(
    '/api/console/checks/:number/decision',
    {
      config: { access: { may: 'check.decide' } },
      schema: {
        tags,
        summary:
          '维持拦截，或决定个人、个体工商户的申请 keep an intercept, or decide what only an officer may',
        params: ByNumber,
        body: Decision,
        response: { ...done, ...problems },
      },
    },
    async (request, reply) => {
      const { decision, reason } = request.body
      await decisions.decide(actorOf(request), request.params.number, decision, reason)
      return reply.status(204).send(null)
    },
  )

  app.post<{ Params: Static<typeof ByNumber>; Body: Static<typeof Reason> }>(
    '/api/console/checks/:number/override',
    {
      config: { access: { may: 'check.decide' } },
      schema: {
        tags,
        summary: '提出解除拦截，由本单位第二人确认 propose to lift an intercept',
        params: ByNumber,
        body: Reason,
        response: { 202: Type.Object({ approval: Type.Integer() }), ...problems },
      },
    },
    async (request, reply) => {
      const approval = await decisions.proposeOverride(
        actorOf(request),
        request.params.number,
        request.body.reason,
      )
      return reply.status(202).send({ approval })
    },
  )

  app.post<{ Params: Static<typeof ByNumber>; Body: Static<typeof Message> }>(
    '/api/console/checks/:number/message',
    {
      config: { access: { may: 'check.decide' } },
      schema: {
        tags,
        summary: '告知自然人申请人 what a natural person gets to read on their own page',
        params: ByNumber,
        body: Message,
        response: { 200: Type.Object({ url: Type.String() }), ...problems },
      },
    },
    async (request) => ({
      url: await decisions.tell(actorOf(request), request.params.number, request.body.text),
    }),
  )

  app.post<{ Params: Static<typeof ByNumber>; Body: Static<typeof FeedbackBody> }>(
    '/api/console/checks/:number/feedback',
    {
      config: { access: { may: 'check.ask' } },
      schema: {
        tags,
        summary: '反馈措施实施情况 tell what was done',
        params: ByNumber,
        body: FeedbackBody,
        response: { 200: FeedbackTaken, ...problems },
      },
    },
    async (request) =>
      feedbacks.give(actorOf(request), request.params.number, request.body as NewFeedback, randomUUID()),
  )
}
