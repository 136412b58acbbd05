import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { neverIssuedIdNumber, PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../apps/server/src/app.ts'
import { openAccess } from '../apps/server/src/modules/access/index.ts'
import { type SignedInForTest, signedInAs } from '../apps/server/src/modules/access/testing.ts'
import { buildConsole } from '../apps/server/src/modules/console/index.ts'
import { personTag, Sequencer } from '../apps/server/src/modules/ledger/index.ts'
import { addUnits } from '../apps/server/src/modules/units/index.ts'
import { PROJECT } from '../apps/server/src/platform/config/settings.ts'
import { withActor } from '../apps/server/src/platform/database/actor.ts'
import { type TestHouse, testHouse } from '../apps/server/src/platform/database/testing.ts'
import { expectFit, type Visitor, visit } from './console.ts'
import { codeOf } from './house.ts'
import { openBrowser } from './product.ts'

const SOURCE = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const ACTOR = { name: 'test', duty: 'centre' } as const
const company = (index: number, name = `示例市第${index}号茶叶有限公司`) => ({
  uscc: validUscc('91', '519902', 700 + index),
  name,
})
const NUMBER = neverIssuedIdNumber('519902', '19900101')
const PICTURES = join(PROJECT, 'test-results', 'pictures')
let house: TestHouse
let app: FastifyInstance
let sequencer: Sequencer
let browser: Browser
let base: string
let operator: SignedInForTest
let files = 0

const permit = ({ name, uscc }: { name: string; uscc: string }, number: string) =>
  `${name},法人及非法人组织,${uscc},,,,,,周示例,,,准予许可决定书,${number},普通,,,食品销售,2026/11/02,2026/11/02,2099/12/31,${SOURCE.name},${SOURCE.uscc},1,${SOURCE.name},${SOURCE.uscc},`
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
  await buildConsole(() => {})
  house = await testHouse()
  await addUnits(house.house.database.pools.app, ACTOR, [SOURCE])
  app = await buildApp(house.house, house.catalogue, { city: '示例市', fictional: true, ratePerMinute: 5000 })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  base = `http://localhost:${typeof address === 'object' ? address?.port : ''}`
  operator = await signedInAs(house, { role: 'centreOperator', name: '陈示例' })
  // As in the running product, where it orders once a second; heads without the minute's wait.
  sequencer = new Sequencer(house.house, { headAfterSeconds: 1 })
  sequencer.start()
  mkdirSync(PICTURES, { recursive: true })
  browser = await openBrowser()
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
  await sequencer?.stop()
  await sequencer?.close()
  await house?.close()
})

const PASSWORD = '翠竹 Lantern 47 bridge'
const PAGE = { host: 'localhost', origin: 'http://localhost', 'sec-fetch-site': 'same-origin' }

interface Auditor {
  readonly account: number
  readonly headers: Record<string, string>
  code(): string
}

/** An auditor with a password and an authenticator, by a one-time link as in the product. */
async function newAuditor(): Promise<Auditor> {
  const { account } = await signedInAs(house, { role: 'auditor', name: '审计员' })
  const client = await house.house.database.pools.access.connect()
  const { invitations } = openAccess(house.house, '示例市')
  const token = await invitations.issue(client, account.accountId, 'test').finally(() => client.release())
  const post = (url: string, payload: object) =>
    app.inject({ method: 'POST', url: `/api/console/invitation/${url}`, headers: PAGE, payload })
  const { secret } = (await post('open', { token })).json().secondFactor
  const accepted = await post('accept', { token, password: PASSWORD, code: codeOf(secret) })
  expect(accepted.statusCode, accepted.body).toBe(200)
  const cookie = accepted.cookies.find(({ name }) => name === '__Host-session')
  return {
    account: account.accountId,
    headers: { cookie: `${cookie?.name}=${cookie?.value}` },
    code: () => codeOf(secret),
  }
}

/** Five minutes later, and the code that was used long ago. */
const stale = ({ account }: Auditor) =>
  Promise.all([
    house.superuser.query('UPDATE xh.session SET fresh_until = now() WHERE account_id = $1', [account]),
    house.superuser.query('UPDATE xh.account_secret SET totp_last_step = 0 WHERE account_id = $1', [account]),
  ])

async function proveAgain(page: Page, { code }: Auditor): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('密码').fill(PASSWORD)
  await dialog.getByLabel('动态验证码').fill(code())
  await dialog.getByRole('button', { name: '验证', exact: true }).click()
}

/** A window of somebody who has signed in, with every address that it asks for. */
async function as(
  who: Pick<SignedInForTest, 'headers'>,
  width: number,
): Promise<Visitor & { addresses: string[] }> {
  const visitor = await visit(browser, width)
  const [name = '', value = ''] = (who.headers.cookie ?? '').split('=')
  await visitor.context.addCookies([
    { name, value, url: base.replace('http:', 'https:'), secure: true, httpOnly: true, sameSite: 'Strict' },
  ])
  const addresses: string[] = []
  visitor.page.on('request', (request) => addresses.push(request.url()))
  return { ...visitor, addresses }
}
const open = async (page: Page, path: string) => {
  await page.goto(`${base}/console${path}`)
  await page.locator('main#content h1').waitFor()
  await page.waitForLoadState('networkidle')
}
const picture = (page: Page, name: string) =>
  page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true })

