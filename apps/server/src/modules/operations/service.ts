import { existsSync, readdirSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import manifest from '../../../package.json' with { type: 'json' }
import { type Actor, withActor } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import type { JobState, Jobs, JobView, QueueView } from '../../platform/jobs/index.ts'

export interface JobsOverview {
  readonly kinds: readonly (QueueView & {
    readonly zh: string
    readonly en: string
    readonly schedule: string | null
  })[]
  readonly jobs: readonly JobView[]
}

export type Verdict = 'good' | 'warning' | 'bad' | 'unknown'

export interface HealthCheck {
  readonly code: string
  readonly verdict: Verdict
  readonly zh: string
  readonly en: string
  /** Numbers behind the verdict. */
  readonly detail: Readonly<Record<string, string | number | null>>
}

export interface Health {
  readonly at: string
  readonly checks: readonly HealthCheck[]
  readonly versions: Readonly<Record<string, string>>
}

const DISK = { warning: 0.15, bad: 0.05 }
const QUEUE_SECONDS = { warning: 300, bad: 1800 }
const TRANSACTION_MINUTES = { warning: 30, bad: 120 }
const BACKUP_HOURS = { warning: 26, bad: 50 }

/** What runs behind the pages, and whether the house stands well. */
export class Operations {
  readonly #house: House
  readonly #jobs: Jobs

  constructor(house: House, jobs: Jobs) {
    this.#house = house
    this.#jobs = jobs
  }

  async jobs(filter: {
    readonly kind?: string
    readonly state?: JobState
    readonly limit: number
  }): Promise<JobsOverview> {
    const [queues, jobs] = await Promise.all([this.#jobs.queues(), this.#jobs.list(filter)])
    const kinds = new Map(this.#jobs.kinds.map((kind) => [kind.name, kind]))
    return {
      kinds: queues.map((queue) => {
        const kind = kinds.get(queue.kind)
        return {
          ...queue,
          zh: kind?.zh ?? queue.kind,
          en: kind?.en ?? queue.kind,
          schedule: kind?.schedule ?? null,
        }
      }),
      jobs,
    }
  }

  /** Runs a failed job again; who asked for it stands on the ledger. */
  async again(actor: Actor, kind: string, id: string): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async () => {
      await this.#jobs.again(kind, id)
      return { result: undefined, act: { act: 'job.again', object: `job:${id}`, detail: { kind } } }
    })
  }

  /** Runs a kind of job now that otherwise runs by its clock. */
  async runNow(actor: Actor, kind: string): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async () => {
      await this.#jobs.send(kind, {}, { key: 'now' })
      return { result: undefined, act: { act: 'job.run', object: `job:${kind}` } }
    })
  }

  async health(): Promise<Health> {
    const database = await this.#database()
    const checks = [
      ...database.checks,
      await this.#disk(),
      await this.#queue(),
      await this.#ledger(),
      this.#backups(),
      this.#mail(),
    ]
    return {
      at: new Date().toISOString(),
      checks,
      versions: {
        'xinheng 信衡': manifest.version,
        'Node.js': process.versions.node,
        OpenSSL: process.versions.openssl,
        PostgreSQL: database.version,
        迁移: database.migration,
      },
    }
  }

  async #database(): Promise<{ checks: HealthCheck[]; version: string; migration: string }> {
    const begin = performance.now()
    const { rows } = await this.#house.database.pools.job.query(
      `SELECT split_part(current_setting('server_version'), ' ', 1) AS version, pg_database_size(current_database())::float8 AS bytes,
              current_setting('max_connections')::int AS most,
              (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
              (SELECT coalesce(extract(epoch FROM now() - min(xact_start)) / 60, 0)::float8 FROM pg_stat_activity WHERE datname = current_database()) AS oldest`,
    )
    const row = rows[0]
    const ms = Math.round(performance.now() - begin)
    const { rows: migrations } = await this.#house.database.pools.job.query(
      'SELECT max(name) AS name FROM xh.migration',
    )
    const share = row.connections / row.most
    return {
      version: row.version,
      migration: migrations[0].name,
      checks: [
        {
          code: 'database',
          verdict: 'good',
          zh: '数据库可用',
          en: 'The database answers',
          detail: { milliseconds: ms, bytes: row.bytes, embedded: this.#house.database.embedded ? 1 : 0 },
        },
        {
          code: 'connections',
          verdict: share > 0.9 ? 'bad' : share > 0.75 ? 'warning' : 'good',
          zh: '数据库连接',
          en: 'Database connections',
          detail: { connections: row.connections, most: row.most },
        },
        {
          code: 'transactions',
          verdict: byLimit(row.oldest, TRANSACTION_MINUTES),
          zh: '最久的事务',
          en: 'The oldest transaction',
          detail: { minutes: Math.round(row.oldest) },
        },
      ],
    }
  }

  async #disk(): Promise<HealthCheck> {
    const found = await statfs(this.#house.settings.dataFolder).catch(() => undefined)
    const base = { code: 'disk', zh: '数据盘剩余空间', en: 'Room on the data disk' }
    if (found === undefined) return { ...base, verdict: 'unknown', detail: {} }
    const free = found.bavail * found.bsize
    const all = found.blocks * found.bsize
    const share = all === 0 ? 0 : free / all
    return {
      ...base,
      verdict: share < DISK.bad ? 'bad' : share < DISK.warning ? 'warning' : 'good',
      detail: { freeBytes: free, bytes: all, percent: Math.round(share * 1000) / 10 },
    }
  }

  async #queue(): Promise<HealthCheck> {
    const queues = await this.#jobs.queues()
    const oldest = Math.max(0, ...queues.map((queue) => queue.oldestSeconds ?? 0))
    return {
      code: 'queue',
      verdict: byLimit(oldest, QUEUE_SECONDS),
      zh: '任务队列最久等待',
      en: 'The longest wait in the queue',
      detail: {
        seconds: oldest,
        waiting: queues.reduce((sum, queue) => sum + queue.waiting, 0),
        failed: queues.reduce((sum, queue) => sum + queue.failed, 0),
      },
    }
  }

  async #ledger(): Promise<HealthCheck> {
    const base = { code: 'ledger', zh: '账本最新签名头', en: 'The ledger’s newest signed head' }
    const pool = this.#house.database.pools.job
    const { rows } = await pool.query(
      'SELECT extract(epoch FROM now() - max(signed_at))::float8 / 60 AS minutes, max(size)::float8 AS size FROM xh.ledger_head',
    )
    const minutes: number | null = rows[0].minutes === null ? null : Math.round(rows[0].minutes)
    return {
      ...base,
      verdict: minutes === null ? 'unknown' : byLimit(minutes, { warning: 65, bad: 120 }),
      detail: { minutes, entries: rows[0].size },
    }
  }

  #backups(): HealthCheck {
    const folder = join(this.#house.settings.dataFolder, 'backups')
    const base = { code: 'backup', zh: '最近一次备份', en: 'The last backup' }
    const times = existsSync(folder)
      ? readdirSync(folder).map((name) => statSync(join(folder, name)).mtimeMs)
      : []
    if (times.length === 0) return { ...base, verdict: 'warning', detail: { count: 0 } }
    const hours = Math.round((Date.now() - Math.max(...times)) / 3_600_000)
    return { ...base, verdict: byLimit(hours, BACKUP_HOURS), detail: { hours, count: times.length } }
  }

  #mail(): HealthCheck {
    const set = this.#house.settings.mail !== undefined
    return {
      code: 'mail',
      verdict: set ? 'good' : 'warning',
      zh: set ? '告警邮件已配置' : '告警邮件未配置',
      en: set ? 'Mail for alarms is set' : 'Mail for alarms is not set',
      detail: {},
    }
  }
}

function byLimit(value: number, limit: { readonly warning: number; readonly bad: number }): Verdict {
  return value > limit.bad ? 'bad' : value > limit.warning ? 'warning' : 'good'
}
