import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
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

const WIDTHS = [
  [1440, 'demo-clerk'],
  [390, 'demo-clerk-2'],
] as const

describe('every page of a department', () => {
  test.each(WIDTHS)(
    'at %i pixels: axe finds nothing, nothing is cut off, the policy holds',
    async (width, login) => {
      const { page, context, faults } = await visit(browser, width)
      await page.goto(`${product.base}/console/`)
      await page.getByRole('button', { name: '下一步' }).waitFor()
      await page.locator('section').nth(1).waitFor()
      await expectFit(page, 'sign-in')
      await page.goto(`${product.base}/console/first-sign-in#${'x'.repeat(43)}`)
      await page.getByRole('alert').waitFor()
      await expectFit(page, 'first-sign-in refused')
      await page.goto(`${product.base}/console/`)
      await signIn(page, product.base, login)

      const delivery = await page.evaluate(async () => {
        const answer = await fetch('/api/console/deliveries?rejected=true&limit=1')
        return ((await answer.json()) as { deliveries: { delivery: number }[] }).deliveries[0]?.delivery
      })
      expect(delivery).toBeGreaterThan(0)
      for (const path of [
        '/',
        '/deliver',
        '/deliver?item=penalty-organisation&by=paste',
        '/deliver?item=penalty-organisation&by=form',
        '/deliveries',
        `/deliveries/${delivery}`,
        `/deliveries/${delivery}/rows`,
        `/deliveries/${delivery}/mend`,
        '/templates',
        '/nil-reports',
        '/withdrawals',
        '/releases',
        '/push',
        '/push?view=desk',
        '/push?view=agreements',
        '/push?view=origins',
        '/sessions',
        '/no-such-page',
      ]) {
        await page.goto(`${product.base}/console${path}`)
        await page.locator('main#content h1').waitFor()
        await expect.poll(() => page.locator('.ant-spin-spinning').count()).toBe(0)
        await expectFit(page, path)
      }
      expect(faults).toEqual([])
      await context.close()
    },
    240_000,
  )

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
  test.each(['demo-reviewer', 'demo-auditor'])(
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
    await page.getByText('需由另一人确认').waitFor()
    await expect.poll(async () => (await fetch(`${product.base}/api/v1/facts/${fact.id}`)).status).toBe(404)
    await expectFit(page, 'withdrawals')

    const reviewer = await visit(browser, 390)
    await signIn(reviewer.page, product.base, 'demo-reviewer')
    await reviewer.page.goto(`${product.base}/console/withdrawals`)
    await reviewer.page.getByRole('button', { name: '处理撤下' }).click()
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
