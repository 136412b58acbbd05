import { generateKeyPairSync } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import pg from 'pg'
import { buildApp } from '../apps/server/src/app.ts'
import { Approvals } from '../apps/server/src/modules/approvals/index.ts'
import { ClientDoor, Clients } from '../apps/server/src/modules/clients/index.ts'
import { Measures } from '../apps/server/src/modules/measures/index.ts'
import type { Actor } from '../apps/server/src/platform/database/actor.ts'
import { Chance, validUscc } from '../packages/testkit/src/index.ts'
import type { Load, LoadResult } from './checks-load.ts'
import type { BenchOptions, BenchResult } from './run.ts'
import { scratchHouse } from './scratch.ts'

const ROUNDS = 3
const SECONDS = 6
const AT_ONCE = 16
const RATE = 300
const MATTER = 'BENCH-0001'

/**
 * Checks end to end, with record and ledger entry, against a route that verifies the same request and does one INSERT,
 * in one server. The load comes from another thread by HMAC keys. One applicant in twenty is listed.
 */
export async function run({ rows = 200_000 }: BenchOptions): Promise<BenchResult> {
  const scratch = await scratchHouse()
  const { house, catalogue } = scratch
  const superuser = new pg.Client({ connectionString: house.database.migratorUrl })
  await superuser.connect()
  const { rows: units } = await superuser.query('SELECT unit_id FROM xh.unit ORDER BY unit_id LIMIT 1')
  const unit = units[0].unit_id as number
  const codes = await fill(superuser, rows)
  const chance = new Chance(10)
  const names = codes.map(() => companyName(chance))
  await subscribe(scratch, superuser, unit)
  await superuser.query(
    'CREATE TABLE xh.bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL, at timestamptz NOT NULL DEFAULT now()); GRANT INSERT ON xh.bare TO xh_app',
  )
  const key = generateKeyPairSync('ed25519')
  await new Clients(house, new Approvals(house)).addAtTerminal(
    scratch.actor,
    {
      code: 'bench',
      name: '压测系统',
      unitId: unit,
      scopes: ['check.ask'],
      addresses: ['127.0.0.0/8'],
      requestsAMinute: 100_000,
      key: {
        id: 'key-1',
        algorithm: 'ed25519',
        publicKey: String(key.publicKey.export({ type: 'spki', format: 'pem' })),
      },
    },
    'bench',
  )
  const { rows: clients } = await superuser.query('SELECT client_id FROM xh.client')
  const door = new ClientDoor(house)
  const session = await door.issueSessionKey({
    accountId: clients[0].client_id,
    name: 'bench',
    role: 'systemClient',
    duty: 'client',
    unitId: unit,
    sessionId: 'key-1',
    freshUntil: new Date(),
    scopes: ['check.ask'],
  })
  // The flood limit by address is not what is measured: it stands at 2,000 a second.
  const app = await buildApp(house, catalogue, {
    city: '示例市',
    fictional: true,
    ratePerMinute: 1_000_000_000,
    screens: true,
    extraRoutes: (server) =>
      server.post('/api/v1/bare', { config: { access: { may: 'check.ask' } } }, async (request) => {
        await house.database.pools.app.query({
          name: 'bare',
          text: 'INSERT INTO xh.bare (body) VALUES ($1)',
          values: [JSON.stringify(request.body)],
        })
        return { result: 'clear' }
      }),
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as { port: number }
  const loadOf = (path: string, change: Partial<Load> = {}) =>
    runLoad({
      port,
      path,
      client: 'bench',
      key: session.key,
      secret: session.secret,
      matter: MATTER,
      codes,
      names,
      seconds: SECONDS,
      atOnce: AT_ONCE,
      ...change,
    })
  try {
    for (let tries = 0; ; tries++) {
      const { answered } = await loadOf('/api/v1/checks', { seconds: 1, atOnce: 2 })
      if (answered > 0) break
      if (tries > 60) throw new Error('the lists are not loaded')
    }
    const best = { checks: 0, bare: 0 }
    let failed = 0
    for (let round = 0; round < ROUNDS; round++) {
      const bare = await loadOf('/api/v1/bare')
      const checks = await loadOf('/api/v1/checks')
      best.bare = Math.max(best.bare, bare.answered / bare.seconds)
      best.checks = Math.max(best.checks, checks.answered / checks.seconds)
      failed += bare.failed + checks.failed
      process.stderr.write(
        `round ${round + 1}: checks ${(checks.answered / checks.seconds).toFixed(0)}/s, bare ${(bare.answered / bare.seconds).toFixed(0)}/s\n`,
      )
    }
    const steady = await loadOf('/api/v1/checks', { rate: RATE, seconds: 15, atOnce: 64 })
    return {
      name: 'checks',
      figures: {
        rows,
        checksPerSecond: best.checks,
        barePerSecond: best.bare,
        steadyRate: RATE,
        steadyP50Ms: steady.p50,
        steadyP99Ms: steady.p99,
        failed: failed + steady.failed,
      },
      ratios: { checksOverBare: best.checks / best.bare },
    }
  } finally {
    await app.close()
    await superuser.end()
    await scratch.close()
  }
}

/** As varied as real ones: a brand of two or three characters among six thousand. */
function companyName(chance: Chance): string {
  const brand = Array.from({ length: chance.happens(0.4) ? 3 : 2 }, () =>
    String.fromCharCode(0x4e00 + chance.below(6000)),
  ).join('')
  const region = chance.pick(['示例市', '示例市青源区', '白鹭县', ''])
  return `${region}${brand}${chance.pick(['建设工程', '商贸', '物流', '食品', '科技', '机械制造', '环保'])}有限公司`
}

function runLoad(load: Load): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./checks-load.ts', import.meta.url), { workerData: load })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

/** Entries of a list, and the codes that are asked for: one in twenty of them listed. */
async function fill(superuser: pg.Client, rows: number): Promise<string[]> {
  const listed: string[] = []
  const chance = new Chance(9)
  for (let from = 0; from < rows; from += 20_000) {
    const codes = Array.from({ length: Math.min(20_000, rows - from) }, (_, index) =>
      validUscc('91', '519902', from + index),
    )
    await superuser.query(
      `INSERT INTO xh.listing (list_code, item, subject_id, key, kind, uscc, name, document_number, listed_on, in_force)
       SELECT 'wage-arrears', i.item, $2::bigint + n, gen_random_uuid(), 'o', code, name, '示人社列〔2026〕' || n || '号', '2026-01-05', true
         FROM unnest($1::text[], $3::text[]) WITH ORDINALITY AS c (code, name, n), xh.list_item i WHERE i.list_code = 'wage-arrears'`,
      [codes, from, codes.map(() => companyName(chance))],
    )
    listed.push(...codes)
  }
  await superuser.query('VACUUM ANALYZE xh.listing')
  return Array.from({ length: 10_000 }, (_, index) =>
    index % 20 === 0
      ? (listed[(index * 7919) % listed.length] as string)
      : validUscc('91', '519903', 5_000_000 + index),
  )
}

async function subscribe(
  scratch: Awaited<ReturnType<typeof scratchHouse>>,
  superuser: pg.Client,
  unit: number,
): Promise<void> {
  const { house, catalogue } = scratch
  await superuser.query(
    `INSERT INTO xh.matter (code, name, kind, unit_id) VALUES ($1, '工程建设项目投标资格审查', '公共资源交易', $2)`,
    [MATTER, unit],
  )
  const person = async (login: string, duty: 'centre' | 'department', role: string): Promise<Actor> => {
    const { rows } = await superuser.query(
      'INSERT INTO xh.account (login, name, duty, unit_id) VALUES ($1, $1, $2, $3) RETURNING account_id',
      [login, duty, duty === 'centre' ? null : unit],
    )
    await superuser.query('INSERT INTO xh.account_role (account_id, duty, role) VALUES ($1, $2, $3)', [
      rows[0].account_id,
      duty,
      role,
    ])
    return {
      name: login,
      duty,
      accountId: rows[0].account_id,
      unitId: duty === 'centre' ? undefined : unit,
    }
  }
  const approvals = new Approvals(house)
  const measures = new Measures(house, catalogue, approvals)
  const bound = await measures.proposeBinding(
    await person('bench-operator', 'centre', 'centreOperator'),
    { measure: 'a1-market-access', matters: [MATTER] },
    'bench',
  )
  await approvals.decide(
    await person('bench-reviewer', 'centre', 'centreReviewer'),
    bound,
    'approve',
    'bench',
  )
  const line = await measures.proposeSubscription(
    await person('bench-clerk', 'department', 'departmentClerk'),
    [{ matter: MATTER, measure: 'a1-market-access', effect: 'intercept' }],
    'bench',
  )
  await approvals.decide(
    await person('bench-head', 'department', 'departmentReviewer'),
    line,
    'approve',
    'bench',
  )
}
