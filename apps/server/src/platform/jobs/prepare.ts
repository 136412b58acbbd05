import pg from 'pg'
import { PgBoss } from 'pg-boss'

/** A queue, and how long and how often its jobs may run. */
export interface QueueOptions {
  readonly name: string
  readonly retries: number
  readonly retryDelaySeconds: number
  readonly expireSeconds: number
}

export const QUEUE_SCHEMA = 'xh_queue'
/** One process prepares at a time. */
const LOCK = 7_261_003

/**
 * Makes the queue's schema and queues as the migrator and lets xh_job work in them. Nothing is done where all of it is
 * there already: the migrator then does not even connect.
 */
export async function prepareQueues(
  migratorUrl: string,
  reader: pg.Pool,
  kinds: readonly QueueOptions[],
  keptSeconds: number,
): Promise<void> {
  if (await isPrepared(reader, kinds)) return
  const client = new pg.Client({ connectionString: migratorUrl })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    const boss = new PgBoss({
      db: {
        executeSql: async (text, values) => {
          const result = await client.query(text, values as unknown[])
          const last = Array.isArray(result) ? result.at(-1) : result
          return { rows: last.rows }
        },
      },
      schema: QUEUE_SCHEMA,
      supervise: false,
      schedule: false,
      monitorVacuum: false,
    })
    boss.on('error', () => {})
    await boss.start()
    for (const kind of kinds) {
      if ((await boss.getQueue(kind.name)) !== null) continue
      await boss.createQueue(kind.name, {
        retryLimit: kind.retries,
        retryDelay: kind.retryDelaySeconds,
        retryBackoff: true,
        expireInSeconds: kind.expireSeconds,
        deleteAfterSeconds: keptSeconds,
      })
    }
    await boss.stop({ graceful: false, close: false })
    await client.query(`
      REVOKE ALL ON SCHEMA ${QUEUE_SCHEMA} FROM PUBLIC;
      GRANT USAGE ON SCHEMA ${QUEUE_SCHEMA} TO xh_job;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${QUEUE_SCHEMA} TO xh_job;
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${QUEUE_SCHEMA} TO xh_job;
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${QUEUE_SCHEMA} TO xh_job`)
  } finally {
    await client.end()
  }
}

/** By the catalogue, which xh_job may read: whether the schema is of this version of the queue and holds every queue. */
async function isPrepared(reader: pg.Pool, kinds: readonly QueueOptions[]): Promise<boolean> {
  const { rows } = await reader.query(
    `SELECT to_regclass('${QUEUE_SCHEMA}.version') IS NOT NULL
        AND has_schema_privilege(current_user, to_regnamespace('${QUEUE_SCHEMA}')::oid, 'USAGE') AS there`,
  )
  if (rows[0].there !== true) return false
  const boss = new PgBoss({
    db: { executeSql: async (text, values) => reader.query(text, values as unknown[]) },
    schema: QUEUE_SCHEMA,
    migrate: false,
    createSchema: false,
    supervise: false,
    schedule: false,
  })
  boss.on('error', () => {})
  try {
    await boss.start()
    const found = await reader.query(`SELECT name FROM ${QUEUE_SCHEMA}.queue`)
    const names = new Set(found.rows.map((row) => row.name))
    return kinds.every((kind) => names.has(kind.name))
  } catch {
    return false
  } finally {
    await boss.stop({ graceful: false, close: false }).catch(() => {})
  }
}
