import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from './app.ts'
import { PublicRecords } from './modules/records/index.ts'
import { addUnits } from './modules/units/index.ts'
import { type TestHouse, testHouse } from './platform/database/testing.ts'

const ACTOR = { name: 'test', duty: 'centre' } as const
const SOURCE = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const OTHER = { uscc: validUscc('11', '519902', 2), name: '示例市青源区综合行政执法局' }
/** One with more facts than a page holds, one with few. */
const LARGE = { uscc: validUscc('91', '519902', 4711), name: '示例市岚坞连锁商业有限公司' }
const SMALL = { uscc: validUscc('91', '519902', 4712), name: '示例市岚坞小店商贸有限公司' }
const PERMITS = 230
/** Numbers of the house, made so that none of them can stand in an answer by chance. */
const INTERNAL = { subject: 86_420_975_000, delivery: 73_104_261, unit: 902_103_337 }
const PENALTY_HEADER =
  '行政相对人名称,行政相对人类别,统一社会信用代码,法定代表人,行政处罚决定书文号,违法行为类型,违法事实,处罚依据,处罚类别,处罚内容,罚款金额（万元）,处罚决定日期,处罚有效期,处罚机关,处罚机关统一社会信用代码,数据来源单位,数据来源单位统一社会信用代码,适用程序,失信程度'

let house: TestHouse
let app: FastifyInstance
let records: PublicRecords

const get = (url: string) => app.inject({ url })

async function deliver(item: string, header: string, lines: readonly string[]): Promise<void> {
  const path = join(house.folder, `${item}-${Math.random()}.csv`)
  writeFileSync(path, `${header}\n${lines.join('\n')}\n`)
  const result = await house.deliveries.import({
    path,
    item,
    source: SOURCE.uscc,
    mode: 'increment',
    dryRun: false,
    actor: ACTOR,
  })
  expect([item, result.loaded]).toEqual([item, lines.length])
}

function permit(of: typeof LARGE, number: string, category: string, decided: string): string {
  return `${of.name},法人及非法人组织,${of.uscc},,,,,,周示例,,,准予许可决定书,${number},${category},,,食品销售,${decided},${decided},2099/12/31,${SOURCE.name},${SOURCE.uscc},1,${SOURCE.name},${SOURCE.uscc},`
}

function penalty(number: string, kinds: string, fine: string, authority = SOURCE): string {
  return `${LARGE.name},法人及非法人组织,${LARGE.uscc},周示例,${number},未按规定公示信息,经查未按规定公示年度报告,条例第十七条,${kinds},依法处罚,${fine},2026/10/08,2099/12/31,${authority.name},${authority.uscc},${SOURCE.name},${SOURCE.uscc},普通,一般`
}

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  await house.superuser.query(`ALTER SEQUENCE xh.subject_id RESTART ${INTERNAL.subject}`)
  await house.superuser.query(`ALTER SEQUENCE xh.delivery_id RESTART ${INTERNAL.delivery}`)
  await house.superuser.query(`ALTER TABLE xh.unit ALTER unit_id RESTART ${INTERNAL.unit}`)
  await addUnits(house.house.database.pools.app, ACTOR, [SOURCE, OTHER])
  await deliver('permit-organisation', PERMIT_HEADER, [
    ...Array.from({ length: PERMITS }, (_, i) =>
      permit(
        LARGE,
        `示许〔2026〕大${i}号`,
        i < 3 ? '特许' : i === 3 ? '其他-备案类' : '普通',
        `2026/11/0${1 + (i % 9)}`,
      ),
    ),
    permit(SMALL, '示许〔2026〕小1号', '核准', '2026/11/03'),
  ])
  await deliver('penalty-organisation', PENALTY_HEADER, [
    penalty('示罚〔2026〕1号', '罚款', '2'),
    penalty('示罚〔2026〕2号', '警告；罚款', '3'),
    penalty('示罚〔2026〕3号', '罚款；责令停产停业', '4', OTHER),
    penalty('示罚〔2026〕4号', '其他-公开谴责', ''),
    penalty('示罚〔2026〕5号', '其他-暂停受理；罚款', '5'),
  ])
  app = await buildApp(house.house, house.catalogue, { city: '示例市', fictional: true, ratePerMinute: 5000 })
  records = new PublicRecords(house.house.database.pools.portal, house.catalogue, house.house.keys)
})
afterAll(async () => {
  await app.close()
  await house.close()
})

interface Body {
  facts: { id: string; item: { code: string }; decidedOn: string; documentNumber: string }[]
  counts: { item: { code: string }; facts: number }[]
  next?: string
}

async function walk(url: string): Promise<Body['facts']> {
  const facts: Body['facts'] = []
  let after = ''
  for (;;) {
    const answer = await get(`${url}${after}`)
    expect(answer.statusCode).toBe(200)
    const body: Body = answer.json()
    facts.push(...body.facts)
    if (body.next === undefined) return facts
    after = `&after=${body.next}`
  }
}

