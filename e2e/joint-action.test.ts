import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROJECT } from '../apps/server/src/platform/config/settings.ts'
import { expectFit, signIn, visit } from './console.ts'
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

/** Where the outside systems listen: as it was printed, else in the three ports after the platform's. */
async function outside(): Promise<{ bidding: string; hall: string }> {
  const find = (name: string) => new RegExp(`${name}\\s+(http://\\S+)/`).exec(product.said.join(''))?.[1]
  if (product.said.length > 0) await expect.poll(() => find('hall'), { timeout: 90_000 }).toBeDefined()
  const next = (step: number) => {
    const url = new URL(product.base)
    url.port = String(Number(url.port) + step)
    return url.origin
  }
  return { bidding: find('bidding') ?? next(1), hall: find('hall') ?? next(3) }
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return
  mkdirSync(join(PROJECT, PICTURES), { recursive: true })
  await page.waitForTimeout(400)
  await page.screenshot({ path: join(PROJECT, PICTURES, `${name}.png`), fullPage: true })
}

async function apply(page: Page, system: string, example: string): Promise<string> {
  await page.goto(`${system}/apply`)
  await page.locator('li', { hasText: example }).getByRole('link').click()
  await page.getByRole('button', { name: '提交' }).click()
  await page.waitForURL(/\/cases\//)
  return page.url().split('/').at(-1) as string
}

describe.each([1440, 390])('the loop at %i pixels', (width) => {
  test('from the applicant through intercept, lift by two, feedback, to the supervisor', async () => {
    const { bidding } = await outside()
    const outdoors = await visit(browser, width)
    const { page } = outdoors
    await page.goto(bidding)
    await picture(page, `loop-home-${width}`)
    await expectFit(page, 'home')
    await page.goto(`${bidding}/apply`)
    await picture(page, `loop-apply-${width}`)
    await expectFit(page, 'apply')

    // The applicant learns that the case stands still, and why.
    const number = await apply(page, bidding, '拖欠农民工工资')
    await page.getByText('已暂停').first().waitFor()
    await picture(page, `loop-status-${width}`)
    await expectFit(page, 'status')
    await page.getByRole('link', { name: /查看告知/ }).click()
    await page.getByText('保障农民工工资支付条例').first().waitFor()
    await picture(page, `loop-notice-${width}`)
    await expectFit(page, 'notice')

    // The officer there sees the answer with its law, and cannot go on alone.
    await page.goto(`${bidding}/desk`)
    await page.getByText(number).waitFor()
    await picture(page, `loop-desk-${width}`)
    await expectFit(page, 'desk')
    await page.getByRole('link', { name: number }).click()
    await page.getByText('办件已暂停').waitFor()
    await picture(page, `loop-case-${width}`)
    await expectFit(page, 'case')
    const decide = await page.getByRole('link', { name: /到信用平台决定/ }).getAttribute('href')
    expect(decide).toContain('/console/supervision/cases/')

    // At the platform one of the unit proposes to lift it, another confirms.
    const clerk = await visit(browser, width)
    await signIn(clerk.page, product.base, 'demo-bidding-clerk')
    await clerk.page.goto(decide as string)
    await clerk.page.getByRole('button', { name: '提出解除拦截' }).click()
    await clerk.page.getByLabel('理由').fill('企业已缴清工资，人社局出具证明。')
    await clerk.page.getByRole('button', { name: /决\s*定/ }).click()
    await clerk.page.getByText('等待本单位第二人确认').waitFor()
    await picture(clerk.page, `loop-proposed-${width}`)
    await expectFit(clerk.page, 'proposed')
    const second = await visit(browser, width)
    await signIn(second.page, product.base, 'demo-bidding-reviewer')
    await second.page.goto(decide as string)
    await second.page.getByRole('button', { name: '确认解除拦截' }).click()
    await second.page.getByLabel('理由').fill('证明属实，同意。')
    await second.page.getByRole('button', { name: /决\s*定/ }).click()
    await second.page.getByText(/解除 ·/).waitFor()

    // Back at the outside system the case goes on, and what was done is told.
    await page.getByRole('heading', { name: /办理并反馈/ }).waitFor()
    await page.getByLabel('处理结果').selectOption('放行')
    await page.getByLabel(/实际办理情况/).fill('核实欠薪已缴清，允许投标。')
    await page.getByLabel(/未实施措施的原因/).fill('拦截已由两人解除')
    await page.getByRole('button', { name: /反馈/ }).click()
    await page.getByText('已反馈').waitFor()
    await picture(page, `loop-fed-back-${width}`)
    await expectFit(page, 'fed back')

    // The supervisor comes from the figure to the case in three clicks.
    const supervisor = await visit(browser, width)
    await signIn(supervisor.page, product.base, 'demo-operator')
    await supervisor.page.goto(`${product.base}/console/supervision`)
    const figure = supervisor.page.getByRole('button', { name: /^示例市公共资源交易中心 解除：\d+ 件$/ })
    await figure.waitFor()
    await picture(supervisor.page, `supervision-${width}`)
    await expectFit(supervisor.page, 'board')
    await figure.click()
    const rows = supervisor.page.locator('.ant-drawer-body tbody tr')
    await rows.first().waitFor()
    await picture(supervisor.page, `supervision-cases-${width}`)
    await expectFit(supervisor.page, 'cases')
    await rows.first().getByRole('link').click()
    await supervisor.page.getByText('核实欠薪已缴清，允许投标。').waitFor()
    await picture(supervisor.page, `supervision-case-${width}`)
    await expectFit(supervisor.page, 'supervised case')
    expect([...outdoors.faults, ...clerk.faults, ...second.faults, ...supervisor.faults]).toEqual([])
    for (const one of [outdoors, clerk, second, supervisor]) await one.context.close()
  }, 480_000)

  test('the green channel: a commendation is shown with its promise, and what was granted comes back', async () => {
    const { hall } = await outside()
    const visitor = await visit(browser, width)
    const { page } = visitor
    const number = await apply(page, hall, 'A级纳税人')
    await page.goto(`${hall}/desk/${number}`)
    await page.getByText('行政审批绿色通道').first().waitFor()
    await picture(page, `hall-case-${width}`)
    await expectFit(page, 'hall case')
    await page.getByLabel(/实际办理情况/).fill('容缺受理，当日办结。')
    await page.getByRole('button', { name: /反馈/ }).click()
    await page.getByText('请写明实际给予的便利。').waitFor()
    await page.getByLabel(/实际办理情况/).fill('容缺受理，当日办结。')
    await page.getByLabel(/实际给予的便利/).fill('一项材料容缺受理')
    await page.getByRole('button', { name: /反馈/ }).click()
    await page.getByText('已反馈').waitFor()
    const supervisor = await visit(browser, width)
    await signIn(supervisor.page, product.base, 'demo-auditor')
    await supervisor.page.goto(`${product.base}/console/supervision`)
    await supervisor.page
      .getByRole('button', { name: /^示例市住房和城乡建设局 已兑现：[1-9]\d* 件$/ })
      .click()
    const granted = supervisor.page.locator('.ant-drawer-body tbody tr').first()
    await granted.getByText('一项材料容缺受理').waitFor()
    await picture(supervisor.page, `supervision-granted-${width}`)
    await expectFit(supervisor.page, 'granted')
    await granted.getByRole('link').click()
    await supervisor.page.getByText('激励兑现').waitFor()
    await picture(supervisor.page, `supervision-granted-case-${width}`)
    await expectFit(supervisor.page, 'granted case')
    await supervisor.page.goto(`${product.base}/console/supervision/worth-a-look`)
    await supervisor.page.getByRole('heading', { name: '拦截几乎一律解除' }).waitFor()
    await picture(supervisor.page, `supervision-look-${width}`)
    await expectFit(supervisor.page, 'worth a look')

    // Everybody reads what the list brings, where, and that it was granted; and nothing of who it was.
    await page.goto(`${product.base}/lists/class-a-taxpayer`)
    await picture(page, `commendation-${width}`)
    await page
      .getByRole('link', { name: /适用事项 1/ })
      .first()
      .click()
    const line = page.locator('table.cards tbody tr', { hasText: '建筑业企业资质许可' })
    expect(Number(await line.locator('[data-label="已兑现"]').textContent())).toBeGreaterThan(0)
    expect(await page.locator('main').textContent()).not.toContain('一项材料容缺受理')
    await picture(page, `incentives-${width}`)
    await expectFit(page, 'incentives')
    expect([...visitor.faults, ...supervisor.faults]).toEqual([])
    await visitor.context.close()
    await supervisor.context.close()
  }, 480_000)

  test('an urge is sent from a case, answered by its unit and closed', async () => {
    const { bidding } = await outside()
    const outdoors = await visit(browser, width)
    const number = await apply(outdoors.page, bidding, '拖欠农民工工资')
    await outdoors.page.goto(`${bidding}/desk/${number}`)
    const href = await outdoors.page.getByRole('link', { name: /到信用平台决定/ }).getAttribute('href')
    const centre = await visit(browser, width)
    await signIn(centre.page, product.base, 'demo-centre-reviewer')
    await centre.page.goto(href as string)
    await centre.page.getByRole('button', { name: /督\s*办/ }).click()
    const demand = `请三日内决定（${width}-${number}）`
    await centre.page.getByLabel('要求说明或办理的内容').fill(demand)
    await centre.page.getByRole('button', { name: '发出督办' }).click()
    await centre.page.locator('.ant-modal').waitFor({ state: 'hidden' })
    const unit = await visit(browser, width)
    await signIn(unit.page, product.base, 'demo-bidding-clerk')
    await unit.page.goto(`${product.base}/console/supervision/urges`)
    const row = unit.page.locator('tr', { hasText: demand })
    await row.getByRole('button', { name: /答\s*复/ }).click()
    await unit.page.getByLabel('理由').fill('正在核实缴清证明，明日决定。')
    await unit.page.locator('.ant-modal-footer .ant-btn-primary').click()
    await row.getByText('已答复').waitFor()
    await picture(unit.page, `supervision-urges-${width}`)
    await expectFit(unit.page, 'urges')
    await centre.page.goto(`${product.base}/console/supervision/urges`)
    const own = centre.page.locator('tr', { hasText: demand })
    await own.getByRole('button', { name: /办\s*结/ }).click()
    await centre.page.getByLabel('理由').fill('理由充分')
    await centre.page.locator('.ant-modal-footer .ant-btn-primary').click()
    await own.getByText('已办结').first().waitFor()
    expect([...outdoors.faults, ...centre.faults, ...unit.faults]).toEqual([])
    for (const one of [outdoors, centre, unit]) await one.context.close()
  }, 480_000)
})
