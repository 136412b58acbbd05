import { randomBytes } from 'node:crypto'
import { ALARM_KINDS, ALARM_TEXTS, type AlarmKind, type AlarmRules, WorkingCalendar } from '@xinheng/core'
import type pg from 'pg'
import {
  type Actor,
  asActor,
  asReader,
  become,
  withActor,
  writeLedger,
} from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import type { JobKind, Jobs } from '../../platform/jobs/index.ts'
import { pinnedAddress, type Resolve } from '../../platform/outbound/index.ts'
import { todayOf } from '../../platform/today.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { type AlarmMessage, callWebhook, sendMail } from './channels.ts'
import { type Ringing, ringingNow } from './watch.ts'

export interface AlarmLine {
  readonly alarm: number
  readonly kind: AlarmKind | 'test'
  readonly object: string
  readonly unit: { readonly id: number; readonly name: string } | null
  readonly detail: Readonly<Record<string, string | number>>
  readonly rule: string
  readonly openedAt: string
  readonly endedAt: string | null
  readonly acknowledgedBy: string | null
  readonly acknowledgedAt: string | null
  readonly notices: readonly {
    readonly recipient: string
    readonly state: string
    readonly tries: number
    readonly fault: string | null
  }[]
}

export interface RecipientLine {
  readonly recipient: number
  readonly channel: 'mail' | 'webhook'
  readonly label: string
  /** Enough to be recognised: the address itself stays encrypted. */
  readonly target: string
  readonly kinds: readonly AlarmKind[]
  readonly active: boolean
}

export interface NewRecipient {
  readonly channel: 'mail' | 'webhook'
  readonly label: string
  readonly target: string
  readonly kinds: readonly AlarmKind[]
}

interface Target {
  readonly to: string
  readonly secret?: string
}

