import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type FakePlatform,
  fakePlatform,
  type Seen,
} from '../../../packages/client/src/machine/platform.testing.ts'
import { stateOf } from './cases.ts'
import { Desk } from './desk.ts'
import { outsideServer } from './server.ts'

const MATTER = '12519900MA00033Q7L2031900001000'
const CODE = '91519903MA000E1F4C'
const NUMBER = '0123456789ABCDEFGHJK'
const ANSWER = {
  number: NUMBER,
  result: 'intercept',
  asOf: '2026-11-25T09:00:00Z',
  validUntil: '2026-11-25T15:59:59Z',
  hits: [
    {
      list: { code: 'wage-arrears', title: '拖欠<b>农民工</b>工资' },
      fact: {
        publicName: 'f',
        documentNumber: '示列1号',
        authority: '示例局',
        listedOn: '2026-01-05',
        until: null,
        reason: null,
      },
      measure: {
        code: 'a1-market-access',
        title: '限制准入',
        law: '保障农民工工资支付条例',
        article: '第四十八条',
      },
      effect: 'intercept',
    },
  ],
  resembling: [],
  explanation: { zh: '在名单中', en: 'on a list' },
  objection: { zh: '可异议', en: 'may object', url: null },
  notice: { url: '/notices/t' },
}
let platform: FakePlatform
let folder: string
let desk: Desk
let server: ReturnType<typeof outsideServer>
let away: boolean
let decision: object | null

function open(): void {
  desk = new Desk({
    system: 'bidding',
    city: '示例市',
    host: '127.0.0.1',
    port: 0,
    platform: platform.base,
    replyKey: platform.publicKey,
    client: 'demo-bidding',
    key: {
      id: 'key-1',
      privateKey: String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
    },
    outboxKey: Buffer.alloc(32, 5).toString('base64url'),
    folder,
    matters: [{ code: MATTER, name: '投标资格审查' }],
    examples: [],
  })
  server = outsideServer(desk)
}

beforeEach(async () => {
  platform = await fakePlatform()
  folder = mkdtempSync(join(tmpdir(), 'xinheng-outside-'))
  away = false
  decision = null
  platform.answer = ({ url, method }: Seen) => {
    if (url === '/api/v1/session-keys')
      return {
        status: 201,
        body: {
          key: 's-0123456789012345678901',
          secret: randomBytes(32).toString('base64url'),
          expiresAt: new Date(Date.now() + 900_000).toISOString(),
        },
      }
    if (away) return { status: 503, body: { code: 'check.not-checked' }, headers: { 'retry-after': '0' } }
    if (method === 'GET') return { status: 200, body: { ...ANSWER, decision } }
    return {
      status: 200,
      body: url.endsWith('/feedback') ? { feedback: 1, dueOn: null, late: false } : ANSWER,
    }
  }
  open()
})
afterEach(async () => {
  await server.close()
  await desk.close()
  await platform.close()
  rmSync(folder, { recursive: true, force: true })
})

const post = (url: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  server.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(form).toString(),
  })
const apply = async () => {
  const answer = await post('/apply', { name: '示例建设有限公司', code: CODE, matter: MATTER })
  expect(answer.statusCode).toBe(303)
  return String(answer.headers.location).split('/').at(-1) as string
}
const page = async (url: string) => (await server.inject({ url })).body
const questions = () => platform.seen.filter(({ url }) => url === '/api/v1/checks')

describe('an application', () => {
  test('that is intercepted stands still until the unit has decided, and shows why, escaped', async () => {
    const number = await apply()
    expect(await page(`/cases/${number}`)).toContain('已暂停')
    expect(await page(`/cases/${number}`)).toContain(`${platform.base}/notices/t`)
    const case1 = await page(`/desk/${number}`)
    expect(case1).toContain('保障农民工工资支付条例 第四十八条')
    expect(case1).not.toContain('<b>农民工</b>')
    const early = await post(`/desk/${number}/feedback`, { effect: '放行', done: '放行', reason: '好' })
    expect([early.statusCode, early.body.includes('办件已暂停：请先')]).toEqual([422, true])
    expect(platform.seen.some(({ url }) => url.endsWith('/feedback'))).toBe(false)
  })

  test('goes on when two have lifted the intercept, and what was done is told once', async () => {
    const number = await apply()
    decision = { decision: 'overridden', decidedAt: '2026-11-25T10:00:00Z' }
    expect(await page(`/desk/${number}`)).toContain('办理并反馈')
    const form = { effect: '放行', done: '允许投标', reason: '已由两人解除', measure: 'a1-market-access' }
    expect((await post(`/desk/${number}/feedback`, { ...form, reason: '' })).statusCode).toBe(422)
    expect((await post(`/desk/${number}/feedback`, form)).statusCode).toBe(303)
    expect(await page(`/desk/${number}`)).toContain('已反馈')
    const told = platform.seen.filter(({ url }) => url.endsWith('/feedback'))
    expect(told).toHaveLength(1)
    expect(JSON.parse((told[0] as Seen).body)).toMatchObject({
      applied: 'no',
      effect: '放行',
      notAppliedReason: '已由两人解除',
    })
  })

  test('while the platform is away says “not yet checked”, and is asked again after the system died', async () => {
    away = true
    const number = await apply()
    expect(await page(`/desk/${number}`)).toContain('尚未核查')
    await server.close()
    await desk.close()
    away = false
    open()
    await desk.start()
    await expect.poll(() => page(`/desk/${number}`)).toContain('拦截')
    expect(new Set(questions().map(({ headers }) => headers['idempotency-key']))).toEqual(new Set([number]))
  })

  test('with a wrong code, or sent by another site’s form, is refused', async () => {
    expect((await post('/apply', { name: '某公司', code: '123', matter: MATTER })).statusCode).toBe(422)
    const foreign = await post(
      '/apply',
      { name: '示例建设有限公司', code: CODE, matter: MATTER },
      { 'sec-fetch-site': 'cross-site' },
    )
    expect(foreign.statusCode).toBe(403)
    expect(questions()).toEqual([])
  })
})

test('a case without an answer is never open', () => {
  expect(stateOf(undefined, undefined, undefined)).toBe('asked')
  expect(stateOf({ result: 'toBeDecidedByAnOfficer' }, undefined, undefined)).toBe('suspended')
  expect(stateOf({ result: 'intercept' }, { decision: 'kept' }, { effect: '拦截' })).toBe('refused')
  expect(stateOf({ result: 'clear' }, undefined, undefined)).toBe('open')
})
