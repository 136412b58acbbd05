import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectFit, PATIENCE } from './console.ts'
import {
  company,
  MARKET,
  PICTURES,
  permit,
  picture,
  type ServedHouse,
  type Sitting,
  serveHouse,
} from './house.ts'

const OPERATOR: Sitting = { role: 'centreOperator', name: '陈示例' }
const REVIEWER: Sitting = { role: 'centreReviewer', name: '李示例' }
const SYSTEM_ADMINISTRATOR: Sitting = { role: 'systemAdministrator', name: '系统员' }
let served: ServedHouse
let house: ServedHouse['house']
let base: string
const as: ServedHouse['as'] = (who, width) => served.as(who, width)
const open: ServedHouse['open'] = (page, path) => served.open(page, path)
const deliver: ServedHouse['deliver'] = (...rows) => served.deliver(...rows)

beforeAll(async () => {
  served = await serveHouse()
  house = served.house
  base = served.base
}, 480_000)
afterAll(() => served?.close())

/** The second person agrees to the newest proposal of a kind. */
async function approve(page: Page, kind: string): Promise<void> {
  await open(page, '/approvals')
  const sheet = page.locator('section', { has: page.getByRole('heading', { name: kind }) })
  await sheet.getByRole('button', { name: '批准' }).click()
  const dialog = page.getByRole('dialog', { name: kind })
  await dialog.getByLabel('理由').fill('证据清楚，同意')
  await dialog.getByRole('button', { name: '批准' }).click()
  await dialog.waitFor({ state: 'detached' })
  // Nobody who has just signed in is asked to prove it again.
  expect(await page.getByRole('dialog').count()).toBe(0)
}

