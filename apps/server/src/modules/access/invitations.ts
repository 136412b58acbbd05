import type { Role } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, withActor, writeLedger } from '../../platform/database/actor.ts'
import { badLink, wrongCode } from './faults.ts'
import type { Enrolment } from './second-factor.ts'
import type { SignIn, Visitor } from './service.ts'
import { newToken, tokenHash } from './sessions.ts'

/** A link that nobody used is void after a day. */
const HOURS = 24

export interface OpenedInvitation {
  readonly login: string
  readonly name: string
  readonly role: Role | null
  readonly expiresAt: string
  readonly secondFactor: Enrolment
}

export interface Accepted {
  /** Shown once. */
  readonly recoveryCodes: readonly string[]
  /** Of a session, where the account has a role already. */
  readonly token?: string
}

interface Row {
  readonly account_id: number
  readonly login: string
  readonly name: string
  readonly duty: Actor['duty']
  readonly unit_id: number | null
  readonly role: Role | null
  readonly totp_seed: Buffer
  readonly expires_at: Date
}

/** One-time links, by which a person sets password and second factor. Whoever issues one never learns either. */
export class Invitations {
  readonly #pool: pg.Pool
  readonly #signIn: SignIn
  readonly #issuer: string

  /** @param issuer what the authenticator program shows above the code */
  constructor(pool: pg.Pool, signIn: SignIn, issuer: string) {
    this.#pool = pool
    this.#signIn = signIn
    this.#issuer = issuer
  }

  /** A new link for an account; an earlier one is void. @param client under the login of sign-in */
  async issue(client: pg.ClientBase, accountId: number, issuedBy: string): Promise<string> {
    const token = newToken()
    await client.query(
      `INSERT INTO xh.invitation (account_id, token_hash, totp_seed, issued_by, expires_at)
         VALUES ($1, $2, $3, $4, now() + make_interval(hours => $5))
         ON CONFLICT (account_id) DO UPDATE SET token_hash = EXCLUDED.token_hash, totp_seed = EXCLUDED.totp_seed,
           issued_by = EXCLUDED.issued_by, issued_at = now(), expires_at = EXCLUDED.expires_at`,
      [accountId, tokenHash(token), this.#signIn.secondFactor.newSeed(accountId), issuedBy, HOURS],
    )
    return token
  }

  /** What the owner of a link is shown. @throws DomainError `invitation.unknown` */
  async open(token: string): Promise<OpenedInvitation> {
    const row = await this.#find(this.#pool, token)
    return {
      login: row.login,
      name: row.name,
      role: row.role,
      expiresAt: row.expires_at.toISOString(),
      secondFactor: this.#signIn.secondFactor.enrolment(
        row.account_id,
        row.totp_seed,
        row.login,
        this.#issuer,
      ),
    }
  }

  /** Sets password and second factor, uses the link up and, where there is a role, begins a session. */
  async accept(token: string, password: string, code: string, visitor: Visitor): Promise<Accepted> {
    const seen = await this.#find(this.#pool, token)
    const step = this.#signIn.secondFactor.stepOf(seen.account_id, seen.totp_seed, code)
    if (step === undefined) throw wrongCode()
    const hash = await this.#signIn.acceptablePassword(seen.account_id, password)
    const actor: Actor = {
      name: seen.login,
      duty: seen.duty,
      accountId: seen.account_id,
      unitId: seen.unit_id ?? undefined,
      request: visitor.request,
    }
    return withActor(this.#pool, actor, async (client) => {
      const { rowCount } = await client.query('DELETE FROM xh.invitation WHERE token_hash = $1', [
        tokenHash(token),
      ])
      if (rowCount !== 1) throw badLink()
      await this.#signIn.setUp(client, seen.account_id, hash, seen.totp_seed, step)
      await client.query('UPDATE xh.account SET last_used_at = now() WHERE account_id = $1', [
        seen.account_id,
      ])
      const recoveryCodes = await this.#signIn.secondFactor.newRecoveryCodes(client, seen.account_id)
      const session =
        seen.role === null
          ? undefined
          : await this.#signIn.begin(client, seen.account_id, seen.role, 'password', visitor)
      if (session !== undefined)
        await writeLedger(client, actor, {
          act: 'session.begin',
          object: `account:${seen.account_id}`,
          result: 'signedIn',
          detail: { method: 'invitation' },
        })
      return {
        result: { recoveryCodes, ...(session === undefined ? {} : { token: session }) },
        act: { act: 'account.setUp', object: `account:${seen.account_id}` },
      }
    })
  }

  async #find(client: pg.Pool | pg.ClientBase, token: string): Promise<Row> {
    const { rows } = await client.query<Row>(
      `SELECT a.account_id, a.login, a.name, a.duty, a.unit_id, r.role, i.totp_seed, i.expires_at
         FROM xh.invitation i JOIN xh.account a USING (account_id) LEFT JOIN xh.account_role r USING (account_id)
        WHERE i.token_hash = $1 AND i.expires_at > now() AND a.state = 'on'`,
      [tokenHash(token)],
    )
    if (rows[0] === undefined) throw badLink()
    return rows[0]
  }
}
