import { createHmac } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import type { Role } from '@xinheng/core'
import { PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { buildApp } from '../apps/server/src/app.ts'
import { signedInAs } from '../apps/server/src/modules/access/testing.ts'
import { buildConsole } from '../apps/server/src/modules/console/index.ts'
import { addUnits, listUnits } from '../apps/server/src/modules/units/index.ts'
import { PROJECT } from '../apps/server/src/platform/config/settings.ts'
import { type TestHouse, testHouse } from '../apps/server/src/platform/database/testing.ts'
import { type Visitor, visit } from './console.ts'
import { openBrowser } from './product.ts'

export const MARKET = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
export const ACTOR = { name: 'test', duty: 'centre' } as const
export const PICTURES = join(PROJECT, 'test-results', 'pictures')

/** Who sits at a window: a role, and for a department's people their unit. */
export interface Sitting {
  readonly role: Role
  readonly unit?: number
  readonly name?: string
}

/** A served house with one unit, and a browser: what every journey without a demo city begins with. */
export interface ServedHouse {
  readonly house: TestHouse
  readonly app: FastifyInstance
  readonly browser: Browser
  readonly base: string
  /** Number of the market authority. */
  readonly market: number
  /** A new window of somebody who has just signed in: acts that ask for a fresh proof go through. */
  as(who: Sitting, width: number): Promise<Visitor>
  /** Opens a page of the console and waits until it has read everything. */
  open(page: Page, path: string): Promise<void>
  /** The market authority delivers permits. */
  deliver(...rows: readonly string[]): ReturnType<TestHouse['deliveries']['import']>
  close(): Promise<void>
}

/** @param environment settings beside the usual ones, for the address at which it will be served */
export async function serveHouse(
  environment: (base: string) => Promise<Record<string, string>> = async () => ({}),
): Promise<ServedHouse> {
  const port = await freePort()
  const base = `http://localhost:${port}`
  await buildConsole(() => {})
  const house = await testHouse(await environment(base))
  await addUnits(house.house.database.pools.app, ACTOR, [MARKET])
  const app = await buildApp(house.house, house.catalogue, {
    city: '示例市',
    fictional: true,
    ratePerMinute: 5000,
  })
  await app.listen({ host: '127.0.0.1', port })
  const market = (await listUnits(house.house.database.pools.job)).find(({ uscc }) => uscc === MARKET.uscc)
  mkdirSync(PICTURES, { recursive: true })
  const browser = await openBrowser()
  let files = 0
  return {
    house,
    app,
    browser,
    base,
    market: market?.unitId as number,
    async as(who, width) {
      const visitor = await visit(browser, width)
      const { headers } = await signedInAs(house, who)
      const [name = '', value = ''] = (headers.cookie ?? '').split('=')
      await visitor.context.addCookies([
        {
          name,
          value,
          url: base.replace('http:', 'https:'),
          secure: true,
          httpOnly: true,
          sameSite: 'Strict',
        },
      ])
      return visitor
    },
    async open(page, path) {
      await page.goto(`${base}/console${path}`)
      await page.locator('main#content h1').waitFor()
      await page.waitForLoadState('networkidle')
      expect(await page.getByText('页面出错').count()).toBe(0)
    },
    deliver(...rows) {
      const path = join(house.folder, `journey-${++files}.csv`)
      writeFileSync(path, `${PERMIT_HEADER}\n${rows.join('\n')}\n`)
      return house.deliveries.import({
        path,
        item: 'permit-organisation',
        source: MARKET.uscc,
        mode: 'increment',
        dryRun: false,
        actor: ACTOR,
      })
    },
    async close() {
      await browser.close()
      await app.close()
      await house.close()
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** What an authenticator shows now. @see RFC 6238 */
export function codeOf(secret: string): string {
  const bits = [...secret].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  const seed = Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const digest = createHmac('sha1', seed).update(step).digest()
  const place = (digest.at(-1) as number) & 15
  return String((digest.readUInt32BE(place) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

export const company = (index: number, name = `示例市第${index}号茶叶有限公司`) => ({
  uscc: validUscc('91', '519902', 700 + index),
  name,
})

/** A row of a permit as the market authority's software writes it. */
export const permit = (
  { name, uscc }: { name: string; uscc: string },
  number: string,
  content = '食品销售',
): string =>
  `${name},法人及非法人组织,${uscc},,,,,,周示例,,,准予许可决定书,${number},普通,,,${content},2026/11/02,2026/11/02,2099/12/31,${MARKET.name},${MARKET.uscc},1,${MARKET.name},${MARKET.uscc},`

export const picture = (page: Page, name: string) =>
  page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true })