const PROGRAM: Actor = { name: 'program:alarms', duty: 'centre' }
/** One process watches at a time. */
const LOCK = 7_261_020
const MAIL = /^[^\s@<>"',;:\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/
const RETRIES = 5

/** Alarms: rung when a condition of the dated rules begins, ended when it has passed, told by mail or webhook. */
export class Alarms {
  readonly #house: House
  readonly #catalogue: Catalogue
  readonly #jobs: Jobs
  readonly #calendar: () => Promise<WorkingCalendar>
  readonly #resolve: Resolve | undefined

  constructor(
    house: House,
    catalogue: Catalogue,
    jobs: Jobs,
    calendar: () => Promise<WorkingCalendar> = async () => new WorkingCalendar(),
    resolve?: Resolve,
  ) {
    this.#house = house
    this.#catalogue = catalogue
    this.#jobs = jobs
    this.#calendar = calendar
    this.#resolve = resolve
  }

  /** For `Jobs.register`. */
  get jobKinds(): readonly JobKind[] {
    return [
      {
        name: 'alarm.watch',
        zh: '检查告警条件',
        en: 'Look for what should ring',
        schedule: '*/10 * * * *',
        ids: [],
        retries: 1,
        retryDelaySeconds: 30,
        expireSeconds: 300,
        run: () => this.watch(),
      },
      {
        name: 'alarm.send',
        zh: '发送告警通知',
        en: 'Tell of an alarm',
        ids: ['alarm', 'recipient'],
        retries: RETRIES,
        retryDelaySeconds: 20,
        expireSeconds: 60,
        run: (ids) => this.#send(ids.alarm as number, ids.recipient as number),
      },
    ]
  }

  async rules(): Promise<AlarmRules | undefined> {
    return this.#catalogue.alarmRules(await todayOf(this.#house.database.pools.app))
  }

  /** Compares what should ring with what rings. */
  async watch(): Promise<{ opened: number; ended: number; ringing: number }> {
    const pool = this.#house.database.pools.job
    const today = await todayOf(pool)
    const rules = this.#catalogue.alarmRules(today)
    if (rules === undefined) return { opened: 0, ended: 0, ringing: 0 }
    const version = `${rules.code}@${rules.version}`
    const calendar = await this.#calendar()
    const client = await pool.connect()
    const toSend: { alarm: number; recipient: number }[] = []
    try {
      await client.query('BEGIN')
      await become(client, PROGRAM)
      await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
      const items = this.#catalogue.items(today).filter((item) => item.reporting !== undefined)
      const ringing = [
        ...(await ringingNow({ client, rules, calendar, today, items: items.map((item) => item.number) })),
        ...(await this.#failedJobs()),
      ]
      const open = await client.query(
        `SELECT alarm_id::int AS alarm, kind, object FROM xh.alarm WHERE ended_at IS NULL AND kind <> 'test'`,
      )
      const now = new Map(ringing.map((one) => [`${one.kind} ${one.object}`, one]))
      const before = new Set(open.rows.map((row) => `${row.kind} ${row.object}`))
      const over: number[] = open.rows
        .filter((row) => !now.has(`${row.kind} ${row.object}`))
        .map((row) => row.alarm)
      if (over.length > 0)
        await client.query('UPDATE xh.alarm SET ended_at = now() WHERE alarm_id = ANY ($1)', [over])
      const begun = [...now].filter(([name]) => !before.has(name)).map(([, one]) => one)
      for (const one of begun) toSend.push(...(await this.#ring(client, one, version)))
      if (begun.length + over.length > 0) {
        await writeLedger(client, PROGRAM, {
          act: 'alarm.watch',
          ground: version,
          detail: { opened: begun.map(({ kind, object }) => `${kind} ${object}`), ended: over.length },
        })
      }
      await client.query('COMMIT')
      for (const ids of toSend) await this.#jobs.send('alarm.send', ids)
      return { opened: begun.length, ended: over.length, ringing: ringing.length }
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }

  /** Alarms, the open ones first, then the newest. */
  async list(actor: Actor, limit = 200): Promise<AlarmLine[]> {
    return asActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        `SELECT a.alarm_id::int AS alarm, a.kind, a.object, CASE WHEN u.unit_id IS NOT NULL THEN json_build_object('id', u.unit_id, 'name', u.name) END AS unit,
                a.detail, a.rule_version AS rule, a.opened_at AS "openedAt", a.ended_at AS "endedAt", a.acknowledged_by AS "acknowledgedBy", a.acknowledged_at AS "acknowledgedAt",
                coalesce((SELECT json_agg(json_build_object('recipient', r.label, 'state', n.state, 'tries', n.tries, 'fault', n.fault) ORDER BY r.recipient_id)
                            FROM xh.alarm_notice n JOIN xh.alarm_recipient r USING (recipient_id) WHERE n.alarm_id = a.alarm_id), '[]') AS notices
           FROM xh.alarm a LEFT JOIN xh.unit u ON u.unit_id = a.unit_id
          ORDER BY (a.ended_at IS NULL) DESC, a.alarm_id DESC LIMIT $1`,
        [limit],
      )
      return rows
    })
  }

  /** Somebody has seen it: it goes on ringing until its condition has passed. */
  async acknowledge(actor: Actor, alarm: number): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rowCount } = await client.query(
        'UPDATE xh.alarm SET acknowledged_by = $2, acknowledged_at = now() WHERE alarm_id = $1 AND acknowledged_at IS NULL',
        [alarm, actor.name],
      )
      if (rowCount === 0) throw unknown('alarm')
      return { result: undefined, act: { act: 'alarm.acknowledge', object: `alarm:${alarm}` } }
    })
  }

  async recipients(actor: Actor): Promise<RecipientLine[]> {
    const reading = { act: 'alarm.recipient.read', object: 'recipients', ground: 'alarm.read' } as const
    return asReader(this.#house.database.pools.app, actor, reading, async (client) => {
      const { rows } = await client.query(
        `SELECT recipient_id AS recipient, channel, label, target_secret AS sealed, kinds, active FROM xh.alarm_recipient ORDER BY recipient_id`,
      )
      return rows.map(({ sealed, ...row }) => ({
        ...row,
        target: shortened(this.#open(sealed, row.label).to),
      }))
    })
  }

  /** @returns for a webhook the secret by which its receiver checks us: shown once */
  async addRecipient(
    actor: Actor,
    recipient: NewRecipient,
  ): Promise<{ recipient: number; secret: string | null }> {
    await this.#checkTarget(recipient)
    const secret = recipient.channel === 'webhook' ? randomBytes(32).toString('base64url') : null
    const label = recipient.label.trim()
    const target: Target = { to: recipient.target.trim(), ...(secret === null ? {} : { secret }) }
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        'INSERT INTO xh.alarm_recipient (channel, label, target_secret, kinds, made_by) VALUES ($1, $2, $3, $4, $5) RETURNING recipient_id AS id',
        [recipient.channel, label, this.#seal(target, label), recipient.kinds, actor.name],
      )
      return {
        result: { recipient: rows[0].id, secret },
        act: {
          act: 'alarm.recipient.add',
          object: `recipient:${rows[0].id}`,
          detail: { channel: recipient.channel, kinds: recipient.kinds },
        },
      }
    })
  }

  async changeRecipient(
    actor: Actor,
    recipient: number,
    active: boolean,
    kinds: readonly AlarmKind[],
  ): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rowCount } = await client.query(
        'UPDATE xh.alarm_recipient SET active = $2, kinds = $3 WHERE recipient_id = $1',
        [recipient, active, kinds],
      )
      if (rowCount === 0) throw unknown('recipient')
      return {
        result: undefined,
        act: { act: 'alarm.recipient.change', object: `recipient:${recipient}`, detail: { active, kinds } },
      }
    })
  }

  /** Sends a trial to one recipient. */
  async test(actor: Actor, recipient: number): Promise<number> {
    const alarm = await withActor(this.#house.database.pools.app, actor, async (client) => {
      const known = await client.query('SELECT FROM xh.alarm_recipient WHERE recipient_id = $1', [recipient])
      if (known.rowCount === 0) throw unknown('recipient')
      const { rows } = await client.query(
        `INSERT INTO xh.alarm (kind, object, rule_version, ended_at) VALUES ('test', $1, 'test', now()) RETURNING alarm_id::int AS id`,
        [`recipient:${recipient}`],
      )
      await client.query('INSERT INTO xh.alarm_notice (alarm_id, recipient_id) VALUES ($1, $2)', [
        rows[0].id,
        recipient,
      ])
      return { result: rows[0].id as number, act: { act: 'alarm.test', object: `recipient:${recipient}` } }
    })
    await this.#jobs.send('alarm.send', { alarm, recipient })
    return alarm
  }

  async #failedJobs(): Promise<Ringing[]> {
    const queues = await this.#jobs.queues()
    return queues.flatMap((queue): Ringing[] =>
      // What cannot be told by mail is not told by mail again.
      queue.failed === 0 ||
      queue.kind === 'alarm.send' ||
      (queue.lastCompletedAt ?? '') > (queue.lastFailedAt ?? '')
        ? []
        : [
            {
              kind: 'jobFailed',
              object: `job:${queue.kind}`,
              unit: null,
              detail: { job: queue.kind, failed: queue.failed },
            },
          ],
    )
  }

  /** An alarm begins: it and its notices stand together or not at all. */
  async #ring(
    client: pg.ClientBase,
    one: Ringing,
    version: string,
  ): Promise<{ alarm: number; recipient: number }[]> {
    const { rows } = await client.query(
      `INSERT INTO xh.alarm (kind, object, unit_id, rule_version, detail) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (kind, object) WHERE ended_at IS NULL DO NOTHING RETURNING alarm_id::int AS id`,
      [one.kind, one.object, one.unit, version, one.detail],
    )
    const alarm: number | undefined = rows[0]?.id
    if (alarm === undefined) return []
    const told = await client.query(
      `INSERT INTO xh.alarm_notice (alarm_id, recipient_id) SELECT $1, recipient_id FROM xh.alarm_recipient WHERE active AND $2 = ANY (kinds) RETURNING recipient_id AS recipient`,
      [alarm, one.kind],
    )
    return told.rows.map(({ recipient }) => ({ alarm, recipient }))
  }

  /** The job: asks again what is to be told to whom, tells it once, and leaves a fault for the queue to try again. */
  async #send(alarm: number, recipient: number): Promise<Readonly<Record<string, number>>> {
    const pool = this.#house.database.pools.job
    const { rows } = await pool.query(
      `SELECT a.kind, a.object, a.detail, a.opened_at, u.name AS unit_name, u.uscc, r.channel, r.label, r.target_secret AS sealed, r.active, n.state, n.tries
         FROM xh.alarm_notice n JOIN xh.alarm a USING (alarm_id) JOIN xh.alarm_recipient r USING (recipient_id) LEFT JOIN xh.unit u ON u.unit_id = a.unit_id
        WHERE n.alarm_id = $1 AND n.recipient_id = $2`,
      [alarm, recipient],
    )
    const row = rows[0]
    if (row === undefined || row.state === 'sent' || !row.active) return { sent: 0 }
    const message = messageOf(alarm, row)
    const target = this.#open(row.sealed, row.label)
    try {
      if (row.channel === 'mail') await sendMail(this.#house.settings.mail, target.to, message)
      else
        await callWebhook(
          target.to,
          target.secret ?? '',
          message,
          this.#house.settings.webhookAllowed,
          this.#resolve,
        )
    } catch (error) {
      const code = error instanceof DomainError ? error.code : 'unexpected'
      await pool.query(
        `UPDATE xh.alarm_notice SET tries = tries + 1, fault = $3, state = CASE WHEN tries >= $4 THEN 'failed' ELSE 'waiting' END WHERE alarm_id = $1 AND recipient_id = $2`,
        [alarm, recipient, code, RETRIES],
      )
      throw error
    }
    await pool.query(
      `UPDATE xh.alarm_notice SET tries = tries + 1, fault = NULL, state = 'sent', sent_at = now() WHERE alarm_id = $1 AND recipient_id = $2`,
      [alarm, recipient],
    )
    return { sent: 1 }
  }

  async #checkTarget({ channel, label, target, kinds }: NewRecipient): Promise<void> {
    const text = target.trim()
    if (label.trim() === '' || kinds.length === 0 || kinds.some((kind) => !ALARM_KINDS.includes(kind)))
      throw wrongTarget()
    if (channel === 'mail') {
      if (!MAIL.test(text)) throw wrongTarget()
      return
    }
    if (!URL.canParse(text)) throw wrongTarget()
    await pinnedAddress(new URL(text), this.#house.settings.webhookAllowed, this.#resolve)
  }

  #seal(target: Target, label: string): Buffer {
    return this.#house.keys.encrypt(
      Buffer.from(JSON.stringify(target)),
      `alarm_recipient‖target_secret‖${label}`,
    )
  }

  #open(sealed: Buffer, label: string): Target {
    return JSON.parse(this.#house.keys.decrypt(sealed, `alarm_recipient‖target_secret‖${label}`).toString())
  }
}

