import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { neverIssuedIdNumber } from '@xinheng/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Actor, withActor } from '../../platform/database/actor.ts'
import { testHouse } from '../../platform/database/testing.ts'
import { checkPolicy } from '../catalogue/index.ts'
import { clientOf } from '../clients/testing.ts'
import { JointActionForTest, MATTER, OTHERS_MATTER, REWARDED } from './testing.ts'

let city: JointActionForTest
let actor: Actor

beforeAll(async () => {
  city = await JointActionForTest.open(await testHouse())
  await city.bind('a1-market-access', { matters: [MATTER, OTHERS_MATTER] })
  await city.bind('b2-awards', { matters: [REWARDED] })
  await city.bind('a3-barred-office', { matters: [MATTER] })
  await city.subscribe(MATTER, 'a1-market-access', 'intercept')
  await city.subscribe(MATTER, 'a3-barred-office', 'warn')
  actor = {
    name: city.clerk.account.name,
    duty: 'department',
    accountId: city.clerk.account.accountId,
    unitId: city.unit,
  }
  await city.loaded()
})
afterAll(() => city.close())

const sql = (who: Actor, text: string, values: unknown[] = []) =>
  withActor(city.house.house.database.pools.app, who, async (client) => {
    const { rowCount } = await client.query(text, values)
    return { result: rowCount, act: { act: 'forged' } }
  })
async function asOwner(text: string, values: unknown[] = []) {
  await city.house.superuser.query('BEGIN')
  try {
    await city.house.superuser.query('SET LOCAL ROLE xh_owner')
    return await city.house.superuser.query(text, values)
  } finally {
    await city.house.superuser.query('ROLLBACK')
  }
}
/** A measure as its owner would slip it in, with a part replaced. */
const measure = (change: Record<string, string> = {}) => {
  const row: Record<string, string> = {
    code: "'a1-market-access'",
    version: '1',
    ground: '99',
    family: "'A'",
    title: "'{}'",
    ground_kind: "'law'",
    law: "'某某法'",
    article: "'第一条'",
    lists: "'{wage-arrears}'",
    objects: "'{organisation}'",
    effects: "'{intercept}'",
    in_force: "'[2020-01-01,)'",
    ...change,
  }
  return `INSERT INTO xh.measure (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).join(', ')})`
}

describe('a lawless measure', () => {
  test.each([
    ['without a law', { law: "'　 '" }, 'has_a_law'],
    ['without an article', { article: "''" }, 'has_a_law'],
    ['that intercepts in family B', { code: "'b2-awards'", family: "'B'" }, 'intercepts_by_law'],
    ['that intercepts persons', { objects: "'{organisation,person}'" }, 'intercepts_by_law'],
    ['of family A on a promise', { ground_kind: "'promise'", effects: "'{warn}'" }, 'family_a_stands_on_law'],
    ['of another family than its code', { family: "'B'", effects: "'{warn}'" }, 'measure_code_family_fkey'],
    [
      'of family C',
      { code: "'c1-market-rating'", family: "'C'", effects: "'{warn}'" },
      'nobody_is_made_to_choose',
    ],
    ['that was never released', { version: '77' }, 'released'],
    ['that rewards in family A', { effects: "'{reward}'" }, 'rewards_are_a_family'],
  ])('%s cannot be written, not even by the owner', async (_, change, constraint) => {
    await expect(asOwner(measure(change))).rejects.toMatchObject({ constraint })
  })

  test('cannot be written or changed by the server at all', async () => {
    for (const text of [measure(), "UPDATE xh.measure SET law = '无'", 'DELETE FROM xh.measure'])
      await expect(sql({ ...actor, duty: 'centre' }, text)).rejects.toMatchObject({ code: '42501' })
  })

  test('is found in a policy file', () => {
    const folder = join(city.house.folder, 'policy')
    for (const kind of ['items', 'code-lists', 'publication', 'measures'])
      mkdirSync(join(folder, kind), { recursive: true })
    const file = join(folder, 'measures/x.yaml')
    const write = (body: string) => {
      writeFileSync(
        file,
        `code: "x-measure"\nversion: 1\ninForceFrom: "2026-01-01"\ntitle: { zh: "某措施", en: "Some" }\nstate: "applicable"\nexecutedBy: ["某局"]\n${body}`,
      )
      return checkPolicy(file).map(({ code }) => code)
    }
    const ground = (change = '') =>
      `grounds:\n  - { kind: "law", law: "某法", article: "第一条", lists: ["wage-arrears"], objects: ["organisation"], effects: ["warn"], from: "2020-01-01"${change} }\n`
    expect(write(`family: "A"\n${ground()}`)).toEqual([])
    expect(write('family: "A"\ngrounds: []\n')).toContain('measure.without-law')
    expect(write(`family: "A"\n${ground().replace('第一条', ' ')}`)).not.toEqual([])
    expect(write(`family: "B"\n${ground().replace('"warn"', '"intercept"')}`)).toContain(
      'measure.intercept-family',
    )
    expect(write(`family: "A"\n${ground().replace('"law"', '"promise"')}`)).toContain('measure.family-law')
    expect(write(`family: "C"\n${ground()}`)).toContain('measure.free-choice')
  })
})

