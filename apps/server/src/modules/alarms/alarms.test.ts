import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { WorkingCalendar } from '@xinheng/core'
import { validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { Jobs } from '../../platform/jobs/index.ts'
import { isPublicAddress, pinnedAddress } from '../../platform/outbound/index.ts'
import { guardedServer, type SignedInForTest, signedInAs } from '../access/testing.ts'
import { daysBefore, deliverPermits, receivedEarlier, TODAY } from '../deliveries/testing.ts'
import { addUnits } from '../units/index.ts'
import { callWebhook, webhookSignature } from './channels.ts'
import { type AlarmLine, Alarms, alarmRoutes } from './index.ts'

const NOISY = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const QUIET = { uscc: validUscc('12', '519902', 2), name: '示例市青源区公共资源交易中心' }
const year = Number(TODAY.slice(0, 4))
const calendar = new WorkingCalendar(
  [year - 1, year, year + 1].map((one) => ({ year: one, holidays: [], makeUpDays: [] })),
)

let house: TestHouse
let app: FastifyInstance
let jobs: Jobs
let alarms: Alarms
let smtp: SMTPServer
let receiver: http.Server
let administrator: SignedInForTest
let mailFails = false
const mails: string[] = []
const calls: { headers: http.IncomingHttpHeaders; body: string; path: string }[] = []
let port = 0

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (mailFails) return done(new Error('450 try later'))
        mails.push(Buffer.concat(chunks).toString())
        done()
      })
    },
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  receiver = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      calls.push({
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        path: request.url ?? '',
      })
      if (request.url === '/away') response.writeHead(302, { location: '/hook' }).end()
      else response.writeHead(200).end('taken')
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  port = (receiver.address() as AddressInfo).port
  const smtpPort = (smtp.server.address() as AddressInfo).port
  house = await testHouse({
    SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    SMTP_FROM: 'alarm@xinheng.invalid',
    XINHENG_WEBHOOK_ALLOW: '127.0.0.1',
  })
  await addUnits(house.house.database.pools.app, { name: 'test', duty: 'centre' }, [NOISY, QUIET])
  jobs = new Jobs(house.house.database)
  alarms = new Alarms(house.house, house.catalogue, jobs, async () => calendar)
  jobs.register(...alarms.jobKinds)
  await jobs.start()
  app = await guardedServer(house)
  alarmRoutes(app, alarms)
  await app.ready()
  administrator = await signedInAs(house, { role: 'systemAdministrator' })
})
afterAll(async () => {
  await jobs.stop()
  await app.close()
  await house.close()
  receiver.close()
  await new Promise<void>((resolve) => smtp.close(() => resolve()))
})

async function call(method: 'GET' | 'POST' | 'PUT', url: string, payload?: object, who = administrator) {
  return app.inject({ method, url, headers: who.headers, ...(payload === undefined ? {} : { payload }) })
}

async function until<T>(look: () => T | undefined | false): Promise<T> {
  for (let i = 0; i < 150; i++) {
    const found = look()
    if (found !== undefined && found !== false) return found
    await wait(100)
  }
  throw new Error('it never came')
}

