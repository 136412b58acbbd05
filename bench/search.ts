import { existsSync, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { search } from '../apps/server/src/modules/search/index.ts'
import { nameSearchKey } from '../packages/core/src/names/index.ts'
import { Chance, demoCity } from '../packages/testkit/src/index.ts'
import { KINDS, type Kind, type NameQuestion, nameQuestions } from './name-questions.ts'
import type { BenchOptions, BenchResult } from './run.ts'
import { scratchHouse } from './scratch.ts'

const REAL_NAMES = fileURLToPath(new URL('../../shared/data/company-names.txt.gz', import.meta.url))
const MADE_UP_NAMES = 100_000
const SEED = 20_260_105
const COUNTS: Readonly<Record<Kind, number>> = {
  part: 200,
  initials: 200,
  replaced: 40,
  dropped: 40,
  swapped: 40,
  homophone: 40,
}
const ABSENT = 100
/** So many names are written at the end with all indexes in place: what a daily delivery pays. */
const LATE = 20_000
const FIRST_PAGE = 10
/** A question that more names answer cannot be expected to show one of them on the first page. */
const UNIQUE_ENOUGH = 10

interface Asked {
  readonly kind: Kind | 'absent'
  readonly ms: number
  /** Place among the results from 0, −1 where missing. */
  readonly place: number
  readonly uniqueEnough: boolean
}

/**
 * Search by part, pinyin initials and with one typing error over nine tenths of the names, against plain pg_trgm on
 * the same names and questions: LIKE for parts and initials, `%` for typing errors, each ordered by similarity. The
 * tenth left out are asked for as names that nobody bears.
 */
export async function run({ rows }: BenchOptions): Promise<BenchResult> {
  const { present, absent, real } = readNames(rows)
  const scratch = await scratchHouse()
  const superuser = new pg.Client({ connectionString: scratch.house.database.migratorUrl })
  try {
    await superuser.connect()
    await superuser.query("SET maintenance_work_mem = '512MB'")
    const loading = await load(superuser, present)
    const questions = nameQuestions(present, COUNTS, SEED)
    const ours: Asked[] = []
    const plain: Asked[] = []
    const portal = scratch.house.database.pools.portal
    for (const text of ['示例市', 'sls', '示例市兴旺科技有限公思'])
      await search(portal, text, { limit: FIRST_PAGE })
    for (const kind of KINDS) {
      say(`asking ${COUNTS[kind]} times: ${kind}`)
      for (const question of questions.filter((each) => each.kind === kind)) {
        const uniqueEnough = await isUniqueEnough(superuser, question)
        plain.push(await askPlain(superuser, question, uniqueEnough))
        ours.push(await askOurs(portal, question, uniqueEnough))
      }
    }
    let claimed = 0
    const chance = new Chance(SEED)
    for (let i = 0; i < Math.min(ABSENT, absent.length); i++) {
      const name = chance.pick(absent)
      const begin = performance.now()
      const { understoodAs } = await search(portal, name, { limit: FIRST_PAGE })
      ours.push({ kind: 'absent', ms: performance.now() - begin, place: -1, uniqueEnough: true })
      if (understoodAs === 'name') claimed++
    }
    return {
      name: 'search',
      figures: {
        names: present.length,
        namesFrom: real ? 'companies' : 'made up',
        ...loading,
        ...figuresOf('', ours),
        ...figuresOf('plain', plain),
        absentTakenForPresent: claimed,
      },
      ratios: ratiosOf(ours, plain),
    }
  } finally {
    await superuser.end()
    await scratch.close()
  }
}

function readNames(rows: number | undefined): { present: string[]; absent: string[]; real: boolean } {
  const real = existsSync(REAL_NAMES)
  const all = real
    ? gunzipSync(readFileSync(REAL_NAMES))
        .toString('utf8')
        .split('\n')
        .filter((name) => name !== '')
    : demoCity(SEED, Math.min(rows ?? MADE_UP_NAMES, MADE_UP_NAMES)).organisations.map(({ name }) => name)
  // The file is sorted; names arrive in no order.
  const chance = new Chance(SEED)
  for (let i = all.length - 1; i > 0; i--) {
    const other = chance.below(i + 1)
    ;[all[i], all[other]] = [all[other] as string, all[i] as string]
  }
  const some = all.slice(0, rows ?? all.length)
  const tenth = Math.floor(some.length / 10)
  return { present: some.slice(tenth), absent: some.slice(0, tenth), real }
}

/** The names under the product's indexes and, beside them, under pg_trgm's. */
async function load(superuser: pg.Client, names: readonly string[]): Promise<Record<string, number>> {
  const late = Math.min(LATE, Math.floor(names.length / 10))
  say(`loading ${names.length} names`)
  const { rows: indexes } = await superuser.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
       FROM pg_index WHERE indrelid = 'xh.subject_name'::regclass AND NOT indisprimary`,
  )
  for (const { name } of indexes) await superuser.query(`DROP INDEX ${name}`)
  await superuser.query('CREATE TABLE public.plain_name (id bigint, name text, initials text)')
  await copyNames(superuser, names, 0, names.length - late)
  const built = await seconds(async () => {
    for (const { definition } of indexes) await superuser.query(definition)
  })
  const plainBuilt = await seconds(async () => {
    await superuser.query('CREATE INDEX ON public.plain_name USING gin (name gin_trgm_ops)')
    await superuser.query('CREATE INDEX ON public.plain_name USING gin (initials gin_trgm_ops)')
  })
  await superuser.query('CHECKPOINT')
  const written = await copyNames(superuser, names, names.length - late, names.length)
  await superuser.query('VACUUM ANALYZE xh.subject_name, xh.subject, public.plain_name')
  const counted = await seconds(() => superuser.query('SELECT xh.refresh_grams()'))
  const { rows } = await superuser.query(
    `SELECT pg_indexes_size('xh.subject_name') - pg_relation_size('xh.subject_name_pkey') AS ours, pg_indexes_size('public.plain_name') AS plain`,
  )
  return {
    indexSeconds: built,
    plainIndexSeconds: plainBuilt,
    lateNamesPerSecond: late / written.ours,
    plainLateNamesPerSecond: late / written.plain,
    countingSeconds: counted,
    indexMb: rows[0].ours / 2 ** 20,
    plainIndexMb: rows[0].plain / 2 ** 20,
  }
}

async function copyNames(
  client: pg.Client,
  names: readonly string[],
  from: number,
  to: number,
): Promise<{ ours: number; plain: number }> {
  const copy = (target: string, line: (name: string, id: number) => string) =>
    seconds(() =>
      pipeline(
        Readable.from(lines(names, from, to, line)),
        client.query(copyFrom(`COPY ${target} FROM STDIN`)),
      ),
    )
  await copy(
    'xh.subject_organisation (subject_id, kind, name, registered, delivery_id)',
    (name, id) => `${id}\to\t${name}\tt\t0`,
  )
  const ours = await copy(
    'xh.subject_name (subject_id, name, comparable, current, initials, grams)',
    (name, id) => {
      const key = nameSearchKey(name)
      return `${id}\t${name}\t${key.comparable}\tt\t${key.initials}\t{${key.grams.join(',')}}`
    },
  )
  const plain = await copy(
    'public.plain_name',
    (name, id) => `${id}\t${name}\t${nameSearchKey(name).initials}`,
  )
  return { ours, plain }
}

function* lines(
  names: readonly string[],
  from: number,
  to: number,
  line: (name: string, id: number) => string,
): Generator<string> {
  let chunk = ''
  for (let i = from; i < to; i++) {
    chunk += `${line(names[i] as string, i + 1).replaceAll('\\', '\\\\')}\n`
    if (chunk.length > 500_000) {
      yield chunk
      chunk = ''
    }
  }
  if (chunk !== '') yield chunk
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return (performance.now() - begin) / 1000
}

function literal(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

async function isUniqueEnough(client: pg.Client, { kind, text }: NameQuestion): Promise<boolean> {
  if (kind !== 'part' && kind !== 'initials') return true
  const [column, pattern] = kind === 'part' ? ['name', `%${literal(text)}%`] : ['initials', `${text}%`]
  const { rows } = await client.query(
    `SELECT count(*)::int AS names FROM (SELECT FROM public.plain_name WHERE ${column} LIKE $1 LIMIT ${UNIQUE_ENOUGH + 1}) n`,
    [pattern],
  )
  return rows[0].names <= UNIQUE_ENOUGH
}

async function askPlain(
  client: pg.Client,
  { kind, text, name }: NameQuestion,
  uniqueEnough: boolean,
): Promise<Asked> {
  const column = kind === 'initials' ? 'initials' : 'name'
  const [test, value] =
    kind === 'part'
      ? ['LIKE', `%${literal(text)}%`]
      : kind === 'initials'
        ? ['LIKE', `${text}%`]
        : ['%', text]
  const begin = performance.now()
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM public.plain_name WHERE ${column} ${test} $1 ORDER BY similarity(${column}, $2) DESC, id LIMIT ${FIRST_PAGE}`,
    [value, text],
  )
  return {
    kind,
    ms: performance.now() - begin,
    place: rows.findIndex((row) => row.name === name),
    uniqueEnough,
  }
}

