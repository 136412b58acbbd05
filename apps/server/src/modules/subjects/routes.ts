import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { created } from '../../platform/http/shapes.ts'
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
    { schema: { hide, querystring: Pair }, config: reads },
    (request) => subjects.compare(actorOf(request), request.query.kept, request.query.merged),
  )
  app.get('/api/console/subjects/same-named', { schema: { hide }, config: reads }, async (request) => ({
    pairs: await subjects.sameNamed(actorOf(request)),
  }))
  app.get<{ Querystring: { code?: string } }>(
    '/api/console/subjects/merges',
    { schema: { hide, querystring: Type.Object({ code: Type.Optional(Code) }) }, config: reads },
    async (request) => ({ merges: await subjects.history(actorOf(request), request.query.code) }),
  )
  app.post<{ Body: Static<typeof Proposal> }>(
    '/api/console/subjects/merges',
    { schema: { response: created, hide, body: Proposal }, config: proposes },
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
        response: created,
        hide,
        params: Type.Object({ merge: Type.Integer({ minimum: 1 }) }),
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