describe('what a unit applies', () => {
  test('is no wider than the law, its own matters and what is bound', async () => {
    const propose = async (line: object) => {
      const { status, body } = await city.call('POST', '/api/console/subscriptions', city.clerk, {
        lines: [line],
        reason: '试一试',
      })
      return [status, body.code]
    }
    expect(
      await propose({ matter: OTHERS_MATTER, measure: 'a1-market-access', effect: 'intercept' }),
    ).toEqual([403, 'subscription.not-yours'])
    expect(await propose({ matter: REWARDED, measure: 'a1-market-access', effect: 'warn' })).toEqual([
      409,
      'subscription.not-bound',
    ])
    expect(await propose({ matter: REWARDED, measure: 'b2-awards', effect: 'intercept' })).toEqual([
      409,
      'subscription.effect',
    ])
  })

  test('is approved by another person, whose approval cannot be given another text', async () => {
    const proposed = await city.call('POST', '/api/console/subscriptions', city.reviewer, {
      lines: [{ matter: REWARDED, measure: 'b2-awards', effect: 'remind' }],
      reason: '评优办法',
    })
    await expect(city.approve(proposed.body.approval, city.reviewer)).rejects.toThrow('approval.own-act')
    await expect(
      sql(actor, 'SELECT xh.subscribe_matters($1)', [proposed.body.approval]),
    ).rejects.toMatchObject({
      code: 'XH403',
    })
    await expect(
      sql(actor, 'UPDATE xh.approval SET payload = $2 WHERE approval_id = $1', [
        proposed.body.approval,
        '{"lines":[]}',
      ]),
    ).rejects.toMatchObject({ code: '42501' })
  })

  test('cannot be raised once it stands, nor written past the door, nor past the keys by the owner', async () => {
    await expect(sql(actor, "UPDATE xh.matter_subscription SET effect = 'intercept'")).rejects.toMatchObject({
      code: '42501',
    })
    await expect(
      asOwner("UPDATE xh.matter_subscription SET effect = 'intercept', family = 'B'"),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^235/) })
    await expect(
      asOwner(
        `INSERT INTO xh.matter_subscription (unit_id, matter_id, measure_code, family, binding_id, effect, approval_id, proposed_by, approved_by)
         SELECT ${city.unit}, s.matter_id, s.measure_code, s.family, s.binding_id, s.effect, s.approval_id, 'a', 'b'
           FROM xh.matter m JOIN xh.matter_measure mm USING (matter_id), xh.matter_subscription s WHERE m.code = '${OTHERS_MATTER}'
            AND s.matter_id <> m.matter_id LIMIT 1`,
      ),
    ).rejects.toMatchObject({ code: '23505' })
  })
})

