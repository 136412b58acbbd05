import { join } from 'node:path'
import Fastify from 'fastify'
import pg from 'pg'
import { buildApp } from '../apps/server/src/app.ts'
import {
  Chance,
  syntheticUnits,
  writeSyntheticPermits,
  writeSyntheticRegistrations,
} from '../packages/testkit/src/index.ts'
import type { BenchOptions, BenchResult } from './run.ts'
import { scratchHouse } from './scratch.ts'

const ROUNDS = 3
const REQUESTS = 1500
const AT_ONCE = 8

/**
 * Reading: an organisation's page and the API by code over many records, against a bare Fastify route that returns
 * the same bytes, over HTTP on loopback, so many requests at once. Best of three alternating rounds.
 */
export async function run({ rows = 2_000_000 }: BenchOptions): Promise<BenchResult> {
  const scratch = await scratchHouse()
  const superuser = new pg.Client({ connectionString: scratch.house.database.migratorUrl })
  await superuser.connect()
  const source = syntheticUnits()[0]?.uscc as string
  const subjects = Math.max(1, Math.round(rows / 5))
  const deliver = async (path: string, item: string) =>
    scratch.deliveries.import({ path, item, source, mode: 'increment', dryRun: false, actor: scratch.actor })
  const permits = join(scratch.folder, 'permits.csv')
  const registrations = join(scratch.folder, 'registrations.csv')
  process.stderr.write(`loading ${rows} permits of ${subjects} organisations\n`)
  await writeSyntheticRegistrations(registrations, subjects)
  await writeSyntheticPermits(permits, {
    rows,
    subjects,
    today: new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10),
  })
  await deliver(registrations, 'enterprise-registration')
  await deliver(permits, 'permit-organisation')
  await superuser.query('VACUUM ANALYZE')
  const chosen = await superuser.query(
    "SELECT value FROM xh.identifier WHERE type = 'u' ORDER BY md5(value) LIMIT 500",
  )
  const codes: string[] = chosen.rows.map((row) => row.value)
  const app = await buildApp(scratch.house, scratch.catalogue, {
    city: '示例市',
    fictional: true,
    ratePerMinute: 1_000_000_000,
  })
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  const page = await (await fetch(`${base}/subjects/${codes[0]}`)).text()
  const json = await (await fetch(`${base}/api/v1/subjects/${codes[0]}`)).text()
  const bare = Fastify()
  bare.get('/page/:code', (_, reply) => reply.type('text/html; charset=utf-8').send(page))
  bare.get('/json/:code', (_, reply) => reply.type('application/json; charset=utf-8').send(json))
  const bareBase = await bare.listen({ host: '127.0.0.1', port: 0 })
  const best = { page: slowest(), api: slowest(), barePage: slowest(), bareApi: slowest() }
  try {
    for (let round = 0; round < ROUNDS; round++) {
      best.page = better(best.page, await load(`${base}/subjects/`, codes))
      best.barePage = better(best.barePage, await load(`${bareBase}/page/`, codes))
      best.api = better(best.api, await load(`${base}/api/v1/subjects/`, codes))
      best.bareApi = better(best.bareApi, await load(`${bareBase}/json/`, codes))
    }
  } finally {
    await app.close()
    await bare.close()
    await superuser.end()
    await scratch.close()
  }
  return {
    name: 'read',
    figures: {
      rows,
      pagePerSecond: best.page.perSecond,
      pageP50: best.page.p50,
      pageP99: best.page.p99,
      apiPerSecond: best.api.perSecond,
      apiP50: best.api.p50,
      apiP99: best.api.p99,
      barePagePerSecond: best.barePage.perSecond,
      bareApiPerSecond: best.bareApi.perSecond,
    },
    ratios: {
      pageToBare: best.page.perSecond / best.barePage.perSecond,
      apiToBare: best.api.perSecond / best.bareApi.perSecond,
    },
  }
}

interface Load {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

const slowest = (): Load => ({ perSecond: 0, p50: 0, p99: 0 })
const better = (a: Load, b: Load): Load => (a.perSecond > b.perSecond ? a : b)

async function load(base: string, codes: readonly string[]): Promise<Load> {
  const chance = new Chance(5)
  const times: number[] = []
  let left = REQUESTS
  const begin = performance.now()
  const one = async () => {
    while (left-- > 0) {
      const start = performance.now()
      const answer = await fetch(base + chance.pick(codes))
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`${base} answered ${answer.status}`)
      times.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  const seconds = (performance.now() - begin) / 1000
  times.sort((a, b) => a - b)
  return {
    perSecond: times.length / seconds,
    p50: times[times.length >> 1] as number,
    p99: times[Math.floor(times.length * 0.99)] as number,
  }
}
