import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type City, demoCity } from '@xinheng/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectFit, signIn, visit } from './console.ts'
import { openBrowser, type RunningProduct, startProduct } from './product.ts'

let product: RunningProduct
let browser: Browser
let city: City

beforeAll(async () => {
  city = demoCity(1)
  ;[product, browser] = await Promise.all([startProduct(), openBrowser()])
}, 480_000)
afterAll(async () => {
  await browser?.close()
  await product?.stop()
}, 480_000)

/** Pictures for whoever looks at the pages: only where a folder is named. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** The demo city has one case in each state. */
async function openCase(page: Page, stage: string): Promise<string> {
  await page.goto(`${product.base}/console/listings`)
  await page.locator('main table').first().waitFor()
  await picture(page, `cases-${page.viewportSize()?.width}`)
  await page.locator('tr', { hasText: stage }).locator('a').first().click()
  const name = page.locator('main#content h1')
  await expect.poll(() => name.textContent(), { timeout: 60_000 }).toContain('示例市')
  return (await name.textContent()) ?? ''
}

const stageIs = (page: Page, stage: string) =>
  expect.poll(() => page.locator('main#content').textContent(), { timeout: 60_000 }).toContain(stage)

test('an authority lists an organisation and takes it off: two people, each step with its document', async () => {
  const [clerk, reviewer, anyone] = await Promise.all([
    visit(browser, 1440),
    visit(browser, 390),
    visit(browser, 390),
  ])
  await signIn(clerk.page, product.base, 'demo-clerk')
  await signIn(reviewer.page, product.base, 'demo-reviewer')

  // A new case: proposal, notice, defence.
  const party = city.organisations.filter((one) => one.kind === 'enterprise')[700]
  await clerk.page.goto(`${product.base}/console/listings`)
  await clerk.page.getByRole('button', { name: '提出列入' }).click()
  await clerk.page.getByLabel('统一社会信用代码').fill(party?.uscc ?? '')
  await clerk.page.getByLabel('列入情形').click()
  await clerk.page.locator('.ant-select-item-option').first().click()
  await clerk.page.getByLabel('列入原因（将公示）').fill('销售不符合安全标准的食品，情节严重')
  await clerk.page.getByLabel('事实（写入文书）').fill('2026年销售不符合安全标准的食品，受到较重行政处罚。')
  await picture(clerk.page, 'proposal-1440')
  await clerk.page.getByRole('button', { name: '提出', exact: true }).click()
  await clerk.page.getByRole('button', { name: '制作并送达事先告知书' }).click()
  await stageIs(clerk.page, '陈述申辩期至')
  await clerk.page.getByLabel('陈述申辩人').fill('周示例')
  await clerk.page.getByLabel('内容').fill('涉案食品已下架，请求从轻。')
  await clerk.page.getByRole('button', { name: '记录陈述申辩' }).click()
  await stageIs(clerk.page, '陈述申辩笔录')
  expect(await clerk.page.getByRole('button', { name: '提请第二人决定' }).count()).toBe(0)
  await expectFit(clerk.page, 'a case in its defence')
  await picture(clerk.page, 'defence-1440')
  const pdf = await clerk.page.request.get(
    new URL(
      (await clerk.page.getByRole('link', { name: '事先告知书 PDF' }).getAttribute('href')) ?? '',
      product.base,
    ).href,
  )
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-')

  // One whose defence is over goes to the second person.
  const name = await openCase(clerk.page, '陈述申辩')
  const address = clerk.page.url()
  await clerk.page.getByLabel('复核和处理意见').fill('申辩理由不成立，拟列入。')
  await clerk.page.getByRole('button', { name: '提请第二人决定' }).click()
  await stageIs(clerk.page, '等待本单位另一位审核员决定')

  await reviewer.page.goto(address)
  await reviewer.page.getByLabel('决定理由').fill('事实清楚，同意列入。')
  await expectFit(reviewer.page, 'a case to decide')
  await picture(reviewer.page, 'decide-390')
  await reviewer.page.getByRole('button', { name: '同意', exact: true }).click()
  await stageIs(reviewer.page, '信用修复告知书')
  await stageIs(reviewer.page, '已列入')

  // The public reads it at once, on the list's page and the organisation's.
  const list = `${product.base}/lists/serious-illegal`
  await anyone.page.goto(list)
  expect(await anyone.page.locator('main').textContent()).toContain(name)
  await expectFit(anyone.page, 'the list')
  await picture(anyone.page, 'list-390')
  await anyone.page.getByRole('link', { name }).first().click()
  expect(await anyone.page.locator('main').textContent()).toContain('列决〔')
  const subject = anyone.page.url()

  // And no more, once it is taken off.
  await clerk.page.reload()
  await clerk.page.getByLabel('移出情形').click()
  await clerk.page.locator('.ant-select-item-option', { hasText: '撤销' }).click()
  await clerk.page.getByLabel('移出事由').fill('行政复议决定撤销原处罚决定')
  await clerk.page.getByRole('button', { name: '提出移出' }).click()
  await stageIs(clerk.page, '等待本单位另一位审核员决定')
  await reviewer.page.reload()
  await reviewer.page.getByLabel('决定理由').fill('原决定已撤销，同意移出。')
  await reviewer.page.getByRole('button', { name: '同意', exact: true }).click()
  await stageIs(reviewer.page, '移出决定书')
  await picture(reviewer.page, 'delisted-390')
  await anyone.page.goto(list)
  expect(await anyone.page.locator('main').textContent()).not.toContain(name)
  await anyone.page.goto(subject)
  expect(await anyone.page.locator('main').textContent()).not.toContain('列决〔')

  for (const { faults } of [clerk, reviewer, anyone]) expect(faults).toEqual([])
  await Promise.all([clerk, reviewer, anyone].map(({ context }) => context.close()))
}, 600_000)

test('the lists are read at every width, in both languages, without script', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const persons = await context.newPage()
  await persons.goto(`${product.base}/lists/court-debtor-person`)
  const text = await persons.locator('main').textContent()
  expect(text).toContain('中国执行信息公开网')
  expect(text).not.toContain('周示例')
  await context.close()
  for (const width of [390, 1440, 1920]) {
    const { page, context, faults } = await visit(browser, width)
    for (const path of [
      '/lists',
      '/lists?lang=en',
      '/lists/work-safety',
      '/lists/work-safety?lang=en',
      '/lists/court-debtor-person',
    ]) {
      await page.goto(product.base + path)
      await expectFit(page, `${path} ${width}`)
      await picture(page, `public${path.replaceAll(/[/?=]/g, '-')}-${width}`)
    }
    expect(faults).toEqual([])
    await context.close()
  }
}, 300_000)
