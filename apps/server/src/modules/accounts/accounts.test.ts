import type { FastifyInstance } from 'fastify'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../app.ts'
import { type Actor, withActor } from '../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { openAccess } from '../access/index.ts'
import { type SignedInForTest, signedInAs } from '../access/testing.ts'
import { addUnits } from '../units/index.ts'
import { ensureAdministrators, ensureDemoAccounts } from './index.ts'

const PAGE = { host: 'localhost', origin: 'http://localhost', 'sec-fetch-site': 'same-origin' }

let house: TestHouse
let app: FastifyInstance
let unit: number
let otherUnit: number
let system: SignedInForTest
let security: SignedInForTest

const send = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  who: { headers: Record<string, string> },
  payload?: object,
) =>
  app.inject({
    method,
    url: `/api/console/${url}`,
    headers: who.headers,
    ...(payload === undefined ? {} : { payload }),
  })
const actor = ({ account }: SignedInForTest): Actor => ({
  name: account.name,
  duty: account.duty,
  accountId: account.accountId,
  unitId: account.unitId ?? undefined,
})
/** SQL as the server's own login, in the name of an actor. */
const as = (who: Actor, sql: string, values: unknown[] = []) =>
  withActor(house.house.database.pools.app, who, async (client) => ({
    result: (await client.query(sql, values)).rowCount,
    act: { act: 'tried' },
  }))
const asOwner = async (sql: string, values: unknown[] = []) => {
  await house.superuser.query('SET ROLE xh_owner')
  try {
    return await house.superuser.query(sql, values)
  } finally {
    await house.superuser.query('RESET ROLE')
  }
}

beforeAll(async () => {
  house = await testHouse()
  await addUnits(house.house.database.pools.app, { name: 'test', duty: 'centre' }, [
    { uscc: '11510500MB1A2C3D05', name: '示例市甲局' },
    { uscc: '12510500MB1A2C3D02', name: '示例市乙局' },
  ])
  const { rows } = await house.superuser.query('SELECT unit_id FROM xh.unit ORDER BY unit_id')
  unit = rows[0].unit_id
  otherUnit = rows[1].unit_id
  app = await buildApp(house.house, house.catalogue, {
    city: '示例市',
    fictional: true,
    ratePerMinute: 100_000,
  })
  system = await signedInAs(house, { role: 'systemAdministrator' })
  security = await signedInAs(house, { role: 'securityAdministrator' })
})
afterAll(async () => {
  await app.close()
  await house.close()
})

