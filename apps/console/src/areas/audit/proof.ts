import type { GetApiV1LedgerHeadResponse, GetApiV1LedgerProofInclusionResponse } from '@xinheng/client'
import { detailText, fromBase64, leafText, readSignedHead, verifyInclusionLater } from '@xinheng/core'
import { read } from '../../api.ts'
import type { WholeEntry } from './model.ts'

/** `unable`: this browser cannot; `gone`: there is nothing left to check, by an order that stands in the ledger. */
export type Answer = 'good' | 'bad' | 'unable' | 'gone'

export interface Proven {
  readonly size: number
  readonly root: string
  readonly signedAt: string
  readonly hashes: number
  /** The entry as shown has the leaf's hash. */
  readonly entry: Answer
  /** Ground, origin and detail as shown are what the entry commits to. */
  readonly detail: Answer
  /** The leaf stands at its place under the root. */
  readonly place: Answer
  /** The root is the head's, and a key of the ledger signed it. */
  readonly head: Answer
}

/**
 * Proves an entry in this browser: what the server says is hashed here and compared with the signed head.
 * @returns undefined while no signed head covers the entry yet
 */
export async function prove(entry: WholeEntry): Promise<Proven | undefined> {
  const { head, keys } = await read<GetApiV1LedgerHeadResponse>('/api/v1/ledger/head')
  if (entry.index >= head.size) return undefined
  const inclusion = await read<GetApiV1LedgerProofInclusionResponse>(
    `/api/v1/ledger/proof/inclusion?index=${entry.index}&size=${head.size}`,
  )
  const leaf = await sha256(Uint8Array.of(0), utf8(leafText(entry)))
  const claimed = fromBase64(inclusion.leaf)
  const root = fromBase64(inclusion.root)
  const proof = inclusion.proof.map(fromBase64)
  const placed =
    root !== undefined &&
    proof.every((one) => one !== undefined) &&
    inclusion.index === entry.index &&
    inclusion.size === head.size &&
    (await verifyInclusionLater(
      (left, right) => sha256(Uint8Array.of(1), left, right),
      { index: entry.index, size: head.size, leaf, root },
      proof as Uint8Array[],
    ))
  return {
    size: head.size,
    root: head.root,
    signedAt: head.signedAt,
    hashes: proof.length,
    entry: claimed !== undefined && same(leaf, claimed) ? 'good' : 'bad',
    detail: await detailFits(entry),
    place: placed ? 'good' : 'bad',
    head: inclusion.root === head.root ? await signatureOf(head.note, head.root, keys) : 'bad',
  }
}

async function detailFits(entry: WholeEntry): Promise<Answer> {
  if (entry.erased || entry.salt === null) return 'gone'
  const key = await crypto.subtle.importKey(
    'raw',
    bytesOf(entry.salt),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  const { ground, origin, detail, secret } = entry
  const text = detailText({ ground, origin, detail: detail ?? {}, secret })
  const made = new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(text)))
  return same(made, bytesOf(entry.commitment)) ? 'good' : 'bad'
}

/** Whether one of the ledger's keys signed the note, and the note is of this root. */
async function signatureOf(note: string, root: string, keys: readonly string[]): Promise<Answer> {
  const signed = readSignedHead(note)
  const wanted = fromBase64(root)
  if (signed === undefined || wanted === undefined || !same(signed.head.root, wanted)) return 'bad'
  for (const text of keys) {
    const key = await keyOf(text)
    if (key === undefined || key.name !== signed.head.origin) continue
    const one = signed.signatures.find(({ name, keyId }) => name === key.name && same(keyId, key.id))
    if (one === undefined) continue
    try {
      const imported = await crypto.subtle.importKey('raw', key.bytes, { name: 'Ed25519' }, false, ['verify'])
      const good = await crypto.subtle.verify(
        'Ed25519',
        imported,
        one.signature as Uint8Array<ArrayBuffer>,
        utf8(signed.body),
      )
      return good ? 'good' : 'bad'
    } catch {
      return 'unable'
    }
  }
  return 'bad'
}

/** A key in the form of signed notes: name, id and key, where the id is that of name and key. */
async function keyOf(
  text: string,
): Promise<{ name: string; id: Uint8Array; bytes: Uint8Array<ArrayBuffer> } | undefined> {
  const [name = '', id = '', encoded = ''] =
    /^(\S+?)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim())?.slice(1) ?? []
  const kindAndKey = fromBase64(encoded)
  if (kindAndKey?.length !== 33 || kindAndKey[0] !== 1) return undefined
  const made = (await sha256(utf8(name), Uint8Array.of(10), kindAndKey)).slice(0, 4)
  return same(made, bytesOf(id))
    ? { name, id: made, bytes: kindAndKey.slice(1) as Uint8Array<ArrayBuffer> }
    : undefined
}

async function sha256(...parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

const utf8 = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) =>
    Number.parseInt(pair, 16),
  ) as Uint8Array<ArrayBuffer>
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, place) => byte === other[place])
}
