import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { systemFault } from '../../platform/errors/system-fault.ts'
import { actorOf } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/shapes.ts'
import type { CheckRequest } from './asking.ts'
import type { Feedbacks, NewFeedback } from './feedback.ts'
import { notChecked } from './refusals.ts'
import type { Checks } from './service.ts'
import {
  AnswerShape,
  ByNumber,
  FeedbackBody,
  FeedbackTaken,
  FoundAnswer,
  Idempotent,
  Question,
} from './shapes.ts'

const tags = ['machine']
/** Also where the door itself cannot reach the database: a check that was not made says so by its own name. */
const whenAway = (error: Error, _request: FastifyRequest, _reply: FastifyReply) => {
  throw systemFault(error)?.status === 503 ? notChecked() : error
}

/** What departments' systems call: ask, look up, feed back. */
export function checkRoutes(
  app: FastifyInstance,
  { checks, feedbacks }: { checks: Checks; feedbacks: Feedbacks },
): void {
  app.post<{ Body: Static<typeof Question>; Headers: Static<typeof Idempotent> }>(
    '/api/v1/checks',
    {
      config: { access: { may: 'check.ask' } },
      errorHandler: whenAway,
      schema: {
        tags,
        summary: '核查申请人 check an applicant for a matter',
        headers: Idempotent,
        body: Question,
        response: { 200: AnswerShape, ...problems },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      return checks.ask(actorOf(request), request.body as CheckRequest, request.headers['idempotency-key'])
    },
  )

  app.get<{ Params: Static<typeof ByNumber> }>(
    '/api/v1/checks/:number',
    {
      config: { access: { may: 'check.ask' } },
      schema: {
        tags,
        summary: '按编号查看核查结果和经办决定 an answer as it was given, and what was decided',
        params: ByNumber,
        response: { 200: FoundAnswer, ...problems },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const { answer, decision } = await checks.find(actorOf(request), request.params.number)
      return { ...answer, decision }
    },
  )

  app.post<{
    Params: Static<typeof ByNumber>
    Body: Static<typeof FeedbackBody>
    Headers: Static<typeof Idempotent>
  }>(
    '/api/v1/checks/:number/feedback',
    {
      config: { access: { may: 'check.ask' } },
      errorHandler: whenAway,
      schema: {
        tags,
        summary: '反馈措施实施情况 tell what was done',
        params: ByNumber,
        headers: Idempotent,
        body: FeedbackBody,
        response: { 200: FeedbackTaken, ...problems },
      },
    },
    async (request) =>
      feedbacks.give(
        actorOf(request),
        request.params.number,
        request.body as NewFeedback,
        request.headers['idempotency-key'],
      ),
  )
}