describe('an organisation with more facts than a page holds', () => {
  test('is given whole by the API, a page at a time, with the count of all', async () => {
    const first: Body = (await get(`/api/v1/subjects/${LARGE.uscc}?limit=50`)).json()
    expect(first.facts).toHaveLength(50)
    expect(first.counts.map((one) => [one.item.code, one.facts])).toEqual([
      ['permit-organisation', PERMITS],
      ['penalty-organisation', 5],
    ])
    const all = await walk(`/api/v1/subjects/${LARGE.uscc}?limit=50`)
    expect(new Set(all.map((fact) => fact.id)).size).toBe(PERMITS + 5)
    expect(all).toHaveLength(PERMITS + 5)
    const days = all.filter((fact) => fact.item.code === 'permit-organisation').map((fact) => fact.decidedOn)
    expect(days).toEqual([...days].sort().reverse())
    expect(await walk(`/api/v1/subjects/${LARGE.uscc}?limit=2&item=penalty-organisation`)).toHaveLength(5)
  })

  test('is given whole for a day in the past and as it was known', async () => {
    const asked = `asOf=2026-11-05&limit=40`
    const all = await walk(`/api/v1/subjects/${LARGE.uscc}?${asked}`)
    const held = (await walk(`/api/v1/subjects/${LARGE.uscc}?limit=200`)).filter(
      (fact) => fact.decidedOn <= '2026-11-05',
    )
    expect(all.map((fact) => fact.id)).toEqual(held.map((fact) => fact.id))
    expect(await walk(`/api/v1/subjects/${LARGE.uscc}?asOf=2026-11-24&knownAt=2026-01-01`)).toEqual([])
  })

  test('has a page with the newest of each kind, their number, and a link to all of them', async () => {
    const page = (await get(`/subjects/${LARGE.uscc}`)).body
    expect(page).toContain(`共 ${PERMITS} 条，以下为最近的 20 条`)
    expect(page.match(/<article class="fact /g)).toHaveLength(25)
    expect(page).toContain(`href="/subjects/${LARGE.uscc}/permit-organisation"`)
    const seen = new Set<string>()
    let url: string | undefined = `/subjects/${LARGE.uscc}/permit-organisation`
    while (url !== undefined) {
      const list: string = (await get(url)).body
      for (const [, id] of list.matchAll(/href="\/facts\/([\w-]{22})"/g)) seen.add(id as string)
      url = /rel="next" href="([^"]+)"/
        .exec(list)?.[1]
        ?.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    }
    expect(seen.size).toBe(PERMITS)
  })

  test('shows all of few facts without a further page', async () => {
    const page = (await get(`/subjects/${SMALL.uscc}`)).body
    expect(page.match(/<article class="fact /g)).toHaveLength(1)
    expect(page).not.toContain('查看全部 →')
  })

  test('goes out whole as a file, of one item and of all', async () => {
    const table = (await get(`/subjects/${LARGE.uscc}/permit-organisation.csv`)).body
    expect(table.trim().split('\r\n')).toHaveLength(PERMITS + 1)
    const lines = (await get(`/subjects/${LARGE.uscc}/facts.ndjson`)).body.trim().split('\n')
    expect(new Set(lines.map((line) => JSON.parse(line).id)).size).toBe(PERMITS + 5)
    expect((await get(`/subjects/${LARGE.uscc}/facts.csv`)).statusCode).toBe(404)
    expect((await get(`/subjects/${LARGE.uscc}/nothing-such`)).statusCode).toBe(404)
  })

  test('a page mark that this house did not give is refused', async () => {
    for (const url of ['/api/v1/facts?item=permit-organisation', `/api/v1/subjects/${LARGE.uscc}?limit=5`]) {
      const mark: string = (await get(`${url}${url.includes('limit') ? '' : '&limit=5'}`)).json().next
      const forged = `${mark.slice(0, -2)}${mark.endsWith('AA') ? 'BB' : 'AA'}`
      const answer = await get(`${url}&after=${forged}`)
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'list.cursor'])
    }
    expect((await get('/permits?after=forged')).statusCode).toBe(200)
  })
})

