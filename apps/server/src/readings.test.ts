import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { may, ROLES, type Role } from '@xinheng/core'
import { PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from './app.ts'
import { signedInAs } from './modules/access/testing.ts'
import { clientOf, type TestClient } from './modules/clients/testing.ts'
import { addUnits } from './modules/units/index.ts'
import { type TestHouse, testHouse } from './platform/database/testing.ts'
import type { DeclaredRoute } from './platform/http/access.ts'

/** A route that shows what is not public: who reads it, where, and the entry that this leaves. */
interface Reading {
  readonly role: Role
  /** Absent: the route itself. */
  readonly url?: string | (() => string)
  readonly body?: object
  readonly act: string
  /** The answer where what is asked for is not there yet: the look is an entry all the same. */
  readonly status?: number
}

const ledgerRead = { role: 'auditor', act: 'ledger.read' } as const
const rejected = {
  role: 'departmentClerk',
  act: 'delivery.rejected.read',
  url: () => `/api/console/deliveries/${delivery}/rejected-rows`,
} as const

/** Every route that shows what is not public, with the entry that a look at it leaves. */
const READINGS: Readonly<Record<string, Reading>> = {
  'GET /api/console/push/subscriptions': { role: 'departmentClerk', act: 'subscription.read' },
  'GET /api/console/push/subscriptions/:id/messages': {
    role: 'departmentClerk',
    act: 'push.read',
    url: `/api/console/push/subscriptions/${'A'.repeat(22)}/messages`,
  },
  'GET /api/console/push/dead-letters': { role: 'centreReviewer', act: 'push.read' },
  'GET /api/console/push/agreements': { role: 'centreOperator', act: 'exchange.read' },
  'GET /api/console/push/origins': { role: 'departmentClerk', act: 'widget.read' },
  'GET /api/v1/subscriptions': { role: 'systemClient', act: 'subscription.read' },
  'GET /api/console/accounts': { role: 'securityAdministrator', act: 'account.read' },
  'GET /api/console/checks': { role: 'departmentClerk', act: 'check.list.read' },
  'GET /api/console/clients': { role: 'systemAdministrator', act: 'client.read' },
  'GET /api/console/alarms/recipients': { role: 'systemAdministrator', act: 'alarm.recipient.read' },
  'GET /api/console/listing-cases': { role: 'departmentClerk', act: 'listing-case.read' },
  'GET /api/console/keys': { role: 'securityAdministrator', act: 'keys.read' },
  'GET /api/console/approvals': { role: 'centreReviewer', act: 'approval.read' },
  'GET /api/console/board/rows': {
    role: 'centreOperator',
    act: 'board.rows.read',
    url: () => `/api/console/board/rows?from=2026-11-01&to=2026-11-30&unit=${unit}&figure=reported`,
  },
  'GET /api/console/deliveries/:id/rejected-rows': rejected,
  'GET /api/console/deliveries/:id/rejected-rows.csv': { ...rejected, url: () => `${rejected.url()}.csv` },
  'GET /api/console/deliveries/:id/rejected-rows.xlsx': { ...rejected, url: () => `${rejected.url()}.xlsx` },
  'GET /api/console/deliveries/:id/rows': {
    role: 'departmentClerk',
    act: 'delivery.rows.read',
    url: () => `/api/console/deliveries/${delivery}/rows`,
  },
  'GET /api/console/deliveries/:id/rows/:row': {
    role: 'departmentClerk',
    act: 'delivery.rows.read',
    url: () => `/api/console/deliveries/${delivery}/rows/1`,
  },
  'GET /api/console/evaluations/:id': {
    role: 'centreOperator',
    act: 'evaluation.read',
    url: () => `/api/console/evaluations/${evaluation}`,
  },
  'GET /api/console/evaluations/:id/outcome': {
    role: 'centreOperator',
    act: 'evaluation.read',
    url: () => `/api/console/evaluations/${evaluation}/outcome`,
    status: 409,
  },
  'GET /api/console/evaluations/:id/workbook': {
    role: 'centreOperator',
    act: 'evaluation.read',
    url: () => `/api/console/evaluations/${evaluation}/workbook`,
    status: 409,
  },
  'GET /api/console/supervision/cases': {
    role: 'centreOperator',
    act: 'supervision.cases.read',
    url: '/api/console/supervision/cases?from=2026-11-01&to=2026-11-30&figure=matched',
  },
  'GET /api/console/supervision/worth-a-look': {
    role: 'centreOperator',
    act: 'supervision.look.read',
    url: '/api/console/supervision/worth-a-look?from=2026-11-01&to=2026-11-30',
  },
  'GET /api/console/supervision/urges': { role: 'centreOperator', act: 'supervision.urge.read' },
  'GET /api/console/facts': { role: 'departmentClerk', act: 'fact.own.read' },
  'GET /api/console/releases': { role: 'departmentReviewer', act: 'release.read' },
  'GET /api/console/withdrawals': { role: 'centreReviewer', act: 'withdrawal.read' },
  'GET /api/console/ledger/entries': ledgerRead,
  'GET /api/console/ledger/entries/:index': {
    ...ledgerRead,
    url: '/api/console/ledger/entries/0',
    status: 404,
  },
  'GET /api/console/ledger/export/:kind': {
    role: 'auditor',
    act: 'ledger.export',
    url: '/api/console/ledger/export/csv',
  },
  'POST /api/console/ledger/readers': { ...ledgerRead, body: { fact: 'A'.repeat(22) } },
  'GET /api/console/quality/rows': {
    role: 'centreOperator',
    act: 'quality.rows.read',
    url: () =>
      `/api/console/quality/rows?month=2026-11&item=permit-organisation&unit=${unit}&dimension=accuracy`,
  },
  'GET /api/console/subjects/compare': {
    role: 'centreOperator',
    act: 'subject.compare.read',
    url: () => `/api/console/subjects/compare?kept=${company(1).uscc}&merged=${company(2).uscc}`,
  },
  'GET /api/console/subjects/merges': { role: 'centreOperator', act: 'subject.merges.read' },
  'GET /api/console/subjects/same-named': { role: 'centreOperator', act: 'subject.same-named.read' },
  'GET /api/console/work/:queue': {
    role: 'centreOperator',
    act: 'work.list.read',
    url: '/api/console/work/held',
  },
  'GET /api/console/work/:queue/:object': {
    role: 'centreOperator',
    act: 'work.read',
    url: () => `/api/console/work/review/${review}`,
  },
  'GET /api/v1/deliveries/:id/rejected-rows': {
    role: 'systemClient',
    act: 'delivery.rejected.read',
    url: () => `/api/v1/deliveries/${delivery}/rejected-rows`,
  },
}

/** Shown where more has to be there first: the module's own test looks for the entry. */
const ELSEWHERE: Readonly<Record<string, readonly [act: string, test: string]>> = {
  'GET /api/console/checks/:number': ['check.read', 'modules/checks/after.test.ts'],
  'GET /api/v1/checks/:number': ['check.read', 'modules/checks/after.test.ts'],
  'GET /api/console/screenings/:id/answers/:format': [
    'screening.answers.read',
    'modules/checks/file.test.ts',
  ],
  'GET /api/v1/screenings/:id/answers/:format': ['screening.answers.read', 'modules/checks/file.test.ts'],
  'GET /api/console/catalogue/drafts/:id/trial-result': [
    'catalogue.trial.read',
    'modules/catalogue-editor/catalogue-editor.test.ts',
  ],
  'GET /api/console/supervision/cases/:number': [
    'supervision.case.read',
    'modules/supervision/supervision.test.ts',
  ],
  'GET /api/v1/subscriptions/:id/messages': ['push.read', 'modules/push/push.test.ts'],
  'GET /api/console/listing-cases/:id': ['listing-case.read', 'modules/lists/cases/cases.test.ts'],
  'GET /api/console/listing-cases/:id/documents/:document.pdf': [
    'listing-document.read',
    'modules/lists/cases/cases.test.ts',
  ],
  'GET /api/console/evaluations/evidence/:id': [
    'evaluation.evidence.read',
    'modules/evaluation/evaluation.test.ts',
  ],
  'GET /api/console/evaluations/:id/verify': ['evaluation.verify', 'modules/evaluation/evaluation.test.ts'],
}

/** What leaves no entry, and why it need not. */
const SILENT: Readonly<Record<string, readonly string[]>> = {
  'is one’s own': [
    '/api/console/drafts',
    '/api/console/drafts/:key',
    '/api/console/me',
    '/api/console/sessions',
    '/api/console/uploads',
    '/api/console/widget/origin',
    '/api/console/uploads/:id',
    '/api/v1/me',
    '/api/v1/uploads',
    '/api/v1/uploads/:id',
  ],
  'is figures, states and names of files, without a delivered value': [
    '/api/console/alarms',
    '/api/console/break-glass',
    '/api/console/board',
    '/api/console/board/workbook',
    '/api/console/supervision',
    '/api/console/supervision/workbook',
    '/api/console/deliveries',
    '/api/console/deliveries/:id',
    '/api/console/deliveries/:id/progress',
    '/api/console/evaluations',
    '/api/console/health',
    '/api/console/home',
    '/api/console/jobs',
    '/api/console/nil-reports',
    '/api/console/quality',
    '/api/console/work',
    '/api/console/screenings',
    '/api/console/screenings/:id',
    '/api/v1/deliveries/:id',
    '/api/v1/screenings',
    '/api/v1/screenings/:id',
  ],
  'is the texts, rules and names that work is done by': [
    '/api/console/announcements',
    '/api/console/announcements/shown',
    '/api/console/calendar',
    '/api/console/bindings',
    '/api/console/listing-lists',
    '/api/console/catalogue/drafts',
    '/api/console/catalogue/drafts/:id',
    '/api/console/catalogue/files/:kind/:code/:version',
    '/api/console/catalogue/versions',
    '/api/console/evaluations/choices',
    '/api/console/items',
    '/api/console/matters',
    '/api/console/measures',
    '/api/console/items/:code',
    '/api/console/items/:code/template.xlsx',
    '/api/console/roles',
    '/api/console/units',
    '/api/console/units/:id/history',
    '/api/console/units/on/:day',
    '/api/console/work/colleagues',
  ],
}

const SOURCE = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const ACTOR = { name: 'test', duty: 'centre' } as const
const company = (index: number) => ({
  uscc: validUscc('91', '519902', 900 + index),
  name: `示例市第${index}号粮油有限公司`,
})
const permit = ({ name, uscc }: { name: string; uscc: string }, number: string, day = '2026/11/02') =>
  `${name},法人及非法人组织,${uscc},,,,,,周示例,,,准予许可决定书,${number},普通,,,食品销售,${day},${day},2099/12/31,${SOURCE.name},${SOURCE.uscc},1,${SOURCE.name},${SOURCE.uscc},`

let house: TestHouse
let app: FastifyInstance
let client: TestClient
let unit: number
let delivery: number
let review: string
let evaluation: number
let files = 0

function deliver(...rows: string[]) {
  const path = join(house.folder, `${++files}.csv`)
  writeFileSync(path, `${PERMIT_HEADER}\n${rows.join('\n')}\n`)
  return house.deliveries.import({
    path,
    item: 'permit-organisation',
    source: SOURCE.uscc,
    mode: 'increment',
    dryRun: false,
    actor: ACTOR,
  })
}

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, ACTOR, [SOURCE])
  app = await buildApp(house.house, house.catalogue, {
    city: '示例市',
    fictional: true,
    ratePerMinute: 100_000,
  })
  const one = async (text: string) => (await house.superuser.query(text)).rows[0].value
  unit = await one('SELECT unit_id AS value FROM xh.unit')
  await deliver(permit(company(1), '示许〔2026〕1号'), permit(company(2), '示许〔2026〕2号'))
  await deliver(
    permit({ ...company(1), name: '示例市另一家粮油公司' }, '示许〔2026〕3号'),
    permit(company(2), '示许〔2026〕4号', '2026年13月5日'),
  )
  delivery = await one('SELECT max(delivery_id)::int AS value FROM xh.delivery')
  review = await one('SELECT review_id::text AS value FROM xh.review')
  const planner = await signedInAs(house, { role: 'centreOperator' })
  const choices = await app.inject({ url: '/api/console/evaluations/choices', headers: planner.headers })
  const plan = await app.inject({
    method: 'POST',
    url: '/api/console/evaluations',
    headers: planner.headers,
    payload: {
      title: '第四季度评估',
      items: ['permit-organisation'],
      from: '2026-10-01',
      to: '2026-11-20',
      units: [unit],
      sampleSize: 5,
      method: choices.json().methods[0].code,
    },
  })
  evaluation = plan.json().plan
  client = await clientOf(house, { unit, scopes: ['delivery.read', 'push.receive'], requestsAMinute: 1000 })
})
afterAll(async () => {
  await app.close()
  await house.close()
})

