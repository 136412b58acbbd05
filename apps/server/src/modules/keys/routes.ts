import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { Body, problems, Text } from '../../platform/http/shapes.ts'
import type { KeyKeeping } from './service.ts'

const State = Type.Union([Type.Literal('current'), Type.Literal('retired'), Type.Literal('destroyed')])
const Moment = Type.Union([Type.String(), Type.Null()])
const RING = {
  id: Type.String(),
  state: State,
  madeAt: Type.String(),
  madeBy: Type.String(),
  retiredAt: Moment,
  destroyedAt: Moment,
  due: Type.Boolean(),
  destroyable: Type.Boolean(),
}
const Overview = Type.Object({
  main: Type.Array(Type.Object({ ...RING, openedAt: Type.String() })),
  data: Type.Array(
    Type.Object({
      ...RING,
      purpose: Type.String(),
      version: Type.Integer(),
      rotates: Type.Boolean(),
      places: Type.Integer(),
      clean: Type.Integer(),
      rewritten: Type.Integer(),
    }),
  ),
  signing: Type.Array(
    Type.Object({
      kind: Type.Union([Type.Literal('ledger'), Type.Literal('client')]),
      owner: Type.String(),
      keyId: Type.String(),
      fingerprint: Type.String(),
      algorithm: Type.String(),
      since: Type.String(),
      usedAt: Moment,
      due: Type.Boolean(),
    }),
  ),
  dueDays: Type.Object({
    main: Type.Integer(),
    data: Type.Integer(),
    ledger: Type.Integer(),
    client: Type.Integer(),
  }),
})
const Rotation = Body({
  purpose: Type.Union([Type.Literal('cells'), Type.Literal('records'), Type.Literal('files')]),
  reason: Text(500),
})
const Destruction = Body({
  what: Type.Union([Type.Literal('main'), Type.Literal('data')]),
  id: Type.String({ pattern: '^[0-9a-f]{1,16}$' }),
  reason: Text(500),
})
const proposed = { 201: Type.Object({ approval: Type.Integer() }), ...problems }

/** The keys page: what there is, and two proposals that a second person decides. */
export function keyRoutes(app: FastifyInstance, keys: KeyKeeping): void {
  const tags = ['keys']
  app.get(
    '/api/console/keys',
    {
      config: { access: { may: 'key.read' } },
      schema: {
        tags,
        summary: '密钥清单 the keys, without any key',
        response: { 200: Overview, ...problems },
      },
    },
    (request) => keys.shown(actorOf(request)),
  )
  app.post<{ Body: Static<typeof Rotation> }>(
    '/api/console/keys/rotations',
    {
      config: { access: { may: 'key.keep', fresh: true } },
      schema: {
        tags,
        summary: '提出更换数据密钥 propose another data key',
        body: Rotation,
        response: proposed,
      },
    },
    async (request, reply) => {
      const { purpose, reason } = request.body
      return reply
        .status(201)
        .send({ approval: await keys.proposeRotation(actorOf(request), purpose, reason) })
    },
  )
  app.post<{ Body: Static<typeof Destruction> }>(
    '/api/console/keys/destructions',
    {
      config: { access: { may: 'key.keep', fresh: true } },
      schema: {
        tags,
        summary: '提出销毁已停用的密钥 propose to destroy a retired key',
        body: Destruction,
        response: proposed,
      },
    },
    async (request, reply) => {
      const { reason, ...destruction } = request.body
      return reply
        .status(201)
        .send({ approval: await keys.proposeDestruction(actorOf(request), destruction, reason) })
    },
  )
}
