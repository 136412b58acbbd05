import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { proposed } from '../../platform/http/shapes.ts'
import { Comparison, Merge } from './answers.ts'
import type { Subjects } from './service.ts'

const Code = Type.String({ minLength: 9, maxLength: 40 })
const Ground = Type.String({ minLength: 2, maxLength: 500 })
const Pair = Type.Object({ kept: Code, merged: Code })
const Proposal = Type.Object({ kept: Code, merged: Code, ground: Ground }, { additionalProperties: false })
const Split = Type.Object({ ground: Ground }, { additionalProperties: false })

/** Merging and splitting subjects, for the centre's people. */
export function subjectRoutes(app: FastifyInstance, subjects: Subjects): void {
  const proposes = { access: { may: 'subject.merge.propose' } } as const
  const reads = { access: { may: 'review.read' } } as const
  const hide = true
  app.get<{ Querystring: Static<typeof Pair> }>(
    '/api/console/subjects/compare',
    { schema: { hide, response: { 200: Comparison }, querystring: Pair }, config: reads },
    (request) => subjects.compare(actorOf(request), request.query.kept, request.query.merged),
  )
  app.get(
    '/api/console/subjects/same-named',
    {
      schema: {
        hide,
        response: {
          200: Type.Object({
            pairs: Type.Array(Type.Object({ name: Type.String(), one: Type.String(), other: Type.String() })),
          }),
        },
      },
      config: reads,
    },
    async (request) => ({
      pairs: await subjects.sameNamed(actorOf(request)),
    }),
  )
  app.get<{ Querystring: { code?: string } }>(
    '/api/console/subjects/merges',
    {
      schema: {
        hide,
        response: { 200: Type.Object({ merges: Type.Array(Merge) }) },
        querystring: Type.Object({ code: Type.Optional(Code) }),
      },
      config: reads,
    },
    async (request) => ({ merges: await subjects.history(actorOf(request), request.query.code) }),
  )
  app.post<{ Body: Static<typeof Proposal> }>(
    '/api/console/subjects/merges',
    {
      schema: { response: proposed, hide, body: Proposal },
      config: proposes,
    },
    async (request, reply) => {
      const { kept, merged, ground } = request.body
      reply.status(201)
      return { approval: await subjects.proposeMerge(actorOf(request), kept, merged, ground) }
    },
  )
  app.post<{ Params: { merge: number }; Body: Static<typeof Split> }>(
    '/api/console/subjects/merges/:merge/split',
    {
      schema: {
        response: proposed,
        hide,
        params: Type.Object({ merge: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) }),
        body: Split,
      },
      config: proposes,
    },
    async (request, reply) => {
      reply.status(201)
      return {
        approval: await subjects.proposeSplit(actorOf(request), request.params.merge, request.body.ground),
      }
    },
  )
}
