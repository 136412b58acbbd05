import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { neverIssuedIdNumber, PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from './app.ts'
import { addUnits } from './modules/units/index.ts'
import { type TestHouse, testHouse } from './platform/database/testing.ts'

const ACTOR = { name: 'test', duty: 'centre' } as const
const SOURCE = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const COMPANY = { uscc: validUscc('91', '519902', 4711), name: '示例市<b>岚</b>&"引号商贸有限公司' }
const HIDDEN = neverIssuedIdNumber('519902', '19900101')

let house: TestHouse
let app: FastifyInstance

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, ACTOR, [SOURCE])
  const path = join(house.folder, 'permits.csv')
  const row = (i: number) =>
    [
      `"${COMPANY.name.replaceAll('"', '""')}"`,
      '法人及非法人组织',
      COMPANY.uscc,
      '',
      '',
      '',
      '',
      '',
      '周示例',
      '身份证',
      HIDDEN,
      '准予许可决定书',
      `示许〔2026〕${i}号`,
      '普通',
      '',
      '',
      `许可内容第${i}项 & 其他`,
      `2026/11/0${1 + (i % 9)}`,
      '2026/11/01',
      '2099/12/31',
      SOURCE.name,
      SOURCE.uscc,
      '1',
      SOURCE.name,
      SOURCE.uscc,
      '',
    ].join(',')
  // The name holds markup, which a garbled-text rule refuses; here it has to come through to the pages.
  writeFileSync(
    path,
    `${PERMIT_HEADER}\n${Array.from({ length: 45 }, (_, i) => row(i).replace('<b>岚</b>', '〈岚〉＜img＞')).join('\n')}\n`,
  )
  const result = await house.deliveries.import({
    path,
    item: 'permit-organisation',
    source: SOURCE.uscc,
    mode: 'increment',
    dryRun: false,
    actor: ACTOR,
  })
  expect(result.loaded).toBe(45)
  await house.superuser.query(
    `UPDATE xh.subject SET name = '示例市<script>alert(1)</script>商贸有限公司' WHERE kind = 'o'`,
  )
  await house.superuser.query(
    `UPDATE xh.record SET content = replace(content, '许可内容第0项', '<img src=x onerror=alert(1)>')`,
  )
  app = await buildApp(house.house, house.catalogue, { city: '示例市', fictional: true, ratePerMinute: 500 })
})
afterAll(async () => {
  await app.close()
  await house.close()
})

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })

const PAGES = [
  '/',
  '/permits',
  '/penalties',
  '/search?q=商贸',
  '/search?q=%27',
  '/search?q=%E0%A4%A',
  `/subjects/${COMPANY.uscc}`,
  '/catalogue',
  '/catalogue/permit-organisation',
  '/data',
  '/help',
  '/ledger',
  '/ledger?lang=en',
  '/nothing',
  '/?lang=en',
  '/permits?lang=en',
]

