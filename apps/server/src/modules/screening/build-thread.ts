import { parentPort, workerData } from 'node:worker_threads'
import { ScreeningBuilder } from '@xinheng/core'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { BuildOrder, BuiltSet } from './messages.ts'
import { entryOf, SCREENED } from './rows.ts'

// Builds the whole set from the database in a thread of its own: nobody waits, and the set that serves goes on serving.
const { url } = workerData as BuildOrder
const began = performance.now()
const client = new pg.Client({ connectionString: url, application_name: 'xinheng screening' })
await client.connect()
try {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  const { rows } = await client.query(
    `SELECT pg_current_snapshot()::text AS snapshot, count(*)::int AS expected FROM xh.listing WHERE in_force AND ${SCREENED}`,
  )
  const builder = new ScreeningBuilder({ expected: Math.max(10_000, rows[0].expected) })
  const stream = client.query(
    copyTo(
      `COPY (SELECT listing_id, coalesce(uscc, ''), replace(name, E'\\t', ' '), kind, listed_on, coalesce(until::text, '') FROM xh.listing
              WHERE in_force AND ${SCREENED} ORDER BY listing_id) TO STDOUT`,
    ),
  )
  let entries = 0
  let rest = ''
  const decoder = new TextDecoder()
  const take = (line: string) => {
    const [id = '', uscc = '', name = '', kind = '', from = '', until = ''] = line.split('\t')
    const entry = entryOf({
      id: Number(id),
      uscc: uscc === '' ? null : uscc,
      name: name.replaceAll('\\\\', '\\'),
      kind,
      listedOn: from,
      until: until === '' ? null : until,
    })
    if (entry === undefined) return
    builder.add(entry)
    entries++
  }
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  }
  if (rest !== '') take(rest)
  await client.query('COMMIT')
  const built: BuiltSet = {
    index: builder.finish(),
    entries,
    snapshot: rows[0].snapshot,
    milliseconds: Math.round(performance.now() - began),
  }
  parentPort?.postMessage(built)
} finally {
  await client.end()
}
