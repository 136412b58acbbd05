import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../../app.ts'
import { PROJECT } from '../../platform/config/settings.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { type SignedInForTest, signedInAs } from '../access/testing.ts'
import { addUnits } from '../units/index.ts'

const ACTOR = { name: 'test', duty: 'centre' } as const
const OWN = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const OTHER = { uscc: validUscc('11', '519902', 2), name: '示例市青源区综合行政执法局' }
const HEADER = PERMIT_HEADER.split(',')

let house: TestHouse
let app: FastifyInstance
let clerk: SignedInForTest
let reviewer: SignedInForTest
let strangeReviewer: SignedInForTest

beforeAll(async () => {
  // A version of the item that asks for a second person.
  const policy = mkdtempSync(join(tmpdir(), 'policy-'))
  cpSync(join(PROJECT, 'policy'), policy, { recursive: true })
  const item = readFileSync(join(policy, 'items/permit-organisation/2.yaml'), 'utf8')
  writeFileSync(
    join(policy, 'items/permit-organisation/3.yaml'),
    item.replace('version: 2', 'version: 3\nreleased: "bySecondPerson"'),
  )
  house = await testHouse({ XINHENG_POLICY: policy })
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, ACTOR, [OWN, OTHER])
  const { rows } = await house.superuser.query('SELECT unit_id, uscc FROM xh.unit')
  const unitOf = (uscc: string) => rows.find((row) => row.uscc === uscc).unit_id
  clerk = await signedInAs(house, { role: 'departmentClerk', unit: unitOf(OWN.uscc) })
  reviewer = await signedInAs(house, { role: 'departmentReviewer', unit: unitOf(OWN.uscc) })
  strangeReviewer = await signedInAs(house, { role: 'departmentReviewer', unit: unitOf(OTHER.uscc) })
  app = await buildApp(house.house, house.catalogue, {
    city: '示例市',
    fictional: true,
    ratePerMinute: 1_000_000,
  })
})
afterAll(async () => {
  await app.close()
  await house.close()
})

function permit(number: number, content = '食品销售'): string {
  const values: Record<string, string> = {
    XK_XDR_MC: `示例市第${number}号商贸有限公司`,
    XK_XDR_LB: '法人及非法人组织',
    XK_XDR_SHXYM: validUscc('91', '519902', 70_000 + number),
    XK_FRDB: '周示例',
    XK_XKWS: '准予许可决定书',
    XK_WSH: `示许〔2026〕放${number}号`,
    XK_XKLB: '普通',
    XK_NR: content,
    XK_JDRQ: '2026/11/20',
    XK_YXQZ: '2026/11/20',
    XK_YXQZI: '2099/12/31',
    XK_XKJG: OWN.name,
    XK_XKJGDM: OWN.uscc,
    XK_ZT: '1',
    XK_LYDW: OWN.name,
    XK_LYDWDM: OWN.uscc,
  }
  return HEADER.map((code) => values[code] ?? '').join(',')
}

let files = 0
async function deliver(lines: string[]) {
  const path = join(house.folder, `${++files}.csv`)
  writeFileSync(path, `${PERMIT_HEADER}\n${lines.join('\n')}\n`)
  return house.deliveries.import({
    path,
    item: 'permit-organisation',
    source: OWN.uscc,
    mode: 'increment',
    dryRun: false,
    actor: ACTOR,
  })
}

async function call(method: string, url: string, as: SignedInForTest, payload?: unknown) {
  const response = await app.inject({
    method: method as 'GET',
    url,
    headers: as.headers,
    ...(payload === undefined ? {} : { payload: payload as object }),
  })
  return { status: response.statusCode, body: response.json() }
}
const published = async (id: string) => (await app.inject({ url: `/api/v1/facts/${id}` })).statusCode

test('a fact of such an item is shown once a second person of the unit has released what was proposed', async () => {
  expect(await deliver([permit(1), permit(2), permit(3)])).toMatchObject({ loaded: 3 })
  const held = await call('GET', '/api/console/facts?held=true', clerk)
  expect(held.body.facts).toHaveLength(3)
  expect(held.body.facts[0]).toMatchObject({ state: 'held', hold: { code: 'AWAITS_RELEASE' } })
  const ids: string[] = held.body.facts.map((fact: { id: string }) => fact.id)
  for (const id of ids) expect(await published(id)).toBe(404)

  const body = { facts: ids, ground: '核对无误' }
  expect((await call('POST', '/api/console/releases', reviewer, body)).status).toBe(403)
  const proposed = await call('POST', '/api/console/releases', clerk, body)
  expect(proposed.status, JSON.stringify(proposed.body)).toBe(201)
  const { release } = proposed.body
  const decide = (as: SignedInForTest, decision = 'release') =>
    call('POST', `/api/console/releases/${release}/decide`, as, { decision, reason: '同意发布' })
  expect((await decide(clerk)).status).toBe(403)
  expect((await decide(strangeReviewer)).body.code).toBe('release.unknown')
  expect((await call('GET', '/api/console/releases', reviewer)).body.releases[0]).toMatchObject({
    release,
    mayDecide: true,
  })
  // One of them is corrected before the second person decides: that content nobody has proposed.
  expect(await deliver([permit(3, '食品生产')])).toMatchObject({ updated: 1 })
  expect((await decide(reviewer)).body).toEqual({ released: 2, changed: 1 })
  const states = await Promise.all(ids.map(published))
  expect(states.sort()).toEqual([200, 200, 404])
  expect((await decide(reviewer)).body.code).toBe('release.unknown')

  // Delivered again as it is it stays shown; changed it waits again.
  expect(await deliver([permit(1)])).toMatchObject({ unchanged: 1 })
  await deliver([permit(2, '食品批发')])
  expect((await Promise.all(ids.map(published))).sort()).toEqual([200, 404, 404])
})