const nameOf = ({ method, url }: DeclaredRoute) => `${method} ${url}`
/** Whatever is asked for by somebody who is known: by GET, or by POST where the permission is one to read. */
const asked = () =>
  app.declaredRoutes.filter(
    ({ method, access }) =>
      access !== 'public' &&
      (method === 'GET' || (method === 'POST' && typeof access === 'object' && access.may === 'ledger.read')),
  )

/** Entries of an account since one, with the request that each belongs to. */
async function entriesOf(account: number): Promise<{ act: string; object: string; ground: string | null }[]> {
  return (
    await house.superuser.query(
      `SELECT act, object, ground FROM xh.ledger_inbox WHERE account = $1 AND request IS NOT NULL
       UNION ALL SELECT act, object, NULL FROM xh.ledger_leaf WHERE account = $1`,
      [account],
    )
  ).rows
}

test('every route that shows something says here whether a look at it is an entry', () => {
  const known = new Set([
    ...Object.keys(READINGS),
    ...Object.keys(ELSEWHERE),
    ...Object.values(SILENT).flatMap((urls) => urls.map((url) => `GET ${url}`)),
  ])
  const routes = asked().map(nameOf)
  expect(
    routes.filter((route) => !known.has(route)),
    'a new route: name its entry, or why it has none',
  ).toEqual([])
  expect(
    [...known].filter((route) => !routes.includes(route)),
    'no such route any more',
  ).toEqual([])
})

