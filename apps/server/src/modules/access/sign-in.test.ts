import type { FastifyInstance } from 'fastify'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { buildApp } from '../../app.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { openAccess } from './guard.ts'
import { signedInAs } from './testing.ts'

const PASSWORD = '翠竹 Lantern 47 bridge'
const PAGE = { host: 'localhost', origin: 'http://localhost', 'sec-fetch-site': 'same-origin' }
const PERIOD = 30

let house: TestHouse
let app: FastifyInstance
let account: number
let login: string
let totp: TOTP
let recoveryCodes: string[]

const code = (step = 0) => totp.generate({ timestamp: Date.now() + step * PERIOD * 1000 })
const sql = (text: string, values: unknown[] = []) => house.superuser.query(text, values)
/** As if the last code had been used long ago. */
const anyCode = () => sql('UPDATE xh.account_secret SET totp_last_step = 0')
const post = (
  url: string,
  body: object | undefined,
  headers: Record<string, string> = {},
  remoteAddress = '198.51.100.7',
) =>
  app.inject({
    method: 'POST',
    url: `/api/console/${url}`,
    headers: { ...PAGE, ...headers },
    remoteAddress,
    ...(body === undefined ? {} : { payload: body }),
  })
type Answer = Awaited<ReturnType<typeof post>>
const cookies = (answer: Answer): Record<string, string> =>
  Object.fromEntries(answer.cookies.map((cookie) => [cookie.name, cookie.value]))
const cookie = (jar: Record<string, string>) => ({
  cookie: Object.entries(jar)
    .map(([name, value]) => `${name}=${value}`)
    .join('; '),
})
const problem = (answer: Answer) => [answer.statusCode, answer.json().code]

/** The whole way in. */
async function signIn(jar: Record<string, string> = {}, address?: string): Promise<Record<string, string>> {
  await anyCode()
  const first = await post('sign-in', { account: login, password: PASSWORD }, cookie(jar), address)
  expect(first.statusCode).toBe(200)
  const half = { ...jar, ...cookies(first) }
  const second = await post('sign-in/second-factor', { code: code() }, cookie(half), address)
  expect(second.statusCode, second.body).toBe(200)
  return { ...half, ...cookies(second) }
}

beforeAll(async () => {
  house = await testHouse()
  app = await buildApp(house.house, house.catalogue, {
    city: '示例市',
    fictional: true,
    ratePerMinute: 100_000,
  })
  const made = await signedInAs(house, { role: 'centreOperator' })
  account = made.account.accountId
  login = made.account.name
  const { invitations } = openAccess(house.house, '示例市')
  const client = await house.house.database.pools.access.connect()
  const token = await invitations.issue(client, account, 'test')
  client.release()
  const opened = await post('invitation/open', { token })
  expect(opened.json()).toMatchObject({ login, role: 'centreOperator' })
  totp = new TOTP({ secret: Secret.fromBase32(opened.json().secondFactor.secret) })
  expect(problem(await post('invitation/accept', { token, password: 'Password1234', code: code() }))).toEqual(
    [400, 'password.weak'],
  )
  const accepted = await post('invitation/accept', { token, password: PASSWORD, code: code() })
  expect(accepted.json().signedIn).toBe(true)
  recoveryCodes = accepted.json().recoveryCodes
  expect(recoveryCodes).toHaveLength(10)
  // The link is used up, and the session that stood before it is dead.
  expect(problem(await post('invitation/open', { token }))).toEqual([404, 'invitation.unknown'])
  expect((await app.inject({ url: '/api/console/me', headers: made.headers })).statusCode).toBe(401)
})
afterAll(async () => {
  await app.close()
  await house.close()
})
beforeEach(() => sql('DELETE FROM xh.sign_in_attempt'))

