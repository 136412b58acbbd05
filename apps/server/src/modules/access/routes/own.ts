import { permissionsOf, ROLES } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { type Static, Type } from 'typebox'
import { withActor } from '../../../platform/database/actor.ts'
import { DomainError } from '../../../platform/errors/domain-error.ts'
import { actorOf } from '../../../platform/http/access.ts'
import { Body, Code, Names, Password, problems, Uuid } from '../../../platform/http/shapes.ts'
import { clearCookie } from '../cookies.ts'
import type { SignIn } from '../service.ts'
import { type FoundSession, SESSION_COOKIE } from '../sessions.ts'
import { setSession, visitorOf } from './sign-in.ts'

const Again = Body({ password: Type.Optional(Password), code: Code })
const NewPassword = Body({ password: Password })
const NewFactor = Body({ sealed: Type.String({ maxLength: 200 }), code: Code })

/** What everybody may do with their own account: look, sign out, end sessions, prove it again, change secrets. */
export function ownRoutes(app: FastifyInstance, pool: pg.Pool, signIn: SignIn, issuer: string): void {
  const tags = ['sign-in']
  const { sessions, secondFactor } = signIn
  const signedIn = { access: 'signedIn' } as const
  const fresh = { access: { may: 'own.secret', fresh: true } } as const

  app.get(
    '/api/console/me',
    {
      config: signedIn,
      schema: {
        tags,
        summary: '当前账户 who I am and what I may',
        response: {
          200: Type.Object({
            account: Type.Integer(),
            login: Type.String(),
            name: Type.String(),
            role: Type.String(),
            roleName: Names,
            duty: Type.String(),
            unit: Type.Union([Type.Object({ id: Type.Integer(), name: Type.String() }), Type.Null()]),
            permissions: Type.Array(Type.String()),
            freshUntil: Type.String(),
            signedInBy: Type.String(),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { accountId, name, displayName, role, duty, unitId, freshUntil, method } =
        request.signedIn as FoundSession
      const { rows } =
        unitId === null
          ? { rows: [] }
          : await pool.query('SELECT name FROM xh.unit WHERE unit_id = $1', [unitId])
      return {
        account: accountId,
        login: name,
        name: displayName,
        role,
        roleName: { zh: ROLES[role].zh, en: ROLES[role].en },
        duty,
        unit: unitId === null ? null : { id: unitId, name: rows[0].name },
        permissions: permissionsOf(role),
        freshUntil: freshUntil.toISOString(),
        signedInBy: method,
      }
    },
  )

  app.post(
    '/api/console/sign-out',
    {
      config: signedIn,
      schema: { tags, summary: '退出登录 sign out', response: { 204: Type.Null(), ...problems } },
    },
    async (request, reply) => {
      const { accountId, sessionId } = request.signedIn
      await withActor(pool, actorOf(request), async (client) => {
        await sessions.end(client, accountId, sessionId)
        return { result: undefined, act: { act: 'session.end', object: `account:${accountId}` } }
      })
      clearCookie(reply, SESSION_COOKIE)
      return reply.status(204).send(null)
    },
  )

  app.get(
    '/api/console/sessions',
    {
      config: signedIn,
      schema: {
        tags,
        summary: '本人的登录会话 my own sessions',
        response: {
          200: Type.Object({
            sessions: Type.Array(
              Type.Object({
                id: Type.String(),
                current: Type.Boolean(),
                begunAt: Type.String(),
                seenAt: Type.String(),
                endsAt: Type.String(),
                address: Type.String(),
                agent: Type.String(),
              }),
            ),
          }),
          ...problems,
        },
      },
    },
    async (request) => ({
      sessions: await sessions.list(request.signedIn.accountId, request.signedIn.sessionId),
    }),
  )

  app.delete<{ Params: { id: string } }>(
    '/api/console/sessions/:id',
    {
      config: signedIn,
      schema: {
        tags,
        summary: '结束本人的一个会话 end one of my sessions',
        params: Type.Object({ id: Uuid }),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { accountId } = request.signedIn
      await withActor(pool, actorOf(request), async (client) => {
        if (!(await sessions.end(client, accountId, request.params.id)))
          throw new DomainError('session.unknown', {
            zh: '没有这个会话，或已结束。',
            en: 'There is no such session of yours, or it has ended.',
            status: 404,
          })
        return {
          result: undefined,
          act: { act: 'session.end', object: `account:${accountId}`, detail: { session: request.params.id } },
        }
      })
      return reply.status(204).send(null)
    },
  )

  app.delete(
    '/api/console/sessions',
    {
      config: signedIn,
      schema: {
        tags,
        summary: '结束本人的其他会话 end my other sessions',
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { accountId, sessionId } = request.signedIn
      await withActor(pool, actorOf(request), async (client) => {
        await sessions.endAll(client, accountId, sessionId)
        return { result: undefined, act: { act: 'session.endOthers', object: `account:${accountId}` } }
      })
      return reply.status(204).send(null)
    },
  )

  app.post<{ Body: Static<typeof Again> }>(
    '/api/console/re-authenticate',
    {
      config: signedIn,
      schema: {
        tags,
        summary: '再次验证身份 prove again who you are, before dangerous acts',
        body: Again,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { method } = request.signedIn as FoundSession
      setSession(reply, await signIn.again(request.signedIn, method, request.body, visitorOf(request)))
      return reply.status(204).send(null)
    },
  )

  app.post<{ Body: Static<typeof NewPassword> }>(
    '/api/console/password',
    {
      config: fresh,
      schema: {
        tags,
        summary: '更换密码，其他会话随即结束 a new password; other sessions end',
        body: NewPassword,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await signIn.changePassword(request.signedIn, request.body.password, visitorOf(request))
      return reply.status(204).send(null)
    },
  )

  app.post(
    '/api/console/second-factor',
    {
      config: fresh,
      schema: {
        tags,
        summary: '更换验证器：取新密钥 a new authenticator: its seed',
        response: {
          200: Type.Object({ secret: Type.String(), uri: Type.String(), sealed: Type.String() }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { accountId, name } = request.signedIn
      const seed = secondFactor.newSeed(accountId)
      return { ...secondFactor.enrolment(accountId, seed, name, issuer), sealed: seed.toString('base64url') }
    },
  )

  app.put<{ Body: Static<typeof NewFactor> }>(
    '/api/console/second-factor',
    {
      config: fresh,
      schema: {
        tags,
        summary: '更换验证器：以新验证码确认 confirm it by its first code',
        body: NewFactor,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      await signIn.changeSecondFactor(
        request.signedIn,
        Buffer.from(request.body.sealed, 'base64url'),
        request.body.code,
        visitorOf(request),
      )
      return reply.status(204).send(null)
    },
  )

  app.post(
    '/api/console/recovery-codes',
    {
      config: fresh,
      schema: {
        tags,
        summary: '重新生成恢复码，旧码作废 new recovery codes; earlier ones are void',
        response: { 200: Type.Object({ recoveryCodes: Type.Array(Type.String()) }), ...problems },
      },
    },
    async (request) => {
      const { accountId } = request.signedIn
      const recoveryCodes = await withActor(pool, actorOf(request), async (client) => ({
        result: await secondFactor.newRecoveryCodes(client, accountId),
        act: { act: 'recoveryCodes.change', object: `account:${accountId}` },
      }))
      return { recoveryCodes }
    },
  )
}
