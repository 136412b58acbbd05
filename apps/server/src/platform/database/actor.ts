import type pg from 'pg'

/** Who acts, by what right. Everything that is written names one. */
export interface Actor {
  /** A person or process: `operator:wang`, `program:demo`. */
  readonly name: string
  readonly duty: 'department' | 'centre' | 'system'
  /** The unit for which a department's people act. */
  readonly unitId?: number | undefined
}

/** What was done: one entry of the ledger. */
export interface Act {
  readonly act: string
  readonly object?: string | undefined
  readonly ground?: string | undefined
  readonly result?: string | undefined
  /** Without personal data and delivered values: numbers, codes, reasons. */
  readonly detail?: Readonly<Record<string, unknown>>
}

const DUTIES = new Set(['department', 'centre', 'system'])

/**
 * The one door for writes: a transaction in the name of an actor, which leaves an entry in the ledger's inbox. The
 * entry is written last, so that the act can say what became of it.
 */
export async function withActor<T>(
  pool: pg.Pool,
  actor: Actor,
  work: (client: pg.PoolClient) => Promise<{ result: T; act: Act }>,
): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await become(client, actor)
    const { result, act } = await work(client)
    await writeLedger(client, actor, act)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

/** Sets the actor of the running transaction. SET takes no parameters: only checked values come in. */
export async function become(client: pg.ClientBase, actor: Actor): Promise<void> {
  if (!DUTIES.has(actor.duty)) throw new Error(`unknown duty ${actor.duty}`)
  if (actor.unitId !== undefined && !Number.isInteger(actor.unitId)) throw new Error('a unit is a number')
  await client.query(`SET LOCAL app.duty = '${actor.duty}'; SET LOCAL app.unit = '${actor.unitId ?? ''}'`)
}

/** One entry in the inbox, in the act's own transaction. */
export async function writeLedger(client: pg.ClientBase, actor: Actor, act: Act): Promise<void> {
  await client.query(
    `INSERT INTO xh.ledger_inbox (actor, duty, unit, act, object, ground, result, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      actor.name,
      actor.duty,
      actor.unitId ?? null,
      act.act,
      act.object ?? null,
      act.ground ?? null,
      act.result ?? null,
      JSON.stringify(act.detail ?? {}),
    ],
  )
}
