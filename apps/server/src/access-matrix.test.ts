import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { may, PERMISSIONS, type Permission, ROLE_NAMES, ROLES, type Role } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from './app.ts'
import { signedInAs } from './modules/access/testing.ts'
import { clientOf, type TestClient } from './modules/clients/testing.ts'
import { addUnits } from './modules/units/index.ts'
import { PROJECT } from './platform/config/settings.ts'
import { type TestHouse, testHouse } from './platform/database/testing.ts'
import type { DeclaredRoute } from './platform/http/access.ts'
import { httpServer } from './platform/http/server.ts'

/** Made by `npm run docs:access-matrix`. */
const DOCUMENT = join(PROJECT, 'docs/access-matrix.md')
const PEOPLE = ROLE_NAMES.filter((role) => role !== 'systemClient')
type Who = Role | 'anonymous'
const EVERYBODY: readonly Who[] = ['anonymous', ...ROLE_NAMES]

let house: TestHouse
let app: FastifyInstance
let unit: number
let client: TestClient
let routes: DeclaredRoute[]

beforeAll(async () => {
  house = await testHouse()
  await addUnits(house.house.database.pools.app, { name: 'test', duty: 'centre' }, [
    { uscc: '11510500MB1A2C3D05', name: '示例市甲局' },
  ])
  unit = (await house.superuser.query('SELECT unit_id FROM xh.unit')).rows[0].unit_id
  app = await buildApp(house.house, house.catalogue, {
    city: '示例市',
    fictional: true,
    ratePerMinute: 1_000_000,
  })
  const scopes = (Object.keys(PERMISSIONS) as Permission[]).filter((one) => may('systemClient', one))
  client = await clientOf(house, { unit, scopes, requestsAMinute: 10_000 })
  routes = app.declaredRoutes.filter((route) => route.method !== 'HEAD')
})
afterAll(async () => {
  await app.close()
  await house.close()
})

/** Cookies count in the console alone, signatures outside it alone. */
function expected({ url, access }: DeclaredRoute, who: Who): boolean {
  if (access === 'public') return true
  if (who === 'anonymous') return false
  if (url.startsWith('/api/console/') === (who === 'systemClient')) return false
  return access === 'signedIn' || may(who, access.may)
}

async function ask(route: DeclaredRoute, who: Who, stale = false) {
  const url = route.url.replace(/:\w+/g, '1').replace('*', 'x')
  const method = route.method as 'GET' | 'POST'
  const body = method === 'GET' ? undefined : '{}'
  let headers: Record<string, string> = {
    host: 'localhost',
    origin: 'http://localhost',
    'sec-fetch-site': 'same-origin',
  }
  if (who === 'systemClient')
    headers = { ...headers, ...client.headers({ method, url, ...(body === undefined ? {} : { body }) }) }
  else if (who !== 'anonymous') {
    const signedIn = await signedInAs(house, {
      role: who,
      ...(ROLES[who].duty === 'department' ? { unit } : {}),
    })
    headers = signedIn.headers
    if (stale)
      await house.superuser.query('UPDATE xh.session SET fresh_until = now() WHERE session_id = $1', [
        signedIn.account.sessionId,
      ])
  }
  return app.inject({
    method,
    url,
    remoteAddress: '127.0.0.1',
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { payload: body }),
  })
}

/** Refused at the door, and not by what stands behind it (a wrong code is also 401). */
const REFUSALS = new Set(['access.not-signed-in', 'access.forbidden', 'access.scope'])
const codeOf = (answer: { body: string; headers: Record<string, unknown> }): string =>
  String(answer.headers['content-type']).includes('json') && answer.body !== ''
    ? ((JSON.parse(answer.body) as { code?: string }).code ?? '')
    : ''

test('every cell of routes × roles answers a real request as declared', { timeout: 300_000 }, async () => {
  const wrong: string[] = []
  let cells = 0
  for (const route of routes)
    for (const who of EVERYBODY) {
      cells++
      const answer = await ask(route, who)
      const refused =
        route.access === 'public'
          ? REFUSALS.has(codeOf(answer))
          : answer.statusCode === 401 || answer.statusCode === 403
      if (refused === expected(route, who) || answer.statusCode === 500)
        wrong.push(`${route.method} ${route.url} ${who}: ${answer.statusCode} ${codeOf(answer)}`)
    }
  expect(wrong).toEqual([])
  expect(cells).toBe(routes.length * EVERYBODY.length)
  expect(routes.length).toBeGreaterThan(40)
})

