import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { may, ROLE_NAMES, ROLES } from '@xinheng/core'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from './app.ts'
import { signedInAs } from './modules/access/testing.ts'
import { addUnits } from './modules/units/index.ts'
import { type TestHouse, testHouse } from './platform/database/testing.ts'
import type { DeclaredRoute } from './platform/http/access.ts'

/** Routes of plugins, which declare nothing. */
const PLUGINS: DeclaredRoute[] = [
  '/api/docs',
  '/api/docs/',
  '/api/docs/json',
  '/api/docs/yaml',
  '/api/docs/static/swagger-ui.css',
  '/api/docs/static/swagger-initializer.js',
  '/api/docs/static/index.html',
  '/console/assets/app.js',
  '/console/assets/none.js',
  '/no/such/page',
  '/%E0%A4%A',
  `/${'x'.repeat(300)}`,
].map((url) => ({ method: 'GET', url, access: 'public' }))
const PAGE = { host: 'localhost', origin: 'http://localhost', 'sec-fetch-site': 'same-origin' }

let house: TestHouse
let app: FastifyInstance
let routes: DeclaredRoute[]
/** Somebody who may call each route. */
let asked: { route: DeclaredRoute; who: string; headers: Record<string, string> }[]

beforeAll(async () => {
  house = await testHouse()
  await addUnits(house.house.database.pools.app, { name: 'test', duty: 'centre' }, [
    { uscc: '11510500MB1A2C3D05', name: '示例市甲局' },
  ])
  const unit = (await house.superuser.query('SELECT unit_id FROM xh.unit')).rows[0].unit_id
  const folder = join(house.folder, 'console')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><html lang="zh"><meta name="style-nonce" content="__nonce__"><title>x</title><script type="module" src="/console/assets/app.js"></script>',
  )
  writeFileSync(join(folder, 'assets/app.js'), '1')
  app = await buildApp(house.house, house.catalogue, {
    city: '示例市',
    fictional: true,
    folder,
    ratePerMinute: 1_000_000,
  })
  routes = [...app.declaredRoutes, ...PLUGINS]
  const sessions = new Map<string, Record<string, string>>()
  for (const role of ROLE_NAMES)
    if (role !== 'systemClient')
      sessions.set(
        role,
        (await signedInAs(house, { role, ...(ROLES[role].duty === 'department' ? { unit } : {}) })).headers,
      )
  asked = routes.flatMap((route) => {
    const { access } = route
    const role = ROLE_NAMES.find(
      (one) => one !== 'systemClient' && typeof access === 'object' && may(one, access.may),
    )
    const signedIn = sessions.get(role ?? 'centreOperator') as Record<string, string>
    return [
      { route, who: 'nobody', headers: PAGE },
      ...(access === 'public' ? [] : [{ route, who: role ?? 'centreOperator', headers: signedIn }]),
    ]
  })
})
afterAll(async () => {
  await app.close()
  await house.close()
})

function ask(
  route: DeclaredRoute,
  headers: Record<string, string>,
  payload?: string,
): Promise<LightMyRequestResponse> {
  const reads = ['GET', 'HEAD', 'OPTIONS'].includes(route.method)
  return app.inject({
    method: route.method as NonNullable<InjectOptions['method']>,
    url: route.url.replace(/:\w+/g, '1').replace('*', 'x'),
    remoteAddress: '127.0.0.1',
    headers: reads ? headers : { 'content-type': 'application/json', ...headers },
    ...(reads ? {} : { payload: payload ?? '{}' }),
  })
}