describe('signing in', () => {
  test('takes a password and a code, and gives a cookie that no script and no other site can use', async () => {
    await anyCode()
    const first = await post('sign-in', { account: ` ${login.toUpperCase()} `, password: PASSWORD })
    expect(first.json()).toEqual({ next: 'secondFactor', passwordAged: false })
    const half = cookies(first)
    // Half-way nothing may be done.
    expect(
      (await app.inject({ url: '/api/console/me', headers: { ...PAGE, ...cookie(half) } })).statusCode,
    ).toBe(401)
    const second = await post('sign-in/second-factor', { code: code() }, cookie(half))
    for (const header of [second.headers['set-cookie']].flat())
      expect(header).toMatch(
        /^__Host-(?:session|device)=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict/,
      )
    expect(second.headers['cache-control']).toBe('no-store')
    const full = cookies(second)
    expect(full['__Host-session']).not.toBe(half['__Host-session'])
    const me = await app.inject({ url: '/api/console/me', headers: { ...PAGE, ...cookie(full) } })
    expect(me.json()).toMatchObject({ login, role: 'centreOperator', duty: 'centre', unit: null })
    // The half-way session is gone.
    await anyCode()
    expect(problem(await post('sign-in/second-factor', { code: code() }, cookie(half)))).toEqual([
      401,
      'sign-in.begin-again',
    ])
  })

  test('a code works once, also for two requests at once', async () => {
    await signIn()
    const half = cookies(await post('sign-in', { account: login, password: PASSWORD }))
    expect(problem(await post('sign-in/second-factor', { code: code() }, cookie(half)))).toEqual([
      401,
      'sign-in.code-used',
    ])
    await anyCode()
    const halves = [
      cookies(await post('sign-in', { account: login, password: PASSWORD })),
      cookies(await post('sign-in', { account: login, password: PASSWORD })),
    ]
    const same = code()
    const answers = await Promise.all(
      halves.map((one) => post('sign-in/second-factor', { code: same }, cookie(one))),
    )
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 401])
  })

  test('a code of two steps ago does not work, that of one does', async () => {
    await anyCode()
    // In the middle of a step, and it stays there: otherwise this would fail once in a hundred runs.
    const middle = (Math.floor(Date.now() / 30_000) + 0.5) * 30_000
    vi.useFakeTimers({ toFake: ['Date'], now: middle })
    const half = cookies(await post('sign-in', { account: login, password: PASSWORD }))
    expect(problem(await post('sign-in/second-factor', { code: code(-3) }, cookie(half)))).toEqual([
      401,
      'sign-in.code',
    ])
    expect(problem(await post('sign-in/second-factor', { code: code(-2) }, cookie(half)))).toEqual([
      401,
      'sign-in.code',
    ])
    expect((await post('sign-in/second-factor', { code: code(-1) }, cookie(half))).statusCode).toBe(200)
    vi.useRealTimers()
  })

  test('a recovery code takes the place of a code, once', async () => {
    const half = cookies(await post('sign-in', { account: login, password: PASSWORD }))
    const second = await post(
      'sign-in/second-factor',
      { recoveryCode: recoveryCodes[0]?.toLowerCase() },
      cookie(half),
    )
    expect(second.json().recoveryCodesLeft).toBe(9)
    const again = cookies(await post('sign-in', { account: login, password: PASSWORD }))
    expect(
      problem(
        await post('sign-in/second-factor', { recoveryCode: recoveryCodes[0] as string }, cookie(again)),
      ),
    ).toEqual([401, 'sign-in.code'])
  })

  test('a planted session id is never taken over', async () => {
    const planted = { '__Host-session': 'A'.repeat(43) }
    const full = await signIn(planted)
    expect(full['__Host-session']).not.toBe(planted['__Host-session'])
  })

  test('passwords, seeds, recovery codes and session ids are nowhere in the clear', async () => {
    const jar = await signIn()
    const { rows } = await sql(
      `SELECT (SELECT string_agg(s::text, ' ') FROM xh.account_secret s) || (SELECT string_agg(r::text, ' ') FROM xh.recovery_code r)
              || (SELECT string_agg(s::text, ' ') FROM xh.session s) || (SELECT string_agg(d::text, ' ') FROM xh.known_device d) AS everything`,
    )
    for (const secret of [
      PASSWORD,
      totp.secret.base32,
      totp.secret.hex.toLowerCase(),
      ...recoveryCodes,
      ...Object.values(jar),
    ])
      expect(rows[0].everything).not.toContain(secret)
    const hash = (await sql('SELECT password_hash FROM xh.account_secret WHERE account_id = $1', [account]))
      .rows[0].password_hash
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)
  })

  test('a password hashed with less is hashed anew at sign-in', async () => {
    const { hash } = await import('@node-rs/argon2')
    await sql('UPDATE xh.account_secret SET password_hash = $2 WHERE account_id = $1', [
      account,
      await hash(PASSWORD, {
        memoryCost: 19_456,
        timeCost: 2,
        parallelism: 1,
        secret: house.house.keys.lasting('pepper'),
      }),
    ])
    await signIn()
    const { rows } = await sql('SELECT password_hash FROM xh.account_secret WHERE account_id = $1', [account])
    expect(rows[0].password_hash).toContain('$m=65536,t=3,p=1$')
  })
})

