import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { done, Nullable } from '../../platform/http/shapes.ts'
import { UnitLine, UnitOnDay, UnitState } from './answers.ts'
import { historyOf, unitsOn } from './history.ts'
import type { UnitKeeping } from './keeping.ts'
import { addUnits } from './service.ts'

const closed = { additionalProperties: false }
const Id = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const Number_ = Type.Union([Type.Integer({ minimum: 1, maximum: 2_147_483_647 }), Type.Null()])
const Ground = Type.String({ minLength: 2, maxLength: 500 })
const New = Type.Object(
  {
    uscc: Type.String({ minLength: 18, maxLength: 40 }),
    name: Type.String({ minLength: 2, maxLength: 100 }),
  },
  closed,
)
const Change = Type.Object(
  {
    since: Day,
    name: Type.String({ minLength: 2, maxLength: 100 }),
    parent: Number_,
    region: Number_,
    ground: Ground,
  },
  closed,
)
const Ending = Type.Object({ endedOn: Day, mergedInto: Number_, ground: Ground }, closed)

/** Units: read by everybody who works here, kept by the centre. */
export function unitRoutes(app: FastifyInstance, units: UnitKeeping, pool: pg.Pool): void {
  const hide = true
  const keeps = { access: { may: 'unit.keep' } } as const
  app.get(
    '/api/console/units',
    {
      schema: { hide, response: { 200: Type.Object({ units: Type.Array(UnitLine) }) } },
      config: { access: { may: 'unit.read' } },
    },
    async (request) => ({
      units: await units.list(actorOf(request)),
    }),
  )
  app.get<{ Params: { day: string } }>(
    '/api/console/units/on/:day',
    {
      schema: {
        hide,
        response: { 200: Type.Object({ units: Type.Array(UnitOnDay) }) },
        params: Type.Object({ day: Day }),
      },
      config: { access: { may: 'unit.read' } },
    },
    async (request) => ({ units: await unitsOn(pool, request.params.day) }),
  )
  app.get<{ Params: Static<typeof Id> }>(
    '/api/console/units/:id/history',
    {
      schema: {
        hide,
        response: {
          200: Type.Object({
            states: Type.Array(UnitState),
            end: Nullable(
              Type.Object({ endedOn: Nullable(Type.String()), mergedInto: Nullable(Type.Integer()) }),
            ),
          }),
        },
        params: Id,
      },
      config: { access: { may: 'unit.read' } },
    },
    async (request) => historyOf(pool, request.params.id),
  )
  app.post<{ Body: Static<typeof New> }>(
    '/api/console/units',
    { schema: { response: done, hide, body: New }, config: keeps },
    async (request, reply) => {
      await addUnits(pool, actorOf(request), [request.body])
      return reply.status(204).send()
    },
  )
  app.post<{ Params: Static<typeof Id>; Body: Static<typeof Change> }>(
    '/api/console/units/:id/changes',
    { schema: { response: done, hide, params: Id, body: Change }, config: keeps },
    async (request, reply) => {
      await units.change(actorOf(request), request.params.id, request.body)
      return reply.status(204).send()
    },
  )
  app.post<{ Params: Static<typeof Id>; Body: Static<typeof Ending> }>(
    '/api/console/units/:id/end',
    { schema: { response: done, hide, params: Id, body: Ending }, config: keeps },
    async (request, reply) => {
      await units.end(actorOf(request), request.params.id, request.body)
      return reply.status(204).send()
    },
  )
}
