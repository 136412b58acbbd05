import pg from 'pg'
import { Sequencer, verifyLedger } from '../apps/server/src/modules/ledger/index.ts'
import { become, withActor } from '../apps/server/src/platform/database/actor.ts'
import type { BenchOptions, BenchResult } from './run.ts'
import { scratchHouse } from './scratch.ts'

const ROUNDS = 3
const WRITES = 600
/** Writes of one kind in a row: what else happens on the machine meets both alike. */
const IN_A_ROW = 10

/**
 * The ledger: an act of one row in its transaction (looked up, checked, written, committed) with its entry, against
 * the same transaction without. Best of three rounds, in each of which both alternate. Then so many entries are
 * ordered into the tree, signed and verified.
 */
export async function run({ rows = 1_000_000 }: BenchOptions): Promise<BenchResult> {
  const scratch = await scratchHouse()
  const { house, actor } = scratch
  const { app } = house.database.pools
  const superuser = new pg.Client({ connectionString: house.database.migratorUrl })
  await superuser.connect()
  try {
    const units: number[] = (await app.query('SELECT unit_id FROM xh.unit')).rows.map((row) => row.unit_id)
    let turn = 0
    const write = async (client: pg.PoolClient, unit: number) => {
      const { rows: found } = await client.query(
        'SELECT name, region FROM xh.unit WHERE unit_id = $1 FOR UPDATE',
        [unit],
      )
      if (found[0] === undefined) throw new Error('the unit is there')
      await client.query('UPDATE xh.unit SET former_names = $2 WHERE unit_id = $1', [
        unit,
        [`曾用名 ${turn}`],
      ])
    }
    const plain = async (unit: number) => {
      const client = await app.connect()
      try {
        await client.query('BEGIN')
        await become(client, actor)
        await write(client, unit)
        await client.query('COMMIT')
      } finally {
        client.release()
      }
    }
    const entered = (unit: number) =>
      withActor(app, actor, async (client) => {
        await write(client, unit)
        return {
          result: undefined,
          act: {
            act: 'unit.rename',
            object: `unit:${unit}`,
            ground: '机构改革方案',
            detail: { name: `曾用名 ${turn}` },
          },
        }
      })
    const timed = async (work: (unit: number) => Promise<void>) => {
      const begin = performance.now()
      for (let i = 0; i < IN_A_ROW; i++) await work(units[turn++ % units.length] as number)
      return performance.now() - begin
    }
    await timed(plain)
    await timed(entered)
    let ratio = Number.POSITIVE_INFINITY
    let best = { plain: 0, entered: 0 }
    for (let round = 1; round <= ROUNDS; round++) {
      await superuser.query('CHECKPOINT')
      const times = { plain: 0, entered: 0 }
      for (let done = 0; done < WRITES; done += IN_A_ROW) {
        // Each goes first as often as second.
        for (const kind of done % (2 * IN_A_ROW) === 0
          ? (['plain', 'entered'] as const)
          : (['entered', 'plain'] as const))
          times[kind] += await timed(kind === 'plain' ? plain : entered)
      }
      say(
        `round ${round}: with its entry ${(times.entered / WRITES).toFixed(3)} ms, without ${(times.plain / WRITES).toFixed(3)} ms`,
      )
      if (times.entered / times.plain < ratio) {
        ratio = times.entered / times.plain
        best = times
      }
    }
    say(`writing ${rows} entries`)
    for (let from = 0; from < rows; from += 100_000)
      await superuser.query(
        `INSERT INTO xh.ledger_inbox (actor, duty, unit, act, object, ground, by_right, result, request, build, origin, detail)
         SELECT 'clerk.' || n % 500, 'department', n % 67 + 1, 'delivery.part', 'delivery:' || n, '行政许可法第四十条', 'law', 'done',
                gen_random_uuid(), '0.1.0', '192.0.2.' || n % 250,
                jsonb_build_object('item', 'permit-organisation', 'part', n % 7, 'rows', 1000, 'loaded', 990, 'rejected', 10)
           FROM generate_series($1::int, $2::int) n`,
        [from + 1, Math.min(from + 100_000, rows)],
      )
    const ordering = performance.now()
    const sequencer = new Sequencer(house)
    await sequencer.catchUp()
    await sequencer.close()
    const ordered = (performance.now() - ordering) / 1000
    await superuser.query('VACUUM ANALYZE')
    let peak = 0
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss())
    }, 50)
    const verified = await verifyLedger(house)
    clearInterval(watch)
    if (!verified.ok || verified.entries < rows) throw new Error(`verified ${JSON.stringify(verified)}`)
    const size = await superuser.query(
      "SELECT (pg_total_relation_size('xh.ledger_leaf') + pg_total_relation_size('xh.ledger_detail') + pg_total_relation_size('xh.ledger_subtree'))::float8 AS bytes",
    )
    return {
      name: 'ledger',
      figures: {
        plainMilliseconds: best.plain / WRITES,
        enteredMilliseconds: best.entered / WRITES,
        entries: verified.entries,
        orderedPerSecond: rows / ordered,
        verifiedPerSecond: verified.entries / verified.seconds,
        verifySecondsPerMillion: (verified.seconds / verified.entries) * 1_000_000,
        verifyPeakMemoryMb: peak / 2 ** 20,
        storedBytesPerEntry: size.rows[0].bytes / verified.entries,
      },
      ratios: { writeToPlainWrite: ratio },
    }
  } finally {
    await superuser.end()
    await scratch.close()
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
