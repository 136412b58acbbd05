import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { neverIssuedIdNumber, PERMIT_HEADER } from '@xinheng/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openAccess } from '../apps/server/src/modules/access/index.ts'
import { signedInAs } from '../apps/server/src/modules/access/testing.ts'
import { PROJECT } from '../apps/server/src/platform/config/settings.ts'
import { expectFit, visit } from './console.ts'
import { codeOf, company, permit, picture, type ServedHouse, serveHouse } from './house.ts'

const PASSWORD = '翠竹 Lantern 47 bridge'
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
const reviewer = () => ({ role: 'departmentReviewer', unit: served.market, name: '郑示例' }) as const

describe('signing in', () => {
  test.each([1440, 390])(
    'at %i: by a one-time link, and from then on by single sign-on',
    async (width) => {
      const { account } = await signedInAs(served.house, { role: 'centreOperator', name: `新人${width}` })
      await served.house.superuser.query('DELETE FROM xh.session WHERE account_id = $1', [account.accountId])
      const client = await served.house.house.database.pools.access.connect()
      const { invitations } = openAccess(served.house.house, '示例市')
      const token = await invitations.issue(client, account.accountId, 'test').finally(() => client.release())
      const { page, context, faults } = await visit(served.browser, width)

      await page.goto(`${served.base}/console/first-sign-in#${token}`)
      await page.getByText(`新人${width}`).waitFor()
      await expectFit(page, `first sign-in ${width}`)
      await picture(page, `first-sign-in-${width}`)
      await page.getByLabel('新密码').fill(PASSWORD)
      await page.getByLabel('再输一次').fill(`${PASSWORD}!`)
      expect(await page.getByRole('button', { name: '完成设置' }).isDisabled()).toBe(true)
      await page.getByLabel('再输一次').fill(PASSWORD)
      const secret = (await page.locator('code').first().textContent()) as string
      await page.getByLabel('验证器显示的六位数字').fill(codeOf(secret))
      await page.getByRole('button', { name: '完成设置' }).click()
      await page.getByRole('heading', { name: '请保存恢复码' }).waitFor()
      expect(await page.getByRole('listitem').count()).toBeGreaterThan(5)
      await expectFit(page, `recovery codes ${width}`)
      await page.getByRole('button', { name: '进入管理端' }).click()
      await page.locator('main#content h1').waitFor()
      // The link was for once.
      const again = await visit(served.browser, width)
      await again.page.goto(`${served.base}/console/first-sign-in#${token}`)
      await again.page.getByRole('alert').waitFor()
      await again.context.close()

      await served.open(page, '/sessions')
      await expectFit(page, `security ${width}`)
      await picture(page, `security-${width}`)
      await page.getByRole('button', { name: '绑定统一身份认证' }).click()
      await page.locator('input[name=login]').fill(`person-${width}`)
      await page.locator('input[name=password]').fill('any')
      await page.locator('button[type=submit]').click()
      await page.locator('button[type=submit]').click()
      await page.getByText('已绑定统一身份认证').waitFor()

      // Another browser, where nobody is signed in: the issuer takes the place of the password, not of the code.
      await served.house.superuser.query(
        'UPDATE xh.account_secret SET totp_last_step = 0 WHERE account_id = $1',
        [account.accountId],
      )
      const fresh = await visit(served.browser, width)
      await fresh.page.goto(`${served.base}/console/sign-in`)
      await picture(fresh.page, `sign-in-outside-${width}`)
      await fresh.page.getByRole('button', { name: '统一身份认证登录' }).click()
      await fresh.page.locator('input[name=login]').fill(`person-${width}`)
      await fresh.page.locator('input[name=password]').fill('any')
      await fresh.page.locator('button[type=submit]').click()
      await fresh.page.locator('button[type=submit]').click()
      await fresh.page.getByLabel('动态验证码').fill(codeOf(secret))
      await fresh.page.getByRole('button', { name: '登录', exact: true }).click()
      await fresh.page.locator('main#content h1').waitFor()
      await fresh.page.getByText(`新人${width}`).first().waitFor({ state: 'attached' })
      expect([...faults, ...fresh.faults]).toEqual([])
      await fresh.context.close()
      await context.close()
    },
    480_000,
  )

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

describe('two persons of a unit', () => {
  test('what is held is released by the second', async () => {
    const number = neverIssuedIdNumber('519902', '19850312')
    await served.deliver(permit(company(920), '示许〔2026〕缓1号', `食品销售，经办人身份证号${number}。`))
    const first = await served.as(clerk(), 1440)
    await served.open(first.page, '/releases')
    await first.page.getByRole('checkbox').first().check()
    await first.page.getByRole('button', { name: /提出发布（1）/ }).click()
    await first.page.getByRole('dialog').getByLabel('核实情况').fill('经核实，可以公示')
    await first.page.getByRole('dialog').getByRole('button', { name: '提出发布' }).click()
    await first.page.waitForTimeout(3000)
    await picture(first.page, 'release-proposed')
    await first.page.getByText('需由另一人确认').waitFor({ timeout: 5000 })
    await expectFit(first.page, 'release proposed')
    const second = await served.as(reviewer(), 390)
    await served.open(second.page, '/releases')
    await second.page.getByRole('button', { name: '处理发布' }).click()
    await picture(second.page, 'release-390')
    await second.page.getByRole('dialog').getByLabel('意见').fill('同意')
    await second.page.getByRole('dialog').getByRole('button', { name: '批准发布' }).click()
    await second.page.getByText('没有暂缓公示的信息').waitFor()
    await expectFit(second.page, 'released')
    const { rows } = await served.house.superuser.query(
      `SELECT hold FROM xh.record WHERE document_number = '示许〔2026〕缓1号'`,
    )
    expect(rows).toEqual([{ hold: null }])
    expect([...first.faults, ...second.faults]).toEqual([])
    await first.context.close()
    await second.context.close()
  }, 480_000)

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
