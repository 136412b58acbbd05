/** A subject of a message: an organisation, a public body or an individual business; never a natural person. */
export interface MessageSubject {
  readonly name: string
  readonly uscc: string
  readonly kind: 'organisation' | 'publicBody' | 'individualBusiness'
}

interface Envelope {
  /** The same in every repetition and replay: what was done for it is not done again. */
  readonly messageId: string
  readonly sentAt: string
  /** Between cities: where the entry is at home, and the agreement by which it was sent. */
  readonly homeRegion?: string
  readonly agreementNo?: string
  /** The platform's Ed25519 signature over the canonical JSON of everything else, base64url. */
  readonly signature: string
}

/** An entry of a list was added, changed or removed. */
export interface ListEntry extends Envelope {
  readonly listCode: string
  readonly change: 'add' | 'update' | 'remove'
  readonly subject: MessageSubject
  readonly docNo: string | null
  readonly authority: string | null
  readonly authorityUscc: string | null
  readonly reason: string | null
  readonly basis: string | null
  readonly listedOn: string
  readonly termEnd: string | null
  readonly removedOn: string | null
  readonly removeKind: 'expired' | 'repaired' | 'revoked' | 'changed' | 'error' | 'shielded' | 'held' | null
  readonly officialNo: readonly string[]
  readonly edition: string | null
}

/** Measures that rest on the entry end now. */
export interface ActionLift extends Envelope {
  readonly listCode: string
  readonly docNo: string | null
  readonly uscc: string
  readonly liftedOn: string
  readonly cause: 'expired' | 'repaired' | 'revoked' | 'court'
  readonly unitsNotified: readonly string[]
  readonly ackAt: string | null
}

/** One message as it is pushed or pulled. */
export type Delivery =
  | {
      readonly type: 'list.entry'
      readonly sequence: number
      readonly subscription: string
      readonly message: ListEntry
    }
  | {
      readonly type: 'action.lift'
      readonly sequence: number
      readonly subscription: string
      readonly message: ActionLift
    }

/** What two messages about the same entry have in common. */
export function entryOf(delivery: Delivery): string {
  const uscc = delivery.type === 'list.entry' ? delivery.message.subject.uscc : delivery.message.uscc
  return [delivery.message.listCode, delivery.message.docNo ?? '', uscc].join('|')
}