/** What a scanner would report of one answer. */
function alerts(answer: LightMyRequestResponse, isPrivate: boolean, secure: boolean, url = ''): string[] {
  const found: string[] = []
  const alert = (wrong: boolean, name: string) => {
    if (wrong) found.push(name)
  }
  const header = (name: string) => String(answer.headers[name] ?? '')
  const directives = new Map(
    header('content-security-policy')
      .split(';')
      .map((one) => one.trim().split(/\s+/))
      .map(([name, ...values]) => [name ?? '', values] as const),
  )
  alert(!directives.has('default-src'), 'no content policy')
  alert(directives.get('frame-ancestors')?.join() !== "'none'" && !directives.has('sandbox'), 'can be framed')
  for (const [name, values] of directives)
    for (const value of ["'unsafe-inline'", "'unsafe-eval'", '*', 'http:', 'https:'])
      alert(values.includes(value), `${name} ${value}`)
  alert(header('x-content-type-options') !== 'nosniff', 'can be sniffed')
  alert(!['same-origin', 'no-referrer'].includes(header('referrer-policy')), 'referrer')
  for (const one of ['camera', 'geolocation', 'microphone'])
    alert(!header('permissions-policy').includes(`${one}=()`), `may use ${one}`)
  // The panel stays connected with the page that opened it: to hand back its result.
  const opener = url === '/widget/check' && answer.statusCode === 200 ? 'unsafe-none' : 'same-origin'
  alert(header('cross-origin-opener-policy') !== opener, 'opener')
  alert('server' in answer.headers || 'x-powered-by' in answer.headers, 'banner')
  alert('strict-transport-security' in answer.headers !== secure, 'transport')
  alert(isPrivate && header('cache-control') !== 'no-store', `private and cached: ${header('cache-control')}`)
  alert(isPrivate && 'access-control-allow-origin' in answer.headers, 'private and open to other sites')
  alert('access-control-allow-credentials' in answer.headers, 'other sites come with cookies')
  alert(answer.statusCode === 200 && answer.body !== '' && header('content-type') === '', 'no type')
  alert(
    header('content-type').startsWith('text/') && !/charset=utf-8/i.test(header('content-type')),
    'charset',
  )
  for (const cookie of [answer.headers['set-cookie'] ?? []].flat()) {
    const [pair, ...attributes] = cookie.split('; ')
    alert(!pair?.startsWith('__Host-'), `cookie ${pair}`)
    for (const one of ['Path=/', 'Secure', 'HttpOnly'])
      alert(!attributes.includes(one), `cookie without ${one}`)
    alert(!attributes.some((one) => /^SameSite=(?:Strict|Lax)$/.test(one)), 'cookie for other sites')
  }
  if (header('content-type').startsWith('text/html')) {
    const nonce = /'nonce-([\w-]+)'/.exec(header('content-security-policy'))?.[1]
    for (const [tag] of answer.body.matchAll(/<(?:script|style)\b[^>]*>/g))
      alert(!/\bsrc=/.test(tag) && !(nonce !== undefined && tag.includes(nonce)), `inline ${tag}`)
    alert(/<[^>]+\son[a-z]+\s*=/i.test(answer.body), 'inline handler')
    alert(/<[^>]+\sstyle\s*=/i.test(answer.body), 'inline style')
    alert(/(?:href|src|action)\s*=\s*["']?\s*javascript:/i.test(answer.body), 'javascript:')
  }
  return found
}

describe.each([
  ['http', false, {}],
  ['https at a proxy', true, { 'x-forwarded-proto': 'https' }],
] as const)('over %s', (_, secure, over) => {
  test('no answer of any route raises an alert, to nobody and to whoever may call it', {
    timeout: 300_000,
  }, async () => {
    const wrong: string[] = []
    for (const { route, who, headers } of asked) {
      // What is inspected is the answer, not whether the scheme of the page is the proxy's.
      const answer = await ask(route, { ...headers, ...over })
      const isPrivate = route.access !== 'public' || route.url.startsWith('/api/console/')
      for (const alert of alerts(answer, isPrivate, secure, route.url))
        wrong.push(`${route.method} ${route.url} to ${who} (${answer.statusCode}): ${alert}`)
      if (answer.statusCode >= 500 && answer.statusCode !== 503)
        wrong.push(`${route.method} ${route.url}: ${answer.statusCode}`)
    }
    expect(wrong).toEqual([])
    expect(asked.length).toBeGreaterThan(200)
  })
})

describe('a page elsewhere that rides on the cookie', () => {
  const JSON_TYPE = { 'content-type': 'application/json' }
  const ATTACKS: Record<string, Record<string, string | undefined>> = {
    'from another origin': { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', ...JSON_TYPE },
    'from another origin, in a browser that says nothing of the site': {
      origin: 'https://evil.example',
      'sec-fetch-site': undefined,
      ...JSON_TYPE,
    },
    'from a neighbour of ours': {
      origin: 'http://www.localhost',
      'sec-fetch-site': 'same-site',
      ...JSON_TYPE,
    },
    'from another port': { origin: 'http://localhost:81', 'sec-fetch-site': 'same-site', ...JSON_TYPE },
    'with no origin': { origin: undefined, 'sec-fetch-site': undefined, ...JSON_TYPE },
    'with an opaque origin': { origin: 'null', 'sec-fetch-site': 'cross-site', ...JSON_TYPE },
    'typed as an address': { origin: undefined, 'sec-fetch-site': 'none', ...JSON_TYPE },
    'as a form': { 'content-type': 'application/x-www-form-urlencoded' },
    'as a form with files': { 'content-type': 'multipart/form-data; boundary=x' },
    'as plain text': { 'content-type': 'text/plain' },
    'as a form of another origin': {
      origin: 'https://evil.example',
      'sec-fetch-site': undefined,
      'content-type': 'application/x-www-form-urlencoded',
    },
  }
  test.each(Object.keys(ATTACKS))('%s changes nothing, on any route', { timeout: 120_000 }, async (name) => {
    const unsafe = asked.filter(
      ({ route }) =>
        route.url.startsWith('/api/console/') && !['GET', 'HEAD', 'OPTIONS'].includes(route.method),
    )
    expect(unsafe.length).toBeGreaterThan(40)
    const before = await acts()
    for (const { route, headers } of unsafe) {
      const given = Object.entries({ ...headers, ...ATTACKS[name] }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      )
      const answer = await ask(route, Object.fromEntries(given))
      const what = `${route.method} ${route.url}: ${answer.statusCode} ${answer.body}`
      expect([403, 415], what).toContain(answer.statusCode)
      expect(['access.foreign-page', 'access.json-only'], what).toContain(answer.json().code)
    }
    expect(await acts()).toBe(before)
  })

  test('reads nothing either', async () => {
    for (const { route, headers } of asked.filter(
      (one) => one.route.url.startsWith('/api/console/') && one.route.method === 'GET',
    )) {
      const answer = await ask(route, {
        ...headers,
        origin: 'https://evil.example',
        'sec-fetch-site': 'cross-site',
      })
      expect(answer.statusCode, route.url).toBe(403)
    }
  })

  const acts = async () =>
    (await house.superuser.query('SELECT max(entry_id)::int AS acts FROM xh.ledger_inbox')).rows[0].acts
})

test('where people come by https, a page that came by http is another one', async () => {
  const secure = await testHouse({ PUBLIC_ORIGIN: 'https://localhost' })
  const other = await buildApp(secure.house, secure.catalogue, { city: '示例市', fictional: true })
  try {
    const { headers } = await signedInAs(secure, { role: 'centreOperator' })
    const post = (origin: string) =>
      other.inject({
        method: 'POST',
        url: '/api/console/sign-out',
        headers: { ...headers, origin, 'content-type': 'application/json' },
        payload: '{}',
      })
    const refused = await post('http://localhost')
    expect(refused.json().code).toBe('access.foreign-page')
    expect(refused.headers['strict-transport-security']).toMatch(/^max-age=\d{8}/)
    expect((await post('https://localhost')).statusCode).toBeLessThan(300)
  } finally {
    await other.close()
    await secure.close()
  }
})

test('what is no request at all is answered without a word about the server', async () => {
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  const socket = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1')
  socket.write('GARBAGE\r\n\r\n')
  const answer = await text(socket)
  expect(answer).toMatch(/^HTTP\/1.1 400/)
  expect(answer).not.toMatch(/server:|powered|node|fastify/i)
})
