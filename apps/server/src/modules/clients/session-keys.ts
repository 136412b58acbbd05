import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Duty, Role } from '@xinheng/core'
import type pg from 'pg'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import type { SignedIn } from '../../platform/http/access.ts'
import type { Keys } from '../../platform/keys/keys.ts'
import { within } from './addresses.ts'

const SESSION_KEY = /^s-[A-Za-z0-9_-]{22}$/
/** More keys than clients could have at a time: what is older is read again when it is needed. */
const MOST_KEPT = 10_000

export const isSessionKey = (key: string): boolean => SESSION_KEY.test(key)

/** A live key of fifteen minutes, and whose it is. */
export interface SessionKey {
  readonly code: string
  readonly client_id: number
  readonly requests_a_minute: number
  readonly signedIn: Omit<SignedIn, 'freshUntil'>
  fits(message: string, hmac: string): boolean
  admits(address: string): boolean
}

interface Row {
  readonly client_id: number
  readonly code: string
  readonly unit_id: number
  readonly duty: Duty
  readonly role: Role
  readonly scopes: string[]
  readonly addresses: string[]
  readonly requests_a_minute: number
  readonly secret: Buffer
}

/**
 * Keys by which a client proves itself for fifteen minutes after it has signed once: an HMAC is checked a thousand times
 * faster than an SM2 signature. They lie sealed in the database, so that every process knows them, and in memory.
 */
export class SessionKeys {
  readonly #pool: pg.Pool
  readonly #keys: Keys
  readonly #kept = new Map<string, SessionKey>()

  constructor(house: House) {
    this.#pool = house.database.pools.access
    this.#keys = house.keys
  }

  /** @throws DomainError `client.session-key` where the request itself was proven by such a key */
  async issue(signedIn: SignedIn): Promise<{ key: string; secret: string; expiresAt: string }> {
    if (signedIn.scopes === undefined || isSessionKey(signedIn.sessionId))
      throw new DomainError('client.session-key', {
        zh: '会话密钥只能用业务系统登记的签名密钥申请。',
        en: 'A session key is asked for with a registered signing key alone.',
        remedyZh: '用 Ed25519 或 SM2 私钥对该请求签名。',
        remedyEn: 'Sign the request with your Ed25519 or SM2 key.',
        status: 403,
      })
    const key = `s-${randomBytes(16).toString('base64url').slice(0, 22)}`
    const secret = randomBytes(32)
    const { rows } = await this.#pool.query(
      `INSERT INTO xh.client_session_key (key_id, client_id, signing_key, scopes, addresses, secret)
       SELECT $1, client_id, $3, scopes, addresses, $4 FROM xh.client WHERE client_id = $2
       RETURNING to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS ends`,
      [key, signedIn.accountId, signedIn.sessionId, this.#keys.encrypt(secret, contextOf(key))],
    )
    await this.#pool.query("DELETE FROM xh.client_session_key WHERE expires_at < now() - interval '1 hour'")
    return { key, secret: secret.toString('base64url'), expiresAt: rows[0].ends }
  }

  /** From memory, else from the database. Whether it still lives is told by `use`. */
  async find(key: string): Promise<SessionKey | undefined> {
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    const { rows } = await this.#pool.query<Row>({
      name: 'session key',
      text: `SELECT k.client_id, c.code, a.unit_id, a.duty, r.role, k.scopes, k.addresses::text[] AS addresses,
                    c.requests_a_minute, k.secret
               FROM xh.client_session_key k JOIN xh.client c USING (client_id) JOIN xh.account a ON a.account_id = k.client_id
               JOIN xh.account_role r USING (account_id)
              WHERE k.key_id = $1 AND k.expires_at > now()`,
      values: [key],
    })
    const row = rows[0]
    if (row === undefined) return undefined
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear()
    const found = this.#keyOf(key, row)
    this.#kept.set(key, found)
    return found
  }

  async use(key: string, nonce: string): Promise<'fresh' | 'replayed' | 'ended'> {
    const { rows } = await this.#pool.query<{ live: boolean; fresh: boolean }>({
      name: 'use session key',
      text: 'SELECT live, fresh FROM xh.use_session_key($1, $2)',
      values: [key, nonce],
    })
    const used = rows[0]
    if (used?.live !== true) {
      this.#kept.delete(key)
      return 'ended'
    }
    return used.fresh ? 'fresh' : 'replayed'
  }

  #keyOf(key: string, row: Row): SessionKey {
    const secret: KeyObject = createSecretKey(this.#keys.decrypt(row.secret, contextOf(key)))
    return {
      code: row.code,
      client_id: row.client_id,
      requests_a_minute: row.requests_a_minute,
      signedIn: {
        accountId: row.client_id,
        name: row.code,
        role: row.role,
        duty: row.duty,
        unitId: row.unit_id,
        sessionId: key,
        scopes: row.scopes,
      },
      fits(message, hmac) {
        const given = Buffer.from(hmac, 'base64url')
        const right = createHmac('sha256', secret).update(message).digest()
        return given.length === right.length && timingSafeEqual(given, right)
      },
      admits: within(row.addresses),
    }
  }
}

const contextOf = (key: string): string => `client_session_key‖secret‖${key}`