describe('an account', () => {
  test('is created by the system administrator, gets its role from the security administrator, and signs in by its link', async () => {
    const made = await send('POST', 'accounts', system, {
      login: 'wang.min',
      name: '王敏',
      duty: 'department',
      unit,
      staffNumber: 'A-17',
    })
    expect(made.statusCode, made.body).toBe(201)
    const { id, role } = made.json()
    expect(role).toBeNull()
    const granted = await send('PUT', `accounts/${id}/role`, security, { role: 'departmentClerk' })
    expect(granted.statusCode).toBe(200)
    const token = new URL(granted.json().link).hash.slice(1)
    const opened = await app.inject({
      method: 'POST',
      url: '/api/console/invitation/open',
      headers: PAGE,
      payload: { token },
    })
    const totp = new TOTP({ secret: Secret.fromBase32(opened.json().secondFactor.secret) })
    const accepted = await app.inject({
      method: 'POST',
      url: '/api/console/invitation/accept',
      headers: PAGE,
      payload: { token, password: '翠竹 Lantern 47 bridge', code: totp.generate() },
    })
    expect(accepted.json().signedIn).toBe(true)
    // A second grant shows no link: the owner has a password.
    expect(
      (await send('PUT', `accounts/${id}/role`, security, { role: 'departmentReviewer' })).json(),
    ).toEqual({})
    const list = await send('GET', `accounts?unit=${unit}`, system)
    expect(list.json().accounts).toContainEqual(
      expect.objectContaining({ login: 'wang.min', role: 'departmentReviewer', staffNumber: 'A-17' }),
    )
  })

  test('a person has one: login and staff number are taken once', async () => {
    const again = await send('POST', 'accounts', system, {
      login: 'wang.min2',
      name: '王敏',
      duty: 'department',
      unit,
      staffNumber: 'A-17',
    })
    expect([again.statusCode, again.json().code]).toEqual([409, 'account.taken'])
  })

  test('of a department has a unit, others have none', async () => {
    for (const body of [
      { login: 'no.unit', name: '无', duty: 'department' },
      { login: 'with.unit', name: '有', duty: 'centre', unit },
    ])
      expect((await send('POST', 'accounts', system, body)).json().code).toBe('account.unit')
    expect(
      (
        await send('POST', 'accounts', system, {
          login: 'lost',
          name: '无',
          duty: 'department',
          unit: 999_999,
        })
      ).json().code,
    ).toBe('account.unit')
  })

  test('never has a role of another duty', async () => {
    const { account } = await signedInAs(house, { role: 'centreOperator' })
    const answer = await send('PUT', `accounts/${account.accountId}/role`, security, { role: 'auditor' })
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'role.other-duty'])
  })

  test('that is off or loses its role can do nothing at once', async () => {
    const clerk = await signedInAs(house, { role: 'departmentClerk', unit })
    expect((await send('GET', 'me', clerk)).statusCode).toBe(200)
    await send('POST', `accounts/${clerk.account.accountId}/off`, system, { reason: '离职' })
    expect((await send('GET', 'me', clerk)).statusCode).toBe(401)
    // The system administrator switches off, but not on.
    expect(
      (await send('POST', `accounts/${clerk.account.accountId}/on`, system, { reason: '回来' })).statusCode,
    ).toBe(403)
    expect(
      (await send('POST', `accounts/${clerk.account.accountId}/on`, security, { reason: '回来' })).statusCode,
    ).toBe(204)
    const other = await signedInAs(house, { role: 'departmentClerk', unit })
    await send('DELETE', `accounts/${other.account.accountId}/role`, security, { reason: '调岗' })
    expect((await send('GET', 'me', other)).statusCode).toBe(401)
  })

  test('nobody changes their own role or state', async () => {
    const id = security.account.accountId
    expect(
      (await send('PUT', `accounts/${id}/role`, security, { role: 'securityAdministrator' })).json().code,
    ).toBe('role.own')
    expect((await send('POST', `accounts/${id}/off`, security, { reason: 'x' })).json().code).toBe(
      'account.own-state',
    )
  })

  test('is reset by two administrators: what opened it before opens it no more', async () => {
    const clerk = await signedInAs(house, { role: 'departmentClerk', unit })
    const { approval } = (
      await send('POST', `accounts/${clerk.account.accountId}/reset`, system, { reason: '手机丢失' })
    ).json()
    const open = (await send('GET', 'approvals', security)).json().approvals
    const shown = open.find((one: { id: number }) => one.id === approval)
    expect(shown).toMatchObject({ kind: 'account.reset', mine: true })
    const decision = { decision: 'approve', reason: '已核实', payloadHash: shown.payloadHash }
    expect((await send('POST', `approvals/${approval}/decision`, system, decision)).statusCode).toBe(403)
    const decided = await send('POST', `approvals/${approval}/decision`, security, decision)
    expect(decided.statusCode, decided.body).toBe(200)
    expect(decided.json().outcome.link).toMatch(/\/console\/first-sign-in#[\w-]{43}$/)
    expect((await send('GET', 'me', clerk)).statusCode).toBe(401)
  })

  test('of another unit is not seen by a department', async () => {
    const reviewer = await signedInAs(house, { role: 'departmentReviewer', unit })
    const stranger = await signedInAs(house, { role: 'departmentClerk', unit: otherUnit })
    const list = (await send('GET', 'accounts', reviewer)).json().accounts
    expect(list.length).toBeGreaterThan(0)
    expect(list.map((one: { id: number }) => one.id)).not.toContain(stranger.account.accountId)
    expect(new Set(list.map((one: { unit: { id: number } | null }) => one.unit?.id))).toEqual(new Set([unit]))
  })
})

