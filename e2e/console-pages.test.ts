import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROJECT } from '../apps/server/src/platform/config/settings.ts'
import { validUscc } from '../packages/testkit/src/index.ts'
import { expectFit, signIn, visit } from './console.ts'
import { openBrowser, type RunningProduct, startProduct } from './product.ts'

let product: RunningProduct
let browser: Browser

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), openBrowser()])
}, 480_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
}, 480_000)

const WIDTHS = [1440, 390] as const

/** What no page may be without, at both widths: it is read once and looked at twice. */
async function expectFitAtBoth(page: Page, what: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 })
    await expectFit(page, `${what} at ${width}`)
  }
}

/** The page has its title and has read what it shows. */
async function settled(page: Page): Promise<void> {
  await page.locator('main#content h1').waitFor()
  await expect.poll(() => page.locator('.ant-spin-spinning').count()).toBe(0)
}

/** As the console itself asks, in the name of whoever is signed in at the window. */
async function ask<T>(page: Page, path: string, body?: object): Promise<T> {
  const answer = await page.evaluate(
    async ([url, sent]) => {
      const response = await fetch(
        url,
        sent === null ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: sent },
      )
      return { ok: response.ok, text: await response.text() }
    },
    [path, body === undefined ? null : JSON.stringify(body)] as const,
  )
  expect(`${path} ${answer.ok ? 'ok' : answer.text}`).toBe(`${path} ok`)
  return JSON.parse(answer.text) as T
}

/** Pages whose own journeys look at them at both widths: board, centre, audit and joint action. */
const WITH_A_JOURNEY: readonly string[] = [
  '双公示看板',
  '数据质量',
  '第三方评估',
  '告警',
  '后台任务',
  '系统状态',
  '工作队列',
  '主体合并与拆分',
  '归集目录',
  '公告',
  '节假日',
  '单位',
  '账户与角色',
  '联合奖惩监督',
  '审计账本',
  '谁看过',
]
/** Entries of menus that have been looked at. */
const seen = new Set<string>()

/** Opens what the menu offers and nobody has looked at yet. */
async function lookThroughMenu(page: Page, login: string): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 900 })
  const menu = page.getByRole('navigation', { name: '菜单' })
  for (const title of await menu.getByRole('menuitem').allInnerTexts()) {
    if (WITH_A_JOURNEY.includes(title) || seen.has(title)) continue
    seen.add(title)
    await page.setViewportSize({ width: 1440, height: 900 })
    await menu.getByRole('menuitem', { name: title, exact: true }).click()
    await page.locator('.ant-menu-item-selected', { hasText: title }).first().waitFor()
    await settled(page)
    await expectFitAtBoth(page, `${title} of ${login}`)
  }
}