describe('an entry that has ended', () => {
  test('is kept alive by nobody: the server cannot write listings', async () => {
    const company = city.company()
    await city.list('wage-arrears', [company])
    for (const text of [
      "UPDATE xh.listing SET until = '2099-01-01'",
      'DELETE FROM xh.listing',
      `INSERT INTO xh.listing (list_code, item, kind, uscc, listed_on, in_force, origin) VALUES ('wage-arrears', 1, 'o', '${company.uscc}', '2026-01-01', true, '甲市')`,
    ])
      await expect(sql({ ...actor, duty: 'centre' }, text)).rejects.toMatchObject({ code: '42501' })
  })

  test('of another city counts under an agreement in force alone', async () => {
    const company = city.company()
    const put = (agreement: string | null) =>
      city.house.superuser.query(
        `INSERT INTO xh.listing (list_code, item, kind, uscc, name, document_number, listed_on, in_force, origin, agreement)
         SELECT 'wage-arrears', item, 'o', $1, $2, '邻人社列〔2026〕1号', '2026-10-01', true, '邻市', $3 FROM xh.list_item WHERE list_code = 'wage-arrears'`,
        [company.uscc, company.name, agreement],
      )
    await put(null)
    const result = async () => (await city.ask(city.question(company))).body
    expect((await result()).result).toBe('clear')
    // The released text of an agreement, in force until the end of 2028.
    await put('chuannan/1')
    const applied = await result()
    expect(applied).toMatchObject({ result: 'intercept', hits: [{ origin: { city: '邻市' } }] })
    await city.house.today('2029-01-01')
    expect((await result()).result).toBe('clear')
    await city.house.today('2026-11-24')
  })
})

describe('a citizen', () => {
  const number = neverIssuedIdNumber('519902', '19900101')
  const person = { kind: 'person', identifier: number, name: '周示例' }

  test('is not checked without consent or a duty that the matter’s own measures name', async () => {
    const code = async (change: object) =>
      (await city.ask(city.question(city.company(), { applicant: person, ...change }))).body.code
    expect(await code({})).toBe('check.person-ground')
    expect(await code({ duty: { law: '中华人民共和国某某法', article: '第一条' } })).toBe('check.duty')
    expect(await code({ consent: { number: 'SQ-2026-0001', until: '2026-11-23' } })).toBe(
      'check.consent-ended',
    )
    await expect(
      asOwner(
        `INSERT INTO xh.credit_check (number, asked_by, idempotency_key, request_digest, unit_id, matter_id, applicant_kind, person,
           applicant_secret, purpose, case_number, result, answer_secret, basis, day, snapshot, asked_at, valid_until)
         SELECT '00000000000000000000', $1, 'forged-key', sha256('x'), unit_id, matter_id, 'p', 'hash', 'x', '用途', '1', 'clear', 'x', '{}',
                xh.today(), pg_current_snapshot(), now(), now() FROM xh.matter WHERE code = $2`,
        [actor.accountId, MATTER],
      ),
    ).rejects.toMatchObject({ constraint: 'a_person_by_consent_or_law' })
  })

  test('is never intercepted, sees who asked on their own ledger, and nothing of them is kept in clear', async () => {
    const asked = await city.ask(
      city.question(city.company(), {
        applicant: person,
        duty: { law: '中华人民共和国公司法', article: '第一百七十八条' },
      }),
    )
    expect(asked.status, JSON.stringify(asked.body)).toBe(200)
    expect(asked.body).toMatchObject({ result: 'clear', resembling: [], notice: { url: null } })
    const { rows } = await city.house.superuser.query(
      `SELECT person FROM xh.ledger_inbox WHERE object = $1 UNION ALL SELECT person FROM xh.ledger_leaf WHERE object = $1`,
      [`check:${asked.body.number}`],
    )
    expect(rows.map((row) => row.person)).toEqual([expect.stringMatching(/^[A-Za-z0-9_-]{43}$/)])
    const stored = await city.house.superuser.query(
      'SELECT c::text AS line FROM xh.credit_check c WHERE number = $1',
      [asked.body.number],
    )
    for (const secret of [number, '周示例']) expect(stored.rows[0].line).not.toContain(secret)
    await expect(
      asOwner(
        "UPDATE xh.credit_check SET result = 'intercept', feedback_due = day WHERE applicant_kind = 'p'",
      ),
    ).rejects.toMatchObject({ constraint: 'only_organisations_are_intercepted' })
    // The centre supervises checks of organisations; of a person it does not even see the row.
    const seen = await city.call('GET', `/api/console/checks/${asked.body.number}`, city.centreReviewer)
    expect(seen.status).toBe(404)
  })
})

