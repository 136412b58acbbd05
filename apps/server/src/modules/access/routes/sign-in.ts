import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { Body, Code, Password, problems, Text, Token } from '../../../platform/http/shapes.ts'
import { cookieOf, setCookie } from '../cookies.ts'
import type { Invitations } from '../invitations.ts'
import type { SignIn, Visitor } from '../service.ts'
import { SESSION_COOKIE } from '../sessions.ts'

/** The browser's own secret: where it has signed in before, nobody else's failures lock it out. */
export const DEVICE_COOKIE = '__Host-device'
const DEVICE_SECONDS = 180 * 24 * 3600
/** A whole office behind one address signs in within a minute; a program that guesses needs more. */
const A_MINUTE = 60

export function visitorOf(request: FastifyRequest): Visitor {
  return {
    address: request.ip,
    agent: request.headers['user-agent'] ?? '',
    device: cookieOf(request, DEVICE_COOKIE),
    request: request.id,
  }
}

export const setSession = (reply: FastifyReply, token: string): void =>
  setCookie(reply, SESSION_COOKIE, token)
const setDevice = (reply: FastifyReply, device: string): void =>
  setCookie(reply, DEVICE_COOKIE, device, { maxAgeSeconds: DEVICE_SECONDS })

const First = Body({ account: Text(60), password: Password })
const Second = Body({
  code: Type.Optional(Code),
  recoveryCode: Type.Optional(Text(20)),
  newPassword: Type.Optional(Password),
})
const Link = Body({ token: Token })
const Accept = Body({ token: Token, password: Password, code: Code })

/** Signing in, and the one-time links by which password and second factor are set. */
export function signInRoutes(app: FastifyInstance, signIn: SignIn, invitations: Invitations): void {
  const tags = ['sign-in']
  const open = { access: 'public', rateLimit: { max: A_MINUTE, timeWindow: 60_000 } } as const

  app.post<{ Body: Static<typeof First> }>(
    '/api/console/sign-in',
    {
      config: open,
      schema: {
        tags,
        summary: '登录第一步：账户与密码 the first step of signing in',
        body: First,
        response: {
          200: Type.Object({ next: Type.Literal('secondFactor'), passwordAged: Type.Boolean() }),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { account, password } = request.body
      const { token, passwordAged } = await signIn.password(account, password, visitorOf(request))
      setSession(reply, token)
      return { next: 'secondFactor', passwordAged }
    },
  )

  app.post<{ Body: Static<typeof Second> }>(
    '/api/console/sign-in/second-factor',
    {
      config: open,
      schema: {
        tags,
        summary: '登录第二步：动态验证码或恢复码 the second step: a code or a recovery code',
        body: Second,
        response: {
          200: Type.Object({ lastUsedAt: Type.String(), recoveryCodesLeft: Type.Optional(Type.Integer()) }),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const pending = await signIn.sessions.find(cookieOf(request, SESSION_COOKIE) ?? '')
      const { token, device, ...rest } = await signIn.second(pending, request.body, visitorOf(request))
      setSession(reply, token)
      setDevice(reply, device)
      return rest
    },
  )

  app.post<{ Body: Static<typeof Link> }>(
    '/api/console/invitation/open',
    {
      config: open,
      schema: {
        tags,
        summary: '打开一次性链接 what a one-time link is for',
        body: Link,
        response: {
          200: Type.Object({
            login: Type.String(),
            name: Type.String(),
            role: Type.Union([Type.String(), Type.Null()]),
            expiresAt: Type.String(),
            secondFactor: Type.Object({ secret: Type.String(), uri: Type.String() }),
          }),
          ...problems,
        },
      },
    },
    async (request) => invitations.open(request.body.token),
  )

  app.post<{ Body: Static<typeof Accept> }>(
    '/api/console/invitation/accept',
    {
      config: open,
      schema: {
        tags,
        summary: '以一次性链接设置密码和动态验证 set password and second factor by a one-time link',
        body: Accept,
        response: {
          200: Type.Object({ recoveryCodes: Type.Array(Type.String()), signedIn: Type.Boolean() }),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { token, password, code } = request.body
      const accepted = await invitations.accept(token, password, code, visitorOf(request))
      if (accepted.token !== undefined) setSession(reply, accepted.token)
      return { recoveryCodes: accepted.recoveryCodes, signedIn: accepted.token !== undefined }
    },
  )
}