describe.each([1440, 390])('at a width of %i', (width) => {
  test('the queue is worked through by keyboard alone', async () => {
    const one = company(width)
    const other = company(width + 1)
    await deliver(permit(one, `示许〔2026〕${width}01号`), permit(other, `示许〔2026〕${width}02号`))
    await deliver(
      permit({ ...one, name: '示例市再一家茶行' }, `示许〔2026〕${width}03号`),
      permit({ ...other, name: '示例市另一家茶行' }, `示许〔2026〕${width}04号`),
    )
    // Markup is refused when it is delivered; what came in before stays text all the same.
    await house.superuser.query(
      'UPDATE xh.subject SET name = $2 WHERE subject_id = (SELECT subject_id FROM xh.identifier WHERE value = $1)',
      [one.uscc, '<img src=x onerror=alert(1)>茶行'],
    )
    const { page, context, faults } = await as(OPERATOR, width)
    await open(page, '/work')
    await page.getByRole('list', { name: '待审记录' }).getByRole('link').first().waitFor()
    const open_ = await page.getByRole('list', { name: '待审记录' }).getByRole('link').count()
    await picture(page, `work-list-${width}`)
    await expectFit(page, `work list ${width}`)
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '处理' }).waitFor()
    await page.keyboard.press('t')
    await page.getByText('陈示例 已领取').last().waitFor()
    await picture(page, `work-case-${width}`)
    await expectFit(page, `work case ${width}`)
    expect(await page.getByText('<img src=x onerror=alert(1)>茶行').count()).toBeGreaterThan(0)
    const first = page.url()
    // Without a reason the key leads to it.
    await page.keyboard.press('a')
    await page.keyboard.type('企业更名，材料齐全')
    await page.keyboard.press('Escape')
    await page.keyboard.press('a')
    await expect
      .poll(
        async () =>
          (await house.superuser.query("SELECT count(*)::int AS n FROM xh.review WHERE state = 'accepted'"))
            .rows[0].n,
      )
      .toBeGreaterThan(0)
    await expect
      .poll(() =>
        house.superuser
          .query("SELECT count(*)::int AS n FROM xh.review WHERE state = 'open'")
          .then((r) => r.rows[0].n),
      )
      .toBe(open_ - 1)
    // The next one opens by itself; it goes back.
    await page.waitForURL((url) => url.href !== first)
    await page.locator('main').getByText('无人领取').waitFor()
    await page.getByRole('heading', { name: '处理' }).waitFor()
    await page.keyboard.press('r')
    await page.keyboard.type('名称与代码不符')
    await page.keyboard.press('Escape')
    await page.keyboard.press('r')
    await expect
      .poll(() =>
        house.superuser
          .query("SELECT count(*)::int AS n FROM xh.review WHERE state = 'open'")
          .then((r) => r.rows[0].n),
      )
      .toBe(open_ - 2)
    expect(await page.locator('img[src="x"]').count()).toBe(0)
    expect(faults).toEqual([])
    await context.close()
  }, 480_000)

  test('two subjects are merged by two persons, shown as one, and split again', async () => {
    const kept = company(width + 10, `示例市云栖${width}茶业有限公司`)
    const old = company(width + 11, `示例市云栖${width}茶业有限公司`)
    await deliver(permit(kept, `示许〔2026〕${width}11号`), permit(old, `示许〔2026〕${width}12号`))
    const one = await as(OPERATOR, width)
    const two = await as(REVIEWER, width)
    await open(one.page, '/subjects')
    await one.page.getByLabel('保留的主体（代码）').fill(kept.uscc)
    await one.page.getByLabel('并入的主体（代码）').fill(old.uscc)
    await one.page.getByRole('button', { name: '比对' }).first().click()
    await one.page.getByRole('heading', { name: '证据' }).waitFor()
    await picture(one.page, `subjects-${width}`)
    await expectFit(one.page, `subjects ${width}`)
    await one.page.getByRole('button', { name: '提出合并' }).click()
    const dialog = one.page.getByRole('dialog')
    await dialog.getByLabel('理由').fill('换发代码，登记机关来函证明')
    await dialog.getByRole('button', { name: '提出合并' }).click()
    await dialog.waitFor({ state: 'detached' })
    await open(two.page, '/approvals')
    await picture(two.page, `approvals-${width}`)
    await expectFit(two.page, `approvals ${width}`)
    await approve(two.page, '合并主体')
    const portal = await (await fetch(`${base}/subjects/${old.uscc}`)).text()
    expect(portal).toContain(`示许〔2026〕${width}11号`)
    expect(portal).toContain(`示许〔2026〕${width}12号`)
    await open(one.page, '/subjects')
    await one.page
      .getByRole('row', { name: new RegExp(`云栖${width}`) })
      .getByRole('button', { name: '提出拆分' })
      .click()
    const splitting = one.page.getByRole('dialog')
    await splitting.getByLabel('理由').fill('来函有误，确属两家')
    await splitting.getByRole('button', { name: '提出拆分' }).click()
    await splitting.waitFor({ state: 'detached' })
    await approve(two.page, '拆分主体')
    const after = await (await fetch(`${base}/subjects/${old.uscc}`)).text()
    expect(after).not.toContain(`示许〔2026〕${width}11号`)
    expect(after).toContain(`示许〔2026〕${width}12号`)
    expect([...one.faults, ...two.faults]).toEqual([])
    await one.context.close()
    await two.context.close()
  }, 480_000)

  test('a rule is written, tried on what was delivered, released by a second person, and judges', async () => {
    const word = width === 1440 ? '白酒' : '黄酒'
    await deliver(permit(company(width + 20), `示许〔2026〕${width}21号`, `${word}销售`))
    const one = await as(OPERATOR, width)
    const two = await as(REVIEWER, width)
    await open(one.page, '/catalogue')
    await picture(one.page, `catalogue-${width}`)
    await expectFit(one.page, `catalogue ${width}`)
    await one.page
      .getByRole('row', { name: /permit-organisation/ })
      .getByRole('button', { name: '起草下一版' })
      .click()
    await one.page.getByText('检查通过').waitFor()
    const source = one.page.getByRole('textbox', { name: '文件' })
    const text = await source.inputValue()
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
    // First a mistake: the check names its line.
    await source.fill(text.replace('sharing: "P"', 'sharing: "X"'))
    await one.page.getByRole('button', { name: '保存并检查' }).click()
    await one.page.getByRole('heading', { name: '检查发现 1 处错误' }).waitFor()
    await picture(one.page, `draft-faults-${width}`)
    await source.fill(
      text
        .replace(/inForceFrom: .*/, `inForceFrom: "${today}"`)
        .replace(
          /\nrules:\n/,
          `\nrules:\n  - code: "X${width}"\n    severity: "error"\n    fields: ["permitContent"]\n    violatedWhen: "permitContent.contains('${word}')"\n    message: { zh: "${word}许可须另行报送。", en: "Delivered apart." }\n    remedy: { zh: "按专项报送。", en: "Use its own item." }\n`,
        ),
    )
    await one.page.getByRole('button', { name: '保存并检查' }).click()
    await one.page.getByText('检查通过').waitFor()
    await one.page.getByRole('button', { name: '开始试算' }).click()
    await one.page.getByRole('heading', { name: '将被退回：1 行' }).waitFor()
    await one.page.getByText(/看其中 1 行/).click()
    await picture(one.page, `draft-trial-${width}`)
    await expectFit(one.page, `draft ${width}`)
    await one.page.getByRole('tab', { name: '表单' }).click()
    await one.page.getByRole('heading', { name: '校验规则' }).waitFor()
    await picture(one.page, `draft-form-${width}`)
    await expectFit(one.page, `draft form ${width}`)
    await one.page.getByRole('tab', { name: /差异/ }).click()
    await one.page.getByRole('button', { name: '提交审批' }).click()
    const dialog = one.page.getByRole('dialog')
    await dialog.getByLabel('理由').fill('酒类许可另行报送')
    await dialog.getByRole('button', { name: '提交审批' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(
      (await deliver(permit(company(width + 21), `示许〔2026〕${width}22号`, `${word}批发`))).rejected,
    ).toBe(0)
    await approve(two.page, '发布目录新版本')
    expect(
      (await deliver(permit(company(width + 22), `示许〔2026〕${width}23号`, `${word}批发`))).rejected,
    ).toBe(1)
    expect([...one.faults, ...two.faults]).toEqual([])
    await one.context.close()
    await two.context.close()
  }, 480_000)

  test('announcements, holidays, units and accounts have their pages', async () => {
    const { page, context, faults } = await as(OPERATOR, width)
    await open(page, '/announcements')
    await page.getByRole('button', { name: '写公告' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('标题').fill('系统维护通知')
    await dialog.getByLabel('正文').fill('本周六 20:00—22:00 系统维护，期间暂停报送。')
    await picture(page, `announcement-dialog-${width}`)
    await dialog.getByRole('button', { name: '保存草稿' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('系统维护通知').first().waitFor()
    await picture(page, `announcements-${width}`)
    await expectFit(page, `announcements ${width}`)
    await open(page, '/calendar')
    await page.getByRole('button', { name: '录入通知' }).click()
    await picture(page, `calendar-dialog-${width}`)
    await page.keyboard.press('Escape')
    await picture(page, `calendar-${width}`)
    await expectFit(page, `calendar ${width}`)
    await open(page, '/units')
    await page.getByText(MARKET.name).first().waitFor()
    await picture(page, `units-${width}`)
    await expectFit(page, `units ${width}`)
    await open(page, '/work/held')
    await picture(page, `held-empty-${width}`)
    expect(faults).toEqual([])
    await context.close()
    const administrator = await as(SYSTEM_ADMINISTRATOR, width)
    await open(administrator.page, '/accounts')
    await administrator.page.getByText('陈示例').first().waitFor()
    await picture(administrator.page, `accounts-${width}`)
    await expectFit(administrator.page, `accounts ${width}`)
    expect(administrator.faults).toEqual([])
    await administrator.context.close()
  }, 480_000)
})

test('the public form about a fact’s form is usable without script', async () => {
  const fact = (await (await fetch(`${base}/api/v1/facts?item=permit-organisation&limit=1`)).json()) as {
    facts: { id: string }[]
  }
  const context = await served.browser.newContext({
    javaScriptEnabled: false,
    viewport: { width: 390, height: 900 },
  })
  context.setDefaultTimeout(PATIENCE)
  const page = await context.newPage()
  await page.goto(`${base}/facts/${fact.facts[0]?.id}`)
  await page.getByRole('link', { name: /写法有误/ }).click()
  await page.getByLabel('内容不完整或乱码').check()
  await page.getByLabel('请具体说明').fill('许可内容第二行缺一个字')
  await page.screenshot({ path: join(PICTURES, 'complaint-form.png'), fullPage: true })
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByRole('heading', { name: '已收到' }).waitFor()
  await page.screenshot({ path: join(PICTURES, 'complaint-ticket.png'), fullPage: true })
  await context.close()
  const { page: console_, context: window } = await as(OPERATOR, 1440)
  await open(console_, '/work/complaint')
  await console_.getByRole('list', { name: '写法问题' }).getByRole('link').first().click()
  await console_.getByText('许可内容第二行缺一个字').waitFor()
  await picture(console_, 'complaint-case-1440')
  await expectFit(console_, 'complaint case')
  await window.close()
}, 480_000)
