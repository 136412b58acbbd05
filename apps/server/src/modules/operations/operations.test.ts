import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { Jobs } from '../../platform/jobs/index.ts'
import { guardedServer, type SignedInForTest, signedInAs } from '../access/testing.ts'
import { type Health, type JobsOverview, Operations, operationsRoutes } from './index.ts'

let house: TestHouse
let app: FastifyInstance
let jobs: Jobs
let administrator: SignedInForTest
let centre: SignedInForTest
let good = false

beforeAll(async () => {
  house = await testHouse()
  jobs = new Jobs(house.house.database)
  jobs.register({
    name: 'trial.work',
    zh: '试运行',
    en: 'Trial',
    schedule: '0 3 * * *',
    ids: [],
    retries: 0,
    retryDelaySeconds: 1,
    expireSeconds: 60,
    async run() {
      if (!good) throw new DomainError('trial.bad', { zh: '不行。', en: 'Bad.' })
      return { rows: 2 }
    },
  })
  await jobs.start()
  app = await guardedServer(house)
  operationsRoutes(app, new Operations(house.house, jobs))
  await app.ready()
  administrator = await signedInAs(house, { role: 'systemAdministrator' })
  centre = await signedInAs(house, { role: 'centreOperator' })
})
afterAll(async () => {
  await jobs.stop()
  await app.close()
  await house.close()
})

const get = async <T>(url: string, who = administrator) => {
  const answer = await app.inject({ url, headers: who.headers })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json() as T
}
async function until(state: string) {
  for (let i = 0; i < 100; i++) {
    const { jobs: list } = await get<JobsOverview>('/api/console/jobs')
    const found = list.find((job) => job.state === state)
    if (found !== undefined) return found
    await wait(100)
  }
  throw new Error(`no job became ${state}`)
}

test('a job is run by hand, fails with its sentence, and is run again', async () => {
  const run = { method: 'POST', headers: administrator.headers } as const
  expect(
    (await app.inject({ ...run, url: '/api/console/jobs/run', payload: { kind: 'trial.work' } })).statusCode,
  ).toBe(204)
  const failed = await until('failed')
  expect(failed.output).toMatchObject({ code: 'trial.bad', zh: '不行。' })
  const overview = await get<JobsOverview>('/api/console/jobs')
  expect(overview.kinds[0]).toMatchObject({
    kind: 'trial.work',
    zh: '试运行',
    schedule: '0 3 * * *',
    failed: 1,
  })
  good = true
  const again = { kind: 'trial.work', id: failed.id }
  expect((await app.inject({ ...run, url: '/api/console/jobs/again', payload: again })).statusCode).toBe(204)
  expect((await until('completed')).output).toEqual({ rows: 2 })
  const { rows } = await house.superuser.query(
    `SELECT act FROM xh.ledger_inbox WHERE act LIKE 'job.%' ORDER BY entry_id`,
  )
  expect(rows.map((row) => row.act)).toEqual(['job.run', 'job.again'])
})

test('the centre reads, and runs nothing; a clerk does not read', async () => {
  await get('/api/console/health', centre)
  const refused = await app.inject({
    method: 'POST',
    url: '/api/console/jobs/run',
    headers: centre.headers,
    payload: { kind: 'trial.work' },
  })
  expect(refused.statusCode).toBe(403)
  const evaluator = await signedInAs(house, { role: 'evaluator' })
  expect((await app.inject({ url: '/api/console/jobs', headers: evaluator.headers })).statusCode).toBe(403)
})

test('health says how the database, the disk, the queue and the backups stand', async () => {
  const health = await get<Health>('/api/console/health')
  expect(health.checks.map((check) => check.code)).toEqual([
    'database',
    'connections',
    'transactions',
    'disk',
    'queue',
    'ledger',
    'backup',
    'mail',
  ])
  expect(health.checks.find((check) => check.code === 'disk')?.detail.freeBytes).toBeGreaterThan(0)
  expect(health.checks.find((check) => check.code === 'backup')?.verdict).toBe('warning')
  expect(health.versions['Node.js']).toBe(process.versions.node)
  expect(health.versions.迁移).toMatch(/^\d{4}_/)
  expect(health.versions.PostgreSQL).toMatch(/^\d+/)
})
