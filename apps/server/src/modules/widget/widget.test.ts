import { readFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PROJECT } from '../../platform/config/settings.ts'
import { testHouse } from '../../platform/database/testing.ts'
import { type Company, JointActionForTest, MATTER } from '../checks/testing.ts'
import { integrityOf } from './index.ts'

const SHOTS = process.env.SHOTS
let city: JointActionForTest
let company: Company
let base: string
let site: http.Server
let siteOrigin: string
let browser: Browser
let context: BrowserContext
let page: Page
let faults: string[]

/** A system that cannot be changed, but for one tag; its policy allows the platform's script and nothing else. */
const pageOf = (
  attributes = '',
) => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>投标资格审查</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main><h1>投标资格审查</h1>
<p><label for="code">统一社会信用代码</label> <input id="code" value="${company.uscc}"></p>
<p><label for="company">企业名称</label> <input id="company" value="${company.name}"></p>
<p>办件编号 <span id="case">ZB-2026-0117</span></p>
<p><label for="check">核查编号</label> <input id="check"></p>
<script src="${base}/widget/v1.0.0.js" integrity="${integrityOf('1.0.0')}" crossorigin="anonymous" data-matter="${MATTER}"
  data-applicant-selector="#code" data-name-selector="#company" data-case-selector="#case" data-result-selector="#check" ${attributes}></script>
</main></body></html>`
let served = ''
/** Runs in the page: what it hears, by message and by event. */
const LISTENS = `globalThis.heard = []
  window.addEventListener('message', (event) => heard.push(event.data))
  document.addEventListener('xinheng:result', (event) => heard.push(event.detail))`

beforeAll(async () => {
  city = await JointActionForTest.open(await testHouse())
  company = city.company()
  await city.list('wage-arrears', [company])
  await city.bind('a1-market-access', { matters: [MATTER] })
  await city.subscribe(MATTER, 'a1-market-access', 'intercept')
  await city.loaded()
  await city.app.listen({ host: '127.0.0.1', port: 0 })
  base = `http://127.0.0.1:${(city.app.server.address() as AddressInfo).port}`
  site = http.createServer((_, reply) =>
    reply
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': `default-src 'none'; script-src ${base}; style-src 'none'; require-trusted-types-for 'script'; base-uri 'none'; frame-ancestors 'none'`,
      })
      .end(served),
  )
  await new Promise<void>((done) => site.listen(0, '127.0.0.1', done))
  // Another name, so another site: cookies of the platform are not sent along.
  siteOrigin = `http://localhost:${(site.address() as AddressInfo).port}`
  await register(siteOrigin)
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
})
afterAll(async () => {
  await browser?.close()
  site?.close()
  await city?.close()
})
beforeEach(async () => {
  served = pageOf()
  faults = []
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
  context.on('page', (one) => {
    one.on('console', (message) => {
      if (/Content Security Policy|violates|Refused to/i.test(message.text())) faults.push(message.text())
    })
    one.on('pageerror', (error) => faults.push(String(error)))
  })
  page = await context.newPage()
})
afterEach(async () => {
  await context.close()
  expect(faults).toEqual([])
})

/** As two persons do. */
async function register(origin: string): Promise<void> {
  const proposed = await city.call('POST', '/api/console/push/origins', city.clerk, {
    origin,
    reason: '投标系统',
  })
  await city.approve(proposed.body.approval, city.centreReviewer)
}
async function end(origin: string): Promise<void> {
  const { origins } = (await city.call('GET', '/api/console/push/origins', city.clerk)).body
  const one = origins.find(
    (two: { origin: string; endedAt: string | null }) => two.origin === origin && two.endedAt === null,
  )
  await city.call('POST', `/api/console/push/origins/${one.id}/end`, city.clerk, { reason: '停用' })
}
/** Checks that were made, by number and purpose. */
async function checks(): Promise<{ number: string; purpose: string }[]> {
  const { rows } = await city.house.superuser.query(
    'SELECT number, purpose FROM xh.credit_check WHERE asked_by = $1 ORDER BY check_id',
    [city.clerk.account.accountId],
  )
  return rows
}

async function signIn(): Promise<void> {
  const value = /__Host-session=([^;]+)/.exec(city.clerk.headers.cookie ?? '')?.[1] ?? ''
  await context.addCookies([
    {
      name: '__Host-session',
      value,
      domain: '127.0.0.1',
      path: '/',
      secure: true,
      httpOnly: true,
      sameSite: 'Strict',
    },
  ])
}

