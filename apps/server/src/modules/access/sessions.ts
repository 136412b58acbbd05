import { createHash, randomBytes } from 'node:crypto'
import type { Duty, Role } from '@xinheng/core'
import type pg from 'pg'
import type { SignedIn } from '../../platform/http/access.ts'
import type { SignInProfile } from './profile.ts'

/** Under `__Host-` a browser takes the cookie from this host alone, over a secure channel, for all paths. */
export const SESSION_COOKIE = '__Host-session'

export type SessionTimes = SignInProfile['session']

export interface NewSession {
  readonly accountId: number
  readonly role: Role
  readonly stage: 'secondFactor' | 'full'
  readonly method: 'password' | 'singleSignOn'
  readonly address: string
  readonly agent: string
}

/** A session as its owner sees it in the list. */
export interface OwnSession {
  readonly id: string
  readonly current: boolean
  readonly begunAt: string
  readonly seenAt: string
  readonly endsAt: string
  readonly address: string
  readonly agent: string
}

/** What a session's cookie stands for. */
export interface FoundSession extends SignedIn {
  readonly stage: 'secondFactor' | 'full'
  readonly method: 'password' | 'singleSignOn'
  readonly displayName: string
}

/** 256 random bits, for the cookie alone. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** What the database holds of a token. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest()

/** The half-way session of a sign-in lives this long. */
const SECOND_FACTOR_MINUTES = 5
/** How often the last use is written down. */
const SEEN_SECONDS = 30

/** Sessions in the database: they end by idleness, by age, and with role, password or lock. */
export class Sessions {
  readonly #pool: pg.Pool
  readonly #times: SessionTimes

  constructor(pool: pg.Pool, times: SessionTimes) {
    this.#pool = pool
    this.#times = times
  }

  /** @returns the token for the cookie */
  async begin(client: pg.ClientBase, session: NewSession): Promise<string> {
    const token = newToken()
    await client.query(
      `INSERT INTO xh.session (token_hash, account_id, stage, method, role, ends_at, fresh_until, address, agent)
       VALUES ($1, $2, $3, $4, $5, now() + make_interval(mins => $6), CASE WHEN $3 = 'full' THEN now() + make_interval(mins => $7) ELSE now() END, $8, $9)`,
      [
        tokenHash(token),
        session.accountId,
        session.stage,
        session.method,
        session.role,
        session.stage === 'full' ? this.#times.absoluteHours * 60 : SECOND_FACTOR_MINUTES,
        this.#times.freshMinutes,
        session.address,
        session.agent.slice(0, 200),
      ],
    )
    return token
  }

  /** The session behind a cookie, if it is alive, and its account as it stands now. */
  async find(token: string): Promise<FoundSession | undefined> {
    const { rows } = await this.#pool.query({
      name: 'session',
      text: `SELECT s.session_id, s.stage, s.method, s.fresh_until, s.seen_at < now() - make_interval(secs => $2) AS unseen,
                    a.account_id, a.login, a.name, a.duty, a.unit_id, r.role
               FROM xh.session s JOIN xh.account a USING (account_id) JOIN xh.account_role r USING (account_id)
              WHERE s.token_hash = $1 AND s.ends_at > now() AND s.seen_at > now() - make_interval(mins => $3)
                AND a.state = 'on' AND r.role = s.role`,
      values: [tokenHash(token), SEEN_SECONDS, this.#times.idleMinutes],
    })
    const row = rows[0]
    if (row === undefined) return undefined
    if (row.unseen)
      await this.#pool.query('UPDATE xh.session SET seen_at = now() WHERE session_id = $1', [row.session_id])
    return {
      accountId: row.account_id,
      name: row.login,
      displayName: row.name,
      role: row.role as Role,
      duty: row.duty as Duty,
      unitId: row.unit_id,
      sessionId: row.session_id,
      freshUntil: row.fresh_until,
      stage: row.stage,
      method: row.method,
    }
  }

  /** Live sessions of an account, the latest first. */
  async list(accountId: number, current: string): Promise<OwnSession[]> {
    const { rows } = await this.#pool.query(
      `SELECT session_id, begun_at, seen_at, ends_at, host(address) AS address, agent FROM xh.session
        WHERE account_id = $1 AND stage = 'full' AND ends_at > now() AND seen_at > now() - make_interval(mins => $2) ORDER BY seen_at DESC`,
      [accountId, this.#times.idleMinutes],
    )
    return rows.map((row) => ({
      id: row.session_id,
      current: row.session_id === current,
      begunAt: row.begun_at.toISOString(),
      seenAt: row.seen_at.toISOString(),
      endsAt: row.ends_at.toISOString(),
      address: row.address,
      agent: row.agent,
    }))
  }

  /** Ends one session of an account. @returns whether there was one */
  async end(client: pg.ClientBase | pg.Pool, accountId: number, sessionId: string): Promise<boolean> {
    const { rowCount } = await client.query(
      'DELETE FROM xh.session WHERE account_id = $1 AND session_id = $2',
      [accountId, sessionId],
    )
    return rowCount === 1
  }

  /** Ends every session of an account, but for one that may stay. */
  async endAll(client: pg.ClientBase, accountId: number, but?: string): Promise<void> {
    await client.query(
      'DELETE FROM xh.session WHERE account_id = $1 AND ($2::uuid IS NULL OR session_id <> $2)',
      [accountId, but ?? null],
    )
  }

  /** A new id for the same session, fresh again: the old cookie is dead at once. @returns the new token */
  async renew(client: pg.ClientBase, sessionId: string): Promise<string> {
    const token = newToken()
    await client.query(
      'UPDATE xh.session SET token_hash = $2, seen_at = now(), fresh_until = now() + make_interval(mins => $3) WHERE session_id = $1',
      [sessionId, tokenHash(token), this.#times.freshMinutes],
    )
    return token
  }
}
