import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { Body, problems, Text } from '../../platform/http/shapes.ts'
import type { Approvals } from './service.ts'

const Id = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 9_007_199_254_740_991 }) })
const Query = Type.Object({
  kind: Type.Optional(Text(48)),
  object: Type.Optional(Text(200)),
})
const Decision = Body({
  decision: Type.Union([Type.Literal('approve'), Type.Literal('refuse')]),
  reason: Text(500),
  payloadHash: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'of what was shown, as listed' }),
})
const Reason = Body({ reason: Text(500) })

/** What two persons do: the list of what is open, the second person's decision, and taking it back. */
export function approvalRoutes(app: FastifyInstance, approvals: Approvals): void {
  const tags = ['approvals']

  app.get<{ Querystring: Static<typeof Query> }>(
    '/api/console/approvals',
    {
      config: { access: { may: 'approval.read' } },
      schema: {
        tags,
        summary: '待审批的申请 proposals that are open',
        querystring: Query,
        response: {
          200: Type.Object({
            approvals: Type.Array(
              Type.Object({
                id: Type.Integer(),
                kind: Type.String(),
                object: Type.String(),
                payload: Type.Unknown(),
                payloadHash: Type.String(),
                reason: Type.String(),
                proposer: Type.Object({
                  accountId: Type.Integer(),
                  name: Type.String(),
                  duty: Type.String(),
                }),
                unitId: Type.Union([Type.Integer(), Type.Null()]),
                proposedAt: Type.String(),
                expiresOn: Type.String(),
                mine: Type.Boolean({ description: '当前账户可否审批 whether I may decide it' }),
              }),
            ),
          }),
          ...problems,
        },
      },
    },
    async (request) => ({ approvals: await approvals.shown(actorOf(request), request.query) }),
  )

  app.post<{ Params: Static<typeof Id>; Body: Static<typeof Decision> }>(
    '/api/console/approvals/:id/decision',
    {
      config: { access: { may: 'approval.decide', fresh: true } },
      schema: {
        tags,
        summary: '批准或拒绝他人的申请 decide another’s proposal; approving does it',
        params: Id,
        body: Decision,
        response: {
          200: Type.Object({ id: Type.Integer(), state: Type.String(), outcome: Type.Unknown() }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { decision, reason, payloadHash } = request.body
      const decided = await approvals.decide(
        actorOf(request),
        request.params.id,
        decision,
        reason,
        payloadHash,
      )
      return { ...decided, outcome: decided.outcome ?? null }
    },
  )

  app.post<{ Params: Static<typeof Id>; Body: Static<typeof Reason> }>(
    '/api/console/approvals/:id/take-back',
    {
      config: { access: { may: 'approval.read' } },
      schema: {
        tags,
        summary: '撤回本人的申请 take back my own proposal',
        params: Id,
        body: Reason,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await approvals.takeBack(actorOf(request), request.params.id, request.body.reason)
      return reply.status(204).send(null)
    },
  )
}