test('what a person reads of their check is an officer’s words to them, once they were written, and nothing else', async () => {
  const number = neverIssuedIdNumber('519902', '19920202')
  const asked = await city.ask(
    city.question(city.company(), {
      applicant: { kind: 'person', identifier: number, name: '周示例' },
      duty: { law: '中华人民共和国公司法', article: '第一百七十八条' },
    }),
  )
  const tell = (text: string, as = city.clerk) =>
    city.call('POST', `/api/console/checks/${asked.body.number}/message`, as, { text })
  expect((await tell(`您的证件 ${number} 已核对`)).body.code).toBe('check.personal-data')
  expect((await tell('您的申请需补充一份材料', city.centreReviewer)).status).toBeGreaterThanOrEqual(403)
  const told = await tell('您的申请需补充一份材料，请于三日内提交。')
  expect(told.status, JSON.stringify(told.body)).toBe(200)
  expect((await tell('再写一次，换一种说法。')).status).toBe(409)
  const page = await city.app.inject({ url: told.body.url })
  expect(page.statusCode).toBe(200)
  expect(page.body).toContain('您的申请需补充一份材料，请于三日内提交。')
  for (const hidden of [number, '周示例', '公司法', '拖欠农民工工资']) expect(page.body).not.toContain(hidden)
  const stored = await city.house.superuser.query(
    `SELECT m::text AS line FROM xh.check_message m JOIN xh.credit_check c USING (check_id) WHERE c.number = $1`,
    [asked.body.number],
  )
  expect(stored.rows[0].line).not.toContain(Buffer.from('补充一份材料').toString('hex'))
})

describe('a key of fifteen minutes', () => {
  const issue = async (client = city.client) => {
    const url = '/api/v1/session-keys'
    const answer = await city.app.inject({
      method: 'POST',
      url,
      remoteAddress: '127.0.0.1',
      headers: client.headers({ method: 'POST', url }),
    })
    return { status: answer.statusCode, ...answer.json() }
  }

  test.each(['ed25519', 'sm2'] as const)(
    'is given for one %s signature and lets checks in by HMAC, once each',
    async (algorithm) => {
      const client = await clientOf(city.house, { unit: city.unit, scopes: ['check.ask'], algorithm })
      const session = client.session(await issue(client))
      const { status, body } = await city.ask(city.question(city.company()), { client: session })
      expect(status, JSON.stringify(body)).toBe(200)
      const url = '/api/v1/me'
      const headers = session.headers({ method: 'GET', url })
      const me = () => city.app.inject({ url, headers, remoteAddress: '127.0.0.1' })
      expect((await me()).statusCode).toBe(200)
      expect((await me()).json().code).toBe('client.replayed')
      const altered = {
        ...headers,
        authorization: String(headers.authorization).replace(
          /signature="(.)/,
          (_, first) => `signature="${first === '_' ? '-' : '_'}`,
        ),
      }
      expect((await city.app.inject({ url, headers: altered, remoteAddress: '127.0.0.1' })).json().code).toBe(
        'client.signature',
      )
    },
  )

  test('begets no other, does not work from elsewhere, and ends with its client at once', async () => {
    const client = await clientOf(city.house, { unit: city.unit, scopes: ['check.ask'] })
    const session = client.session(await issue(client))
    expect((await issue(session)).code).toBe('client.session-key')
    const url = '/api/v1/me'
    const from = (remoteAddress: string) =>
      city.app.inject({ url, remoteAddress, headers: session.headers({ method: 'GET', url }) })
    expect((await from('203.0.113.9')).json().code).toBe('client.address')
    expect((await from('127.0.0.1')).statusCode).toBe(200)
    await city.house.superuser.query('UPDATE xh.client SET revoked_at = now() WHERE code = $1', [client.code])
    expect((await from('127.0.0.1')).json().code).toBe('client.signature')
  })

  test('lives fifteen minutes and no longer, whoever writes it', async () => {
    await expect(
      asOwner("UPDATE xh.client_session_key SET expires_at = issued_at + interval '16 minutes'"),
    ).rejects.toMatchObject({ constraint: 'fifteen_minutes' })
  })
})