describe.each([1440, 390])('at a width of %i', (width) => {
  test('the auditor proves who read a waiting row, and exports it after proving who asks', async () => {
    const one = company(width)
    await deliver(permit(one, `示许〔2026〕${width}01号`))
    await deliver(permit({ ...one, name: '示例市再一家茶行' }, `示许〔2026〕${width}02号`))

    const centre = await as(operator, width)
    await open(centre.page, '/work/review')
    const row = centre.page.locator('main a[href*="/work/review/"]', { hasText: one.name }).first()
    const review = /\/work\/review\/(\d+)/.exec((await row.getAttribute('href')) ?? '')?.[1] as string
    await row.click()
    await centre.page.getByText('示例市再一家茶行').first().waitFor()
    await centre.context.close()
    // A page may look twice: both looks are in their order before they are counted.
    await expect
      .poll(
        async () =>
          (await house.superuser.query('SELECT count(*)::int AS left FROM xh.ledger_inbox')).rows[0].left,
        { timeout: 30_000 },
      )
      .toBe(0)

    const auditor = await newAuditor()
    const { page, context, faults, addresses } = await as(auditor, width)
    await open(page, '/')
    await expectFit(page, 'home of the auditor')
    await open(page, '/audit')
    await page.getByLabel('对象').fill(`review:${review}`)
    await page.getByLabel('只看查看').check()
    await page.getByRole('button', { name: '查询' }).click()
    await page.waitForURL(/object=review/)
    // The list before the search stays on the page until the found one is there: the address alone tells no difference.
    await page.reload()
    await page.waitForLoadState('networkidle')
    const entries = page.getByRole('region', { name: '条目' })
    const found = entries.getByRole('row', { name: new RegExp(operator.account.name) })
    await expect
      .poll(
        async () => {
          if ((await found.count()) === 0) await page.reload()
          await page.waitForLoadState('networkidle')
          return found.count()
        },
        { timeout: 60_000 },
      )
      .toBeGreaterThan(0)
    const readings = await found.count()
    expect(await found.first().textContent()).toContain('查看待办证据')
    await expectFit(page, 'search')
    await picture(page, `audit-search-${width}`)

    await found.first().getByRole('link').click()
    await page.getByText('已在本浏览器中核验').waitFor()
    expect(await page.getByText('相符', { exact: true }).count()).toBe(4)
    await picture(page, `audit-entry-${width}`)
    await expectFit(page, 'entry')

    await page.getByRole('button', { name: '返回' }).click()
    await found.first().waitFor()
    await stale(auditor)
    await page.getByRole('button', { name: '导出 CSV' }).click()
    await page.getByRole('dialog').getByText('再次验证').first().waitFor()
    await picture(page, `audit-prove-${width}`)
    const [file] = await Promise.all([page.waitForEvent('download'), proveAgain(page, auditor)])
    expect(file.suggestedFilename()).toMatch(/^ledger-\d{4}-\d{2}-\d{2}\.csv$/)
    const lines = readFileSync(await file.path(), 'utf8')
      .trimEnd()
      .split('\r\n')
    expect(lines[0]).toContain('index,entry,at,actor')
    expect(lines).toHaveLength(1 + readings)
    for (const line of lines.slice(1)) expect(line).toContain(`work.read,review:${review}`)
    expect(addresses.filter((address) => address.endsWith('/ledger/export')).length).toBe(2)
    expect(faults).toEqual([])
    await context.close()
  }, 480_000)

  test('who read about a person is asked without the number being in any address or storage', async () => {
    await house.superuser.query('DELETE FROM xh.identifier WHERE subject_id = 4711')
    await house.superuser.query(
      "INSERT INTO xh.identifier (value, type, subject_id, subject_kind) VALUES ($1, 'p', 4711, 'p')",
      [house.house.keys.keyedHash('person', `身份证:${NUMBER}`)],
    )
    const { app: pool } = house.house.database.pools
    await withActor(pool, { ...ACTOR, name: `clerk.${width}` }, async (client) => ({
      result: undefined,
      act: {
        act: 'subject.read',
        object: 'subject',
        ground: '办案 示〔2026〕1号',
        right: 'law',
        person: await personTag(client, house.house.keys, 4711),
      },
    }))
    const auditor = await newAuditor()
    const { page, context, faults, addresses } = await as(auditor, width)
    await open(page, '/audit')
    await page.getByLabel('对象').fill(NUMBER)
    await page.getByText('此处不可填写证件号码').waitFor()
    expect(await page.getByRole('button', { name: '查询' }).isDisabled()).toBe(true)

    await open(page, '/audit/readers')
    await page.getByText('某个自然人').click()
    const readings = page.getByRole('region', { name: '查看记录' })
    await expect
      .poll(
        async () => {
          await page.getByLabel('证件号码').fill(NUMBER)
          await page.getByRole('button', { name: '查明' }).click()
          await readings.waitFor()
          return readings.getByRole('row', { name: new RegExp(`clerk.${width}`) }).count()
        },
        { timeout: 20_000 },
      )
      .toBe(1)
    await expectFit(page, 'readers')
    await picture(page, `audit-readers-${width}`)
    const kept = await page.evaluate(() => {
      const { localStorage, sessionStorage, location, document } = globalThis as unknown as {
        localStorage: object
        sessionStorage: object
        location: { href: string }
        document: { documentElement: { outerHTML: string } }
      }
      return [
        JSON.stringify(localStorage),
        JSON.stringify(sessionStorage),
        location.href,
        document.documentElement.outerHTML,
      ]
    })
    for (const text of [...kept, ...addresses]) expect(text).not.toContain(NUMBER)
    const { rows } = await house.superuser.query(
      'SELECT count(*)::int AS found FROM xh.ledger_detail WHERE detail::text LIKE $1',
      [`%${NUMBER}%`],
    )
    expect(rows[0].found).toBe(0)
    expect(faults).toEqual([])
    await context.close()
  }, 480_000)
})