describe('lists by kind', () => {
  const numbers = async (category: string, more = '') =>
    (
      await walk(
        `/api/v1/facts?item=penalty-organisation&category=${encodeURIComponent(category)}&limit=2${more}`,
      )
    )
      .map((fact) => /(\d+)号/.exec(fact.documentNumber)?.[1])
      .sort()

  test('hold every fact that bears the kind, alone or among others, page by page', async () => {
    expect(await numbers('罚款')).toEqual(['1', '2', '3', '5'])
    expect(await numbers('责令停产停业')).toEqual(['3'])
    expect(await numbers('其他')).toEqual(['4', '5'])
    expect(await numbers('行政拘留')).toEqual([])
    expect(await numbers('罚款', `&unit=${OTHER.uscc}`)).toEqual(['3'])
    expect(await numbers('罚款', `&unit=${validUscc('11', '519921', 9)}`)).toEqual([])
  })

  test('are of permits as well', async () => {
    const franchise = await walk('/api/v1/facts?item=permit-organisation&category=特许')
    expect(franchise).toHaveLength(3)
    expect(await walk('/api/v1/facts?item=permit-organisation&category=普通&limit=100')).toHaveLength(
      PERMITS - 4,
    )
  })

  test('tell how many facts are of each kind', async () => {
    const counts = (await get('/api/v1/facts/categories?item=penalty-organisation')).json().categories
    expect(counts.map((one: { category: string; facts: number }) => [one.category, one.facts])).toEqual([
      ['警告', 1],
      ['罚款', 4],
      ['责令停产停业', 1],
      ['其他', 2],
    ])
  })

  test('can be chosen on the page, which keeps the choice', async () => {
    const page = (await get('/permits?category=特许')).body
    expect(page.match(/<tr role="row">/g)).toHaveLength(4)
    expect(page).toMatch(/<option value="特许" selected[^>]*>特许（3）/)
    expect((await get('/permits?category=普通')).body).toMatch(/rel="next" href="[^"]*category&#61;/)
  })

  test('an item that a second version lays out otherwise is filtered by either', async () => {
    const { rows } = await house.superuser.query(
      "SELECT item, item_version AS version, content FROM xh.record WHERE document_number = '示罚〔2026〕3号'",
    )
    const read = async (version: number, content: string) =>
      (
        await house.superuser.query('SELECT xh.category($1::smallint, $2::smallint, $3) AS kind', [
          rows[0].item,
          version,
          content,
        ])
      ).rows[0].kind
    expect(await read(rows[0].version, rows[0].content)).toBe('罚款；责令停产停业')
    await house.superuser.query('BEGIN')
    await house.superuser.query('SET LOCAL ROLE xh_owner')
    await house.superuser.query(
      `INSERT INTO xh.policy_version (kind, code, version, hash, body, in_force_from)
       SELECT kind, code, 99, 'x', jsonb_set(body, '{fields}', '[{"name":"penaltyKinds","visibility":"public","list":"penalty-kind"}]'), '2099-01-01'
         FROM xh.policy_version WHERE code = 'penalty-organisation' AND version = $1`,
      [rows[0].version],
    )
    await house.superuser.query('SELECT xh.renew_categories()')
    expect(await read(99, '警告')).toBe('警告')
    expect(await read(rows[0].version, rows[0].content)).toBe('罚款；责令停产停业')
    await house.superuser.query('ROLLBACK')
  })
})

describe('numbers of the house', () => {
  test('stand in no public page, answer, file, page mark or contract', async () => {
    const fact = (await walk(`/api/v1/subjects/${SMALL.uscc}?limit=100`))[0]
    const urls = [
      '/',
      '/permits',
      '/permits?limit=2&lang=en',
      '/penalties',
      '/search?q=示例市岚坞',
      '/catalogue',
      '/catalogue/penalty-organisation',
      '/data',
      '/ledger',
      '/help',
      `/subjects/${LARGE.uscc}`,
      `/subjects/${LARGE.uscc}?asOf=2026-11-05`,
      `/subjects/${LARGE.uscc}/permit-organisation`,
      `/subjects/${LARGE.uscc}/facts.ndjson`,
      `/subjects/${LARGE.uscc}/penalty-organisation.csv`,
      `/facts/${fact?.id}`,
      `/facts/${fact?.id}/complaint`,
      '/data/permit-organisation.csv',
      '/data/permit-organisation.ndjson',
      '/api/docs/json',
      '/api/v1/search?q=示例市岚坞',
      '/api/v1/catalogue',
      `/api/v1/subjects/${LARGE.uscc}?limit=2`,
      `/api/v1/facts/${fact?.id}`,
      '/api/v1/facts?item=permit-organisation&limit=1',
      '/api/v1/facts/categories?item=permit-organisation',
      '/api/v1/ledger/heads',
    ]
    const internal = /86420975\d{3}|7310426\d|90210333\d/
    for (const url of urls) {
      const { body, statusCode } = await get(url)
      expect([url, statusCode]).toEqual([url, 200])
      expect([url, internal.exec(body)?.[0]]).toEqual([url, undefined])
      for (const [word] of body.matchAll(/[\w-]{22,}/g)) {
        const decoded = Buffer.from(word, 'base64url').toString('latin1')
        expect([url, internal.exec(decoded)?.[0]]).toEqual([url, undefined])
      }
    }
  })

  test('the way of a fact is told by its unit, the day of its file and the row in it', async () => {
    const own = (await records.subject(SMALL.uscc))?.facts[0]
    expect(own).toMatchObject({
      sourceUnit: SOURCE.name,
      source: { receivedOn: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/), row: PERMITS + 1 },
    })
    const page = (await get(`/facts/${own?.id}`)).body
    expect(page).toMatch(new RegExp(`${own?.source.receivedOn}</time> 收到的文件，第 ${PERMITS + 1} 行`))
    const contract = (await get('/api/docs/json')).body
    expect(contract).toContain('receivedOn')
  })
})