describe('the three duties', () => {
  const roles = [
    ['centre', 'centreOperator'],
    ['system', 'systemAdministrator'],
    ['security', 'securityAdministrator'],
    ['audit', 'auditor'],
  ] as const
  const pairs = roles.flatMap(([duty, role]) =>
    roles.filter(([other]) => other !== duty).map(([other, otherRole]) => [role, other, otherRole] as const),
  )

  test.each(pairs)('%s is never also %s (%s), by neither login', async (role, otherDuty, otherRole) => {
    const { account } = await signedInAs(house, { role })
    const { accountId, duty } = account
    for (const run of [
      (sql: string, values: unknown[]) => as(actor(security), sql, values),
      (sql: string, values: unknown[]) => asOwner(sql, values),
    ]) {
      // A second role, beside the first.
      await expect(
        run('INSERT INTO xh.account_role (account_id, duty, role, granted_by) VALUES ($1, $2, $3, $4)', [
          accountId,
          otherDuty,
          otherRole,
          security.account.accountId,
        ]),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^23/) })
    }
    // The role of another duty in the place of the first, in every way to write it.
    for (const [sql, values] of [
      [
        `UPDATE xh.account_role SET duty = $2, role = $3 WHERE account_id = $1`,
        [accountId, otherDuty, otherRole],
      ],
      [`UPDATE xh.account_role SET role = $2 WHERE account_id = $1`, [accountId, otherRole]],
      [`UPDATE xh.account SET duty = $2 WHERE account_id = $1`, [accountId, otherDuty]],
    ] as const) {
      await expect(asOwner(sql, [...values])).rejects.toMatchObject({ code: '23503' })
      await expect(as(actor(security), sql, [...values])).rejects.toMatchObject({ code: '42501' })
    }
    expect(
      (
        await house.superuser.query('SELECT duty, role FROM xh.account_role WHERE account_id = $1', [
          accountId,
        ])
      ).rows,
    ).toEqual([{ duty, role }])
  })

  test('only the system administrator creates, only the security administrator grants', async () => {
    const auditor = await signedInAs(house, { role: 'auditor' })
    const operator = await signedInAs(house, { role: 'centreOperator' })
    const create = `INSERT INTO xh.account (login, name, duty, created_by) VALUES ('forged', '伪', 'audit', $1)`
    for (const who of [security, auditor, operator])
      await expect(as(actor(who), create, [who.account.accountId])).rejects.toMatchObject({ code: '42501' })
    // Nor in the system administrator's name.
    await expect(as(actor(security), create, [system.account.accountId])).rejects.toMatchObject({
      code: '42501',
    })
    await expect(as(actor(system), create, [security.account.accountId])).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|23503)$/),
    })
    await expect(asOwner(create, [security.account.accountId])).rejects.toMatchObject({
      constraint: 'only_the_system_administrator_creates',
    })
    const made = (
      await send('POST', 'accounts', system, { login: 'new.auditor', name: '新审计', duty: 'audit' })
    ).json().id
    const grant = `INSERT INTO xh.account_role (account_id, duty, role, granted_by) VALUES ($1, 'audit', 'auditor', $2)`
    for (const who of [system, auditor, operator])
      await expect(as(actor(who), grant, [made, who.account.accountId])).rejects.toMatchObject({
        code: '42501',
      })
    await expect(asOwner(grant, [made, system.account.accountId])).rejects.toMatchObject({
      constraint: 'only_the_security_administrator_grants',
    })
    await expect(asOwner(grant, [made, made])).rejects.toMatchObject({ code: expect.stringMatching(/^23/) })
  })

  test('secrets of sign-in are read by no login but that of sign-in', async () => {
    for (const table of [
      'account_secret',
      'past_password',
      'recovery_code',
      'invitation',
      'session',
      'known_device',
      'sign_in_attempt',
      'single_sign_on_identity',
      'single_sign_on_flow',
      'client_nonce',
    ])
      for (const login of ['app', 'load', 'job', 'portal', 'ledger'] as const)
        await expect(
          house.house.database.pools[login].query(`SELECT FROM xh.${table}`),
          `${login} ${table}`,
        ).rejects.toMatchObject({ code: '42501' })
  })
})