async function askOurs(
  pool: pg.Pool,
  { kind, text, name }: NameQuestion,
  uniqueEnough: boolean,
): Promise<Asked> {
  const begin = performance.now()
  const { results } = await search(pool, text, { limit: FIRST_PAGE })
  return {
    kind,
    ms: performance.now() - begin,
    place: results.findIndex((row) => row.name === name),
    uniqueEnough,
  }
}

function figuresOf(side: string, asked: readonly Asked[]): Record<string, number> {
  const figures: Record<string, number> = {}
  for (const kind of [...KINDS, 'absent'] as const) {
    const of = asked.filter((each) => each.kind === kind)
    if (of.length === 0) continue
    const named = (figure: string) =>
      `${side === '' ? kind : `${side}${kind[0]?.toUpperCase()}${kind.slice(1)}`}${figure}`
    figures[named('P50Ms')] = quantile(of, 0.5)
    figures[named('P99Ms')] = quantile(of, 0.99)
    if (kind === 'absent') continue
    const share = (most: number, among: readonly Asked[]) =>
      among.filter(({ place }) => place >= 0 && place < most).length / Math.max(1, among.length)
    const unique = of.filter(({ uniqueEnough }) => uniqueEnough)
    figures[named('First')] = share(1, of)
    figures[named('First10')] = share(FIRST_PAGE, of)
    if (kind === 'part' || kind === 'initials') {
      figures[named('Unique')] = unique.length / of.length
      figures[named('UniqueFirst10')] = share(FIRST_PAGE, unique)
    }
  }
  return figures
}

function ratiosOf(ours: readonly Asked[], plain: readonly Asked[]): Record<string, number> {
  const groups = {
    part: ['part'],
    initials: ['initials'],
    typo: ['replaced', 'dropped', 'swapped', 'homophone'],
  }
  const ratios: Record<string, number> = {}
  for (const [group, kinds] of Object.entries(groups)) {
    const of = (asked: readonly Asked[]) => asked.filter(({ kind }) => kinds.includes(kind))
    const missed = (asked: readonly Asked[]) =>
      of(asked).filter(({ place, uniqueEnough }) => uniqueEnough && place < 0).length
    ratios[`${group}ToTrgm`] = quantile(of(ours), 0.5) / quantile(of(plain), 0.5)
    ratios[`${group}P99ToTrgm`] = quantile(of(ours), 0.99) / quantile(of(plain), 0.99)
    ratios[`${group}MissedToTrgm`] = (missed(ours) + 1) / (missed(plain) + 1)
  }
  return ratios
}

function quantile(asked: readonly Asked[], share: number): number {
  const sorted = asked.map(({ ms }) => ms).sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
