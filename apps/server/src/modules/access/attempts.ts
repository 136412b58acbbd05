import type pg from 'pg'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { Keys } from '../../platform/keys/keys.ts'
import type { SignInProfile } from './profile.ts'

/** Failures on one account from everywhere: beyond it every new source has one try instead of several. */
const UNDER_ATTACK = 50
const EVERYWHERE = '*'

/** Where an attempt comes from, and whether the account has been used from there before. */
export interface Source {
  readonly key: string
  readonly known: boolean
}

/**
 * Counts attempts by account and by source together. So a stranger's failures lock the stranger: the account's owner
 * signs in from a browser that is known, or from any other address. What is typed as the account is hashed, and an
 * account that does not exist is counted like one that does.
 */
export class Attempts {
  readonly #pool: pg.Pool
  readonly #keys: Keys
  readonly #lock: SignInProfile['lock']

  constructor(pool: pg.Pool, keys: Keys, lock: SignInProfile['lock']) {
    this.#pool = pool
    this.#keys = keys
    this.#lock = lock
  }

  /**
   * Counts an attempt before it is judged: many at once do not slip through.
   * @throws DomainError `sign-in.locked`
   */
  async take(what: 'password' | 'code', login: string, source: Source): Promise<void> {
    const key = this.#keyOf(what, login)
    const everywhere = await this.#count(key, EVERYWHERE)
    const limit = !source.known && everywhere > UNDER_ATTACK ? 1 : this.#lock.attempts
    const mine = await this.#count(key, source.key, limit)
    if (mine > limit)
      throw new DomainError('sign-in.locked', {
        zh: `错误次数过多，此处暂停登录该账户 ${this.#lock.minutes} 分钟。`,
        en: `Too many failures: this place may not sign in to the account for ${this.#lock.minutes} minutes.`,
        remedyZh: '请稍后再试，或用曾经登录过的浏览器、其他网络登录。',
        remedyEn: 'Try later, or use a browser that has signed in before, or another network.',
        status: 429,
      })
  }

  /** A success: what was counted for this source is forgotten. */
  async forget(login: string, source: Source): Promise<void> {
    await this.#pool.query(
      'DELETE FROM xh.sign_in_attempt WHERE account_key = ANY($1) AND source = ANY($2)',
      [[this.#keyOf('password', login), this.#keyOf('code', login)], [source.key]],
    )
  }

  /** Removes what counts no more. */
  async sweep(): Promise<void> {
    await this.#pool.query(
      'DELETE FROM xh.sign_in_attempt WHERE window_from < now() - make_interval(mins => $1)',
      [this.#lock.minutes],
    )
  }

  /** A window of some minutes; it begins anew with the attempt that goes beyond the limit, so that the lock is whole. */
  async #count(key: string, source: string, limit?: number): Promise<number> {
    const { rows } = await this.#pool.query(
      `INSERT INTO xh.sign_in_attempt AS a (account_key, source, attempts, window_from) VALUES ($1, $2, 1, now())
       ON CONFLICT (account_key, source) DO UPDATE
         SET attempts = CASE WHEN a.window_from < now() - make_interval(mins => $3) THEN 1 ELSE a.attempts + 1 END,
             window_from = CASE WHEN a.window_from < now() - make_interval(mins => $3) OR a.attempts = $4 THEN now()
                                ELSE a.window_from END
       RETURNING attempts`,
      [key, source, this.#lock.minutes, limit ?? null],
    )
    return rows[0].attempts
  }

  #keyOf(what: string, login: string): string {
    return this.#keys.keyedHash(`sign-in ${what}`, login.trim().toLowerCase())
  }
}
