import { type City, demoCity } from '@xinheng/testkit'
import iconv from 'iconv-lite'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoAccounts, expectFit, nextCode, signIn, visit } from './console.ts'
import { openBrowser, type RunningProduct, startProduct } from './product.ts'

/** Other documents with each run, so that a city that is running already can be used again. */
const RUN = String(Date.now() % 1_000_000)
const UNIT = '11519900MA0001181T'
const HEADER = [
  '行政相对人名称',
  '行政相对人类别',
  '统一社会信用代码',
  '法定代表人',
  '行政处罚决定书文号',
  '违法行为类型',
  '违法事实',
  '处罚依据',
  '处罚类别',
  '处罚内容',
  '罚款金额（万元）',
  '处罚决定日期',
  '处罚有效期',
  '处罚机关',
  '处罚机关统一社会信用代码',
]

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

/** A penalty as the clerk has it in her spreadsheet. */
function penalty(place: number, series: string, changes: Record<string, string> = {}): string[] {
  const one = city.organisations.filter((each) => each.kind === 'enterprise')[
    place
  ] as City['organisations'][number]
  const row: Record<string, string> = {
    行政相对人名称: one.name,
    行政相对人类别: '法人及非法人组织',
    统一社会信用代码: one.uscc,
    法定代表人: one.representative,
    行政处罚决定书文号: `示市监罚〔2026〕${RUN}${series}${place}号`,
    违法行为类型: '未按规定公示信息',
    违法事实: '未在规定期限内公示年度报告。',
    处罚依据: '《企业信息公示暂行条例》第十七条',
    处罚类别: '罚款',
    处罚内容: '罚款人民币一千元',
    '罚款金额（万元）': '0.1',
    处罚决定日期: '2026-10-20',
    处罚有效期: '2099-12-31',
    处罚机关: '示例市市场监督管理局',
    处罚机关统一社会信用代码: UNIT,
    ...changes,
  }
  return HEADER.map((name) => row[name] ?? '')
}

