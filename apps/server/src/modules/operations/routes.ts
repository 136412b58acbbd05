import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { done } from '../../platform/http/shapes.ts'
import { Health, JobsOverview } from './answers.ts'
import type { Operations } from './service.ts'

const Kind = Type.String({ pattern: '^[a-z-]{1,40}\\.[a-z-]{1,40}$' })
const Filter = Type.Object(
  {
    kind: Type.Optional(Kind),
    state: Type.Optional(
      Type.Union(
        (['created', 'retry', 'active', 'completed', 'cancelled', 'failed'] as const).map((state) =>
          Type.Literal(state),
        ),
      ),
    ),
  },
  { additionalProperties: false },
)
const Again = Type.Object(
  { kind: Kind, id: Type.String({ format: 'uuid' }) },
  { additionalProperties: false },
)
const Run = Type.Object({ kind: Kind }, { additionalProperties: false })

/** Jobs and health. */
export function operationsRoutes(app: FastifyInstance, operations: Operations): void {
  app.get<{ Querystring: Static<typeof Filter> }>(
    '/api/console/jobs',
    {
      config: { access: { may: 'job.read' } },
      schema: { hide: true, response: { 200: JobsOverview }, querystring: Filter },
    },
    (request) => operations.jobs({ ...request.query, limit: 100 }),
  )
  app.post<{ Body: Static<typeof Again> }>(
    '/api/console/jobs/again',
    { config: { access: { may: 'job.run' } }, schema: { response: done, hide: true, body: Again } },
    async (request, reply) => {
      await operations.again(actorOf(request), request.body.kind, request.body.id)
      return reply.status(204).send()
    },
  )
  app.post<{ Body: Static<typeof Run> }>(
    '/api/console/jobs/run',
    { config: { access: { may: 'job.run' } }, schema: { response: done, hide: true, body: Run } },
    async (request, reply) => {
      await operations.runNow(actorOf(request), request.body.kind)
      return reply.status(204).send()
    },
  )
  app.get(
    '/api/console/health',
    { config: { access: { may: 'job.read' } }, schema: { hide: true, response: { 200: Health } } },
    () => operations.health(),
  )
}