describe('who may not sign in', () => {
  test('an unknown account, a wrong password and a client get one answer', async () => {
    const client = await signedInAs(house, { role: 'auditor', name: '没有密码' })
    const answers = [
      await post('sign-in', { account: 'nobody.here', password: PASSWORD }),
      await post('sign-in', { account: login, password: 'another password 99' }),
      await post('sign-in', { account: client.account.name, password: PASSWORD }),
    ]
    for (const answer of answers) expect(problem(answer)).toEqual([401, 'sign-in.wrong'])
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1)
  })

  test('an account that is off, one without a role and one unused for 90 days', async () => {
    await sql(`UPDATE xh.account SET state = 'off' WHERE account_id = $1`, [account])
    expect(problem(await post('sign-in', { account: login, password: PASSWORD }))).toEqual([
      403,
      'sign-in.account-off',
    ])
    await sql(
      `UPDATE xh.account SET state = 'on', last_used_at = now() - interval '91 days' WHERE account_id = $1`,
      [account],
    )
    expect(problem(await post('sign-in', { account: login, password: PASSWORD }))).toEqual([
      403,
      'sign-in.account-off',
    ])
    const { rows } = await sql('SELECT state, state_reason FROM xh.account WHERE account_id = $1', [account])
    expect(rows[0]).toEqual({ state: 'off', state_reason: 'unused' })
    await sql(`UPDATE xh.account SET state = 'on', last_used_at = now() WHERE account_id = $1`, [account])
    await sql('DELETE FROM xh.account_role WHERE account_id = $1', [account])
    expect(problem(await post('sign-in', { account: login, password: PASSWORD }))).toEqual([
      403,
      'sign-in.no-role',
    ])
    await sql(
      `INSERT INTO xh.account_role (account_id, duty, role) VALUES ($1, 'centre', 'centreOperator')`,
      [account],
    )
  })

  test('with a password past its age only along with a new one, which is not an old one', async () => {
    await sql(`UPDATE xh.account_secret SET password_set_at = now() - interval '91 days'`)
    await anyCode()
    const first = await post('sign-in', { account: login, password: PASSWORD })
    expect(first.json().passwordAged).toBe(true)
    const half = cookie(cookies(first))
    expect(problem(await post('sign-in/second-factor', { code: code() }, half))).toEqual([
      403,
      'sign-in.password-aged',
    ])
    expect(
      problem(await post('sign-in/second-factor', { code: code(), newPassword: PASSWORD }, half)),
    ).toEqual([400, 'password.reused'])
    expect(
      (await post('sign-in/second-factor', { code: code(), newPassword: 'kettle 91 Öl und Regen' }, half))
        .statusCode,
    ).toBe(200)
    // Back to the password of these tests, past the rule against that.
    await sql('DELETE FROM xh.past_password')
    await sql('UPDATE xh.account_secret SET password_hash = $2 WHERE account_id = $1', [
      account,
      await openAccess(house.house, '').signIn.passwords.hash(PASSWORD),
    ])
  })
})

