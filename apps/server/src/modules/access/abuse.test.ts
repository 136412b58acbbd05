import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../app.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { ensureDemoAccounts } from '../accounts/index.ts'
import { openAccess } from './guard.ts'

interface Demo {
  readonly login: string
  readonly password: string
  readonly code: string
}
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
) as string

let house: TestHouse
let app: FastifyInstance
let base: string
let demo: Demo

beforeAll(async () => {
  house = await testHouse()
  await ensureDemoAccounts(house.house, openAccess(house.house, '示例市'))
  app = await buildApp(house.house, house.catalogue, {
    city: '示例市',
    fictional: true,
    ratePerMinute: 1_000_000,
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const list = await fetch(`${base}/api/console/sign-in/demo-accounts`)
  demo = ((await list.json()) as { accounts: [Demo] }).accounts[0]
})
afterAll(async () => {
  await app.close()
  await house.close()
})

const signIn = (account: string, password: string, from: string) =>
  fetch(`${base}/api/console/sign-in`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: base,
      'sec-fetch-site': 'same-origin',
      'x-forwarded-for': from,
    },
    body: JSON.stringify({ account, password }),
  })
const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number

describe('a storm of sign-ins', () => {
  test('of 200 a second from everywhere is turned away with a time to come again, and the rest is served', async () => {
    const answers: Promise<Response>[] = []
    const waits: number[] = []
    const begun = performance.now()
    for (let i = 0; i < 400; i++) {
      const due = begun + i * 5
      const left = due - performance.now()
      if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
      answers.push(signIn(`guess-${i}`, 'some password 12', `198.51.${100 + (i >> 8)}.${i & 255}`))
      if (i % 40 === 0) {
        const from = performance.now()
        const page = await fetch(`${base}/api/v1/catalogue`)
        await page.text()
        expect(page.status).toBe(200)
        waits.push(performance.now() - from)
      }
    }
    const done = await Promise.all(answers)
    const byStatus = Object.groupBy(done, (answer) => String(answer.status))
    expect(Object.keys(byStatus).sort()).toEqual(['401', '429'])
    const busy = byStatus['429'] ?? []
    expect(busy.length).toBeGreaterThan(100)
    for (const answer of busy) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await busy[0]?.json()).toMatchObject({ code: 'sign-in.busy' })
    // Not a queue of minutes behind which everybody waits.
    expect(median(waits)).toBeLessThan(1500)
    // And afterwards its owner comes in.
    expect((await signIn(demo.login, demo.password, '192.0.2.77')).status).toBe(200)
  })

  test('from one place is stopped by the place’s limit', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => signIn(`other-${i}`, 'x', '192.0.2.9')),
    )
    const limited = answers.filter((answer) => answer.status === 429)
    expect(limited.length).toBeGreaterThanOrEqual(40)
  })
})

test('an unknown account takes as long as a known one', async () => {
  const known: number[] = []
  const unknown: number[] = []
  for (let i = 0; i < 15; i++) {
    await house.superuser.query('DELETE FROM xh.sign_in_attempt')
    for (const [account, times] of [
      [demo.login, known],
      ['nobody.at.all', unknown],
    ] as const) {
      const from = performance.now()
      const answer = await signIn(account, 'not the password 1', `203.0.113.${i}`)
      times.push(performance.now() - from)
      expect(answer.status).toBe(401)
    }
  }
  const ratio = median(known) / median(unknown)
  expect(ratio).toBeGreaterThan(0.6)
  expect(ratio).toBeLessThan(1.6)
})

/** As the console's pages do it. */
const IN_THE_PAGE = `(async () => {
  const send = (url, body) => fetch('/api/console/' + url, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const { accounts } = await (await fetch('/api/console/sign-in/demo-accounts')).json()
  const { login, password, code } = accounts[0]
  const first = await send('sign-in', { account: login, password })
  const second = await send('sign-in/second-factor', { code })
  const me = await fetch('/api/console/me')
  return { first: first.status, second: second.status, me: await me.json(), script: document.cookie }
})()`

test('Chromium keeps the cookies on this machine’s plain address, sends them, and shows them to no script', async () => {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    await page.goto(`${base}/help`)
    const seen = await page.evaluate(IN_THE_PAGE)
    expect(seen).toMatchObject({ first: 200, second: 200, me: { login: demo.login }, script: '' })
    const cookies = await page.context().cookies()
    expect(cookies.map((one) => one.name).sort()).toEqual(['__Host-device', '__Host-session'])
    for (const cookie of cookies)
      expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Strict', path: '/' })
  } finally {
    await browser.close()
  }
})
