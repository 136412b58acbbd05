import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'

/** A bound for what never comes, not a measure: the machine may be busy with other journeys. */
export const PATIENCE = 90_000

export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  /** What no page may do: break its policy, or throw. */
  readonly faults: string[]
}

export async function visit(browser: Browser, width: number): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    locale: 'zh-CN',
    // Nothing is waited for that only moves.
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(PATIENCE)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    const text = message.text()
    if (/Content Security Policy|violates|Refused to/i.test(text)) faults.push(text)
  })
  page.on('pageerror', (error) => faults.push(String(error)))
  return { page, context, faults }
}

/** Sessions of this run: a code serves once, and who signs in again within the half minute waits for the next. */
const sessions = new Map<string, Awaited<ReturnType<BrowserContext['cookies']>>>()

/** Signs in as one of the demo city's people, with one click and the code that it fills in, unless they are in already. */
export async function signIn(page: Page, base: string, login: string): Promise<void> {
  const title = page.locator('main#content h1')
  const person = page.locator(`button:has-text("${await nameOf(base, login)}")`)
  const before = sessions.get(`${base} ${login}`)
  if (before !== undefined) await page.context().addCookies(before)
  if (before !== undefined || !page.url().startsWith(`${base}/console`)) await page.goto(`${base}/console/`)
  await title.or(person).first().waitFor()
  if (before !== undefined && (await title.count()) > 0) return
  await person.click()
  await finishSignIn(page)
  await title.waitFor()
  sessions.set(`${base} ${login}`, await page.context().cookies(base))
}

/** From the filled-in password on. */
export async function finishSignIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: '下一步' }).click()
  const code = page.getByLabel('动态验证码')
  await code.waitFor()
  await expect.poll(() => code.inputValue(), { timeout: 45_000 }).toMatch(/^\d{6}$/)
  await page.getByRole('button', { name: '登录', exact: true }).click()
}

interface DemoAccount {
  readonly login: string
  readonly name: string
  readonly password: string
  readonly code: string | null
}

export async function demoAccounts(base: string): Promise<DemoAccount[]> {
  const answer = await fetch(`${base}/api/console/sign-in/demo-accounts`)
  return ((await answer.json()) as { accounts: DemoAccount[] }).accounts
}

async function nameOf(base: string, login: string): Promise<string> {
  return (await demoAccounts(base)).find((one) => one.login === login)?.name ?? login
}

/** A code that has not been used: the next half minute has one at the latest. */
export async function nextCode(base: string, login: string): Promise<string> {
  for (let look = 0; look < 40; look++) {
    const code = (await demoAccounts(base)).find((one) => one.login === login)?.code
    if (typeof code === 'string') return code
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
  throw new Error(`no code for ${login}`)
}

/** axe finds nothing, and the page is no wider than the screen. */
export async function expectFit(page: Page, what: string): Promise<void> {
  // The pages hold no frames, for whose sake a second page would be opened each time.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  expect(
    violations.map((one) => `${what} ${one.id} ${one.nodes.map((node) => node.html).join(' ')}`),
  ).toEqual([])
  const overflow = await page.locator('html').evaluate((element) => element.scrollWidth - element.clientWidth)
  expect(`${what} ${overflow}`).toBe(`${what} 0`)
}
