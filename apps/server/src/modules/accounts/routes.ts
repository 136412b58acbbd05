import { DUTIES, type Duty, ROLE_NAMES, ROLES, type Role } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { Body, Names, problems, Text } from '../../platform/http/shapes.ts'
import type { Accounts } from './service.ts'

const OneOf = <T extends string>(values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)))

const Line = Type.Object({
  id: Type.Integer(),
  login: Type.String(),
  name: Type.String(),
  duty: Type.String(),
  role: Type.Union([Type.String(), Type.Null()]),
  unit: Type.Union([Type.Object({ id: Type.Integer(), name: Type.String() }), Type.Null()]),
  staffNumber: Type.Union([Type.String(), Type.Null()]),
  state: Type.Enum(['on', 'off']),
  stateReason: Type.Union([Type.String(), Type.Null()]),
  createdAt: Type.String(),
  lastUsedAt: Type.String(),
})
const Id = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
const Filter = Type.Object({
  unit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  duty: Type.Optional(OneOf(DUTIES)),
})
const New = Body({
  login: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{1,39}$' }),
  name: Text(60),
  duty: OneOf(DUTIES.filter((duty) => duty !== 'client')),
  unit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  staffNumber: Type.Optional(Text(40)),
})
const Grant = Body({ role: OneOf(ROLE_NAMES.filter((role) => role !== 'systemClient')) })
const Reason = Body({ reason: Text(500) })

/** Accounts and roles, for administrators; the centre and a department's reviewer read. */
export function accountRoutes(app: FastifyInstance, accounts: Accounts): void {
  const tags = ['accounts']
  type ById = { Params: Static<typeof Id> }

  app.get(
    '/api/console/break-glass',
    {
      config: { access: { may: 'key.read' } },
      schema: {
        tags,
        summary: '尚未确认的应急开户 openings of the glass that I have not acknowledged',
        response: {
          200: Type.Object({
            notices: Type.Array(
              Type.Object({
                id: Type.Integer(),
                login: Type.String(),
                reason: Type.String(),
                by: Type.String(),
                at: Type.String(),
              }),
            ),
          }),
          ...problems,
        },
      },
    },
    async (request) => ({ notices: await accounts.notices(actorOf(request)) }),
  )
  app.post<ById>(
    '/api/console/break-glass/:id/acknowledge',
    {
      config: { access: { may: 'key.read' } },
      schema: {
        tags,
        summary: '确认已知悉应急开户 acknowledge an opening of the glass',
        params: Id,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await accounts.acknowledge(actorOf(request), request.params.id)
      return reply.status(204).send(null)
    },
  )

  app.get(
    '/api/console/roles',
    {
      config: { access: 'signedIn' },
      schema: {
        tags,
        summary: '全部角色 all roles and their duties',
        response: {
          200: Type.Object({
            roles: Type.Array(Type.Object({ role: Type.String(), duty: Type.String(), name: Names })),
          }),
          ...problems,
        },
      },
    },
    async () => ({
      roles: ROLE_NAMES.map((role) => ({
        role,
        duty: ROLES[role].duty,
        name: { zh: ROLES[role].zh, en: ROLES[role].en },
      })),
    }),
  )

  app.get<{ Querystring: { unit?: number; duty?: Duty } }>(
    '/api/console/accounts',
    {
      config: { access: { may: 'account.read' } },
      schema: {
        tags,
        summary: '账户 accounts that I may see',
        querystring: Filter,
        response: { 200: Type.Object({ accounts: Type.Array(Line) }), ...problems },
      },
    },
    async (request) => ({ accounts: await accounts.list(actorOf(request), request.query) }),
  )

  app.post<{ Body: { login: string; name: string; duty: Duty; unit?: number; staffNumber?: string } }>(
    '/api/console/accounts',
    {
      config: { access: { may: 'account.create', fresh: true } },
      schema: {
        tags,
        summary: '建立账户（系统管理员）create an account; it may nothing until it has a role',
        body: New,
        response: { 201: Line, ...problems },
      },
    },
    async (request, reply) => {
      const { unit, ...rest } = request.body
      return reply.status(201).send(await accounts.create(actorOf(request), { ...rest, unitId: unit }))
    },
  )

  app.put<ById & { Body: { role: Role } }>(
    '/api/console/accounts/:id/role',
    {
      config: { access: { may: 'role.grant', fresh: true } },
      schema: {
        tags,
        summary: '授予角色（安全管理员）grant a role; a new account’s one-time link comes back once',
        params: Id,
        body: Grant,
        response: { 200: Type.Object({ link: Type.Optional(Type.String()) }), ...problems },
      },
    },
    async (request) => accounts.grant(actorOf(request), request.params.id, request.body.role),
  )

  app.delete<ById & { Body: Static<typeof Reason> }>(
    '/api/console/accounts/:id/role',
    {
      config: { access: { may: 'role.grant', fresh: true } },
      schema: {
        tags,
        summary: '收回角色 take the role back',
        params: Id,
        body: Reason,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await accounts.takeRole(actorOf(request), request.params.id, request.body.reason)
      return reply.status(204).send(null)
    },
  )

  for (const [state, permission] of [
    ['off', 'account.lock'],
    ['on', 'role.grant'],
  ] as const) {
    app.post<ById & { Body: Static<typeof Reason> }>(
      `/api/console/accounts/:id/${state}`,
      {
        config: { access: { may: permission, fresh: true } },
        schema: {
          tags,
          summary: state === 'off' ? '停用账户 switch an account off' : '启用账户 switch it on',
          params: Id,
          body: Reason,
          response: { 204: Type.Null(), ...problems },
        },
      },
      async (request, reply) => {
        await accounts.turn(actorOf(request), request.params.id, state, request.body.reason)
        return reply.status(204).send(null)
      },
    )
  }

  app.post<ById & { Body: Static<typeof Reason> }>(
    '/api/console/accounts/:id/reset',
    {
      config: { access: { may: 'account.create', fresh: true } },
      schema: {
        tags,
        summary: '提出重置密码和验证器，由安全管理员批准 propose a reset; the security administrator decides',
        params: Id,
        body: Reason,
        response: { 201: Type.Object({ approval: Type.Integer() }), ...problems },
      },
    },
    async (request, reply) => {
      const approval = await accounts.proposeReset(actorOf(request), request.params.id, request.body.reason)
      return reply.status(201).send({ approval })
    },
  )
}
