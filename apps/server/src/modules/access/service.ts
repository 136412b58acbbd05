import type { Duty, Role } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, become, withActor, writeLedger } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { SignedIn } from '../../platform/http/access.ts'
import { networkOf } from '../../platform/http/network.ts'
import type { Keys } from '../../platform/keys/keys.ts'
import type { Attempts, Source } from './attempts.ts'
import {
  accountOff,
  agedPassword,
  noPendingSignIn,
  noRole,
  reusedPassword,
  usedCode,
  wrongCode,
  wrongPassword,
} from './faults.ts'
import type { Passwords } from './passwords.ts'
import type { SignInProfile } from './profile.ts'
import type { SecondFactor } from './second-factor.ts'
import { type FoundSession, newToken, type Sessions, tokenHash } from './sessions.ts'

/** What is known of the browser that asks. */
export interface Visitor {
  readonly address: string
  readonly agent: string
  /** Its device cookie, where it has signed in before. */
  readonly device: string | undefined
  readonly request: string
}

interface AccountRow {
  readonly account_id: number
  readonly login: string
  readonly name: string
  readonly duty: Duty
  readonly unit_id: number | null
  readonly state: 'on' | 'off'
  readonly role: Role | null
  readonly unused: boolean
  readonly password_hash: string | null
  readonly aged: boolean
  readonly unit_name: string | null
}

export interface FirstStep {
  /** For the session cookie of the half-way session. */
  readonly token: string
  /** The password is right and has reached its age: a new one is wanted along with the code. */
  readonly passwordAged: boolean
}

export interface SignedInNow {
  readonly token: string
  /** For the device cookie. */
  readonly device: string
  /** Where a recovery code was used: how many are left. */
  readonly recoveryCodesLeft?: number
  readonly lastUsedAt: string
}

/** Nobody has signed in yet when a sign-in fails: the door itself says so in the ledger. */
const doorAs = (request: string, accountId?: number): Actor => ({
  name: 'program:sign-in',
  duty: 'security',
  request,
  ...(accountId === undefined ? {} : { accountId }),
})

/** Signing in: a password or the single sign-on, then a code that works once. */
export class SignIn {
  readonly #pool: pg.Pool
  readonly #keys: Keys
  readonly #profile: SignInProfile
  readonly #attempts: Attempts
  readonly sessions: Sessions
  readonly passwords: Passwords
  readonly secondFactor: SecondFactor

  constructor(parts: {
    pool: pg.Pool
    keys: Keys
    profile: SignInProfile
    attempts: Attempts
    sessions: Sessions
    passwords: Passwords
    secondFactor: SecondFactor
  }) {
    this.#pool = parts.pool
    this.#keys = parts.keys
    this.#profile = parts.profile
    this.#attempts = parts.attempts
    this.sessions = parts.sessions
    this.passwords = parts.passwords
    this.secondFactor = parts.secondFactor
  }

