import type pg from 'pg'

/** Today in the calendar of the law, as the database says it: tests move it there. ISO. */
export async function todayOf(pool: pg.Pool | pg.ClientBase): Promise<string> {
  const { rows } = await pool.query({ name: 'today', text: 'SELECT xh.today()::text AS today' })
  return rows[0].today
}