test('dangerous acts are refused to a session that is not fresh', async () => {
  const dangerous = routes.filter((route) => typeof route.access === 'object' && route.access.fresh)
  expect(dangerous.length).toBeGreaterThan(10)
  for (const route of dangerous) {
    const who = PEOPLE.find((role) => expected(route, role))
    if (who === undefined) continue
    const answer = await ask(route, who, true)
    expect([answer.statusCode, codeOf(answer)], `${route.method} ${route.url}`).toEqual([
      403,
      'access.not-fresh',
    ])
  }
})

describe('a route', () => {
  test.each([
    ['that says nothing', undefined],
    ['that names no permission', {}],
    ['that names one which does not exist', { access: { may: 'nothing.atAll' } }],
    ['that says something else', { access: 'anybody' }],
  ])('%s does not start', async (_, config) => {
    const bare = await httpServer({ logLevel: 'silent' })
    expect(() => bare.get('/api/console/x', { config: config as never }, async () => 1)).toThrow(
      'does not say who may call it',
    )
    await bare.close()
  })

  test('that changes something in the console asks for a role or at least a sign-in', () => {
    const open = routes
      .filter((route) => route.access === 'public' && !['GET', 'OPTIONS'].includes(route.method))
      .map((route) => `${route.method} ${route.url}`)
      .filter((route) => route.includes('/api/console/'))
    for (const route of open) expect(route).toMatch(/\/api\/console\/(?:sign-in|invitation)/)
  })
})

test('every number that a request may bring has bounds: the database refuses none of them', () => {
  const unbounded: string[] = []
  const walk = (schema: unknown, where: string): void => {
    if (typeof schema !== 'object' || schema === null) return
    const { type, maximum, minimum } = schema as { type?: unknown; maximum?: unknown; minimum?: unknown }
    if ((type === 'integer' || type === 'number') && (maximum === undefined || minimum === undefined))
      unbounded.push(where)
    for (const [name, inner] of Object.entries(schema)) walk(inner, `${where}.${name}`)
  }
  for (const { method, url, request } of app.declaredRoutes)
    if (method !== 'HEAD') walk(request, `${method} ${url}`)
  expect(unbounded).toEqual([])
})

test('docs/access-matrix.md is made from the routes and is current', () => {
  const made = matrix(routes)
  if (process.env.ACCESS_MATRIX === 'write') writeFileSync(DOCUMENT, made)
  expect(
    readFileSync(DOCUMENT, 'utf8'),
    'routes or permissions changed: run `npm run docs:access-matrix` and look at the difference',
  ).toBe(made)
})

function matrix(all: readonly DeclaredRoute[]): string {
  const head = (first: string, who: readonly Who[]) => [
    `| ${first} | ${who.map((one) => (one === 'anonymous' ? '公众' : ROLES[one].zh)).join(' | ')} |`,
    `| --- |${' :-: |'.repeat(who.length)}`,
  ]
  const permissions = (Object.keys(PERMISSIONS) as Permission[]).map(
    (permission) =>
      `| \`${permission}\` ${PERMISSIONS[permission].zh} ${PERMISSIONS[permission].en} | ${ROLE_NAMES.map((role) => (may(role, permission) ? '+' : '')).join(' | ')} |`,
  )
  const sorted = [...all].sort((a, b) => (`${a.url} ${a.method}` < `${b.url} ${b.method}` ? -1 : 1))
  const guarded = sorted
    .filter((route) => route.access !== 'public')
    .map((route) => {
      const name =
        typeof route.access === 'object' ? `\`${route.access.may}\`${route.access.fresh ? ' ⟳' : ''}` : ''
      return `| ${route.method} \`${route.url}\` ${name} | ${EVERYBODY.map((who) => (expected(route, who) ? '+' : '')).join(' | ')} |`
    })
  const open = sorted
    .filter((route) => route.access === 'public')
    .map((route) => `- ${route.method} \`${route.url}\``)
  return [
    '# Who may do what 权限矩阵',
    '',
    'Made from the permissions (`packages/core/src/access/permissions.ts`) and the routes by `npm run docs:access-matrix`; a',
    'test sends a real request for every cell. ⟳: only to a session that proved itself within five minutes.',
    '',
    '## Permissions × roles',
    '',
    ...head('permission', ROLE_NAMES),
    ...permissions,
    '',
    '## Routes × roles',
    '',
    ...head('route', EVERYBODY),
    ...guarded,
    '',
    '## Routes open to everybody',
    '',
    ...open,
    '',
  ].join('\n')
}
