import { createHmac } from 'node:crypto'
import nodemailer from 'nodemailer'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { notSent, post, type Resolve } from '../../platform/outbound/index.ts'

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
  const { status } = await post({
    target,
    body,
    allowed,
    resolve,
    headers: {
      'user-agent': 'xinheng-alarm',
      'x-xinheng-alarm': String(message.alarm),
      'x-xinheng-timestamp': timestamp,
      'x-xinheng-signature': webhookSignature(secret, timestamp, body),
    },
  })
  if (status < 200 || status > 299) throw notSent(`HTTP ${status}`)
}
