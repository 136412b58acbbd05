import { canonicalJson } from './canonical-json.ts'

/** By what right an act was done or something read. */
export const RIGHTS = ['law', 'consent', 'duty'] as const
export type Right = (typeof RIGHTS)[number]

/**
 * One entry of the ledger, without anything that may have to be forgotten: that lies apart, under `commitment`.
 */
export interface LedgerEntry {
  /** Number that the act's own transaction took. */
  readonly entry: number
  /** Instant in UTC with microseconds: `2026-11-25T04:31:23.000001Z`. */
  readonly at: string
  /** Number of the act's transaction in the database. */
  readonly transaction: string
  /** Who: an account's login name or a program; never a person of the public. */
  readonly actor: string
  readonly account: number | null
  readonly duty: string
  readonly unit: number | null
  readonly act: string
  readonly object: string | null
  /** For whom: a keyed hash of a natural person. */
  readonly person: string | null
  readonly right: string
  readonly result: string | null
  readonly request: string | null
  readonly build: string | null
  readonly approval: string | null
  /** HMAC-SHA-256(salt, canonical detail), hexadecimal. */
  readonly commitment: string
}

/** What an entry commits to: it can be erased, and the entry still proves everything else. */
export interface LedgerDetail {
  /** The law, consent or reason in words. */
  readonly ground: string | null
  /** From where: address and program. */
  readonly origin: string | null
  readonly detail: Readonly<Record<string, unknown>>
  /** What is kept encrypted beside it. */
  readonly secret: string | null
}

/** The text whose hash is the leaf: canonical JSON with its version. */
export function leafText(entry: LedgerEntry): string {
  // In the order of their names: the canonical form without sorting a million times.
  return `{"account":${number(entry.account)},"act":${text(entry.act)},"actor":${text(entry.actor)},"approval":${text(entry.approval)},"at":${text(entry.at)},"build":${text(entry.build)},"commitment":${text(entry.commitment)},"duty":${text(entry.duty)},"entry":${String(entry.entry)},"object":${text(entry.object)},"person":${text(entry.person)},"request":${text(entry.request)},"result":${text(entry.result)},"right":${text(entry.right)},"transaction":${text(entry.transaction)},"unit":${number(entry.unit)},"version":1}`
}

/** The text that the commitment is made over. */
export function detailText({ ground, origin, detail, secret }: LedgerDetail): string {
  return canonicalJson({ ground, origin, detail, secret })
}

function text(value: string | null): string {
  return value === null ? 'null' : JSON.stringify(value)
}

function number(value: number | null): string {
  return value === null ? 'null' : String(value)
}
