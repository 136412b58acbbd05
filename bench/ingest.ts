import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { syntheticUnits } from '../packages/testkit/src/index.ts'
import type { BenchOptions, BenchResult } from './run.ts'
import { scratchHouse } from './scratch.ts'

const ROUNDS = 3
/** Rows of the same permits as a workbook and as lines of JSON: their ratio is by the row. */
const OTHER_ROWS = 100_000
const PERMITS = 'xh.record_2'

/**
 * Ingest: a file of permits through the whole corridor, against bare COPY of the same final rows into the same
 * table, indexes and constraints. Organisations are registered beforehand, as in a city. Best of three alternating
 * rounds; `repeat` is the same file delivered again, every row judged and compared.
 */
export async function run({ rows = 500_000 }: BenchOptions): Promise<BenchResult> {
  const scratch = await scratchHouse()
  const { deliveries, folder, actor } = scratch
  const superuser = new pg.Client({ connectionString: scratch.house.database.migratorUrl })
  try {
    await superuser.connect()
    const source = syntheticUnits()[0]?.uscc as string
    const permits = join(folder, 'permits.csv')
    const registrations = join(folder, 'registrations.csv')
    const subjects = Math.max(1, Math.round(rows / 5))
    say(`writing ${rows} permits of ${subjects} organisations`)
    const otherRows = Math.min(rows, OTHER_ROWS)
    const others = { ndjson: join(folder, 'permits.ndjson'), xlsx: join(folder, 'permits.xlsx') }
    await promisify(execFile)(process.execPath, [
      fileURLToPath(new URL('./ingest-files.ts', import.meta.url)),
      ...[permits, registrations, others.ndjson, others.xlsx],
      ...[rows, subjects, otherRows].map(String),
    ])
    await deliveries.import({
      path: registrations,
      item: 'enterprise-registration',
      source,
      mode: 'increment',
      dryRun: false,
      actor,
    })
    await superuser.query('VACUUM ANALYZE')
    const bytes = statSync(permits).size
    let ingest = Number.POSITIVE_INFINITY
    let repeat = Number.POSITIVE_INFINITY
    let copy = Number.POSITIVE_INFINITY
    let stored = 0
    let peak = 0
    const exported = join(folder, 'permits.copy')
    const deliver = async (path = permits) => {
      const watch = setInterval(() => {
        peak = Math.max(peak, process.memoryUsage.rss())
      }, 50)
      const begin = performance.now()
      const result = await deliveries.import({
        path,
        item: 'permit-organisation',
        source,
        mode: 'increment',
        dryRun: false,
        actor,
      })
      const seconds = (performance.now() - begin) / 1000
      clearInterval(watch)
      return { seconds, result }
    }
    for (let round = 1; round <= ROUNDS; round++) {
      await superuser.query(`TRUNCATE ${PERMITS}`)
      await superuser.query('CHECKPOINT')
      const first = await deliver()
      if (first.result.loaded !== rows) throw new Error(`loaded ${first.result.loaded} of ${rows}`)
      ingest = Math.min(ingest, first.seconds)
      if (round === 1) {
        stored = (
          await superuser.query(
            `SELECT pg_total_relation_size('${PERMITS}')::float8 + (SELECT sum(length(outcomes) + length(stretches)) FROM xh.delivery_part WHERE delivery_id = $1) AS bytes`,
            [first.result.delivery],
          )
        ).rows[0].bytes
        await pipeline(
          superuser.query(copyTo(`COPY ${PERMITS} TO STDOUT (FORMAT binary)`)),
          createWriteStream(exported),
        )
      }
      await superuser.query('CHECKPOINT')
      const again = await deliver()
      if (again.result.unchanged !== rows) throw new Error(`unchanged ${again.result.unchanged} of ${rows}`)
      repeat = Math.min(repeat, again.seconds)
      await superuser.query(`TRUNCATE ${PERMITS}`)
      await superuser.query('CHECKPOINT')
      const begin = performance.now()
      await superuser.query('BEGIN')
      await pipeline(
        createReadStream(exported, { highWaterMark: 1 << 20 }),
        superuser.query(copyFrom(`COPY ${PERMITS} FROM STDIN (FORMAT binary)`)),
      )
      await superuser.query('COMMIT')
      copy = Math.min(copy, (performance.now() - begin) / 1000)
      say(
        `round ${round}: ingest ${first.seconds.toFixed(2)} s, repeat ${again.seconds.toFixed(2)} s, COPY ${copy.toFixed(2)} s`,
      )
    }
    const secondsOf = async (path: string) => {
      let best = Number.POSITIVE_INFINITY
      for (let round = 1; round <= ROUNDS; round++) {
        await superuser.query(`TRUNCATE ${PERMITS}`)
        await superuser.query('CHECKPOINT')
        const { seconds, result } = await deliver(path)
        if (result.loaded !== otherRows) throw new Error(`${path}: loaded ${result.loaded} of ${otherRows}`)
        best = Math.min(best, seconds)
      }
      return best
    }
    const ndjson = await secondsOf(others.ndjson)
    const xlsx = await secondsOf(others.xlsx)
    const copyOfOthers = (copy / rows) * otherRows
    return {
      name: 'ingest',
      figures: {
        rows,
        bytesPerRow: bytes / rows,
        ingestSeconds: ingest,
        repeatSeconds: repeat,
        copySeconds: copy,
        rowsPerSecond: rows / ingest,
        peakMemoryMb: peak / 2 ** 20,
        storedBytesPerRow: stored / rows,
        otherRows,
        ndjsonRowsPerSecond: otherRows / ndjson,
        xlsxRowsPerSecond: otherRows / xlsx,
      },
      ratios: {
        ingestToCopy: ingest / copy,
        repeatToCopy: repeat / copy,
        storedToSource: stored / bytes,
        ndjsonToCopy: ndjson / copyOfOthers,
        xlsxToCopy: xlsx / copyOfOthers,
      },
    }
  } finally {
    await superuser.end()
    await scratch.close()
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