describe('pages', () => {
  test.each(PAGES)(
    '%s says that the city is fictional, escapes what was delivered and runs no script of it',
    async (url) => {
      const page = await get(url)
      expect(page.headers['content-type']).toMatch(/^text\/html/)
      expect(page.body).toMatch(/虚构|fictional/)
      expect(page.body).not.toMatch(/<script|<img|onerror=alert\(1\)>|style="/)
      expect(page.body).not.toContain(HIDDEN)
      expect(page.headers['content-security-policy']).not.toContain('unsafe-inline')
      expect(page.headers['x-content-type-options']).toBe('nosniff')
      expect(page.headers['cache-control']).toBe('no-cache')
    },
  )

  test('delivered markup comes out as text', async () => {
    expect((await get(`/subjects/${COMPANY.uscc}`)).body).toMatch(/&(?:lt|#60);script&(?:gt|#62);/)
  })

  test('a fact has a page of its own under an opaque name, and its versions', async () => {
    const list = await get('/api/v1/facts?item=permit-organisation&limit=1')
    const { id } = list.json().facts[0]
    expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/)
    const page = await get(`/facts/${id}`)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain(SOURCE.name)
    expect((await get(`/facts/${id.slice(0, 20)}AA`)).statusCode).toBe(404)
  })

  test('a list is walked by keyset, every fact once', async () => {
    const seen = new Set<string>()
    let url: string | undefined = '/api/v1/facts?item=permit-organisation&limit=20'
    for (let pages = 0; url !== undefined && pages < 10; pages++) {
      const body: { facts: { id: string }[]; next?: string } = (await get(url)).json()
      for (const fact of body.facts) seen.add(fact.id)
      url =
        body.next === undefined
          ? undefined
          : `/api/v1/facts?item=permit-organisation&limit=20&after=${encodeURIComponent(body.next)}`
    }
    expect(seen.size).toBe(45)
  })

  test('a list whose facts share day and key, or have no day, is walked whole', async () => {
    const path = join(house.folder, 'taxpayers.csv')
    const line = (i: number) =>
      `示例市榜样${i}有限公司,${validUscc('91', '519902', 6000 + i)},2025,A,${i % 3 === 0 ? '' : '2026-04-01'}`
    writeFileSync(
      path,
      `纳税人名称,统一社会信用代码,评价年度,信用等级,评定时间\n${Array.from({ length: 23 }, (_, i) => line(i)).join('\n')}\n`,
    )
    const registrations = join(house.folder, 'registrations.csv')
    writeFileSync(
      registrations,
      `企业名称,统一社会信用代码,成立日期\n${Array.from({ length: 23 }, (_, i) => `示例市榜样${i}有限公司,${validUscc('91', '519902', 6000 + i)},2020-01-01`).join('\n')}\n`,
    )
    for (const [item, file] of [
      ['class-a-taxpayer', path],
      ['enterprise-registration', registrations],
    ] as const) {
      const { loaded } = await house.deliveries.import({
        path: file,
        item,
        source: SOURCE.uscc,
        mode: 'increment',
        dryRun: false,
        actor: ACTOR,
      })
      expect(loaded).toBe(23)
      const seen: string[] = []
      let next: string | undefined
      do {
        const after: string = next === undefined ? '' : `&after=${next}`
        const body: { facts: { id: string }[]; next?: string } = (
          await get(`/api/v1/facts?item=${item}&limit=5${after}`)
        ).json()
        seen.push(...body.facts.map((fact) => fact.id))
        next = body.next
      } while (next !== undefined)
      expect(seen).toHaveLength(23)
      expect(new Set(seen).size).toBe(23)
      expect((await get(`/data/${item}.ndjson`)).body.trim().split('\n')).toHaveLength(23)
    }
  })

  test('filters narrow the list, nonsense in them is ignored', async () => {
    expect(
      (await get('/permits?from=2026-11-09&to=2026-11-09')).body.match(/class="row-title"/g)?.length,
    ).toBe(5)
    expect((await get('/permits?from=2026-02-31&unit=x&region=999999999&after=zzz')).statusCode).toBe(200)
    expect((await get('/permits?from=0000-01-01')).statusCode).toBe(200)
    expect((await get(`/subjects/${COMPANY.uscc}?asOf=0000-01-01`)).statusCode).toBe(200)
    expect((await get('/search?q=%00')).statusCode).toBe(400)
  })

  test.each([
    '/catalogue',
    '/',
    '/permits',
    '/search?q=商贸',
    '/api/v1/catalogue',
    '/api/v1/search?q=商贸',
    '/api/v1/facts?item=permit-organisation',
    `/api/v1/subjects/${COMPANY.uscc}`,
  ])('%s is not sent twice while it is the same, and anew the next day', async (url) => {
    const first = await get(url)
    const known = { 'if-none-match': `"other", W/${first.headers.etag}` }
    expect((await get(url, known)).statusCode).toBe(304)
    await house.today('2026-11-25')
    expect((await get(url, known)).statusCode).toBe(200)
    await house.today('2026-11-24')
  })
})

describe('the API', () => {
  test('gives what is public of a subject, without secret fields', async () => {
    const body = (await get(`/api/v1/subjects/${COMPANY.uscc}`)).json()
    expect(body.facts).toHaveLength(45)
    const names = body.facts[0].fields.map((field: { name: string }) => field.name)
    expect(names).toContain('permitContent')
    expect(names).not.toContain('representativeDocumentNumber')
    expect(JSON.stringify(body)).not.toContain(HIDDEN)
  })

  test('answers for a day in the past with what held then', async () => {
    expect((await get(`/api/v1/subjects/${COMPANY.uscc}?asOf=2026-10-01`)).json().facts).toEqual([])
    expect(
      (await get(`/api/v1/subjects/${COMPANY.uscc}?asOf=2026-11-24&knownAt=2020-01-01`)).json().facts,
    ).toEqual([])
  })

  test.each([
    ['/api/v1/subjects/91519902MA000000XX', 404, 'record.unknown'],
    ['/api/v1/facts?item=nothing-of-the-kind', 404, 'item.unknown'],
    ['/api/v1/facts?item=permit-organisation&from=2026-02-30', 400, 'http.invalid'],
    ['/api/v1/facts?item=permit-organisation&limit=100000', 400, 'http.invalid'],
    ['/api/v1/search', 400, 'http.invalid'],
    ['/api/v1/search?q=%00', 400, 'http.invalid'],
    ['/api/v1/facts?item=permit-organisation&from=0000-01-01', 400, 'http.invalid'],
    [`/api/v1/subjects/${COMPANY.uscc}?asOf=0000-01-01`, 400, 'http.invalid'],
    ['/api/v1/nothing', 404, 'http.not-found'],
  ])('%s is a problem with status %i and code %s', async (url, status, code) => {
    const answer = await get(url)
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(answer.json()).toMatchObject({
      status,
      code,
      detail: expect.any(String),
      detailEn: expect.any(String),
    })
  })

  test('describes itself in OpenAPI 3.1', async () => {
    const contract = (await get('/api/docs/json')).json()
    expect(contract.openapi).toBe('3.1.0')
    const ofThePublic = Object.keys(contract.paths).filter(
      (path) =>
        /^(?:public|ledger)$/.test(contract.paths[path].get?.tags?.[0] ?? '') && path.startsWith('/api/v1/'),
    )
    expect(ofThePublic).toEqual([
      '/api/v1/search',
      '/api/v1/subjects/{uscc}',
      '/api/v1/facts',
      '/api/v1/facts/categories',
      '/api/v1/facts/{id}',
      '/api/v1/catalogue',
      '/api/v1/lists',
      '/api/v1/lists/{code}/entries',
      '/api/v1/incentives',
      '/api/v1/incentives/matters',
      '/api/v1/ledger/head',
      '/api/v1/ledger/heads',
      '/api/v1/ledger/proof/inclusion',
      '/api/v1/ledger/proof/consistency',
      '/api/v1/ledger/entries/hashes',
    ])
  })

  test('gives an example of every public answer, which its own schema lets through', async () => {
    interface Documented {
      schema: { examples?: unknown[] }
      example?: unknown
    }
    interface Read {
      tags?: string[]
      responses: Record<string, { content?: Record<string, Documented> }>
    }
    const contract = (await get('/api/docs/json')).json() as { paths: Record<string, { get?: Read }> }
    const reads = Object.entries(contract.paths).flatMap(([path, { get: read }]) =>
      read?.tags?.some((tag) => tag === 'public' || tag === 'ledger') ? [[path, read] as const] : [],
    )
    expect(reads.length).toBeGreaterThanOrEqual(10)
    for (const [path, read] of reads) {
      for (const [status, { content = {} }] of Object.entries(read.responses)) {
        const [[type, documented] = []] = Object.entries(content)
        if (status === '304') continue
        expect([path, status, type]).toEqual([
          path,
          status,
          status === '200' ? 'application/json' : 'application/problem+json',
        ])
        const { schema, example } = documented as Documented
        const shown = example ?? schema.examples?.[0]
        expect([path, status, shown === undefined]).toEqual([path, status, false])
        expect(Value.Errors(schema, shown)).toEqual([])
      }
    }
  })

  test('can be read from other sites, and only read', async () => {
    expect(
      (await get('/api/v1/catalogue', { origin: 'https://example.org' })).headers[
        'access-control-allow-origin'
      ],
    ).toBe('*')
    expect((await app.inject({ method: 'POST', url: '/api/v1/catalogue' })).statusCode).toBe(404)
  })

  test('open data holds what is public, guarded against formulas', async () => {
    const file = await get('/data/permit-organisation.csv')
    expect(file.statusCode).toBe(200)
    expect(file.body.startsWith('\ufeff公示编号')).toBe(true)
    expect(file.body.trim().split('\r\n')).toHaveLength(46)
    expect(file.body).not.toContain(HIDDEN)
    expect((await get('/data/permit-person.csv')).statusCode).toBe(404)
  })

  test('who asks too often is slowed', async () => {
    const slow = await buildApp(house.house, house.catalogue, {
      city: '示例市',
      fictional: true,
      ratePerMinute: 3,
    })
    const answers = []
    for (let i = 0; i < 5; i++) answers.push((await slow.inject({ url: '/api/v1/catalogue' })).statusCode)
    expect(answers).toEqual([200, 200, 200, 429, 429])
    await slow.close()
  })
})
