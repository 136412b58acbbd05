import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { scratchHouse } from './scratch.ts'
import { bestOf, type Judged } from './screen-judged.ts'
import type { ScreeningQuestion } from './screening-questions.ts'

const SINGLE = 10_000
const BATCHED = 200_000
const BATCH = 1_000
/** Questions of each side, distorted and absent: pg_trgm takes tenths of a second for each. */
const ASKED = 150
const LOWEST_SIMILARITY = 0.3

/** The same entries in PostgreSQL, by code under a primary key and by name under pg_trgm's GIN index. */
export async function plainDatabase(names: readonly string[], codeOf: (index: number) => string) {
  const scratch = await scratchHouse()
  const client = new pg.Client({ connectionString: scratch.house.database.migratorUrl })
  await client.connect()
  await client.query("SET maintenance_work_mem = '512MB'")
  await client.query('CREATE UNLOGGED TABLE public.plain_entry (id int, code text, name text)')
  await pipeline(
    Readable.from(lines(names, codeOf)),
    client.query(copyFrom('COPY public.plain_entry FROM STDIN')),
  )
  await client.query('CREATE UNIQUE INDEX ON public.plain_entry (code)')
  const begin = performance.now()
  await client.query('CREATE INDEX ON public.plain_entry USING gin (name gin_trgm_ops)')
  const trgmIndexSeconds = (performance.now() - begin) / 1000
  await client.query('VACUUM ANALYZE public.plain_entry')
  await client.query(`SET pg_trgm.similarity_threshold = ${LOWEST_SIMILARITY}`)
  return {
    /** Look-ups a second over one connection: one prepared statement a code, and a thousand codes at once. */
    async lookUp(codes: readonly string[]): Promise<{ single: number; batched: number }> {
      let start = performance.now()
      for (const code of codes.slice(0, SINGLE)) {
        const { rows } = await client.query({
          name: 'one',
          text: 'SELECT id FROM public.plain_entry WHERE code = $1',
          values: [code],
          rowMode: 'array',
        })
        if (rows.length !== 1) throw new Error(`${code} not found`)
      }
      const single = (Math.min(SINGLE, codes.length) / (performance.now() - start)) * 1000
      start = performance.now()
      for (let at = 0; at < BATCHED; at += BATCH)
        await client.query({
          name: 'many',
          text: 'SELECT code, id FROM public.plain_entry WHERE code = ANY($1)',
          values: [codes.slice(at, at + BATCH)],
          rowMode: 'array',
        })
      return { single, batched: (BATCHED / (performance.now() - start)) * 1000 }
    },

    async resembling(
      questions: readonly ScreeningQuestion[],
      near: ReadonlySet<number>,
      isRight: (question: ScreeningQuestion, name: string) => boolean,
    ) {
      const places = questions.map((_, place) => place).filter((place) => !near.has(place))
      const distorted = places.filter((place) => questions[place]?.kind !== 'absent').slice(0, ASKED)
      const absent = places.filter((place) => questions[place]?.kind === 'absent').slice(0, ASKED)
      const judged: Judged[] = []
      const start = performance.now()
      for (const place of [...distorted, ...absent]) {
        const question = questions[place] as ScreeningQuestion
        const { rows } = await client.query<{ name: string; score: number }>(
          'SELECT name, similarity(name, $1) AS score FROM public.plain_entry WHERE name % $1 ORDER BY score DESC LIMIT 1',
          [question.text],
        )
        const first = rows[0]
        judged.push({
          score: first?.score ?? 0,
          right: first !== undefined && question.name !== undefined && isRight(question, first.name),
        })
      }
      const trgmPerSecond = (judged.length / (performance.now() - start)) * 1000
      const { recall, precision, threshold } = bestOf(judged, distorted.length)
      return {
        trgmPerSecond,
        trgmIndexSeconds,
        trgmRecall: recall,
        trgmPrecision: precision,
        trgmThreshold: threshold,
      }
    },

    async close() {
      await client.end()
      await scratch.close()
    },
  }
}

function* lines(names: readonly string[], codeOf: (index: number) => string): Generator<string> {
  let chunk = ''
  for (let i = 0; i < names.length; i++) {
    chunk += `${i}\t${codeOf(i)}\t${(names[i] as string).replaceAll('\\', '\\\\')}\n`
    if (chunk.length > 500_000) {
      yield chunk
      chunk = ''
    }
  }
  yield chunk
}
