import type pg from 'pg'
import type { Attempts } from './attempts.ts'
import type { SignInProfile } from './profile.ts'
import { switchOffUnused } from './service.ts'

/** Devices that nobody signed in from for so long are strangers again. */
const DEVICE_DAYS = 180
/** A nonce is remembered as long as a request that bears it could still be accepted. */
export const NONCE_SECONDS = 600

/** Accounts that nobody used go off, and what has ended is removed. Nothing waits for it: everything that ended counts no more. */
export async function sweep(pool: pg.Pool, profile: SignInProfile, attempts: Attempts): Promise<void> {
  const { rows } = await pool.query(
    `SELECT account_id FROM xh.account
      WHERE state = 'on' AND NOT demo AND duty <> 'client' AND last_used_at < now() - make_interval(days => $1)`,
    [profile.unusedDays],
  )
  for (const row of rows) await switchOffUnused(pool, row.account_id)
  await attempts.sweep()
  await pool.query(
    'DELETE FROM xh.session WHERE ends_at < now() OR seen_at < now() - make_interval(mins => $1)',
    [profile.session.idleMinutes],
  )
  await pool.query('DELETE FROM xh.single_sign_on_flow WHERE expires_at < now()')
  await pool.query('DELETE FROM xh.invitation WHERE expires_at < now()')
  await pool.query('DELETE FROM xh.known_device WHERE seen_at < now() - make_interval(days => $1)', [
    DEVICE_DAYS,
  ])
  await pool.query("DELETE FROM xh.request_rate WHERE window_from < now() - interval '10 minutes'")
  await pool.query('DELETE FROM xh.client_nonce WHERE used_at < now() - make_interval(secs => $1)', [
    NONCE_SECONDS,
  ])
}
