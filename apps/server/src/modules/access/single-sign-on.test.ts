import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { FastifyInstance } from 'fastify'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../app.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { openAccess } from './guard.ts'
import { type SignedInForTest, signedInAs } from './testing.ts'

const ORIGIN = 'http://127.0.0.1:8129'
const PAGE = { host: '127.0.0.1:8129', origin: ORIGIN, 'sec-fetch-site': 'same-origin' }

let provider: ChildProcess
let house: TestHouse
let app: FastifyInstance
let who: SignedInForTest

beforeAll(async () => {
  provider = spawn(
    process.execPath,
    [new URL('./issuer.testing.mjs', import.meta.url).pathname, `${ORIGIN}/sign-on/callback`],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const [issuer] = (await once(provider.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  house = await testHouse({
    OIDC_ISSUER: String(issuer).trim(),
    OIDC_CLIENT_ID: 'xinheng',
    OIDC_CLIENT_SECRET: 'a secret of the test',
    PUBLIC_ORIGIN: ORIGIN,
  })
  app = await buildApp(house.house, house.catalogue, {
    city: '示例市',
    fictional: true,
    ratePerMinute: 100_000,
  })
  who = await signedInAs(house, { role: 'centreOperator' })
})
afterAll(async () => {
  await app.close()
  await house.close()
  provider.kill()
  await once(provider, 'exit')
})

type Jar = Map<string, string>
const cookieLine = (jar: Jar) => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

/** What a browser does at the issuer: follows, signs in as somebody, agrees, and is sent back. */
async function atTheIssuer(location: string, subject: string): Promise<string> {
  const jar: Jar = new Map()
  let url = location
  let form: URLSearchParams | undefined
  for (let step = 0; step < 20; step++) {
    if (url.startsWith(ORIGIN)) return url
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: {
        cookie: cookieLine(jar),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form === undefined ? {} : { method: 'POST', body: form.toString() }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      jar.set(name, value)
    }
    const next = answer.headers.get('location')
    if (next !== null) {
      url = new URL(next, url).href
      form = undefined
      continue
    }
    const page = await answer.text()
    const action = /action="([^"]+)"/.exec(page)?.[1]
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
    if (action === undefined || prompt === undefined)
      throw new Error(`no form: ${answer.status} ${page.slice(0, 300)}`)
    url = new URL(action.replaceAll('&amp;', '&'), url).href
    form = new URLSearchParams({ prompt, ...(prompt === 'login' ? { login: subject, password: 'any' } : {}) })
  }
  throw new Error('it leads nowhere')
}

const begin = async (headers: Record<string, string>, url: string) => {
  const answer = await app.inject({ method: 'POST', url, headers: { ...PAGE, ...headers } })
  expect(answer.statusCode, answer.body).toBe(200)
  const cookie = answer.cookies[0]
  expect(String(answer.headers['set-cookie'])).toMatch(
    /^__Host-sign-on=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax/,
  )
  return { location: answer.json().location as string, cookie: `${cookie?.name}=${cookie?.value}` }
}
/** The browser comes back from another site: no strict cookie, no origin. */
const back = (url: string, cookie: string) =>
  app.inject({
    url: url.slice(ORIGIN.length),
    headers: { host: PAGE.host, cookie, 'sec-fetch-site': 'cross-site' },
  })

const SIGN_IN = '/api/console/sign-in/single-sign-on'

describe('single sign-on', () => {
  test('of an identity that nobody linked signs nobody in and makes no account', async () => {
    const before = (await house.superuser.query('SELECT count(*) FROM xh.account')).rows[0].count
    const { location, cookie } = await begin({}, SIGN_IN)
    const url = new URL(location)
    for (const [name, value] of [
      ['code_challenge_method', /^S256$/],
      ['code_challenge', /^[\w-]{43}$/],
      ['state', /^[\w-]{43}$/],
      ['nonce', /^[\w-]{43}$/],
      ['scope', /^openid$/],
    ] as const)
      expect(url.searchParams.get(name), name).toMatch(value)
    const answer = await back(await atTheIssuer(location, 'stranger'), cookie)
    expect(answer.headers.location).toBe('/console/sign-in?fault=single-sign-on.unlinked')
    expect((await house.superuser.query('SELECT count(*) FROM xh.account')).rows[0].count).toBe(before)
  })

  test('is linked by its owner, then takes the place of the password, not of the code', async () => {
    const { cookie: session, ...page } = who.headers
    const link = await begin({ ...page, ...PAGE, cookie: session as string }, '/api/console/single-sign-on')
    expect((await back(await atTheIssuer(link.location, 'qin'), link.cookie)).headers.location).toBe(
      '/console/?linked=1',
    )

    const { location, cookie } = await begin({}, SIGN_IN)
    const returned = await back(await atTheIssuer(location, 'qin'), cookie)
    expect(returned.headers.location).toBe('/console/sign-in?step=second-factor')
    const half = returned.cookies.find((one) => one.name === '__Host-session')
    const halfLine = `${half?.name}=${half?.value}`
    // Half-way in: nothing may be done.
    expect(
      (await app.inject({ url: '/api/console/me', headers: { ...PAGE, cookie: halfLine } })).statusCode,
    ).toBe(401)
    const { secondFactor } = openAccess(house.house, '').signIn
    const seed = secondFactor.newSeed(who.account.accountId)
    await house.superuser.query('INSERT INTO xh.account_secret (account_id, totp_seed) VALUES ($1, $2)', [
      who.account.accountId,
      seed,
    ])
    const totp = new TOTP({
      secret: Secret.fromBase32(secondFactor.enrolment(who.account.accountId, seed, 'x', 'x').secret),
    })
    const second = await app.inject({
      method: 'POST',
      url: '/api/console/sign-in/second-factor',
      headers: { ...PAGE, cookie: halfLine },
      payload: { code: totp.generate() },
    })
    expect(second.statusCode, second.body).toBe(200)
    const full = second.cookies.find((one) => one.name === '__Host-session')
    const me = await app.inject({
      url: '/api/console/me',
      headers: { ...PAGE, cookie: `${full?.name}=${full?.value}` },
    })
    expect(me.json()).toMatchObject({ login: who.account.name, signedInBy: 'singleSignOn' })
  })

  test('an identity belongs to one account', async () => {
    const other = await signedInAs(house, { role: 'auditor' })
    const { cookie: session } = other.headers
    const link = await begin({ cookie: session as string }, '/api/console/single-sign-on')
    const answer = await back(await atTheIssuer(link.location, 'qin'), link.cookie)
    expect(answer.headers.location).toBe('/console/sign-in?fault=single-sign-on.taken')
  })

  test('another browser’s flow, another state, and a flow twice lead nowhere', async () => {
    const mine = await begin({}, SIGN_IN)
    const theirs = await begin({}, SIGN_IN)
    const url = await atTheIssuer(mine.location, 'qin')
    const refused = '/console/sign-in?fault=single-sign-on.refused'
    // What an attacker's page would do: lead me back with their code.
    expect((await back(url, theirs.cookie)).headers.location).toBe(refused)
    const forged = new URL(url)
    forged.searchParams.set('state', 'A'.repeat(43))
    const again = await begin({}, SIGN_IN)
    expect((await back(forged.href, again.cookie)).headers.location).toBe(refused)
    expect((await back(url, mine.cookie)).headers.location).toBe('/console/sign-in?step=second-factor')
    expect((await back(url, mine.cookie)).headers.location).toBe(refused)
    expect((await back(url, '')).headers.location).toBe(refused)
  })

  test('an account that is off is not let in by it', async () => {
    await house.superuser.query(`UPDATE xh.account SET state = 'off' WHERE account_id = $1`, [
      who.account.accountId,
    ])
    const { location, cookie } = await begin({}, SIGN_IN)
    expect((await back(await atTheIssuer(location, 'qin'), cookie)).headers.location).toBe(
      '/console/sign-in?fault=sign-in.account-off',
    )
  })
})

test('without an issuer there is none', async () => {
  const plain = await testHouse()
  const bare = await buildApp(plain.house, plain.catalogue, { city: '示例市', fictional: true })
  expect((await bare.inject({ url: SIGN_IN, headers: PAGE })).json()).toEqual({ available: false })
  const answer = await bare.inject({ method: 'POST', url: SIGN_IN, headers: PAGE })
  expect([answer.statusCode, answer.json().code]).toEqual([404, 'single-sign-on.none'])
  await bare.close()
  await plain.close()
})