describe('every page of a department', () => {
  test('at 1440 and 390 pixels: axe finds nothing, nothing is cut off, the policy holds', async () => {
    const { page, context, faults } = await visit(browser, 1440)
    await page.goto(`${product.base}/console/`)
    await page.getByRole('button', { name: '下一步' }).waitFor()
    await page.locator('section').nth(1).waitFor()
    await expectFitAtBoth(page, 'sign-in')
    await page.goto(`${product.base}/console/first-sign-in#${'x'.repeat(43)}`)
    await page.getByRole('alert').waitFor()
    await expectFitAtBoth(page, 'first-sign-in refused')
    await page.goto(`${product.base}/console/`)
    await signIn(page, product.base, 'demo-clerk-2')

    const { deliveries } = await ask<{ deliveries: { delivery: number }[] }>(
      page,
      '/api/console/deliveries?rejected=true&limit=1',
    )
    const delivery = deliveries[0]?.delivery
    expect(delivery).toBeGreaterThan(0)
    await lookThroughMenu(page, 'demo-clerk-2')
    for (const path of [
      '/deliver?item=penalty-organisation&by=paste',
      '/deliver?item=penalty-organisation&by=form',
      `/deliveries/${delivery}`,
      `/deliveries/${delivery}/rows`,
      `/deliveries/${delivery}/mend`,
      '/push?view=desk',
      '/push?view=agreements',
      '/push?view=origins',
      '/sessions',
      '/no-such-page',
    ]) {
      await page.setViewportSize({ width: 1440, height: 900 })
      await page.goto(`${product.base}/console${path}`)
      await settled(page)
      await expectFitAtBoth(page, path)
    }
    expect(faults).toEqual([])
    await context.close()
  }, 240_000)

  test('what waits is on the first page; an intercept is shown with its law, its lift with the evidence', async () => {
    const clerk = await visit(browser, 1440)
    const { page } = clerk
    await signIn(page, product.base, 'demo-bidding-clerk')
    const { entries } = (await (
      await fetch(`${product.base}/api/v1/lists/wage-arrears/entries?limit=1`)
    ).json()) as { entries: { name: string; uscc: string }[] }
    const listed = entries[0] as (typeof entries)[number]
    const { matters } = await ask<{ matters: { code: string; name: string }[] }>(
      page,
      '/api/console/matters?bound=true',
    )
    const number = `示招〔2026〕${Date.now()}号`
    const { number: check } = await ask<{ number: string }>(page, '/api/console/checks', {
      matter: matters[0]?.code,
      applicant: { kind: 'organisation', identifier: listed.uscc, name: listed.name },
      purpose: '投标资格审查',
      caseNumber: number,
    })
    await page.goto(`${product.base}/console/`)
    await page.getByRole('link', { name: '待反馈的核查' }).waitFor()
    await expectFitAtBoth(page, 'what waits')
    await page.getByRole('link', { name: '待决定的拦截' }).click()
    await page.getByRole('row', { name: number }).getByRole('button').click()
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('button', { name: '提出解除' }).waitFor()
    expect(await drawer.textContent()).toContain('保障农民工工资支付条例')
    await expectFitAtBoth(page, 'a check')
    await ask(page, `/api/console/checks/${check}/override`, { reason: '企业已缴清工资，人社局出具证明。' })

    const reviewer = await visit(browser, 390)
    await signIn(reviewer.page, product.base, 'demo-bidding-reviewer')
    await reviewer.page.getByRole('link', { name: '待我审批' }).click()
    const proposal = reviewer.page.getByRole('region', { name: /^解除拦截/ }).filter({ hasText: number })
    await proposal.getByRole('button', { name: '批准' }).waitFor()
    for (const part of [listed.name, listed.uscc, '保障农民工工资支付条例', '企业已缴清工资'])
      await proposal.getByText(part).first().waitFor()
    await expectFitAtBoth(reviewer.page, 'approvals of a department')
    expect([...clerk.faults, ...reviewer.faults]).toEqual([])
    await clerk.context.close()
    await reviewer.context.close()
  }, 240_000)

  test('the demo city prints commands that deliver by machine, and they do as printed', async () => {
    const { page, context, faults } = await visit(browser, 390)
    await page.goto(`${product.base}/console/`)
    await page.getByText('业务系统示例').click()
    const commands = await page.getByRole('group', { name: '业务系统示例' }).innerText()
    await expectFit(page, 'sign-in with commands')
    expect(faults).toEqual([])
    await context.close()
    const files = ['demo.key', 'demo.csv'].map((name) => join(PROJECT, name))
    try {
      const ran = await promisify(execFile)('sh', ['-ec', commands], { cwd: PROJECT })
      expect(ran.stdout).toMatch(/^\d+ done received 3 loaded 2 rejected 1$/m)
      // The second delivers the same file under another number: nothing is entered twice.
      expect(ran.stdout).toMatch(/^\d+ done received 3 loaded 0 rejected 1$/m)
    } finally {
      for (const file of files) rmSync(file, { force: true })
    }
  }, 240_000)

  test('the language is switched, and kept', async () => {
    const { page, context } = await visit(browser, 1440)
    await signIn(page, product.base, 'demo-reviewer-2')
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('link', { name: 'Skip to the content' }).waitFor({ state: 'attached' })
    await page.goto(`${product.base}/console/deliveries`)
    await page.getByRole('heading', { level: 1, name: 'Deliveries' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await expectFit(page, 'deliveries in English')
    await context.close()
  }, 480_000)
})

describe('whoever comes back from linking the account', () => {
  test.each(['demo-property-reviewer', 'demo-evaluator'])(
    '%s is told so, once',
    async (login) => {
      const { page, context } = await visit(browser, 390)
      await signIn(page, product.base, login)
      await page.goto(`${product.base}/console/?linked=1`)
      const told = page.getByText('已绑定统一身份认证')
      await told.waitFor()
      await expectFit(page, 'linked')
      await page.getByRole('alert').getByRole('button').click()
      await told.waitFor({ state: 'detached' })
      expect(page.url()).not.toContain('linked')
      await context.close()
    },
    480_000,
  )
})

describe('every other role', () => {
  test('finds each page of its menu in order; who approves a reset is shown the link, once', async () => {
    const system = await visit(browser, 1440)
    await signIn(system.page, product.base, 'demo-system')
    const { accounts } = await ask<{ accounts: { id: number; login: string }[] }>(
      system.page,
      '/api/console/accounts',
    )
    const lost = accounts.find(({ login }) => login === 'demo-property-clerk')
    const { approval } = await ask<{ approval: number }>(
      system.page,
      `/api/console/accounts/${lost?.id}/reset`,
      { reason: '手机遗失，本人当面申请' },
    )
    seen.clear()
    await lookThroughMenu(system.page, 'demo-system')

    const security = await visit(browser, 1440)
    await signIn(security.page, product.base, 'demo-security')
    await security.page.goto(`${product.base}/console/approvals`)
    const proposal = security.page.getByRole('region', { name: `重置账户 ${approval}`, exact: true })
    await proposal.getByText('demo-property-clerk').waitFor()
    await expectFitAtBoth(security.page, 'approvals of the security administrator')
    await proposal.getByRole('button', { name: '批准' }).click()
    const dialog = security.page.getByRole('dialog', { name: /^批准/ })
    await dialog.getByLabel('理由').fill('已核对本人身份')
    await dialog.getByRole('button', { name: '批准' }).click()
    await security.page.getByText(/\/console\/first-sign-in#[\w-]{43}/).waitFor()
    await expectFitAtBoth(security.page, 'the link')

    const centre = await visit(browser, 1440)
    await signIn(centre.page, product.base, 'demo-centre-reviewer')
    await lookThroughMenu(centre.page, 'demo-centre-reviewer')
    for (const { faults } of [system, security, centre]) expect(faults).toEqual([])
    for (const { context } of [system, security, centre]) await context.close()
  }, 240_000)
})

describe('a fact is withdrawn by two persons', () => {
  test('one hides it at once, which the public sees; only another may confirm', async () => {
    const clerk = await visit(browser, 1440)
    await signIn(clerk.page, product.base, 'demo-clerk')
    const { facts } = (await (
      await fetch(
        `${product.base}/api/v1/facts?item=penalty-organisation&unit=${validUscc('11', '519900', 1000)}&limit=100`,
      )
    ).json()) as {
      facts: { id: string; documentNumber: string; sourceUnit: string; subject: { name: string } }[]
    }
    const fact = facts.find((one) => one.sourceUnit === '示例市市场监督管理局') as (typeof facts)[number]
    const { page } = clerk
    await page.goto(`${product.base}/console/withdrawals`)
    await page.getByRole('searchbox').fill(fact.documentNumber)
    await page.getByRole('searchbox').press('Enter')
    await page.getByRole('button', { name: '撤下', exact: true }).first().click()
    await page
      .getByRole('dialog')
      .getByLabel('依据（文书名称和文号）')
      .fill('行政复议决定书 示府复〔2026〕3号')
    await page.getByRole('dialog').getByRole('button', { name: '停止公示' }).click()
    await page.getByRole('row', { name: fact.documentNumber }).getByText('需由另一人确认').waitFor()
    await expect.poll(async () => (await fetch(`${product.base}/api/v1/facts/${fact.id}`)).status).toBe(404)
    await expectFit(page, 'withdrawals')

    const reviewer = await visit(browser, 390)
    await signIn(reviewer.page, product.base, 'demo-reviewer')
    await reviewer.page.goto(`${product.base}/console/withdrawals`)
    await reviewer.page
      .getByRole('row', { name: fact.documentNumber })
      .getByRole('button', { name: '处理撤下' })
      .click()
    const dialog = reviewer.page.getByRole('dialog')
    await dialog.getByLabel('意见').fill('已核对复议决定书')
    await dialog.getByRole('button', { name: '确认撤下' }).click()
    await reviewer.page.getByText('已确认').first().waitFor()
    await expectFit(reviewer.page, 'withdrawals decided')
    expect([...clerk.faults, ...reviewer.faults]).toEqual([])
    await clerk.context.close()
    await reviewer.context.close()
  }, 480_000)
})
