import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PERMIT_HEADER } from '@xinheng/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROJECT } from '../apps/server/src/platform/config/settings.ts'
import { expectFit, visit } from './console.ts'
import { company, permit, picture, type ServedHouse, serveHouse } from './house.ts'

let served: ServedHouse
let provider: ChildProcess

beforeAll(async () => {
  served = await serveHouse(async (base) => {
    provider = spawn(
      process.execPath,
      [join(PROJECT, 'apps/server/src/modules/access/issuer.testing.mjs'), `${base}/sign-on/callback`],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    const [issuer] = (await once(provider.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
    return {
      OIDC_ISSUER: String(issuer).trim(),
      OIDC_CLIENT_ID: 'xinheng',
      OIDC_CLIENT_SECRET: 'a secret of the test',
      PUBLIC_ORIGIN: base,
    }
  })
}, 480_000)
afterAll(async () => {
  await served?.close()
  provider?.kill()
})

const clerk = () => ({ role: 'departmentClerk', unit: served.market, name: '林示例' }) as const

describe('signing in', () => {
  test('an identity that nobody linked is told so', async () => {
    const { page, context } = await visit(served.browser, 1440)
    await page.goto(`${served.base}/console/sign-in`)
    await page.getByRole('button', { name: '统一身份认证登录' }).click()
    await page.locator('input[name=login]').fill('a stranger')
    await page.locator('input[name=password]').fill('any')
    await page.locator('button[type=submit]').click()
    await page.locator('button[type=submit]').click()
    await page.getByText(/统一身份认证没有成功.*single-sign-on\.unlinked/).waitFor()
    await context.close()
  }, 480_000)
})

describe('delivering', () => {
  test('an upload whose line breaks goes on where it broke, and the file arrives whole', async () => {
    const { page, context, faults } = await served.as(clerk(), 1440)
    await served.open(page, '/deliver?item=permit-organisation')
    const padding = '食品销售'.repeat(120)
    const rows = Array.from({ length: 4000 }, (_, i) =>
      permit(company(i % 50), `示许〔2026〕断${i}号`, padding),
    )
    const buffer = Buffer.from(`${PERMIT_HEADER}\n${rows.join('\n')}\n`)
    expect(buffer.length).toBeGreaterThan(5 << 20)
    const offsets: number[] = []
    let broken = 0
    await context.route('**/api/console/uploads/*', async (route) => {
      const request = route.request()
      if (request.method() !== 'PATCH') return route.continue()
      const offset = Number(request.headers()['upload-offset'])
      // The second piece is lost on its way, twice.
      if (offset > 0 && broken < 2) {
        broken += 1
        return route.abort('connectionreset')
      }
      offsets.push(offset)
      return route.continue()
    })
    await page.getByTestId('file').setInputFiles({ name: '断线.csv', mimeType: 'text/csv', buffer })
    await page.getByText('网络中断，恢复后自动续传').waitFor()
    await picture(page, 'upload-paused')
    await page.waitForURL(/\/deliveries\/\d+$/)
    await page.getByText('每一行都有去处').waitFor()
    expect(broken).toBe(2)
    expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b))
    expect(offsets.length).toBeGreaterThan(2)
    const { rows: found } = await served.house.superuser.query(
      `SELECT received, loaded FROM xh.delivery WHERE file_name = '断线.csv'`,
    )
    expect(found).toEqual([{ received: 4000, loaded: 4000 }])
    expect(faults).toEqual([])
    await context.close()
  }, 480_000)

  test('one fact is delivered by a form that says what is wrong while it is filled in', async () => {
    const { page, context, faults } = await served.as(clerk(), 390)
    await served.open(page, '/deliver?item=honour&by=form')
    const { name, uscc } = company(900)
    const fill = (label: string, text: string) =>
      page
        .getByLabel(new RegExp(`^\\*? ?${label}$`))
        .first()
        .fill(text)
    await fill('名称', name)
    await fill('统一社会信用代码', `${uscc.slice(0, 17)}${uscc.endsWith('0') ? '1' : '0'}`)
    await fill('荣誉名称', '诚信示范企业')
    await page
      .getByText(/校验码|校验位/)
      .first()
      .waitFor()
    await expectFit(page, 'form with a fault')
    await picture(page, 'form-fault-390')
    await fill('统一社会信用代码', uscc)
    await page
      .getByLabel(/荣誉级别$/)
      .first()
      .click()
    await page.locator('.ant-select-item-option').first().click()
    await fill('表彰文号', '示表〔2026〕1号')
    await fill('表彰单位', '示例市人民政府')
    const day = page.getByLabel(/表彰日期$/).first()
    await day.fill('2026-11-02')
    await day.press('Enter')
    await page.getByRole('button', { name: '报送这一条' }).click()
    await page.getByText(/已报送（\d+）/).waitFor()
    await expectFit(page, 'form delivered')
    await picture(page, 'form-390')
    await expect
      .poll(
        async () =>
          (
            await served.house.superuser.query(
              `SELECT count(*)::int AS n FROM xh.record WHERE document_number = '示表〔2026〕1号'`,
            )
          ).rows[0].n,
      )
      .toBe(1)
    expect(faults).toEqual([])
    await context.close()
  }, 480_000)

  test('the proof of a row is shown and kept, and is the row’s own', async () => {
    const { delivery } = await served.deliver(permit(company(910), '示许〔2026〕证1号'))
    const { page, context, faults } = await served.as(clerk(), 1440)
    await served.open(page, `/deliveries/${delivery}/rows`)
    await page.getByRole('button', { name: '证明' }).first().click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('树根', { exact: true }).waitFor()
    await expectFit(page, 'proof of a row')
    await picture(page, 'row-proof')
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      drawer.getByRole('button', { name: '保存证明文件' }).click(),
    ])
    const kept = JSON.parse(readFileSync(await file.path(), 'utf8'))
    expect(kept.proof.leaf).toMatchObject({ index: expect.any(Number), of: expect.any(Number) })
    expect(await drawer.textContent()).toContain(kept.proof.root)
    expect(faults).toEqual([])
    await context.close()
  }, 480_000)
})

describe('what a unit says', () => {
  test('a week without decisions is reported nil, and says by whom', async () => {
    const { page, context, faults } = await served.as(clerk(), 390)
    await served.open(page, '/nil-reports')
    const silent = page.getByRole('button', { name: /^零报告 / })
    const before = await silent.count()
    expect(before).toBeGreaterThan(0)
    await silent.first().click()
    await page.getByRole('dialog').getByRole('button', { name: '确认' }).click()
    await expect.poll(() => silent.count()).toBe(before - 1)
    await page.getByText('已零报告').first().waitFor()
    await page.getByText('林示例').first().waitFor({ state: 'attached' })
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expectFit(page, 'nil report')
    await picture(page, 'nil-report-390')
    expect(faults).toEqual([])
    await context.close()
  }, 480_000)
})