describe('lockout', () => {
  const fail = (address: string, jar: Record<string, string> = {}) =>
    post('sign-in', { account: login, password: 'not the password 1' }, cookie(jar), address)

  test('after five failures a place waits fifteen minutes, even with the right password', async () => {
    for (let i = 0; i < 5; i++) expect((await fail('203.0.113.5')).statusCode).toBe(401)
    const locked = await post('sign-in', { account: login, password: PASSWORD }, {}, '203.0.113.5')
    expect(problem(locked)).toEqual([429, 'sign-in.locked'])
    await sql(`UPDATE xh.sign_in_attempt SET window_from = window_from - interval '16 minutes'`)
    expect(
      (await post('sign-in', { account: login, password: PASSWORD }, {}, '203.0.113.5')).statusCode,
    ).toBe(200)
  })

  test('is the stranger’s alone: the owner signs in from a known browser or another address', async () => {
    const known = await signIn({}, '203.0.113.9')
    for (let i = 0; i < 7; i++) await fail('203.0.113.9')
    expect((await fail('203.0.113.9')).statusCode).toBe(429)
    // The same office, the browser that has signed in before.
    await signIn({ '__Host-device': known['__Host-device'] as string }, '203.0.113.9')
    // Another address, any browser.
    await signIn({}, '203.0.113.10')
  })

  test('a device cookie that was made up helps nobody', async () => {
    for (let i = 0; i < 6; i++) await fail('203.0.113.11', { '__Host-device': 'B'.repeat(43) })
    expect((await fail('203.0.113.11', { '__Host-device': 'C'.repeat(43) })).statusCode).toBe(429)
  })

  test('a network of many addresses counts as one', async () => {
    for (let i = 0; i < 5; i++) await fail(`2001:db8:7:1::${i + 1}`)
    expect((await fail('2001:db8:7:1::ffff')).statusCode).toBe(429)
    expect((await fail('2001:db8:7:2::1')).statusCode).toBe(401)
  })

  test('counts for an account that does not exist just the same', async () => {
    const guess = () =>
      post('sign-in', { account: 'nobody.here', password: 'whatever 123' }, {}, '203.0.113.12')
    for (let i = 0; i < 5; i++) expect((await guess()).statusCode).toBe(401)
    expect((await guess()).statusCode).toBe(429)
  })

  test('an account guessed from everywhere gives each new place one try, and its owner all', async () => {
    const known = await signIn({}, '203.0.113.20')
    await sql(`UPDATE xh.sign_in_attempt SET attempts = 100 WHERE source = '*'`)
    expect((await fail('203.0.113.21')).statusCode).toBe(401)
    expect((await fail('203.0.113.21')).statusCode).toBe(429)
    await fail('203.0.113.22', known)
    await signIn(known, '203.0.113.22')
  })

  test('five wrong codes stop the second step', async () => {
    const half = cookie(cookies(await post('sign-in', { account: login, password: PASSWORD })))
    await anyCode()
    for (let i = 0; i < 5; i++)
      expect((await post('sign-in/second-factor', { code: '000000' }, half)).statusCode).toBe(401)
    expect(problem(await post('sign-in/second-factor', { code: code() }, half))).toEqual([
      429,
      'sign-in.locked',
    ])
  })

  test('many guesses at once do not slip through', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => fail('203.0.113.30')))
    expect(answers.filter((answer) => answer.statusCode === 401)).toHaveLength(5)
  })
})

describe('a session', () => {
  const me = (jar: Record<string, string>) =>
    app.inject({ url: '/api/console/me', headers: { ...PAGE, ...cookie(jar) } })

  test('ends by idleness and by age, with a code that the console can act on', async () => {
    const idle = await signIn()
    await sql(`UPDATE xh.session SET seen_at = now() - interval '16 minutes'`)
    expect(problem(await me(idle))).toEqual([401, 'access.not-signed-in'])
    const old = await signIn()
    await sql(`UPDATE xh.session SET ends_at = now() - interval '1 second'`)
    expect(problem(await me(old))).toEqual([401, 'access.not-signed-in'])
    const { rows } = await sql(
      'SELECT extract(epoch FROM ends_at - begun_at)::int AS seconds FROM xh.session WHERE stage = $1',
      ['full'],
    )
    expect(Math.max(...rows.map((row) => row.seconds))).toBeLessThanOrEqual(8 * 3600)
  })

  test('is kept alive by use', async () => {
    const jar = await signIn()
    for (let i = 0; i < 3; i++) {
      await sql(`UPDATE xh.session SET seen_at = now() - interval '14 minutes'`)
      expect((await me(jar)).statusCode).toBe(200)
    }
  })

  test('dies with the role and with the lock', async () => {
    const jar = await signIn()
    await sql(`UPDATE xh.account_role SET role = 'centreReviewer' WHERE account_id = $1`, [account])
    expect((await me(jar)).statusCode).toBe(401)
    await sql(`UPDATE xh.account_role SET role = 'centreOperator' WHERE account_id = $1`, [account])
    await sql(`UPDATE xh.account SET state = 'off' WHERE account_id = $1`, [account])
    expect((await me(jar)).statusCode).toBe(401)
    await sql(`UPDATE xh.account SET state = 'on' WHERE account_id = $1`, [account])
  })

  test('its owner sees the others and ends them; a new password ends them too', async () => {
    await sql('DELETE FROM xh.session')
    const here = await signIn()
    const there = await signIn()
    const list = await app.inject({ url: '/api/console/sessions', headers: { ...PAGE, ...cookie(here) } })
    expect(list.json().sessions).toHaveLength(2)
    const other = list.json().sessions.find((one: { current: boolean }) => !one.current)
    const end = (id: string) =>
      app.inject({
        method: 'DELETE',
        url: `/api/console/sessions/${id}`,
        headers: { ...PAGE, ...cookie(here) },
      })
    expect((await end(other.id)).statusCode).toBe(204)
    expect((await me(there)).statusCode).toBe(401)
    // Another's session does not exist for me.
    const stranger = await signedInAs(house, { role: 'auditor' })
    expect((await end(stranger.account.sessionId)).statusCode).toBe(404)
    const third = await signIn()
    expect((await post('password', { password: 'granite 12 Fähre weiß' }, cookie(here))).statusCode).toBe(204)
    expect((await me(third)).statusCode).toBe(401)
    expect((await me(here)).statusCode).toBe(200)
    await sql('DELETE FROM xh.past_password')
    await sql('UPDATE xh.account_secret SET password_hash = $2 WHERE account_id = $1', [
      account,
      await openAccess(house.house, '').signIn.passwords.hash(PASSWORD),
    ])
  })

  test('proves itself again for dangerous acts, under a new id', async () => {
    const jar = await signIn()
    await sql(`UPDATE xh.session SET fresh_until = now() - interval '1 second'`)
    expect(problem(await post('recovery-codes', undefined, cookie(jar)))).toEqual([403, 'access.not-fresh'])
    await anyCode()
    expect(
      problem(await post('re-authenticate', { password: 'wrong 1234567', code: code() }, cookie(jar))),
    ).toEqual([401, 'sign-in.wrong'])
    const again = await post('re-authenticate', { password: PASSWORD, code: code() }, cookie(jar))
    expect(again.statusCode).toBe(204)
    expect((await me(jar)).statusCode).toBe(401)
    const renewed = { ...jar, ...cookies(again) }
    expect((await post('recovery-codes', undefined, cookie(renewed))).json().recoveryCodes).toHaveLength(10)
  })

  test('a new authenticator is taken when its first code is right, and its seed cannot be another’s', async () => {
    const jar = await signIn()
    const { sealed, secret } = (await post('second-factor', undefined, cookie(jar))).json()
    const fresh = new TOTP({ secret: Secret.fromBase32(secret) })
    const put = (body: object, headers: Record<string, string>) =>
      app.inject({
        method: 'PUT',
        url: '/api/console/second-factor',
        headers: { ...PAGE, ...headers },
        payload: body,
      })
    expect((await put({ sealed, code: '000000' }, cookie(jar))).statusCode).toBe(401)
    const stranger = await signedInAs(house, { role: 'auditor' })
    expect((await put({ sealed, code: fresh.generate() }, stranger.headers)).statusCode).toBe(401)
    expect((await put({ sealed, code: fresh.generate() }, cookie(jar))).statusCode).toBe(204)
    totp = fresh
    await signIn()
  })

  test('signing out ends it', async () => {
    const jar = await signIn()
    expect((await post('sign-out', undefined, cookie(jar))).statusCode).toBe(204)
    expect((await me(jar)).statusCode).toBe(401)
  })
})

