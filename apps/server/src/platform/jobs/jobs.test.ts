import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestHouse, testHouse } from '../database/testing.ts'
import { DomainError } from '../errors/domain-error.ts'
import { type JobIds, type JobState, Jobs } from './index.ts'

const SECRET = '11010519491231002X'
let house: TestHouse
let jobs: Jobs
const ran: JobIds[] = []
let broken = true

beforeAll(async () => {
  house = await testHouse()
  jobs = new Jobs(house.house.database)
  const kind = { zh: '试', en: 'trial', retries: 0, retryDelaySeconds: 1, expireSeconds: 60 }
  jobs.register(
    {
      ...kind,
      name: 'trial.count',
      ids: ['delivery'],
      async run(ids) {
        ran.push(ids)
        return { rows: 3 }
      },
    },
    {
      ...kind,
      name: 'trial.break',
      ids: [],
      async run() {
        if (broken) throw new Error(`Key (number)=(${SECRET}) already exists`)
        return {}
      },
    },
    {
      ...kind,
      name: 'trial.refuse',
      ids: [],
      async run() {
        throw new DomainError('unit.unknown', { zh: '没有这个单位。', en: 'No such unit.' })
      },
    },
  )
  await jobs.start()
})
afterAll(async () => {
  await jobs.stop()
  await house.close()
})

async function until(kind: string, state: JobState) {
  for (let i = 0; i < 100; i++) {
    const job = (await jobs.list({ kind, limit: 10 })).find((one) => one.state === state)
    if (job !== undefined) return job
    await wait(100)
  }
  throw new Error(`${kind} never became ${state}`)
}

test('a job gets its numbers and tells what it did', async () => {
  await jobs.send('trial.count', { delivery: 7 })
  const job = await until('trial.count', 'completed')
  expect(ran).toContainEqual({ delivery: 7 })
  expect(job.output).toEqual({ rows: 3 })
  expect(job.tries).toBe(1)
})

test('only the numbers of its kind come into a job, whoever wrote the row', async () => {
  await expect(jobs.send('trial.count', {} as never)).rejects.toMatchObject({ code: 'job.payload' })
  await expect(jobs.send('trial.count', { delivery: 'DROP' } as never)).rejects.toMatchObject({
    code: 'job.payload',
  })
  await house.house.database.pools.job.query(
    `INSERT INTO xh_queue.job (name, data, retry_limit, policy) SELECT 'trial.count', '{"delivery": 1, "sql": "drop"}', 0, policy FROM xh_queue.queue WHERE name = 'trial.count'`,
  )
  expect((await until('trial.count', 'failed')).output).toMatchObject({ code: 'job.payload' })
  expect(ran).toEqual([{ delivery: 7 }])
})

test('what failed is told by a code: no value of the database stays in the queue', async () => {
  await jobs.send('trial.break')
  const job = await until('trial.break', 'failed')
  expect(job.output).toMatchObject({ code: 'unexpected.Error' })
  const { rows } = await house.superuser.query(`SELECT string_agg(j::text, '') AS all FROM xh_queue.job j`)
  expect(rows[0].all).not.toContain(SECRET)
})

test('a fault of ours keeps its sentences', async () => {
  await jobs.send('trial.refuse')
  expect((await until('trial.refuse', 'failed')).output).toMatchObject({
    code: 'unit.unknown',
    zh: '没有这个单位。',
  })
})

test('a failed job is run again, another is not', async () => {
  const job = await until('trial.break', 'failed')
  broken = false
  await jobs.again('trial.break', job.id)
  const done = await until('trial.break', 'completed')
  expect(done.id).toBe(job.id)
  await expect(jobs.again('trial.break', job.id)).rejects.toMatchObject({ code: 'job.not-failed' })
  await expect(jobs.again('nothing.here', job.id)).rejects.toMatchObject({ code: 'job.unknown' })
})

test('queues tell what waits and what failed', async () => {
  const queues = await jobs.queues()
  expect(queues.map((queue) => queue.kind)).toEqual(['trial.count', 'trial.break', 'trial.refuse'])
  expect(queues[2]).toMatchObject({ failed: 1, waiting: 0 })
})

test('xh_job works in the queue and makes no tables; the other logins do not reach it', async () => {
  const { pools } = house.house.database
  await expect(pools.job.query('CREATE TABLE xh_queue.mine (a int)')).rejects.toMatchObject({ code: '42501' })
  for (const login of ['app', 'load', 'portal'] as const)
    await expect(pools[login].query('SELECT FROM xh_queue.job')).rejects.toMatchObject({ code: '42501' })
})

test('a second start finds everything there and needs no migrator', async () => {
  const { pools } = house.house.database
  const again = new Jobs({ migratorUrl: 'postgres://nobody@127.0.0.1:1/none', pools })
  again.register(...jobs.kinds)
  await again.start({ works: false })
  await again.stop()
})