function messageOf(
  alarm: number,
  row: {
    kind: AlarmKind | 'test'
    object: string
    detail: Record<string, string | number>
    opened_at: Date
    unit_name: string | null
    uscc: string | null
  },
): AlarmMessage {
  const text = ALARM_TEXTS[row.kind]
  const about = row.unit_name === null ? row.object : row.unit_name
  const lines = Object.entries(row.detail).map(([name, value]) => `${DETAIL_NAMES[name] ?? name}：${value}`)
  return {
    alarm,
    kind: row.kind,
    object: row.object,
    unit: row.unit_name === null || row.uscc === null ? null : { name: row.unit_name, uscc: row.uscc },
    openedAt: row.opened_at.toISOString(),
    subject: `【信衡告警】${text.name.zh}：${about}`,
    text: [
      `${text.name.zh} ${text.name.en}`,
      about,
      ...lines,
      '',
      `${text.remedy.zh}`,
      `${text.remedy.en}`,
      '',
      `告警编号 ${alarm}，始于 ${row.opened_at.toISOString()}。详情见控制台“告警”页 (/console/alarms)。`,
    ].join('\n'),
    detail: row.detail,
  }
}

const DETAIL_NAMES: Readonly<Record<string, string>> = {
  workingDays: '已过工作日',
  limit: '阈值',
  lastHeardOn: '最近报送',
  item: '目录项',
  rows: '收到行数',
  rejected: '退回行数',
  percent: '退回占比（%）',
  percentBefore: '此前退回占比（%）',
  days: '观察天数',
  hiddenOn: '隐藏日期',
  minutes: '已过分钟',
  job: '任务',
  failed: '失败次数',
}

/** The beginning and the end: who knows it recognises it. */
function shortened(target: string): string {
  if (target.includes('@')) {
    const [name, host] = target.split('@') as [string, string]
    return `${name.slice(0, 2)}…@${host}`
  }
  return new URL(target).origin
}

function unknown(what: 'alarm' | 'recipient'): DomainError {
  return new DomainError(`${what}.unknown`, {
    zh: what === 'alarm' ? '没有这个告警，或已有人确认。' : '没有这个接收人。',
    en:
      what === 'alarm'
        ? 'There is no such alarm, or somebody has acknowledged it.'
        : 'There is no such recipient.',
    remedyZh: '刷新页面。',
    remedyEn: 'Reload the page.',
    status: 404,
  })
}

function wrongTarget(): DomainError {
  return new DomainError('recipient.invalid', {
    zh: '接收人有误：须有名称、至少一种告警，以及邮件地址或网址。',
    en: 'The recipient is wrong: it needs a name, at least one kind, and a mail address or URL.',
    remedyZh: '改正后再保存。',
    remedyEn: 'Correct it and save again.',
  })
}