  /**
   * The first step. An account that does not exist takes the same way, the same work and gets the same answer.
   * @throws DomainError `sign-in.locked`, `sign-in.busy`, `sign-in.wrong`; once the password was right also
   *   `sign-in.account-off`, `sign-in.no-role`
   */
  async password(login: string, password: string, visitor: Visitor): Promise<FirstStep> {
    const account = await this.#account(login)
    await this.#attempts.take('password', login, await this.#sourceOf(account?.account_id, visitor))
    const fits = await this.passwords.verify(password, account?.password_hash ?? undefined)
    if (account === undefined || !fits) {
      await this.#tellFailure(visitor, 'password', account)
      throw wrongPassword()
    }
    if (this.passwords.isOld(account.password_hash as string))
      await this.#pool.query('UPDATE xh.account_secret SET password_hash = $2 WHERE account_id = $1', [
        account.account_id,
        await this.passwords.hash(password),
      ])
    return { token: await this.#halfWay(account, 'password', visitor), passwordAged: account.aged }
  }

  /** The first step by the single sign-on, of an account that is linked to it. @returns the session token */
  async bySingleSignOn(accountId: number, visitor: Visitor): Promise<string> {
    const { rows } = await this.#pool.query('SELECT login FROM xh.account WHERE account_id = $1', [accountId])
    const account = await this.#account(rows[0].login)
    return this.#halfWay(account as AccountRow, 'singleSignOn', visitor)
  }

  /**
   * The second step: a code or a recovery code ends the half-way session and begins the real one, under a new id.
   * @throws DomainError `sign-in.begin-again`, `sign-in.locked`, `sign-in.code`, `sign-in.code-used`,
   *   `sign-in.password-aged`, `password.weak`, `password.reused`
   */
  async second(
    pending: FoundSession | undefined,
    proof: { readonly code?: string; readonly recoveryCode?: string; readonly newPassword?: string },
    visitor: Visitor,
  ): Promise<SignedInNow> {
    if (pending?.stage !== 'secondFactor') throw noPendingSignIn()
    const account = (await this.#account(pending.name)) as AccountRow
    const source = await this.#sourceOf(account.account_id, visitor)
    await this.#attempts.take('code', account.login, source)
    const newHash = await this.#newHashIfAged(account, pending, proof.newPassword)
    const actor = this.#actorOf(account, visitor)
    const outcome = await this.#inTransaction(actor, async (client): Promise<SignedInNow | DomainError> => {
      let left: number | undefined
      if (proof.recoveryCode !== undefined) {
        left = await this.secondFactor.useRecoveryCode(client, account.account_id, proof.recoveryCode)
        if (left === undefined) return wrongCode()
      } else {
        const verdict = await this.secondFactor.useCode(client, account.account_id, proof.code ?? '')
        if (verdict !== 'right') return verdict === 'used' ? usedCode() : wrongCode()
      }
      if (newHash !== undefined) await this.#storePassword(client, account.account_id, newHash)
      await this.sessions.end(client, account.account_id, pending.sessionId)
      const token = await this.begin(
        client,
        account.account_id,
        account.role as Role,
        pending.method,
        visitor,
      )
      const device = await this.#rememberDevice(client, account.account_id, visitor)
      const { rows } = await client.query(
        `UPDATE xh.account n SET last_used_at = now() FROM (SELECT last_used_at FROM xh.account WHERE account_id = $1) o
          WHERE n.account_id = $1 RETURNING o.last_used_at`,
        [account.account_id],
      )
      await writeLedger(client, actor, {
        act: 'session.begin',
        object: `account:${account.account_id}`,
        result: 'signedIn',
        detail: {
          method: pending.method,
          recoveryCode: left !== undefined,
          newPassword: newHash !== undefined,
        },
      })
      return {
        token,
        device,
        lastUsedAt: rows[0].last_used_at.toISOString(),
        ...(left === undefined ? {} : { recoveryCodesLeft: left }),
      }
    })
    if (outcome instanceof DomainError) {
      await this.#tellFailure(visitor, proof.recoveryCode === undefined ? 'code' : 'recoveryCode', account)
      throw outcome
    }
    await this.#attempts.forget(account.login, source)
    return outcome
  }

  /**
   * Proves again who sits there. The session gets a new id and is fresh for some minutes.
   * @returns the new token
   */
  async again(
    who: SignedIn,
    method: FoundSession['method'],
    proof: { readonly password?: string; readonly code: string },
    visitor: Visitor,
  ): Promise<string> {
    const account = (await this.#account(who.name)) as AccountRow
    const source = await this.#sourceOf(account.account_id, visitor)
    await this.#attempts.take('code', account.login, source)
    if (
      method === 'password' &&
      !(await this.passwords.verify(proof.password ?? '', account.password_hash ?? undefined))
    ) {
      await this.#tellFailure(visitor, 'password', account)
      throw wrongPassword()
    }
    const actor = this.#actorOf(account, visitor)
    const outcome = await this.#inTransaction(actor, async (client): Promise<string | DomainError> => {
      const verdict = await this.secondFactor.useCode(client, account.account_id, proof.code)
      if (verdict !== 'right') return verdict === 'used' ? usedCode() : wrongCode()
      const renewed = await this.sessions.renew(client, who.sessionId)
      await writeLedger(client, actor, { act: 'session.renew', object: `account:${account.account_id}` })
      return renewed
    })
    if (outcome instanceof DomainError) {
      await this.#tellFailure(visitor, 'code', account)
      throw outcome
    }
    await this.#attempts.forget(account.login, source)
    return outcome
  }

  /** A new password by its owner; every other session of the account ends. */
  async changePassword(who: SignedIn, newPassword: string, visitor: Visitor): Promise<void> {
    const account = (await this.#account(who.name)) as AccountRow
    const hash = await this.acceptablePassword(account.account_id, newPassword)
    await withActor(this.#pool, this.#actorOf(account, visitor), async (client) => {
      await this.#storePassword(client, account.account_id, hash)
      await this.sessions.endAll(client, account.account_id, who.sessionId)
      return { result: undefined, act: { act: 'password.change', object: `account:${account.account_id}` } }
    })
  }

  /** A new authenticator, proven by its first code. @param seed sealed for this account */
  async changeSecondFactor(who: SignedIn, seed: Buffer, code: string, visitor: Visitor): Promise<void> {
    const account = (await this.#account(who.name)) as AccountRow
    const step = this.secondFactor.stepOf(account.account_id, seed, code)
    if (step === undefined) throw wrongCode()
    await withActor(this.#pool, this.#actorOf(account, visitor), async (client) => {
      await client.query(
        'UPDATE xh.account_secret SET totp_seed = $2, totp_last_step = $3, totp_set_at = now() WHERE account_id = $1',
        [account.account_id, seed, step],
      )
      await this.sessions.endAll(client, account.account_id, who.sessionId)
      return {
        result: undefined,
        act: { act: 'secondFactor.change', object: `account:${account.account_id}` },
      }
    })
  }

  /** @returns the hash of a password that the rules allow. @throws DomainError `password.weak`, `password.reused` */
  async acceptablePassword(accountId: number, password: string): Promise<string> {
    const { rows } = await this.#pool.query(
      `SELECT a.login, a.name, u.name AS unit, s.password_hash,
              ARRAY(SELECT p.password_hash FROM xh.past_password p WHERE p.account_id = a.account_id ORDER BY replaced_at DESC LIMIT $2) AS past
         FROM xh.account a LEFT JOIN xh.unit u USING (unit_id) LEFT JOIN xh.account_secret s USING (account_id) WHERE a.account_id = $1`,
      [accountId, Math.max(0, this.#profile.password.remembered - 1)],
    )
    const { login, name, unit, password_hash: now, past } = rows[0]
    this.passwords.refuseWeak(password, [
      login,
      ...String(login).split(/[._-]/),
      name,
      ...(unit === null ? [] : [unit]),
    ])
    const earlier: string[] =
      this.#profile.password.remembered === 0 ? [] : [...(now === null ? [] : [now]), ...past]
    for (const hash of earlier) if (await this.passwords.verify(password, hash)) throw reusedPassword()
    return this.passwords.hash(password)
  }

  /** Writes a password and keeps the one before, so that it does not come back. */
  async #storePassword(client: pg.ClientBase, accountId: number, hash: string): Promise<void> {
    await client.query(
      `INSERT INTO xh.past_password (account_id, password_hash)
         SELECT account_id, password_hash FROM xh.account_secret WHERE account_id = $1 AND password_hash IS NOT NULL`,
      [accountId],
    )
    await client.query(
      `INSERT INTO xh.account_secret (account_id, password_hash, password_set_at) VALUES ($1, $2, now())
         ON CONFLICT (account_id) DO UPDATE SET password_hash = EXCLUDED.password_hash, password_set_at = now()`,
      [accountId, hash],
    )
  }

  /** Password and second factor as the owner of a one-time link sets them; everything earlier is void. */
  async setUp(
    client: pg.ClientBase,
    accountId: number,
    hash: string,
    seed: Buffer,
    step: number,
  ): Promise<void> {
    await this.#storePassword(client, accountId, hash)
    await client.query(
      'UPDATE xh.account_secret SET totp_seed = $2, totp_last_step = $3, totp_set_at = now() WHERE account_id = $1',
      [accountId, seed, step],
    )
    await client.query('DELETE FROM xh.known_device WHERE account_id = $1', [accountId])
    await this.sessions.endAll(client, accountId)
  }

  async begin(
    client: pg.ClientBase,
    accountId: number,
    role: Role,
    method: FoundSession['method'],
    visitor: Visitor,
  ): Promise<string> {
    return this.sessions.begin(client, { accountId, role, stage: 'full', method, ...visitor })
  }

  async #halfWay(account: AccountRow, method: FoundSession['method'], visitor: Visitor): Promise<string> {
    if (account.unused && account.state === 'on') await switchOffUnused(this.#pool, account.account_id)
    if (account.unused || account.state === 'off') throw accountOff()
    if (account.role === null) throw noRole()
    const client = await this.#pool.connect()
    try {
      return await this.sessions.begin(client, {
        accountId: account.account_id,
        role: account.role,
        stage: 'secondFactor',
        method,
        ...visitor,
      })
    } finally {
      client.release()
    }
  }

  async #newHashIfAged(
    account: AccountRow,
    pending: FoundSession,
    newPassword: string | undefined,
  ): Promise<string | undefined> {
    if (!account.aged || pending.method !== 'password') return undefined
    if (newPassword === undefined) throw agedPassword()
    return this.acceptablePassword(account.account_id, newPassword)
  }

  async #account(login: string): Promise<AccountRow | undefined> {
    const { rows } = await this.#pool.query<AccountRow>(
      `SELECT a.account_id, a.login, a.name, a.duty, a.unit_id, a.state, r.role, s.password_hash, u.name AS unit_name,
              NOT a.demo AND a.last_used_at < now() - make_interval(days => $2) AS unused,
              $3 > 0 AND NOT a.demo AND s.password_set_at < now() - make_interval(days => $3) AS aged
         FROM xh.account a LEFT JOIN xh.account_role r USING (account_id) LEFT JOIN xh.account_secret s USING (account_id)
              LEFT JOIN xh.unit u ON u.unit_id = a.unit_id
        WHERE a.login = $1 AND a.duty <> 'client'`,
      [login.trim().toLowerCase(), this.#profile.unusedDays, this.#profile.password.maxAgeDays],
    )
    return rows[0]
  }

  async #sourceOf(accountId: number | undefined, visitor: Visitor): Promise<Source> {
    const device = visitor.device === undefined ? undefined : tokenHash(visitor.device)
    // Asked for an unknown account too, so that both take the same time.
    const { rowCount } = await this.#pool.query(
      'SELECT FROM xh.known_device WHERE account_id = $1 AND device_hash = $2',
      [accountId ?? 0, device ?? Buffer.alloc(32)],
    )
    return device !== undefined && rowCount === 1
      ? { key: `device:${device.toString('base64url')}`, known: true }
      : { key: `network:${networkOf(visitor.address)}`, known: false }
  }

  /** The browser's secret stays the same for all accounts that are used from it. */
  async #rememberDevice(client: pg.ClientBase, accountId: number, visitor: Visitor): Promise<string> {
    const device = visitor.device !== undefined && visitor.device.length >= 40 ? visitor.device : newToken()
    await client.query(
      `INSERT INTO xh.known_device (account_id, device_hash) VALUES ($1, $2)
         ON CONFLICT (account_id, device_hash) DO UPDATE SET seen_at = now()`,
      [accountId, tokenHash(device)],
    )
    return device
  }

  async #tellFailure(visitor: Visitor, what: string, account: AccountRow | undefined): Promise<void> {
    await withActor(this.#pool, doorAs(visitor.request), async () => ({
      result: undefined,
      act: {
        act: 'session.refuse',
        object: account === undefined ? 'account:unknown' : `account:${account.account_id}`,
        result: what,
        detail: { network: this.#keys.keyedHash('network', networkOf(visitor.address)) },
      },
    }))
  }

  #actorOf(account: AccountRow, visitor: Visitor): Actor {
    return {
      name: account.login,
      duty: account.duty,
      accountId: account.account_id,
      unitId: account.unit_id ?? undefined,
      request: visitor.request,
    }
  }

  /** Becomes the account and does the work; what was right is written down by the work itself. */
  async #inTransaction<T>(actor: Actor, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect()
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
}

/** An account that nobody used for long goes off, with all that is its own. */
export async function switchOffUnused(pool: pg.Pool, accountId: number): Promise<void> {
  await withActor(pool, { name: 'program:sign-in', duty: 'security' }, async (client) => {
    await client.query(
      `UPDATE xh.account SET state = 'off', state_reason = 'unused' WHERE account_id = $1 AND state = 'on'`,
      [accountId],
    )
    await client.query('DELETE FROM xh.session WHERE account_id = $1', [accountId])
    return {
      result: undefined,
      act: { act: 'account.off', object: `account:${accountId}`, ground: 'unused' },
    }
  })
}
