import * as oidc from 'openid-client'
import type pg from 'pg'
import type { Settings } from '../../platform/config/settings.ts'
import { type Actor, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { SignedIn } from '../../platform/http/access.ts'
import type { Keys } from '../../platform/keys/keys.ts'
import type { SignIn, Visitor } from './service.ts'
import { newToken, tokenHash } from './sessions.ts'

export const CALLBACK = '/sign-on/callback'
const MINUTES = 10
const TIMEOUT_SECONDS = 10

interface Flow {
  readonly verifier: string
  readonly state: string
  readonly nonce: string
}

export interface Begun {
  /** Where the browser goes. */
  readonly location: string
  /** For a cookie that comes back with the browser. */
  readonly flow: string
}

export type Ended = { readonly kind: 'signedIn'; readonly token: string } | { readonly kind: 'linked' }

/**
 * Single sign-on by OpenID Connect: authorisation code with PKCE, state and nonce. It takes the place of the password
 * and of nothing else: the code of the second factor is asked as ever. An account is linked by its owner, by issuer and
 * subject, and never made here.
 */
export class SingleSignOn {
  readonly #settings: NonNullable<Settings['singleSignOn']>
  readonly #redirectUri: string
  readonly #pool: pg.Pool
  readonly #keys: Keys
  readonly #signIn: SignIn
  #configuration: Promise<oidc.Configuration> | undefined

  constructor(
    settings: NonNullable<Settings['singleSignOn']>,
    publicOrigin: string,
    pool: pg.Pool,
    keys: Keys,
    signIn: SignIn,
  ) {
    this.#settings = settings
    this.#redirectUri = `${publicOrigin}${CALLBACK}`
    this.#pool = pool
    this.#keys = keys
    this.#signIn = signIn
  }

  /** @param who whose account is to be linked; undefined to sign in */
  async begin(who: SignedIn | undefined): Promise<Begun> {
    const configuration = await this.#discovered()
    const flow: Flow = {
      verifier: oidc.randomPKCECodeVerifier(),
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
    }
    const token = newToken()
    const hash = tokenHash(token)
    await this.#pool.query(
      `INSERT INTO xh.single_sign_on_flow (flow_hash, secret, session_id, expires_at) VALUES ($1, $2, $3, now() + make_interval(mins => $4))`,
      [
        hash,
        this.#keys.encrypt(Buffer.from(JSON.stringify(flow)), contextOf(hash)),
        who?.sessionId ?? null,
        MINUTES,
      ],
    )
    const location = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#redirectUri,
      scope: 'openid',
      code_challenge: await oidc.calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
      state: flow.state,
      nonce: flow.nonce,
    })
    return { location: location.href, flow: token }
  }

  /**
   * The browser comes back.
   * @param query of the callback, with its question mark
   * @throws DomainError `single-sign-on.refused`, `single-sign-on.unlinked`, `single-sign-on.taken`
   */
  async end(flowToken: string, query: string, visitor: Visitor): Promise<Ended> {
    const configuration = await this.#discovered()
    const { flow, sessionId } = await this.#take(flowToken)
    const { issuer, subject } = await this.#claims(configuration, flow, query)
    if (sessionId !== null) {
      await this.#link(issuer, subject, sessionId, visitor)
      return { kind: 'linked' }
    }
    const { rows } = await this.#pool.query(
      'SELECT account_id FROM xh.single_sign_on_identity WHERE issuer = $1 AND subject = $2',
      [issuer, subject],
    )
    if (rows[0] === undefined)
      throw new DomainError('single-sign-on.unlinked', {
        zh: '该统一身份尚未与本平台账户绑定。',
        en: 'This identity is linked to no account here.',
        remedyZh: '请先用密码登录，在“我的账户”中绑定。',
        remedyEn: 'Sign in with your password first and link it under “my account”.',
        status: 403,
      })
    return { kind: 'signedIn', token: await this.#signIn.bySingleSignOn(rows[0].account_id, visitor) }
  }

  /** A flow is used once, whatever becomes of it. */
  async #take(token: string): Promise<{ flow: Flow; sessionId: string | null }> {
    const hash = tokenHash(token)
    const { rows } = await this.#pool.query(
      'DELETE FROM xh.single_sign_on_flow WHERE flow_hash = $1 AND expires_at > now() RETURNING secret, session_id',
      [hash],
    )
    if (rows[0] === undefined) throw refused()
    return {
      flow: JSON.parse(this.#keys.decrypt(rows[0].secret, contextOf(hash)).toString()),
      sessionId: rows[0].session_id,
    }
  }

  async #claims(
    configuration: oidc.Configuration,
    flow: Flow,
    query: string,
  ): Promise<{ issuer: string; subject: string }> {
    try {
      const tokens = await oidc.authorizationCodeGrant(
        configuration,
        new URL(`${this.#redirectUri}${query}`),
        {
          pkceCodeVerifier: flow.verifier,
          expectedState: flow.state,
          expectedNonce: flow.nonce,
          idTokenExpected: true,
        },
      )
      const claims = tokens.claims()
      if (claims === undefined) throw new Error('no id token')
      return { issuer: claims.iss, subject: claims.sub }
    } catch {
      // Whatever was wrong (state, nonce, signature, a refusal there): no detail of it is the browser's.
      throw refused()
    }
  }

  async #link(issuer: string, subject: string, sessionId: string, visitor: Visitor): Promise<void> {
    const { rows } = await this.#pool.query(
      `SELECT a.account_id, a.login, a.duty, a.unit_id FROM xh.session s JOIN xh.account a USING (account_id)
        WHERE s.session_id = $1 AND s.stage = 'full' AND s.ends_at > now()`,
      [sessionId],
    )
    const account = rows[0]
    if (account === undefined) throw refused()
    const actor: Actor = {
      name: account.login,
      duty: account.duty,
      accountId: account.account_id,
      unitId: account.unit_id ?? undefined,
      request: visitor.request,
    }
    await withActor(this.#pool, actor, async (client) => {
      await client
        .query('INSERT INTO xh.single_sign_on_identity (issuer, subject, account_id) VALUES ($1, $2, $3)', [
          issuer,
          subject,
          account.account_id,
        ])
        .catch((error) => {
          if (error.code !== '23505') throw error
          throw new DomainError('single-sign-on.taken', {
            zh: '该统一身份或该账户已绑定。',
            en: 'This identity or this account is linked already.',
            remedyZh: '如需更换，请系统管理员提出重置。',
            remedyEn: 'To change it, ask the system administrator for a reset.',
            status: 409,
          })
        })
      return {
        result: undefined,
        act: { act: 'singleSignOn.link', object: `account:${account.account_id}`, detail: { issuer } },
      }
    })
  }

  /** Asked of the issuer once; where it was away, asked again next time. */
  #discovered(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings
    this.#configuration ??= oidc
      .discovery(new URL(issuer), clientId, clientSecret, undefined, {
        timeout: TIMEOUT_SECONDS,
        // Plain http passes the settings for this machine alone.
        execute: issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [],
      })
      .catch(() => {
        this.#configuration = undefined
        throw new DomainError('single-sign-on.away', {
          zh: '统一身份认证服务暂时不可用。',
          en: 'The single sign-on service is away.',
          remedyZh: '请用密码登录，或稍后再试。',
          remedyEn: 'Sign in with your password, or try later.',
          status: 503,
        })
      })
    return this.#configuration
  }
}

const contextOf = (hash: Buffer): string => `single_sign_on_flow‖${hash.toString('hex')}`

const refused = (): DomainError =>
  new DomainError('single-sign-on.refused', {
    zh: '统一身份认证未成功，或已超时。',
    en: 'The single sign-on failed or took too long.',
    remedyZh: '请重新开始登录。',
    remedyEn: 'Begin again.',
    status: 401,
  })
