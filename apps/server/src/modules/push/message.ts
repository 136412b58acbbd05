import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { canonicalJson } from '@xinheng/core'
import type { Keys } from '../../platform/keys/keys.ts'
import type { ReplyKey } from '../clients/index.ts'

export type MessageType = 'list.entry' | 'action.lift'
export type RemoveKind = 'expired' | 'repaired' | 'revoked' | 'changed' | 'error' | 'shielded' | 'held'
export type LiftCause = 'expired' | 'repaired' | 'revoked' | 'court'

/** An entry of a list as a message tells it, without what makes it a message. */
export interface EntryBody {
  readonly listCode: string
  readonly change: 'add' | 'update' | 'remove'
  readonly subject: {
    readonly name: string
    readonly uscc: string
    readonly kind: 'organisation' | 'publicBody' | 'individualBusiness'
  }
  readonly docNo: string | null
  readonly authority: string | null
  readonly authorityUscc: string | null
  readonly reason: string | null
  readonly basis: string | null
  readonly listedOn: string
  readonly termEnd: string | null
  readonly removedOn: string | null
  readonly removeKind: RemoveKind | null
  readonly officialNo: readonly string[]
  readonly edition: string | null
}

export interface LiftBody {
  readonly listCode: string
  readonly docNo: string | null
  readonly uscc: string
  readonly liftedOn: string
  readonly cause: LiftCause
  readonly unitsNotified: readonly string[]
  readonly ackAt: string | null
}

/** A row of push_event. */
export interface StoredEvent {
  readonly event: number
  readonly type: MessageType
  readonly body: EntryBody | LiftBody
  readonly at: Date
}

/** For whom a message is made. */
export interface Addressee {
  readonly subscription: number
  readonly publicId: string
  /** Between cities: which city we are, and by which agreement it goes out. */
  readonly exchange?: { readonly homeRegion: string; readonly agreementNo: string } | undefined
}

export interface Delivery {
  readonly type: MessageType
  readonly sequence: number
  readonly subscription: string
  readonly message: Readonly<Record<string, unknown>> & { readonly messageId: string }
}

/** What makes messages of events: the same bytes at every repetition, replay and pull. */
export class Messages {
  readonly #idKey: Buffer
  readonly #signer: ReplyKey

  constructor(keys: Keys, signer: ReplyKey) {
    // As lasting as the key that signs: an id is the same as long as its signature can be checked.
    this.#idKey = Buffer.from(hkdfSync('sha256', keys.lasting('replies'), 'xinheng', 'push message ids', 16))
    this.#signer = signer
  }

  of(event: StoredEvent, to: Addressee): Delivery {
    const unsigned = {
      messageId: this.id(to.subscription, event.event),
      sentAt: event.at.toISOString(),
      ...event.body,
      ...(to.exchange ?? {}),
    }
    const signature = this.#signer.sign(`xinheng-message-v1\n${event.type}\n${canonicalJson(unsigned)}`)
    return {
      type: event.type,
      sequence: event.event,
      subscription: to.publicId,
      message: { ...unsigned, signature },
    }
  }

  /** One block of AES over subscription and event: the same always, and nobody can count through. */
  id(subscription: number, event: number): string {
    const block = Buffer.alloc(16)
    block.writeUInt32BE(subscription, 0)
    block.writeBigUInt64BE(BigInt(event), 8)
    const cipher = createCipheriv('aes-128-ecb', this.#idKey, null).setAutoPadding(false)
    return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url')
  }

  /** @returns the event; undefined where the id is none of this subscription's */
  readId(subscription: number, id: string): number | undefined {
    if (!/^[A-Za-z0-9_-]{22}$/.test(id)) return undefined
    const decipher = createDecipheriv('aes-128-ecb', this.#idKey, null).setAutoPadding(false)
    const block = Buffer.concat([decipher.update(Buffer.from(id, 'base64url')), decipher.final()])
    const event = Number(block.readBigUInt64BE(8))
    const own = block.readUInt32BE(0) === subscription && block.readUInt32BE(4) === 0
    return own && Number.isSafeInteger(event) && event > 0 ? event : undefined
  }
}