const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** Ten rows, four of them bad: a letter for a digit, a thirteenth month, an empty ground, a kind that does not exist. */
function badSpreadsheet(series: string): { bytes: Buffer; rightCode: string } {
  // A code with a digit that is easily taken for a letter.
  const place = city.organisations
    .filter((each) => each.kind === 'enterprise')
    .findIndex((one) => one.uscc.slice(2).includes('0'))
  const right = penalty(place, series)
  const rightCode = right[2] as string
  const wrongCode = rightCode.slice(0, 2) + rightCode.slice(2).replace('0', 'O')
  const rows = [
    penalty(place, series, { 统一社会信用代码: wrongCode }),
    ...Array.from({ length: 6 }, (_, index) => penalty(place + 1 + index, series)),
    penalty(place + 7, series, { 处罚决定日期: '2026年13月5日' }),
    penalty(place + 8, series, { 处罚依据: '' }),
    penalty(place + 9, series, { 处罚类别: '罚金' }),
  ]
  const text = [HEADER, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')
  return { bytes: iconv.encode(text, 'gb18030'), rightCode }
}

const grid = (page: Page) => page.getByRole('grid')
const active = (page: Page) => grid(page).locator('input')

async function choosePenalties(page: Page): Promise<void> {
  await page.goto(`${product.base}/console/deliver?item=penalty-organisation`)
  await page.locator('input[type=file]').waitFor({ state: 'attached' })
}

async function mendByKeyboard(page: Page, rightCode: string): Promise<void> {
  // Work begins at the first fault: the sentence is there, and the certain suggestion one key away.
  await active(page).waitFor()
  await expect.poll(() => page.locator('[aria-invalid=true]').count()).toBeGreaterThan(0)
  for (let fault = 0; fault < 8; fault++) {
    const name = (await active(page).getAttribute('aria-label')) ?? ''
    const suggestion = page.getByRole('button', { name: '采用', exact: true })
    if (name.includes('统一社会信用代码')) {
      expect(await page.locator('code', { hasText: rightCode }).count()).toBe(1)
      await page.keyboard.press('Enter')
    } else if (name.includes('处罚决定日期')) {
      await page.keyboard.type('2026-11-05')
      await page.keyboard.press('Enter')
    } else if (name.includes('处罚依据')) {
      await page.keyboard.press('F2')
      await page.keyboard.type('《企业信息公示暂行条例》第十七条')
      await page.keyboard.press('Enter')
    } else if (name.includes('处罚类别')) {
      if ((await suggestion.count()) > 0) await page.keyboard.press('Enter')
      else {
        await page.keyboard.type('罚款')
        await page.keyboard.press('Enter')
      }
    }
    await page.keyboard.press('F8')
    if ((await page.locator('[aria-invalid=true]').count()) === 0) break
  }
  await page.getByText('已通过 4').waitFor()
}

describe('the clerk at 17:55', () => {
  test.each([
    [1440, 'demo-clerk', '17551'],
    [390, 'demo-clerk', '17552'],
  ])(
    'at %i pixels a bad spreadsheet is delivered, mended in its cells by keyboard and delivered again',
    async (width, login, series) => {
      const { page, context, faults } = await visit(browser, width)
      await signIn(page, product.base, login)
      const { bytes, rightCode } = badSpreadsheet(series)
      await choosePenalties(page)
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: '处罚决定.csv', mimeType: 'text/csv', buffer: bytes })
      await page.getByRole('button', { name: /修改退回的 4 行/ }).click()
      await mendByKeyboard(page, rightCode)
      await expectFit(page, 'mend')

      // Everything can be taken back, and done again.
      const before = await active(page).inputValue()
      await page.keyboard.press('Control+z')
      await page.getByText(/已通过 [0-3]/).waitFor()
      await page.keyboard.press('Control+y')
      await page.getByText('已通过 4').waitFor()
      expect(before).not.toBe('')

      await page.getByRole('button', { name: /报送已通过的 4 行/ }).click()
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /报送已通过的 4 行/ })
        .click()
      await page.getByText('全部收下，没有退回').waitFor()
      expect(await page.locator('dl').first().textContent()).toMatch(/新入库\s*4/)
      await page.getByRole('link', { name: /^\d+$/ }).first().click()
      await page.getByText('退回的行都已改好并重新报送').waitFor()
      await expectFit(page, 'delivery')
      expect(faults).toEqual([])
      await context.close()
    },
    120_000,
  )

  test('rows pasted from a spreadsheet are checked and mended before they are delivered', async () => {
    const { page, context, faults } = await visit(browser, 1440)
    await signIn(page, product.base, 'demo-reviewer')
    await page.goto(`${product.base}/console/deliver?item=penalty-organisation&by=paste`)
    const rows = [
      HEADER,
      penalty(60, '7788'),
      penalty(61, '7788', { 处罚决定日期: '2026-13-40' }),
      penalty(62, '7788', { 违法事实: '第一行\n"第二行"' }),
    ]
    const text = rows
      .map((row) =>
        row.map((one) => (/["\n\t]/.test(one) ? `"${one.replaceAll('"', '""')}"` : one)).join('\t'),
      )
      .join('\n')
    await paste(page, page.getByPlaceholder('粘贴到这里'), text)
    await page.getByText(/1 行有问题/).waitFor()
    await active(page).focus()
    await page.keyboard.press('F8')
    await page.keyboard.type('2026-10-22')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByText(/1 行有问题/).count()).toBe(0)
    await page.getByRole('button', { name: '报送 3 行' }).click()
    await page.getByText('全部收下，没有退回').waitFor()
    expect(faults).toEqual([])
    await context.close()
  }, 480_000)

  test('a session that ends in the middle of mending loses nothing that was typed', async () => {
    const { page, context, faults } = await visit(browser, 1440)
    await signIn(page, product.base, 'demo-clerk')
    const { bytes } = badSpreadsheet('9966')
    await choosePenalties(page)
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: '处罚决定.csv', mimeType: 'text/csv', buffer: bytes })
    await page.getByRole('button', { name: /修改退回的 4 行/ }).click()
    await active(page).waitFor()
    await context.clearCookies({ name: '__Host-session' })
    await page.keyboard.press('Enter')
    await page.getByText('登录已过期').waitFor()

    const account = (await demoAccounts(product.base)).find((one) => one.login === 'demo-clerk')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('密码').fill(account?.password ?? '')
    await dialog.getByRole('button', { name: '下一步' }).click()
    await dialog.getByLabel('动态验证码').fill(await nextCode(product.base, 'demo-clerk'))
    await dialog.getByRole('button', { name: '登录', exact: true }).click()
    // The check that was refused is made again, and so is the draft.
    await page.getByText('已通过 1').waitFor()
    await page.getByText(/已暂存/).waitFor()
    await page.reload()
    await page.getByText(/已恢复上次未报送的 1 处修改/).waitFor()
    await page.getByText('已通过 1').waitFor()
    expect(faults).toEqual([])
    await context.close()
  }, 480_000)
})

/** What Ctrl+V does, with a clipboard of its own. */
async function paste(page: Page, target: ReturnType<Page['locator']>, text: string): Promise<void> {
  await target.focus()
  await target.evaluate((element, content) => {
    const { DataTransfer, ClipboardEvent } = globalThis as unknown as {
      DataTransfer: new () => { setData(type: string, value: string): void }
      ClipboardEvent: new (type: string, options: object) => never
    }
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', content)
    ;(element as unknown as { dispatchEvent(event: unknown): void }).dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    )
  }, text)
  await page.waitForTimeout(50)
}