async function openPanel(): Promise<Page> {
  const opened = context.waitForEvent('page')
  await page.getByRole('button', { name: '信用核查' }).click()
  const panel = await opened
  await panel.waitForLoadState()
  return panel
}

async function expectFit(one: Page, what: string): Promise<void> {
  for (const width of [1440, 390]) {
    await one.setViewportSize({ width, height: 860 })
    const { violations } = await new AxeBuilder({ page: one }).analyze()
    expect(
      violations.map(({ id, nodes }) => `${what} ${id} ${nodes.map((node) => node.html).join(' ')}`),
    ).toEqual([])
    const overflow = await one
      .locator('html')
      .evaluate((element) => element.scrollWidth - element.clientWidth)
    expect(`${what} ${width} ${overflow}`).toBe(`${what} ${width} 0`)
    if (SHOTS !== undefined)
      await one.screenshot({ path: join(SHOTS, `widget-${what}-${width}.png`), fullPage: true })
  }
}

describe('in a page of another site under a strict policy', () => {
  test('an officer checks in the platform’s own window, and the page gets result, number and explanation alone', async () => {
    await signIn()
    await page.goto(siteOrigin)
    await page.evaluate(LISTENS)
    await expectFit(page, 'page')
    const panel = await openPanel()
    await panel.getByLabel('核查用途').waitFor()
    await expect.poll(() => panel.getByLabel('证件代码').inputValue()).toBe(company.uscc)
    expect(await panel.getByLabel('名称或姓名').inputValue()).toBe(company.name)
    expect(await panel.getByLabel('办件编号').inputValue()).toBe('ZB-2026-0117')
    // Nothing of the applicant stands in an address.
    expect(panel.url()).not.toContain(company.uscc)
    await expectFit(panel, 'question')
    await panel.getByRole('button', { name: '核查', exact: true }).click()
    // Without a purpose nothing is asked.
    expect(await checks()).toEqual([])
    await panel.getByLabel('核查用途').fill('投标资格审查')
    await panel.keyboard.press('Enter')
    await panel.locator('#result').getByText('暂缓办理').waitFor()
    const [check] = await checks()
    expect(check?.purpose).toBe('投标资格审查')
    await expectFit(panel, 'answer')
    const closed = panel.waitForEvent('close')
    await panel.getByRole('button', { name: '交回业务页面并关闭' }).click()
    await closed
    const status = page.getByRole('status')
    await expect.poll(() => status.textContent()).toContain(check?.number)
    expect(await status.textContent()).toContain('拖欠农民工工资')
    expect(await status.getAttribute('aria-live')).toBe('polite')
    expect(await page.locator('#check').inputValue()).toBe(check?.number)
    const told = {
      number: check?.number,
      result: 'intercept',
      explanation: { zh: expect.any(String), en: expect.any(String) },
    }
    expect(await page.evaluate('heard')).toEqual([
      { type: 'xinheng.ready' },
      told,
      { type: 'xinheng.result', ...told },
    ])
    await expectFit(page, 'page-answered')
  })

  test('who has not signed in is asked to, and goes on in the same window', async () => {
    await page.goto(siteOrigin)
    const panel = await openPanel()
    await panel.getByText('请先登录信用平台').waitFor()
    await expectFit(panel, 'signed-out')
    await signIn()
    await panel.getByRole('button', { name: '我已登录，继续' }).click()
    await expect.poll(() => panel.getByLabel('证件代码').inputValue()).toBe(company.uscc)
  })

  test('a site that nobody registered gets nothing, not even that somebody is there', async () => {
    await signIn()
    await end(siteOrigin)
    await page.goto(siteOrigin)
    await page.evaluate(LISTENS)
    const panel = await openPanel()
    await panel.getByText('本单位没有登记这个网站').waitFor()
    await expectFit(panel, 'stopped')
    expect(await page.evaluate('heard')).toEqual([])
    await register(siteOrigin)
  })

  test('a site that says it is another one gets nothing: the browser knows better', async () => {
    await signIn()
    await register('https://registered.example')
    await page.goto(siteOrigin)
    await page.evaluate(LISTENS)
    const opened = context.waitForEvent('page')
    await page.evaluate(
      `void window.open(${JSON.stringify(`${base}/widget/check#origin=${encodeURIComponent('https://registered.example')}`)}, 'x')`,
    )
    const panel = await opened
    await panel.getByLabel('核查用途').waitFor()
    // What it sends is not taken either.
    await page.evaluate(
      `window.open('', 'x').postMessage({ type: 'xinheng.prefill', identifier: 'forged' }, ${JSON.stringify(base)})`,
    )
    await panel.getByLabel('事项编码').fill(MATTER)
    await panel.getByLabel('办件编号').fill('1')
    await panel.getByLabel('证件代码').fill(company.uscc)
    await panel.getByLabel('名称或姓名').fill(company.name)
    await panel.getByLabel('核查用途').fill('审查')
    await panel.keyboard.press('Enter')
    await panel.locator('#result').getByText('暂缓办理').waitFor()
    expect(await panel.getByLabel('证件代码').inputValue()).toBe(company.uscc)
    // It closes under the click that closes it.
    const closed = panel.waitForEvent('close')
    await panel.getByRole('button', { name: '交回业务页面并关闭' }).dispatchEvent('click')
    await closed
    expect(await page.evaluate('heard')).toEqual([])
    // The message that could not be delivered is told in the panel's own console.
    faults = faults.filter((text) => !/postMessage/.test(text))
  })

  test('a window of somebody else cannot put an answer into the page', async () => {
    await signIn()
    await page.goto(siteOrigin)
    await openPanel()
    await page.evaluate(
      `window.postMessage({ type: 'xinheng.result', number: 'forged', result: 'clear', explanation: { zh: '', en: '' } }, '*')`,
    )
    expect(await page.locator('#check').inputValue()).toBe('')
    expect(await page.getByRole('status').textContent()).not.toContain('forged')
  })

  test('“not checked” is no answer, and the same question asked again is the same check', async () => {
    await signIn()
    await page.goto(siteOrigin)
    const panel = await openPanel()
    await panel.getByLabel('核查用途').fill('投标资格审查')
    const keys: (string | undefined)[] = []
    panel.on('request', (one) => {
      if (one.url().endsWith('/api/console/checks')) keys.push(one.headers()['idempotency-key'])
    })
    const before = (await checks()).length
    // The answer is lost on its way back: it was checked, and nobody here knows.
    await context.route('**/api/console/checks', async (route) => {
      await route.fetch()
      await route.abort()
    })
    await panel.getByRole('button', { name: '核查', exact: true }).click()
    await panel.getByText('连接不上信用平台').waitFor()
    await context.unroute('**/api/console/checks')
    await panel.getByRole('button', { name: '核查', exact: true }).click()
    await panel.locator('#result').getByText('暂缓办理').waitFor()
    expect([keys.length, new Set(keys).size]).toEqual([2, 1])
    expect((await checks()).length).toBe(before + 1)
    await panel.close()
    await expect.poll(() => page.getByRole('status').textContent()).toBe('窗口已关闭，尚未核查。')
  })

  test('a natural person asks for a consent or a duty; English is there', async () => {
    await signIn()
    served = pageOf('data-kind="person" data-language="en"')
    await page.goto(siteOrigin)
    const opened = context.waitForEvent('page')
    await page.getByRole('button', { name: 'Credit check' }).click()
    const panel = await opened
    await panel.getByText('Ground to check a natural person').waitFor()
    await expectFit(panel, 'person')
  })
})

describe('the script', () => {
  test('is for pages of any origin, and a version never changes', async () => {
    const exact = await city.app.inject({ url: '/widget/v1.0.0.js' })
    expect(exact.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=31536000, immutable',
    })
    expect((await city.app.inject({ url: '/widget/v1.js' })).body).toBe(exact.body)
    expect(exact.body).not.toMatch(/\beval\b|new Function|innerHTML|document\.write|style=/)
    // The guide names this very file.
    expect(readFileSync(join(PROJECT, 'docs/embedding.md'), 'utf8')).toContain(integrityOf('1.0.0'))
  })

  test('opens a page that cannot be framed and runs nothing inline', async () => {
    const panel = await city.app.inject({ url: '/widget/check' })
    expect(panel.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(panel.headers['cross-origin-opener-policy']).toBe('unsafe-none')
    expect(panel.body).not.toMatch(/<script>|style=|onclick/)
    const other = await city.app.inject({ url: '/api/v1/reply-key' })
    expect(other.headers['cross-origin-opener-policy'] ?? 'same-origin').toBe('same-origin')
  })
})
