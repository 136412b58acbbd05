import { DUTIES, type Duty } from '@xinheng/core'
import type pg from 'pg'

/** Who acts, by what right. Everything that is written names one. */
export interface Actor {
  /** An account's login name, or a process: `wang.min`, `operator:root`, `program:demo`. */
  readonly name: string
  readonly duty: Duty
  /** The unit for which a department's people act. */
  readonly unitId?: number | undefined
  /** The account; absent where a program or whoever sits at the terminal acts. */
  readonly accountId?: number | undefined
  /** The id of the request by which it was asked. */
  readonly request?: string | undefined
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
  if (!DUTIES.includes(actor.duty)) throw new Error(`unknown duty ${actor.duty}`)
  for (const number of [actor.unitId, actor.accountId])
    if (number !== undefined && !Number.isInteger(number)) throw new Error('units and accounts are numbers')
  await client.query(
    `SET LOCAL app.duty = '${actor.duty}'; SET LOCAL app.unit = '${actor.unitId ?? ''}'; SET LOCAL app.account = '${actor.accountId ?? ''}'`,
  )
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

/** Reads in the name of an actor, under their own wall; leaves no entry. Not for what is no more the actor's to see. */
export async function asActor<T>(
  pool: pg.Pool,
  actor: Actor,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await become(client, actor)
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}
