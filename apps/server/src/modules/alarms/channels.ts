import { createHmac } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import nodemailer from 'nodemailer'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { pinnedAddress, type Resolve } from './public-address.ts'

/** What is told: never a delivered value, never a person. */
export interface AlarmMessage {
  readonly alarm: number
  readonly kind: string
  readonly object: string
  readonly unit: { readonly name: string; readonly uscc: string } | null
  readonly openedAt: string
  readonly subject: string
  readonly text: string
  readonly detail: Readonly<Record<string, string | number>>
}

export interface MailSettings {
  /** smtp:// or smtps://, with user and password where the server asks for them. */
  readonly url: string
  readonly from: string
}

const TIMEOUT_MS = 10_000

/** @throws DomainError `mail.not-set`, `mail.not-sent` */
export async function sendMail(
  settings: MailSettings | undefined,
  to: string,
  message: AlarmMessage,
): Promise<void> {
  if (settings === undefined) {
    throw new DomainError('mail.not-set', {
      zh: '尚未配置邮件服务器。',
      en: 'No mail server is set.',
      remedyZh: '设置 SMTP_URL 与 SMTP_FROM 后重启。',
      remedyEn: 'Set SMTP_URL and SMTP_FROM, then start again.',
    })
  }
  const transport = nodemailer.createTransport({
    url: settings.url,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await transport.sendMail({ from: settings.from, to, subject: message.subject, text: message.text })
  } catch (error) {
    throw new DomainError('mail.not-sent', {
      zh: `邮件未能发出（${(error as { code?: string }).code ?? 'ERROR'}）。`,
      en: `The mail was not sent (${(error as { code?: string }).code ?? 'ERROR'}).`,
      remedyZh: '检查 SMTP_URL、账号与收件地址。',
      remedyEn: 'Check SMTP_URL, its account and the address.',
    })
  } finally {
    transport.close()
  }
}

/** What the receiver recomputes: HMAC-SHA-256 over time and body. */
export function webhookSignature(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`
}

/**
 * Calls a webhook once: to the pinned address alone, following nothing, reading no answer but its status.
 * @throws DomainError `webhook.address`, `webhook.not-sent`
 */
export async function callWebhook(
  target: string,
  secret: string,
  message: AlarmMessage,
  allowed: readonly string[],
  resolve?: Resolve,
): Promise<void> {
  const url = new URL(target)
  const { address, family } = await pinnedAddress(url, allowed, resolve)
  const body = JSON.stringify({
    alarm: message.alarm,
    kind: message.kind,
    object: message.object,
    unit: message.unit,
    openedAt: message.openedAt,
    text: message.text,
    detail: message.detail,
  })
  const timestamp = String(Math.floor(Date.now() / 1000))
  const status = await new Promise<number>((settle, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(
      url,
      {
        method: 'POST',
        agent: false,
        timeout: TIMEOUT_MS,
        lookup: (_host, options, callback) => {
          // With `all`, Node wants a list.
          if ((options as { all?: boolean }).all === true)
            (callback as unknown as (e: null, list: object[]) => void)(null, [{ address, family }])
          else callback(null, address, family)
        },
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'xinheng-alarm',
          'x-xinheng-alarm': String(message.alarm),
          'x-xinheng-timestamp': timestamp,
          'x-xinheng-signature': webhookSignature(secret, timestamp, body),
        },
      },
      (response) => {
        settle(response.statusCode ?? 0)
        // What the other side says is nobody's business here.
        response.destroy()
      },
    )
    request.once('timeout', () => request.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })))
    request.once('error', reject)
    request.end(body)
  }).catch((error: { code?: string }) => {
    throw notSent(error.code ?? 'ERROR')
  })
  if (status < 200 || status > 299) throw notSent(`HTTP ${status}`)
}

function notSent(detail: string): DomainError {
  return new DomainError('webhook.not-sent', {
    zh: `推送未成功（${detail}）。`,
    en: `The webhook did not take it (${detail}).`,
    remedyZh: '检查接收端；跳转不会被跟随。',
    remedyEn: 'Check the receiver; redirects are not followed.',
  })
}
