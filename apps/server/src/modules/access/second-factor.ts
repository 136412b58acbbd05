import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type pg from 'pg'
import type { Keys } from '../../platform/keys/keys.ts'

/** RFC 6238: what authenticator programs understand everywhere. */
const PERIOD_SECONDS = 30
const SEED_BYTES = 20
const RECOVERY_CODES = 10
/** Crockford's alphabet: no letters that look like digits. */
const RECOVERY_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const RECOVERY_LENGTH = 12

export interface Enrolment {
  /** For typing in by hand. */
  readonly secret: string
  /** For the QR code. */
  readonly uri: string
}

export type CodeVerdict = 'right' | 'wrong' | 'used'

const contextOf = (accountId: number): string => `account_secret‖totp_seed‖${accountId}`

/** Time-based codes, whose seed is encrypted and of which each works once, and recovery codes, hashed, once each. */
export class SecondFactor {
  readonly #keys: Keys

  constructor(keys: Keys) {
    this.#keys = keys
  }

  /** A new seed, sealed for one account. */
  newSeed(accountId: number): Buffer {
    return this.#keys.encrypt(randomBytes(SEED_BYTES), contextOf(accountId))
  }

  enrolment(accountId: number, seed: Buffer, login: string, issuer: string): Enrolment {
    const totp = this.#totp(accountId, seed, login, issuer)
    return { secret: totp.secret.base32, uri: totp.toString() }
  }

  /** The step of a code that fits now, one step early or one late; undefined where none does. */
  stepOf(accountId: number, seed: Buffer, code: string): number | undefined {
    if (!/^\d{6}$/.test(code) || !this.#isSealedFor(accountId, seed)) return undefined
    const delta = this.#totp(accountId, seed).validate({ token: code, window: 1 })
    return delta === null ? undefined : currentStep() + delta
  }

  /** Judges a code and uses it up: one statement lets one of two requests with the same code through. */
  async useCode(client: pg.ClientBase, accountId: number, code: string): Promise<CodeVerdict> {
    const { rows } = await client.query('SELECT totp_seed FROM xh.account_secret WHERE account_id = $1', [
      accountId,
    ])
    const seed: Buffer | null | undefined = rows[0]?.totp_seed
    const step = seed == null ? undefined : this.stepOf(accountId, seed, code)
    if (step === undefined) return 'wrong'
    const { rowCount } = await client.query(
      'UPDATE xh.account_secret SET totp_last_step = $2 WHERE account_id = $1 AND totp_last_step < $2',
      [accountId, step],
    )
    return rowCount === 1 ? 'right' : 'used'
  }

  /** @returns how many recovery codes are left, undefined where this one is none */
  async useRecoveryCode(client: pg.ClientBase, accountId: number, code: string): Promise<number | undefined> {
    const { rowCount } = await client.query(
      'UPDATE xh.recovery_code SET used_at = now() WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL',
      [accountId, this.#hashOf(accountId, code)],
    )
    if (rowCount !== 1) return undefined
    const { rows } = await client.query(
      'SELECT count(*)::int AS left FROM xh.recovery_code WHERE account_id = $1 AND used_at IS NULL',
      [accountId],
    )
    return rows[0].left
  }

  /** New recovery codes in the place of all earlier ones. They are shown once. */
  async newRecoveryCodes(client: pg.ClientBase, accountId: number): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, () =>
      Array.from(
        randomBytes(RECOVERY_LENGTH),
        (byte, i) => `${i > 0 && i % 4 === 0 ? '-' : ''}${RECOVERY_ALPHABET[byte % 32]}`,
      ).join(''),
    )
    await client.query('DELETE FROM xh.recovery_code WHERE account_id = $1', [accountId])
    await client.query(
      'INSERT INTO xh.recovery_code (account_id, code_hash) SELECT $1, unnest($2::bytea[])',
      [accountId, codes.map((code) => this.#hashOf(accountId, code))],
    )
    return codes
  }

  /** The code that would be accepted next; undefined while every code of the window has been used. */
  nextCode(
    accountId: number,
    seed: Buffer,
    lastStep: number,
  ): { readonly code: string; readonly secondsLeft: number } | undefined {
    const step = Math.max(currentStep(), lastStep + 1)
    if (step > currentStep() + 1) return undefined
    const timestamp = step * PERIOD_SECONDS * 1000
    const until = (step + 2) * PERIOD_SECONDS - Date.now() / 1000
    return {
      code: this.#totp(accountId, seed).generate({ timestamp }),
      secondsLeft: Math.floor(until),
    }
  }

  /** A seed comes back from the browser sealed; one that is not ours or not this account's fits no code. */
  #isSealedFor(accountId: number, seed: Buffer): boolean {
    try {
      return this.#keys.decrypt(seed, contextOf(accountId)).length === SEED_BYTES
    } catch {
      return false
    }
  }

  #hashOf(accountId: number, code: string): Buffer {
    const letters = code.toUpperCase().replace(/[^0-9A-Z]/g, '')
    return Buffer.from(this.#keys.keyedHash(`recovery:${accountId}`, letters), 'base64url')
  }

  #totp(accountId: number, seed: Buffer, label = '', issuer = 'Xinheng'): TOTP {
    const secret = this.#keys.decrypt(seed, contextOf(accountId))
    return new TOTP({
      secret: new Secret({ buffer: new Uint8Array(secret).buffer }),
      period: PERIOD_SECONDS,
      digits: 6,
      algorithm: 'SHA1',
      label,
      issuer,
    })
  }
}

const currentStep = (): number => Math.floor(Date.now() / 1000 / PERIOD_SECONDS)
