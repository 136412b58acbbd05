import { ALARM_KINDS, ALARM_TEXTS } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { done, Names, Nullable } from '../../platform/http/shapes.ts'
import { AlarmLine, AlarmRules, RecipientLine } from './answers.ts'
import type { Alarms } from './service.ts'

const Id = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
const Kinds = Type.Array(Type.Union(ALARM_KINDS.map((kind) => Type.Literal(kind))), {
  minItems: 1,
  maxItems: 10,
  uniqueItems: true,
})
const NewRecipient = Type.Object(
  {
    channel: Type.Union([Type.Literal('mail'), Type.Literal('webhook')]),
    label: Type.String({ minLength: 1, maxLength: 100 }),
    target: Type.String({ minLength: 3, maxLength: 500 }),
    kinds: Kinds,
  },
  { additionalProperties: false },
)
const Change = Type.Object({ active: Type.Boolean(), kinds: Kinds }, { additionalProperties: false })

/** Alarms, their rules and who is told. */
export function alarmRoutes(app: FastifyInstance, alarms: Alarms): void {
  const read = { access: { may: 'alarm.read' } } as const
  const keep = { access: { may: 'alarm.keep', fresh: true } } as const
  app.get(
    '/api/console/alarms',
    {
      config: read,
      schema: {
        hide: true,
        response: {
          200: Type.Object({
            rules: Nullable(AlarmRules),
            texts: Type.Object({
              sourceSilent: Type.Object({ name: Names, remedy: Names }),
              faultsJumped: Type.Object({ name: Names, remedy: Names }),
              withdrawalUnconfirmed: Type.Object({ name: Names, remedy: Names }),
              ledgerSilent: Type.Object({ name: Names, remedy: Names }),
              jobFailed: Type.Object({ name: Names, remedy: Names }),
              test: Type.Object({ name: Names, remedy: Names }),
            }),
            alarms: Type.Array(AlarmLine),
          }),
        },
      },
    },
    async (request) => ({
      rules: (await alarms.rules()) ?? null,
      texts: ALARM_TEXTS,
      alarms: await alarms.list(actorOf(request)),
    }),
  )
  app.post<{ Params: Static<typeof Id> }>(
    '/api/console/alarms/:id/acknowledge',
    { config: read, schema: { response: done, hide: true, params: Id } },
    async (request, reply) => {
      await alarms.acknowledge(actorOf(request), request.params.id)
      return reply.status(204).send()
    },
  )
  app.get(
    '/api/console/alarms/recipients',
    { config: read, schema: { hide: true, response: { 200: Type.Array(RecipientLine) } } },
    (request) => alarms.recipients(actorOf(request)),
  )
  app.post<{ Body: Static<typeof NewRecipient> }>(
    '/api/console/alarms/recipients',
    {
      config: keep,
      schema: {
        hide: true,
        response: { 200: Type.Object({ recipient: Type.Integer(), secret: Nullable(Type.String()) }) },
        body: NewRecipient,
      },
    },
    (request) => alarms.addRecipient(actorOf(request), request.body),
  )
  app.put<{ Params: Static<typeof Id>; Body: Static<typeof Change> }>(
    '/api/console/alarms/recipients/:id',
    { config: keep, schema: { response: done, hide: true, params: Id, body: Change } },
    async (request, reply) => {
      await alarms.changeRecipient(
        actorOf(request),
        request.params.id,
        request.body.active,
        request.body.kinds,
      )
      return reply.status(204).send()
    },
  )
  app.post<{ Params: Static<typeof Id> }>(
    '/api/console/alarms/recipients/:id/test',
    {
      config: { access: { may: 'alarm.keep' } },
      schema: { hide: true, response: { 200: Type.Object({ alarm: Type.Integer() }) }, params: Id },
    },
    async (request) => ({ alarm: await alarms.test(actorOf(request), request.params.id) }),
  )
}