describe('the first start', () => {
  test('makes the three administrators, each with a link of its own, until it is used', async () => {
    const fresh = await testHouse()
    const access = openAccess(fresh.house, '')
    const links = await ensureAdministrators(fresh.house, access, true)
    expect(links.map((link) => link.role)).toEqual([
      'systemAdministrator',
      'securityAdministrator',
      'auditor',
    ])
    const again = await ensureAdministrators(fresh.house, access, true)
    expect(new Set([...links, ...again].map((link) => link.link)).size).toBe(6)
    // The earlier link is void.
    const tokenOf = (link: string) => new URL(link).hash.slice(1)
    await expect(access.invitations.open(tokenOf(links[0]?.link as string))).rejects.toMatchObject({
      code: 'invitation.unknown',
    })
    const opened = await access.invitations.open(tokenOf(again[0]?.link as string))
    const totp = new TOTP({ secret: Secret.fromBase32(opened.secondFactor.secret) })
    await access.invitations.accept(
      tokenOf(again[0]?.link as string),
      '翠竹 Lantern 47 bridge',
      totp.generate(),
      {
        address: '127.0.0.1',
        agent: '',
        device: undefined,
        request: 'test',
      },
    )
    expect((await ensureAdministrators(fresh.house, access, true)).map((link) => link.role)).toEqual([
      'securityAdministrator',
      'auditor',
    ])
    expect(await ensureAdministrators(fresh.house, access, false)).toEqual([])
    const { rows } = await fresh.superuser.query('SELECT login, duty FROM xh.account ORDER BY account_id')
    expect(rows).toHaveLength(3)
    await fresh.close()
  })
})

describe('the demo city', () => {
  test('shows accounts of every role with which a visitor signs in', async () => {
    await ensureDemoAccounts(house.house, openAccess(house.house, '示例市'))
    await ensureDemoAccounts(house.house, openAccess(house.house, '示例市'))
    const { accounts } = (
      await app.inject({ url: '/api/console/sign-in/demo-accounts', headers: PAGE })
    ).json()
    expect(new Set(accounts.map((one: { role: string }) => one.role)).size).toBe(8)
    expect(accounts).toHaveLength(10)
    const clerk = accounts[0]
    const first = await app.inject({
      method: 'POST',
      url: '/api/console/sign-in',
      headers: PAGE,
      payload: { account: clerk.login, password: clerk.password },
    })
    expect(first.statusCode).toBe(200)
    const session = first.cookies[0]
    const second = await app.inject({
      method: 'POST',
      url: '/api/console/sign-in/second-factor',
      headers: { ...PAGE, cookie: `${session?.name}=${session?.value}` },
      payload: { code: clerk.code },
    })
    expect(second.statusCode).toBe(200)
    // The next visitor gets a code that has not been used.
    const next = (await app.inject({ url: '/api/console/sign-in/demo-accounts', headers: PAGE })).json()
      .accounts[0]
    expect(next.code).not.toBe(clerk.code)
  })

  test('and nowhere else', async () => {
    const real = await buildApp(house.house, house.catalogue, { city: '某市', fictional: false })
    const answer = await real.inject({ url: '/api/console/sign-in/demo-accounts', headers: PAGE })
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'http.not-found'])
    await real.close()
  })
})

test('whoever was not used for 90 days is off after the sweep, and the demo stays', async () => {
  const { account } = await signedInAs(house, { role: 'evaluator' })
  await house.superuser.query(
    `UPDATE xh.account SET last_used_at = now() - interval '91 days' WHERE account_id = $1 OR demo`,
    [account.accountId],
  )
  await openAccess(house.house, '').sweep()
  const { rows } = await house.superuser.query(
    `SELECT login FROM xh.account WHERE state = 'off' AND state_reason = 'unused'`,
  )
  expect(rows.map((row) => row.login)).toEqual([account.name])
})
