import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import type { Database } from '../database/database.ts'
import { DomainError } from '../errors/domain-error.ts'
import { prepareQueues, QUEUE_SCHEMA, type QueueOptions } from './prepare.ts'

/** Numbers of rows that a job works on; nothing else is in a job, and the job asks the database what they are now. */
export type JobIds = Readonly<Record<string, number>>

/** One kind of background work, named `area.verb`, stable: it names the queue. */
export interface JobKind extends QueueOptions {
  readonly zh: string
  readonly en: string
  /** When it runs by itself: a cron expression in the clock of Asia/Shanghai. */
  readonly schedule?: string
  /** Names of the numbers it takes. */
  readonly ids: readonly string[]
  /** @returns how much was done, for the jobs page: numbers alone */
  run(ids: JobIds): Promise<Readonly<Record<string, number>>>
}

export type JobState = 'created' | 'retry' | 'active' | 'completed' | 'cancelled' | 'failed'

/** A job as people see it: when, how often, what became of it. */
export interface JobView {
  readonly id: string
  readonly kind: string
  readonly state: JobState
  readonly ids: JobIds
  readonly createdAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly tries: number
  /** What it said: numbers when it was done, a fault's code and sentences when it failed. */
  readonly output: Readonly<Record<string, string | number>> | null
}

export interface QueueView {
  readonly kind: string
  readonly waiting: number
  readonly active: number
  readonly failed: number
  /** Seconds that the oldest job ready to run has waited. */
  readonly oldestSeconds: number | null
  readonly lastCompletedAt: string | null
  readonly lastFailedAt: string | null
}

const ZONE = 'Asia/Shanghai'
/** Where work is looked for so often. */
const POLL_SECONDS = 2
/** What ran is shown so long. */
const KEPT_SECONDS = 30 * 86_400

/**
 * Background work on PostgreSQL: pg-boss as xh_job, in a schema that the migrator made. What a failed job leaves is a
 * code, never a message of the database: that could repeat delivered values.
 */
export class Jobs {
  readonly #pool: pg.Pool
  readonly #migratorUrl: string
  readonly #kinds = new Map<string, JobKind>()
  #boss: PgBoss | undefined

  constructor(database: Pick<Database, 'migratorUrl' | 'pools'>) {
    this.#pool = database.pools.job
    this.#migratorUrl = database.migratorUrl
  }

  get kinds(): readonly JobKind[] {
    return [...this.#kinds.values()]
  }

  /** Before `start`. */
  register(...kinds: readonly JobKind[]): void {
    for (const kind of kinds) {
      if (!/^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/.test(kind.name))
        throw new Error(`job name ${kind.name}`)
      this.#kinds.set(kind.name, kind)
    }
  }

  /** Makes the queues, and works on them unless told to only send. */
  async start(options: { readonly works: boolean } = { works: true }): Promise<void> {
    await prepareQueues(this.#migratorUrl, this.#pool, this.kinds, KEPT_SECONDS)
    const boss = new PgBoss({
      db: {
        executeSql: async (text, values) => {
          const result = await this.#pool.query(text, values as unknown[])
          // Several statements at once give several results: the last one is the answer.
          const last = Array.isArray(result) ? result.at(-1) : result
          return { rows: last.rows }
        },
      },
      schema: QUEUE_SCHEMA,
      migrate: false,
      createSchema: false,
      supervise: options.works,
      schedule: options.works,
      reindex: false,
      monitorVacuum: false,
    })
    // A lost connection is met by the next poll; the process goes on.
    boss.on('error', () => {})
    await boss.start()
    this.#boss = boss
    if (!options.works) return
    for (const kind of this.kinds) {
      await boss.work<JobIds>(
        kind.name,
        { pollingIntervalSeconds: POLL_SECONDS, batchSize: 1 },
        async ([job]) => (job === undefined ? undefined : await runGuarded(kind, job.data)),
      )
      if (kind.schedule === undefined) await boss.unschedule(kind.name).catch(() => {})
      else await boss.schedule(kind.name, kind.schedule, {}, { tz: ZONE })
    }
  }

  async stop(): Promise<void> {
    await this.#boss?.stop({ graceful: true, timeout: 5000, close: false })
    this.#boss = undefined
  }

  /** @returns the job's id; undefined where one of the same key waits already */
  async send(
    kind: string,
    ids: JobIds = {},
    options: { readonly key?: string } = {},
  ): Promise<string | undefined> {
    const known = this.#kind(kind)
    checkIds(known, ids)
    const id = await this.#running.send(
      kind,
      { ...ids },
      options.key === undefined ? {} : { singletonKey: options.key },
    )
    return id ?? undefined
  }

  /** Runs a failed job again. @throws DomainError `job.unknown`, `job.not-failed` */
  async again(kind: string, id: string): Promise<void> {
    this.#kind(kind)
    const [job] = await this.#running.findJobs<JobIds>(kind, { id })
    if (job === undefined) throw unknownJob(id)
    if (job.state !== 'failed' && job.state !== 'cancelled') {
      throw new DomainError('job.not-failed', {
        zh: '只有失败或取消的任务可以重新执行。',
        en: 'Only a failed or cancelled job can be run again.',
        remedyZh: '刷新页面查看任务的当前状态。',
        remedyEn: 'Reload the page to see its state.',
        status: 409,
      })
    }
    await this.#running.retry(kind, id)
  }

  /** The newest jobs, of all kinds or one. */
  async list(filter: {
    readonly kind?: string
    readonly state?: JobState
    readonly limit: number
  }): Promise<JobView[]> {
    const { rows } = await this.#pool.query(
      `SELECT id, name AS kind, state::text, data, created_on, started_on, completed_on, retry_count, output
         FROM ${QUEUE_SCHEMA}.job
        WHERE name = ANY ($1) AND ($2::text IS NULL OR state::text = $2)
        ORDER BY created_on DESC LIMIT $3`,
      [
        filter.kind === undefined ? this.kinds.map((kind) => kind.name) : [filter.kind],
        filter.state ?? null,
        filter.limit,
      ],
    )
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      state: row.state,
      ids: row.data ?? {},
      createdAt: row.created_on.toISOString(),
      startedAt: row.started_on?.toISOString() ?? null,
      endedAt: row.completed_on?.toISOString() ?? null,
      tries: row.retry_count + (row.started_on === null ? 0 : 1),
      output: row.output === null ? null : shownOutput(row.output),
    }))
  }

  async queues(): Promise<QueueView[]> {
    const { rows } = await this.#pool.query(
      `SELECT k.kind,
              count(j.id) FILTER (WHERE j.state IN ('created', 'retry') AND j.start_after <= now())::int AS waiting,
              count(j.id) FILTER (WHERE j.state = 'active')::int AS active,
              count(j.id) FILTER (WHERE j.state = 'failed')::int AS failed,
              extract(epoch FROM now() - min(j.start_after) FILTER (WHERE j.state IN ('created', 'retry') AND j.start_after <= now()))::float8 AS oldest,
              max(j.completed_on) FILTER (WHERE j.state = 'completed') AS completed,
              max(j.completed_on) FILTER (WHERE j.state = 'failed') AS broken
         FROM unnest($1::text[]) WITH ORDINALITY AS k (kind, place) LEFT JOIN ${QUEUE_SCHEMA}.job j ON j.name = k.kind
        GROUP BY k.kind, k.place ORDER BY k.place`,
      [this.kinds.map((kind) => kind.name)],
    )
    return rows.map((row) => ({
      kind: row.kind,
      waiting: row.waiting,
      active: row.active,
      failed: row.failed,
      oldestSeconds: row.oldest === null ? null : Math.round(row.oldest),
      lastCompletedAt: row.completed?.toISOString() ?? null,
      lastFailedAt: row.broken?.toISOString() ?? null,
    }))
  }

  get #running(): PgBoss {
    if (this.#boss === undefined) throw new Error('jobs are not started')
    return this.#boss
  }

  #kind(name: string): JobKind {
    const kind = this.#kinds.get(name)
    if (kind === undefined) throw unknownJob(name)
    return kind
  }
}

