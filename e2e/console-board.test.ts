import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROJECT } from '../apps/server/src/platform/config/settings.ts'
import { expectFit, signIn, type Visitor, visit } from './console.ts'
import { openBrowser, type RunningProduct, startProduct } from './product.ts'

let product: RunningProduct
let browser: Browser
/** Pictures for people to look at, where they are asked for. */
const PICTURES = process.env.E2E_PICTURES

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), openBrowser()])
}, 480_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
}, 480_000)

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return
  mkdirSync(join(PROJECT, PICTURES), { recursive: true })
  await page.waitForTimeout(400)
  await page.screenshot({ path: join(PROJECT, PICTURES, `${name}.png`), fullPage: true })
}

async function open(visitor: Visitor, path: string, title: string): Promise<void> {
  await visitor.page.goto(`${product.base}/console${path}`)
  await visitor.page.locator('main#content h1', { hasText: title }).waitFor()
  await visitor.page.locator('.ant-spin-spinning').waitFor({ state: 'detached' })
}

describe.each([1440, 390])('the centre’s watch at %i pixels', (width) => {
  test('from the city down to the row in three clicks, each list as long as its figure', async () => {
    const visitor = await visit(browser, width)
    const { page } = visitor
    await signIn(page, product.base, 'demo-operator')
    // On the first of a month the month itself is empty.
    const from = new Date(Date.now() - 60 * 86_400_000).toISOString().slice(0, 10)
    await open(visitor, `/board?from=${from}`, '双公示看板')
    await page.getByRole('button', { name: '示例市本级' }).waitFor()
    await picture(page, `board-city-${width}`)
    await expectFit(page, 'city')

    await page.getByRole('button', { name: '示例市本级' }).click()
    await page.getByRole('button', { name: '示例市市场监督管理局' }).waitFor()
    await picture(page, `board-district-${width}`)
    await page.getByRole('button', { name: '示例市市场监督管理局', exact: true }).click()
    const late = page.getByRole('button', { name: /^迟报：\d+ 行$/ })
    await late.waitFor()
    await picture(page, `board-unit-${width}`)
    await expectFit(page, 'unit')
    const count = Number(/\d+/.exec((await late.getAttribute('aria-label')) ?? '')?.[0])
    await late.click()

    const rows = page.locator('.ant-drawer-body tbody tr')
    await rows.first().waitFor()
    await picture(page, `board-rows-${width}`)
    await expectFit(page, 'rows')
    let seen = await rows.count()
    while (
      seen < count &&
      (await page.locator('li.ant-pagination-next:not(.ant-pagination-disabled)').count()) > 0
    ) {
      const before = await rows.first().textContent()
      await page.locator('li.ant-pagination-next').click()
      await expect.poll(() => rows.first().textContent()).not.toBe(before)
      seen += await rows.count()
    }
    expect(seen).toBe(count)
    expect(visitor.faults).toEqual([])
    await visitor.context.close()
  })

  test('the monthly report prints on A4 with the board’s numbers, and the workbook comes', async () => {
    const visitor = await visit(browser, width)
    const { page } = visitor
    await signIn(page, product.base, 'demo-operator')
    await open(visitor, '/board/report', '月报')
    await page.locator('article h2', { hasText: '双公示工作月报' }).waitFor()
    await picture(page, `report-${width}`)
    await expectFit(page, 'report')
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('header').first().isVisible()).toBe(false)
    const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(/\/MediaBox \[0 0 59[45](?:\.\d+)? 84[12](?:\.\d+)?\]/.test(pdf.toString('latin1'))).toBe(true)
    await page.emulateMedia({ media: 'screen' })
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '导出表格' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^double-publicity-.*\.xlsx$/)
    expect(visitor.faults).toEqual([])
    await visitor.context.close()
  })

  test('quality says each share with its formula and opens its rows', async () => {
    const visitor = await visit(browser, width)
    const { page } = visitor
    await signIn(page, product.base, 'demo-operator')
    await open(visitor, '/quality', '数据质量')
    await page.getByRole('heading', { name: '准确性' }).waitFor()
    expect(await page.locator('main').textContent()).toContain('÷ 当月收到的行数')
    await picture(page, `quality-${width}`)
    await expectFit(page, 'quality')
    const figure = page.getByRole('button', { name: /^示例市市场监督管理局 准确性 [\d.]+%：未达 \d+ 行$/ })
    await figure.click()
    await page.locator('.ant-drawer-body tbody tr').first().waitFor()
    await picture(page, `quality-rows-${width}`)
    await expectFit(page, 'quality rows')
    expect(visitor.faults).toEqual([])
    await visitor.context.close()
  })

  test('alarms, jobs and health stand in order', async () => {
    const visitor = await visit(browser, width)
    const { page } = visitor
    await signIn(page, product.base, 'demo-system')
    for (const [path, title, name] of [
      ['/alarms', '告警', 'alarms'],
      ['/jobs', '后台任务', 'jobs'],
      ['/health', '系统状态', 'health'],
    ] as const) {
      await open(visitor, path, title)
      await page.locator('main table').first().waitFor()
      await picture(page, `${name}-${width}`)
      await expectFit(page, name)
    }
    expect(visitor.faults).toEqual([])
    await visitor.context.close()
  })

  test('an evaluator works from the sealed seed to the report', async () => {
    const title = `浏览器里的评估 ${width} ${Date.now() % 100_000}`
    const centre = await visit(browser, width)
    await signIn(centre.page, product.base, 'demo-operator')
    await open(centre, '/evaluations', '第三方评估')
    await picture(centre.page, `evaluations-${width}`)
    await expectFit(centre.page, 'evaluations')
    await centre.page.getByRole('button', { name: '新建评估' }).click()
    const form = centre.page.getByRole('dialog')
    await form.getByLabel('名称').fill(title)
    const day = (before: number) => new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10)
    await form.getByLabel('评估期（决定日期） —').fill(day(300))
    await form.getByLabel('— 评估期（决定日期）').fill(day(20))
    await form.getByLabel('单位', { exact: true }).fill('示例市税务局')
    await centre.page.locator('.ant-select-item-option', { hasText: '示例市税务局' }).click()
    await form.getByLabel('每单位每来源抽取').fill('1')
    await form.getByRole('button', { name: '建立' }).click()
    await centre.page.locator('h1', { hasText: title }).waitFor()
    const address = centre.page.url()
    expect(await centre.page.locator('main').textContent()).toContain('没有可以查看的抽样')

    const evaluator = await visit(browser, width)
    const { page } = evaluator
    await signIn(page, product.base, 'demo-evaluator')
    await page.goto(address)
    await page.locator('h1', { hasText: title }).waitFor()
    await page.getByLabel('单位', { exact: true }).click()
    await page.locator('.ant-select-item-option', { hasText: '示例市税务局' }).click()
    await page.getByLabel('目录项').click()
    await page.locator('.ant-select-item-option', { hasText: '行政处罚（法人' }).click()
    await page.getByLabel('清单', { exact: true }).fill(`税罚漏${width}号,${day(60)}`)
    await picture(page, `evaluation-source-${width}`)
    await expectFit(page, 'source list')
    await page.getByRole('button', { name: '录入该单位清单' }).click()
    await page.getByText('1 件', { exact: true }).waitFor()
    await page.getByRole('button', { name: '抽样', exact: true }).click()
    await page.locator('.ant-modal-confirm-btns .ant-btn-primary').click()
    await page.getByRole('button', { name: `填写 税罚漏${width}号` }).waitFor()
    await centre.page.reload()
    await centre.page.locator('h1', { hasText: title }).waitFor()
    expect(await centre.page.locator('main').textContent()).toContain('没有可以查看的抽样')

    await page.getByRole('button', { name: `填写 税罚漏${width}号` }).click()
    await page.getByLabel('决定日期').fill(day(60))
    await picture(page, `evaluation-enter-${width}`)
    await expectFit(page, 'enter')
    await page.getByRole('button', { name: '保存并比对' }).click()
    await page.locator('.ant-drawer-title', { hasText: '第 2 件' }).waitFor()
    await page.getByLabel('未查到').check()
    await page.getByRole('button', { name: '保存并比对' }).click()
    await page.locator('.ant-drawer-body').getByText('源头未查到').waitFor()
    await page.locator('.ant-drawer-close').click()
    await page.getByRole('button', { name: `填写 税罚漏${width}号` }).click()
    await page.setInputFiles('input[type=file]', {
      name: '登记簿.png',
      mimeType: 'image/png',
      buffer: Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('register')]),
    })
    await page.getByRole('link', { name: '登记簿.png' }).waitFor()
    await page.getByLabel('理由').fill('案卷里有不予报送的批示，见佐证。')
    await page.getByRole('button', { name: '认定瞒报' }).click()
    await page.locator('.ant-drawer-body').getByText('瞒报（人工认定）').first().waitFor()
    await picture(page, `evaluation-concealed-${width}`)

    await centre.page.reload()
    await centre.page.getByRole('button', { name: '下发给单位' }).click()
    await centre.page.locator('.ant-modal-confirm-btns .ant-btn-primary').click()
    await centre.page.getByRole('link', { name: '评估报告' }).click()
    await centre.page.locator('article h2').waitFor()
    expect(await centre.page.locator('article').textContent()).toContain('示例市税务局')
    await picture(centre.page, `evaluation-report-${width}`)
    await expectFit(centre.page, 'evaluation report')
    expect([...centre.faults, ...evaluator.faults]).toEqual([])
    await evaluator.context.close()
    await centre.context.close()
  }, 480_000)

  test('a unit sees its own sample once it is released, and answers', async () => {
    const visitor = await visit(browser, width)
    const { page } = visitor
    await signIn(page, product.base, width === 1440 ? 'demo-clerk' : 'demo-reviewer')
    await open(visitor, '/evaluations', '第三方评估')
    await page.getByRole('link', { name: /年双公示第三方评估（示例）/ }).click()
    const answer = page
      .getByRole('button')
      .filter({ hasText: /^申辩$/ })
      .first()
    await answer.waitFor()
    await picture(page, `evaluation-unit-${width}`)
    await expectFit(page, 'unit’s sample')
    await answer.click()
    await page.locator('.ant-drawer-body textarea').fill('决定书落款日期以送达之日为准，请核对。')
    await picture(page, `evaluation-answer-${width}`)
    await expectFit(page, 'answer')
    await page.getByRole('button', { name: '提交申辩' }).click()
    await page.locator('.ant-drawer-body').getByRole('heading', { name: '单位申辩' }).waitFor()
    expect(visitor.faults).toEqual([])
    await visitor.context.close()
  })
})