/** The text of a mail of one part, whichever way it was packed for the road. */
function mailText(raw: string): string {
  const at = raw.indexOf('\r\n\r\n')
  const body = raw.slice(at + 4)
  if (/transfer-encoding: base64/i.test(raw.slice(0, at))) return Buffer.from(body, 'base64').toString()
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

describe('alarms', () => {
  test('are told by mail and webhook when a source falls silent, once, and end when it speaks', async () => {
    const added = await call('POST', '/api/console/alarms/recipients', {
      channel: 'webhook',
      label: '值班平台',
      target: `http://127.0.0.1:${port}/hook`,
      kinds: ['sourceSilent', 'faultsJumped'],
    })
    expect(added.statusCode, added.body).toBe(200)
    const { secret } = added.json()
    await call('POST', '/api/console/alarms/recipients', {
      channel: 'mail',
      label: '值班员',
      target: 'duty@example.invalid',
      kinds: ['sourceSilent'],
    })
    const { delivery } = await deliverPermits(house, QUIET, [{ number: '一', decidedOn: daysBefore(40) }])
    await receivedEarlier(house, delivery, daysBefore(30))
    expect(await alarms.watch()).toMatchObject({ opened: 1 })
    const body = await until(() => calls.find((one) => one.path === '/hook'))
    expect(JSON.parse(body.body)).toMatchObject({
      kind: 'sourceSilent',
      unit: { name: QUIET.name, uscc: QUIET.uscc },
    })
    expect(body.headers['x-xinheng-signature']).toBe(
      webhookSignature(secret, body.headers['x-xinheng-timestamp'] as string, body.body),
    )
    const mail = await until(() => mails[0])
    expect(mail).toContain('To: duty@example.invalid')
    expect(mailText(mail)).toContain(QUIET.name)

    expect(await alarms.watch()).toMatchObject({ opened: 0, ended: 0 })
    await deliverPermits(house, QUIET, [{ number: '二', decidedOn: daysBefore(1) }])
    expect(await alarms.watch()).toMatchObject({ opened: 0, ended: 1 })
    const { alarms: lines } = (await call('GET', '/api/console/alarms')).json() as { alarms: AlarmLine[] }
    expect(lines.find((line) => line.kind === 'sourceSilent')).toMatchObject({ unit: { name: QUIET.name } })
    expect(lines.find((line) => line.kind === 'sourceSilent')?.endedAt).not.toBeNull()
  })

  test('ring when faults jump, and hold neither delivered values nor names of those concerned', async () => {
    const good = await deliverPermits(
      house,
      NOISY,
      Array.from({ length: 60 }, (_, i) => ({ number: `好${i}`, decidedOn: daysBefore(20) })),
    )
    await receivedEarlier(house, good.delivery, daysBefore(15))
    await deliverPermits(
      house,
      NOISY,
      Array.from({ length: 60 }, (_, i) => ({
        number: `坏${i}`,
        decidedOn: daysBefore(3),
        spoilt: i < 30,
        content: '机密内容甲乙丙',
      })),
    )
    expect(await alarms.watch()).toMatchObject({ opened: 1 })
    const body = await until(() => calls.find((one) => one.body.includes('faultsJumped')))
    expect(JSON.parse(body.body).detail).toMatchObject({
      rows: 60,
      rejected: 30,
      percent: 50,
      percentBefore: 0,
    })
    for (const value of ['机密内容', '坏1', '商贸']) expect(body.body).not.toContain(value)
  })

  test('ring when a withdrawal or the ledger’s head waits too long', async () => {
    const { ringingNow } = await import('./watch.ts')
    const rules = house.catalogue.alarmRules(TODAY)
    if (rules === undefined) throw new Error('the released rules are entered')
    const ringing = async (statements: readonly string[]) => {
      await house.superuser.query('BEGIN')
      try {
        for (const statement of statements) await house.superuser.query(statement)
        return await ringingNow({ client: house.superuser, rules, calendar, today: TODAY, items: [2] })
      } finally {
        await house.superuser.query('ROLLBACK')
      }
    }
    const withdrawal = `INSERT INTO xh.withdrawal (subject_id, item, key, source_unit, reason, ground, hidden_by, hidden_account, hidden_at, due_on) VALUES (1, 2, gen_random_uuid(), 1, 'error', '录入错误', 'a', 1, now() - interval '6 days', '2000-01-01')`
    expect((await ringing([withdrawal])).map((one) => one.kind)).toContain('withdrawalUnconfirmed')
    const head = `INSERT INTO xh.ledger_head (size, root, signed_at, note) VALUES (1, decode(repeat('00', 32), 'hex'), now() - interval '2 hours', '')`
    expect((await ringing(['DELETE FROM xh.ledger_head', head])).map((one) => one.kind)).toContain(
      'ledgerSilent',
    )
    expect((await ringing([])).map((one) => one.kind)).not.toContain('withdrawalUnconfirmed')
  })

  test('what a mail server does not take is tried again', async () => {
    const { recipient } = (
      await call('POST', '/api/console/alarms/recipients', {
        channel: 'mail',
        label: '备班',
        target: 'second@example.invalid',
        kinds: ['ledgerSilent'],
      })
    ).json()
    mailFails = true
    await call('POST', `/api/console/alarms/recipients/${recipient}/test`)
    let state: { fault: string | null; tries: number } | undefined
    for (let i = 0; i < 300 && (state?.fault ?? null) === null; i++) {
      await wait(100)
      state = (
        await house.superuser.query('SELECT fault, tries FROM xh.alarm_notice WHERE recipient_id = $1', [
          recipient,
        ])
      ).rows[0]
    }
    expect(state).toEqual({ fault: 'mail.not-sent', tries: 1 })
    // The queue hears of the failure a moment after the notice does.
    await expect
      .poll(
        async () =>
          (
            await house.superuser.query(
              `SELECT state, retry_limit FROM xh_queue.job WHERE name = 'alarm.send' AND (data->>'recipient')::int = $1`,
              [recipient],
            )
          ).rows[0],
        { timeout: 20_000 },
      )
      .toMatchObject({ state: 'retry', retry_limit: 5 })
    mailFails = false
  })

  test('are kept by system administrators alone, and targets lie encrypted', async () => {
    const operator = await signedInAs(house, { role: 'centreOperator' })
    const body = { channel: 'mail', label: '甲', target: 'a@example.invalid', kinds: ['sourceSilent'] }
    expect((await call('POST', '/api/console/alarms/recipients', body, operator)).statusCode).toBe(403)
    expect((await call('GET', '/api/console/alarms', undefined, operator)).statusCode).toBe(200)
    const listed = (await call('GET', '/api/console/alarms/recipients')).body
    expect(listed).toContain('du…@example.invalid')
    const { rows } = await house.superuser.query(
      `SELECT string_agg(encode(target_secret, 'escape'), '') AS all FROM xh.alarm_recipient`,
    )
    expect(rows[0].all).not.toContain('example.invalid')
  })

  test.each([
    { channel: 'mail', label: '甲', target: 'x@y\r\nBcc: all@example.invalid', kinds: ['sourceSilent'] },
    { channel: 'webhook', label: '甲', target: 'file:///etc/passwd', kinds: ['sourceSilent'] },
    {
      channel: 'webhook',
      label: '甲',
      target: 'http://169.254.169.254/latest/meta-data',
      kinds: ['sourceSilent'],
    },
    { channel: 'webhook', label: '甲', target: 'https://user:pass@example.com/', kinds: ['sourceSilent'] },
    { channel: 'webhook', label: '甲', target: 'https://[::1]/', kinds: ['sourceSilent'] },
  ])('refuses the recipient $target', async (body) => {
    const answer = await call('POST', '/api/console/alarms/recipients', body)
    expect([answer.statusCode, answer.json().code]).toEqual([
      400,
      body.channel === 'mail' ? 'recipient.invalid' : 'webhook.address',
    ])
  })
})

describe('a webhook', () => {
  const message = {
    alarm: 1,
    kind: 'test',
    object: 'x',
    unit: null,
    openedAt: '2026-01-01T00:00:00Z',
    subject: 's',
    text: 't',
    detail: {},
  }

  test('does not follow where a receiver sends it', async () => {
    const before = calls.length
    await expect(
      callWebhook(`http://127.0.0.1:${port}/away`, 's', message, ['127.0.0.1']),
    ).rejects.toMatchObject({
      code: 'webhook.not-sent',
    })
    expect(calls.slice(before).map((one) => one.path)).toEqual(['/away'])
  })

  test('goes to the address that was checked, not to what the name says the next time', async () => {
    let asked = 0
    const rebinding = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '169.254.169.254', family: 4 }]
    await callWebhook(
      `http://hook.example.invalid:${port}/pinned`,
      's',
      message,
      ['hook.example.invalid'],
      rebinding,
    )
    expect(asked).toBe(1)
    expect(calls.at(-1)).toMatchObject({ path: '/pinned', headers: { host: `hook.example.invalid:${port}` } })
  })

  test('is refused for a name of which one address is inner', async () => {
    const mixed = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '10.0.0.5', family: 4 },
    ]
    await expect(pinnedAddress(new URL('https://a.example/'), [], mixed)).rejects.toMatchObject({
      code: 'webhook.address',
    })
    await expect(pinnedAddress(new URL('https://a.example/'), ['10.0.0.0/8'], mixed)).resolves.toMatchObject({
      address: '93.184.216.34',
    })
    await expect(
      pinnedAddress(new URL('http://a.example/'), [], async () => [{ address: '93.184.216.34', family: 4 }]),
    ).rejects.toMatchObject({ code: 'webhook.address' })
  })

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2001:db8::1',
    '2002:7f00:1::',
    'ff02::1',
    'nonsense',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false))

  test.each(['93.184.216.34', '8.8.8.8', '2606:2800:220:1:248:1893:25c8:1946'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  )

  test('an address that hides as a number is still what it is', () => {
    for (const odd of ['http://2130706433/', 'http://0x7f.1/', 'http://0177.0.0.1/'])
      expect(isPublicAddress(new URL(odd).hostname)).toBe(false)
  })
})
