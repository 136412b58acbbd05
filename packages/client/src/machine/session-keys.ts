import { createHmac } from 'node:crypto'
import type { Signer } from './signing.ts'

/** What `POST /api/v1/session-keys` answers. */
export interface SessionKey {
  readonly key: string
  /** 32 bytes, base64url. */
  readonly secret: string
  readonly expiresAt: string
}

/** A key is given up so long before its end: a request on its way must still find it alive. */
const MARGIN_MS = 60_000

/**
 * Keys of fifteen minutes: the client signs once for one, and what follows carries an HMAC by it, which is checked many
 * times faster than a signature.
 */
export class SessionKeys {
  readonly #ask: () => Promise<SessionKey>
  #current: { readonly signer: Signer; readonly until: number } | undefined
  #asking: Promise<Signer> | undefined

  /** @param ask fetches a new key by a request that bears the client's own signature */
  constructor(ask: () => Promise<SessionKey>) {
    this.#ask = ask
  }

  /** The key in force; a new one where there is none, asked for once however many wait. */
  signer(now = Date.now()): Promise<Signer> | Signer {
    if (this.#current !== undefined && this.#current.until > now) return this.#current.signer
    this.#asking ??= this.#renew().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  /** The platform does not know it any more: revoked, or its time is over. */
  forget(signer: Signer): void {
    if (this.#current?.signer === signer) this.#current = undefined
  }

  async #renew(): Promise<Signer> {
    const { key, secret, expiresAt } = await this.#ask()
    const bytes = Buffer.from(secret, 'base64url')
    const signer: Signer = {
      algorithm: 'hmac',
      keyId: key,
      sign: (message) => createHmac('sha256', bytes).update(message).digest(),
    }
    this.#current = { signer, until: Date.parse(expiresAt) - MARGIN_MS }
    return signer
  }
}
