import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { done, proposed } from '../../platform/http/shapes.ts'
import { Announcement, ShownAnnouncement } from './answers.ts'
import type { Announcements } from './service.ts'

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const Text = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 100 }),
    body: Type.String({ minLength: 1, maxLength: 5000 }),
    audience: Type.Union([Type.Literal('console'), Type.Literal('portal'), Type.Literal('both')]),
    shownFrom: Day,
    shownUntil: Day,
  },
  { additionalProperties: false },
)
const Id = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
const Reason = Type.Object(
  { reason: Type.String({ minLength: 2, maxLength: 500 }) },
  { additionalProperties: false },
)

export function announcementRoutes(app: FastifyInstance, announcements: Announcements): void {
  const config = { access: { may: 'announcement.write' } } as const
  const hide = true
  app.get(
    '/api/console/announcements/shown',
    {
      schema: { hide, response: { 200: Type.Object({ announcements: Type.Array(ShownAnnouncement) }) } },
      config: { access: 'signedIn' },
    },
    async (request) => ({
      announcements: await announcements.shown(actorOf(request)),
    }),
  )
  app.get(
    '/api/console/announcements',
    { schema: { hide, response: { 200: Type.Object({ announcements: Type.Array(Announcement) }) } }, config },
    async (request) => ({
      announcements: await announcements.list(actorOf(request)),
    }),
  )
  app.post<{ Body: Static<typeof Text> }>(
    '/api/console/announcements',
    { schema: { response: { 201: Type.Object({ id: Type.Integer() }) }, hide, body: Text }, config },
    async (request, reply) => {
      reply.status(201)
      return { id: await announcements.write(actorOf(request), request.body) }
    },
  )
  app.put<{ Params: Static<typeof Id>; Body: Static<typeof Text> }>(
    '/api/console/announcements/:id',
    { schema: { response: done, hide, params: Id, body: Text }, config },
    async (request, reply) => {
      await announcements.change(actorOf(request), request.params.id, request.body)
      return reply.status(204).send()
    },
  )
  app.post<{ Params: Static<typeof Id>; Body: Static<typeof Reason> }>(
    '/api/console/announcements/:id/propose',
    {
      schema: {
        response: proposed,
        hide,
        params: Id,
        body: Reason,
      },
      config,
    },
    async (request, reply) => {
      reply.status(201)
      return {
        approval: await announcements.propose(actorOf(request), request.params.id, request.body.reason),
      }
    },
  )
  app.post<{ Params: Static<typeof Id>; Body: Static<typeof Reason> }>(
    '/api/console/announcements/:id/withdraw',
    { schema: { response: done, hide, params: Id, body: Reason }, config },
    async (request, reply) => {
      await announcements.withdraw(actorOf(request), request.params.id, request.body.reason)
      return reply.status(204).send()
    },
  )
}
