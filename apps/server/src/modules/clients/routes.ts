import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { Body, problems, Text } from '../../platform/http/shapes.ts'
import type { ClientDoor } from './door.ts'
import { CLIENT_SCOPES, type Clients } from './service.ts'

const Nullable = Type.Union([Type.String(), Type.Null()])
const Key = Body({
  id: Type.String({ pattern: '^[A-Za-z0-9_-]{4,64}$' }),
  algorithm: Type.Union([Type.Literal('ed25519'), Type.Literal('sm2')]),
  publicKey: Text(2000),
})
const CodeText = Type.String({ pattern: '^[a-z][a-z0-9-]{2,39}$' })
const New = Body({
  code: CodeText,
  name: Text(60),
  unit: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
  scopes: Type.Array(Type.Union(CLIENT_SCOPES.map((scope) => Type.Literal(scope))), {
    minItems: 1,
    maxItems: 20,
  }),
  addresses: Type.Array(Type.String({ pattern: '^[0-9a-fA-F.:]+(?:/\\d{1,3})?$', maxLength: 50 }), {
    minItems: 1,
    maxItems: 50,
  }),
  requestsAMinute: Type.Integer({ minimum: 1, maximum: 100_000 }),
  key: Key,
  reason: Text(500),
})
const NewKeyBody = Body({ ...Key.properties, reason: Text(500) })
const ByCode = Type.Object({ code: CodeText })
const Revoke = Body({ key: Type.Optional(Type.String({ maxLength: 64 })), reason: Text(500) })
const Proposed = Type.Object({ approval: Type.Integer() })

/** System clients for the administrators, and the key that signs our replies. */
export function clientRoutes(app: FastifyInstance, clients: Clients, door: ClientDoor): void {
  const tags = ['clients']

  app.get(
    '/api/v1/reply-key',
    {
      config: { access: 'public' },
      schema: {
        tags: ['machine'],
        summary: '验证应答签名的公钥 the public key with which replies to signed requests are checked',
        response: {
          200: Type.Object({ keyId: Type.String(), algorithm: Type.String(), publicKey: Type.String() }),
        },
      },
    },
    async () => door.replyKey,
  )

  app.post(
    '/api/v1/session-keys',
    {
      config: { access: 'signedIn' },
      schema: {
        tags: ['machine'],
        summary:
          '申请15分钟的会话密钥，其后的请求以 HMAC-SHA-256 代替签名 a key of fifteen minutes: what follows carries an HMAC by it',
        response: {
          201: Type.Object({
            key: Type.String({ description: '写入 key= the key id of the Authorization header' }),
            secret: Type.String({ description: '32 字节 base64url; HMAC-SHA-256 over the same nine lines' }),
            expiresAt: Type.String(),
          }),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      return reply.status(201).send(await door.issueSessionKey(request.signedIn))
    },
  )

  app.get(
    '/api/v1/me',
    {
      config: { access: 'signedIn' },
      schema: {
        tags: ['machine'],
        summary: '当前业务系统：用于联调签名 which client I am: for trying out one’s signature',
        response: {
          200: Type.Object({
            client: Type.String(),
            key: Type.String(),
            unit: Type.Integer(),
            scopes: Type.Array(Type.String()),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { name, sessionId, unitId, scopes } = request.signedIn
      return { client: name, key: sessionId, unit: unitId as number, scopes: [...(scopes ?? [])] }
    },
  )

  app.get(
    '/api/console/clients',
    {
      config: { access: { may: 'account.read' } },
      schema: {
        tags,
        summary: '业务系统 system clients that I may see',
        response: {
          200: Type.Object({
            clients: Type.Array(
              Type.Object({
                id: Type.Integer(),
                code: Type.String(),
                name: Type.String(),
                unit: Type.Object({ id: Type.Integer(), name: Type.String() }),
                scopes: Type.Array(Type.String()),
                addresses: Type.Array(Type.String()),
                requestsAMinute: Type.Integer(),
                state: Type.String(),
                keys: Type.Array(
                  Type.Object({
                    id: Type.String(),
                    algorithm: Type.String(),
                    addedAt: Type.String(),
                    usedAt: Nullable,
                    revokedAt: Nullable,
                  }),
                ),
              }),
            ),
          }),
          ...problems,
        },
      },
    },
    async (request) => ({ clients: await clients.list(actorOf(request)) }),
  )

  app.post<{ Body: Static<typeof New> }>(
    '/api/console/clients',
    {
      config: { access: { may: 'client.keep', fresh: true } },
      schema: {
        tags,
        summary:
          '登记业务系统，由安全管理员批准 propose a system client; the security administrator approves',
        body: New,
        response: { 201: Proposed, ...problems },
      },
    },
    async (request, reply) => {
      const { unit, reason, ...rest } = request.body
      const approval = await clients.proposeAdd(actorOf(request), { ...rest, unitId: unit }, reason)
      return reply.status(201).send({ approval })
    },
  )

  app.post<{ Params: Static<typeof ByCode>; Body: Static<typeof NewKeyBody> }>(
    '/api/console/clients/:code/keys',
    {
      config: { access: { may: 'client.keep', fresh: true } },
      schema: {
        tags,
        summary: '更换密钥：登记第二把，两把并存至旧的吊销 propose a second key for a change of keys',
        params: ByCode,
        body: NewKeyBody,
        response: { 201: Proposed, ...problems },
      },
    },
    async (request, reply) => {
      const { reason, ...key } = request.body
      const approval = await clients.proposeKey(actorOf(request), request.params.code, key, reason)
      return reply.status(201).send({ approval })
    },
  )

  app.post<{ Params: Static<typeof ByCode>; Body: Static<typeof Revoke> }>(
    '/api/console/clients/:code/revoke',
    {
      config: { access: { may: 'client.revoke', fresh: true } },
      schema: {
        tags,
        summary: '吊销业务系统或其一把密钥，立即生效 revoke a client or one key of it, at once',
        params: ByCode,
        body: Revoke,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await clients.revoke(actorOf(request), request.params.code, request.body.key, request.body.reason)
      return reply.status(204).send(null)
    },
  )
}