describe('a look at what is not public is an entry in the name of whoever looks', () => {
  test.each(Object.entries(READINGS))('%s', async (route, { role, url, body, act, status = 200 }) => {
    const [method = '', path = ''] = route.split(' ')
    const declared = app.declaredRoutes.find((one) => nameOf(one) === route)
    expect(typeof declared?.access === 'object' && may(role, declared.access.may)).toBe(true)
    const address = typeof url === 'function' ? url() : (url ?? path)
    const who =
      role === 'systemClient'
        ? undefined
        : await signedInAs(house, { role, ...(ROLES[role].duty === 'department' ? { unit } : {}) })
    const account =
      who?.account.accountId ??
      (await house.superuser.query("SELECT account_id FROM xh.account WHERE duty = 'client'")).rows[0]
        .account_id
    const before = await entriesOf(account)
    expect(before.filter((entry) => entry.act === act)).toEqual([])
    const answer = await app.inject({
      method: method as 'GET',
      url: address,
      headers: who?.headers ?? client.headers({ method: method as 'GET', url: address }),
      ...(body === undefined ? {} : { payload: body }),
    })
    expect(answer.statusCode, answer.body.slice(0, 300)).toBe(status)
    const left = (await entriesOf(account)).filter((entry) => entry.act === act)
    expect(left.length).toBeGreaterThan(0)
    for (const { object, ground } of left) {
      expect(object).not.toBeNull()
      expect(ground ?? '').not.toBe('')
    }
  })
})

test.each(Object.entries(ELSEWHERE))('%s leaves its entry in a test of its own', (_, [act, file]) => {
  expect(readFileSync(join(import.meta.dirname, file), 'utf8')).toContain(`'${act}'`)
})
