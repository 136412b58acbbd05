import type pg from 'pg'

/**
 * Ends what a snapshot delivery no longer holds: facts of the same item and source that stand now and were not
 * delivered. They are withdrawn as expired and kept as versions; delivered again they are true again.
 * @returns how many ended
 */
export async function endAbsent(
  client: pg.PoolClient,
  of: { readonly item: number; readonly unit: number; readonly delivery: number },
  held: readonly { subject: number; key: string }[],
): Promise<number> {
  await client.query('CREATE TEMPORARY TABLE held (subject_id bigint, key uuid) ON COMMIT DROP')
  // The door runs as the owner of the facts, who has to see what is held.
  await client.query('GRANT SELECT ON held TO xh_owner')
  for (let from = 0; from < held.length; from += 50_000) {
    const slice = held.slice(from, from + 50_000)
    await client.query('INSERT INTO held SELECT * FROM unnest($1::bigint[], $2::uuid[])', [
      slice.map((one) => one.subject),
      slice.map((one) => one.key),
    ])
  }
  const { rows } = await client.query('SELECT xh.end_absent($1, $2, $3) AS ended', [
    of.item,
    of.unit,
    of.delivery,
  ])
  return rows[0].ended
}