function unknownJob(name: string): DomainError {
  return new DomainError('job.unknown', {
    zh: `没有这项任务（${name.slice(0, 60)}）。`,
    en: `There is no such job (${name.slice(0, 60)}).`,
    remedyZh: '刷新页面后再试。',
    remedyEn: 'Reload the page and try again.',
    status: 404,
  })
}

/** A row of the queue's table is not trusted: only the numbers that the kind names come in. */
function checkIds(kind: JobKind, data: unknown): asserts data is JobIds {
  const given = typeof data === 'object' && data !== null ? Object.entries(data) : []
  const good =
    given.every(([name, value]) => kind.ids.includes(name) && Number.isSafeInteger(value)) &&
    kind.ids.every((name) => given.some(([one]) => one === name))
  if (!good) {
    throw new DomainError('job.payload', {
      zh: '任务的参数不符合规定，未执行。',
      en: 'The job’s numbers are not what its kind takes: it was not run.',
      remedyZh: '查明是谁写入了任务表。',
      remedyEn: 'Find out who wrote into the queue.',
    })
  }
}

/** Runs a job; what it throws leaves this place as codes and our own sentences. */
async function runGuarded(kind: JobKind, data: unknown): Promise<Readonly<Record<string, number>>> {
  try {
    const ids: unknown = data ?? {}
    checkIds(kind, ids)
    return await kind.run(ids)
  } catch (error) {
    throw new JobFault(error)
  }
}

class JobFault extends Error {
  readonly code: string
  readonly zh: string
  readonly en: string

  constructor(error: unknown) {
    const known = error instanceof DomainError ? error : undefined
    const code =
      known?.code ?? `unexpected.${(error as { code?: string })?.code ?? (error as Error)?.name ?? 'error'}`
    super(code)
    this.name = 'JobFault'
    this.code = code
    this.zh = known === undefined ? '意外错误，详见服务日志。' : `${known.zh}${known.remedyZh}`
    this.en = known === undefined ? 'Unexpected; see the server’s log.' : `${known.en} ${known.remedyEn}`
    // Lines of a stack may hold values.
    delete this.stack
  }
}

function shownOutput(output: Record<string, unknown>): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    Object.entries(output).filter(
      (entry): entry is [string, string | number] =>
        typeof entry[1] === 'number' ||
        (typeof entry[1] === 'string' && ['code', 'zh', 'en', 'message'].includes(entry[0])),
    ),
  )
}
