import { type Duty, may, PERMISSIONS, type Permission, type Role } from '@xinheng/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor } from '../database/actor.ts'
import { DomainError } from '../errors/domain-error.ts'

/**
 * Who may call a route. `public`: anyone; `signedIn`: anyone who has signed in; `{ may }`: the roles that hold the
 * permission. `fresh`: who signed in or proved it again within the last five minutes.
 */
export type Access = 'public' | 'signedIn' | { readonly may: Permission; readonly fresh?: true }

/** Who calls: a person by a session, or a system client by its signature. */
export interface SignedIn {
  readonly accountId: number
  /** The account's login name: what the ledger says. */
  readonly name: string
  readonly role: Role
  readonly duty: Duty
  readonly unitId: number | null
  /** Of a client: the id of the key that signed. */
  readonly sessionId: string
  readonly freshUntil: Date
  /** Of a client: the only permissions of its role that it was given. */
  readonly scopes?: readonly string[]
}

export interface DeclaredRoute {
  readonly method: string
  readonly url: string
  readonly access: Access
  /** What a request may bring: schemas of address, query and body. */
  readonly request?: unknown
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyInstance {
    /** Every route with what it declares: the access matrix is made from it. */
    declaredRoutes: DeclaredRoute[]
  }
  interface FastifyRequest {
    /** Set on every route that is not public. */
    signedIn: SignedIn
  }
}

/** Finds out who calls; refuses what is not in order. @returns undefined where nobody says who they are */
export type Identify = (request: FastifyRequest) => Promise<SignedIn | undefined>

/** Routes of the plugins for contract pages, preflight and the console's files, which know nothing of us. */
const OF_PLUGINS = /^\/api\/docs(?:\/|$)|^\/console\/assets\/|^\*$/

/** Refuses to start with a route that does not say who may call it. */
export function declareAccess(app: FastifyInstance): void {
  app.decorateRequest('signedIn', null as unknown as SignedIn)
  const declared: DeclaredRoute[] = []
  app.decorate('declaredRoutes', declared)
  app.addHook('onRoute', (route) => {
    if (OF_PLUGINS.test(route.url)) {
      route.config = { ...route.config, access: 'public' }
      return
    }
    const access = route.config?.access
    const known =
      access === 'public' ||
      access === 'signedIn' ||
      (typeof access === 'object' && access !== null && access.may in PERMISSIONS)
    if (!known || access === undefined)
      throw new Error(`route ${route.method} ${route.url} does not say who may call it`)
    const { params, querystring, body } = route.schema ?? {}
    for (const method of [route.method].flat())
      declared.push({ method, url: route.url, access, request: { params, querystring, body } })
    if (access !== 'public' && route.schema !== undefined)
      route.schema = {
        ...route.schema,
        security: [route.url.startsWith('/api/console/') ? { session: [] } : { signedRequest: [] }],
      }
  })
}

/** Asks, before anything else of a request is read, whether it may be made. */
export function guard(app: FastifyInstance, identify: Identify): void {
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access ?? 'public'
    if (access === 'public') return
    const signedIn = await identify(request)
    if (signedIn === undefined) throw notSignedIn()
    request.signedIn = signedIn
    if (access === 'signedIn') return
    if (signedIn.scopes !== undefined && !signedIn.scopes.includes(access.may)) {
      throw new DomainError('access.scope', {
        zh: `该业务系统未获“${PERMISSIONS[access.may].zh}”的授权。`,
        en: `This client was not given: ${PERMISSIONS[access.may].en}.`,
        remedyZh: '请系统管理员申请该权限。',
        remedyEn: 'Ask the system administrator for that scope.',
        status: 403,
      })
    }
    if (!may(signedIn.role, access.may)) {
      throw new DomainError('access.forbidden', {
        zh: `您的角色没有“${PERMISSIONS[access.may].zh}”的权限。`,
        en: `Your role may not: ${PERMISSIONS[access.may].en}.`,
        remedyZh: '需要时请安全管理员授予相应角色。',
        remedyEn: 'Ask the security administrator for the role that may.',
        status: 403,
      })
    }
    if (access.fresh === true) refuseStale(signedIn)
  })
}

/** For acts that ask for a proof of who one is, not older than five minutes. */
export function refuseStale(signedIn: SignedIn): void {
  if (signedIn.freshUntil.getTime() > Date.now()) return
  throw new DomainError('access.not-fresh', {
    zh: '此操作需要再次验证身份。',
    en: 'This act asks you to prove again who you are.',
    remedyZh: '请重新输入密码和动态验证码后再试。',
    remedyEn: 'Enter your password and code again, then retry.',
    status: 403,
  })
}

export function notSignedIn(): DomainError {
  return new DomainError('access.not-signed-in', {
    zh: '尚未登录，或登录已过期。',
    en: 'You are not signed in, or your session has ended.',
    remedyZh: '请登录后再试；未提交的内容仍在页面上。',
    remedyEn: 'Sign in and try again; what you typed is still on the page.',
    status: 401,
  })
}

/** The actor for `withActor` of whoever called. */
export function actorOf(request: FastifyRequest): Actor {
  const { accountId, name, duty, unitId } = request.signedIn
  return {
    name,
    duty,
    accountId,
    unitId: unitId ?? undefined,
    request: request.id,
    origin: request.ip,
  }
}