describe('requests of other pages', () => {
  test.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: '' }],
    [{ origin: 'null' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'none' }],
  ])('%j change nothing', async (headers) => {
    const jar = await signIn()
    const answer = await post('sign-out', undefined, { ...cookie(jar), ...headers })
    expect(problem(answer)).toEqual([403, 'access.foreign-page'])
  })

  test('without an origin, or with a form’s body, change nothing', async () => {
    const { origin: _, ...rest } = PAGE
    const bare = await app.inject({ method: 'POST', url: '/api/console/sign-out', headers: rest })
    expect(bare.json().code).toBe('access.foreign-page')
    const form = await app.inject({
      method: 'POST',
      url: '/api/console/sign-in',
      headers: { ...PAGE, 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'account=x&password=y',
    })
    expect(form.json().code).toBe('access.json-only')
  })

  test('unknown members of a body are refused, also those that would change prototypes', async () => {
    for (const payload of [
      '{"account":"x","password":"y","role":"auditor"}',
      '{"account":"x","password":"y","__proto__":{"role":"auditor"}}',
      '{"account":"x","password":"y","constructor":{"prototype":{"a":1}}}',
    ]) {
      const answer = await app.inject({
        method: 'POST',
        url: '/api/console/sign-in',
        headers: { ...PAGE, 'content-type': 'application/json' },
        payload,
      })
      expect(answer.statusCode, payload).toBe(400)
    }
  })
})

test('the ledger tells sign-ins and refusals, without what was typed', async () => {
  const { rows } = await sql(
    `SELECT act, string_agg(l::text, ' ') AS text FROM xh.ledger_inbox l WHERE act LIKE 'session.%' OR act LIKE 'password.%' OR act LIKE 'secondFactor.%' GROUP BY act ORDER BY act`,
  )
  expect(rows.map((row) => row.act)).toEqual([
    'password.change',
    'secondFactor.change',
    'session.begin',
    'session.end',
    'session.refuse',
    'session.renew',
  ])
  for (const row of rows) expect(row.text).not.toMatch(/not the password|nobody\.here|203\.0\.113/)
})
