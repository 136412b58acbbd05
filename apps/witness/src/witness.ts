import {
  fromBase64,
  readSignedHead,
  readVerifierKey,
  type SignedHead,
  signatureLine,
  verifyConsistency,
} from '@xinheng/core'
import { type Cosigner, sha256, tree, verifyEd25519 } from './signing.ts'
import { readState, type WitnessState, writeState } from './state.ts'

/** Why a witness cries. */
export type Alarm =
  | 'unreachable'
  | 'silent'
  | 'shrunken'
  | 'rewritten'
  | 'other-ledger'
  | 'unsigned'
  | 'unreadable'
  | 'future'

export interface Outcome {
  readonly alarm: Alarm | undefined
  readonly zh: string
  readonly en: string
  readonly size: number
  /** The newest head with our signature. */
  readonly note: string | undefined
}

export interface WitnessOptions {
  /** Address of the ledger's server, without a slash at its end. */
  readonly url: string
  readonly statePath: string
  readonly cosigner: Cosigner
  /** The ledger's key; without it the first one that is met is pinned. */
  readonly key?: string | undefined
  /** No newer head for so long is an alarm: one is signed every hour at least. */
  readonly silentSeconds: number
  /** Seconds since 1970. */
  readonly now: () => number
  readonly timeoutMilliseconds?: number
}

const FUTURE_SECONDS = 300
const WORDS: Readonly<Record<Alarm, { zh: string; en: string }>> = {
  unreachable: { zh: '账本服务无法访问或答复有误', en: 'the ledger cannot be reached or answers wrongly' },
  silent: {
    zh: '账本沉默：太久没有新的签名树头',
    en: 'the ledger is silent: no new signed head for too long',
  },
  shrunken: {
    zh: '账本变短：条目少于已见证的数目',
    en: 'the ledger has shrunk: fewer entries than were witnessed',
  },
  rewritten: {
    zh: '历史被改写：与已见证的树头不一致',
    en: 'history was rewritten: it disagrees with a witnessed head',
  },
  'other-ledger': { zh: '这是另一个账本', en: 'this is another ledger' },
  unsigned: { zh: '树头没有账本的有效签名', en: 'the head bears no valid signature of the ledger' },
  unreadable: { zh: '树头无法读取', en: 'the head cannot be read' },
  future: { zh: '树头的时间在将来', en: 'the head’s time lies in the future' },
}

/**
 * Looks at the ledger once: fetches its newest head, checks the signature and that what was witnessed before begins it,
 * saves, and only then signs.
 */
export async function look(options: WitnessOptions): Promise<Outcome> {
  const { statePath, now, silentSeconds } = options
  const state = readState(statePath)
  const last = state?.heads.at(-1)
  const before = last === undefined ? undefined : readSignedHead(last)
  const cry = (alarm: Alarm): Outcome => ({
    alarm,
    ...WORDS[alarm],
    size: before?.head.size ?? 0,
    note: last,
  })
  let answer: { head: { note: string }; keys: string[] }
  try {
    answer = (await ask(options, '/api/v1/ledger/head')) as typeof answer
  } catch {
    return cry('unreachable')
  }
  const signed = typeof answer.head?.note === 'string' ? readSignedHead(answer.head.note) : undefined
  if (signed === undefined) return cry('unreadable')
  const key = options.key ?? state?.key ?? answer.keys?.at(-1) ?? ''
  if (state !== undefined && signed.head.origin !== state.origin) return cry('other-ledger')
  if (!isSignedBy(signed, key)) return cry('unsigned')
  if (signed.head.time > now() + FUTURE_SECONDS) return cry('future')
  if (before !== undefined) {
    if (signed.head.size < before.head.size) return cry('shrunken')
    const fault = await isBegunBy(options, before, signed)
    if (fault !== undefined) return cry(fault)
  }
  if (now() - signed.head.time > silentSeconds) return cry('silent')
  const note = await keep(options, state, signed, answer.head.note, key)
  return {
    alarm: undefined,
    zh: `已见证 ${signed.head.size} 条`,
    en: `${signed.head.size} entries witnessed`,
    size: signed.head.size,
    note,
  }
}

function isSignedBy(signed: SignedHead, text: string): boolean {
  const key = readVerifierKey(sha256, text)
  return (
    key !== undefined &&
    signed.signatures.some(
      (one) =>
        Buffer.from(one.keyId).equals(key.keyId) && verifyEd25519(key.publicKey, signed.body, one.signature),
    )
  )
}

async function isBegunBy(
  options: WitnessOptions,
  before: SignedHead,
  after: SignedHead,
): Promise<Alarm | undefined> {
  let proof: (Uint8Array | undefined)[]
  if (before.head.size === 0 || before.head.size === after.head.size) proof = []
  else {
    try {
      const answer = (await ask(
        options,
        `/api/v1/ledger/proof/consistency?first=${before.head.size}&second=${after.head.size}`,
      )) as { proof: unknown[] }
      proof = answer.proof.map((one) => fromBase64(String(one)))
    } catch {
      return 'unreachable'
    }
  }
  const whole = proof.filter((one) => one !== undefined)
  const holds =
    whole.length === proof.length &&
    verifyConsistency(
      tree,
      {
        first: before.head.size,
        firstRoot: before.head.root,
        second: after.head.size,
        secondRoot: after.head.root,
      },
      whole,
    )
  return holds ? undefined : 'rewritten'
}

/** Saves the head, then signs it. A head that brings nothing new is only seen again. */
async function keep(
  { statePath, cosigner, now }: WitnessOptions,
  state: WitnessState | undefined,
  signed: SignedHead,
  note: string,
  key: string,
): Promise<string> {
  const last = state?.heads.at(-1)
  const heads = state?.heads ?? []
  if (last?.startsWith(`${signed.body}\n`)) {
    writeState(statePath, { origin: signed.head.origin, key, heads, seenAt: now() })
    return last
  }
  // A later head over the same entries takes the earlier one's place: it proves the same.
  const earlier =
    last !== undefined && readSignedHead(last)?.head.size === signed.head.size ? heads.slice(0, -1) : heads
  const cosigned = `${note}${signatureLine(cosigner.cosign(signed.body, now()))}`
  writeState(statePath, {
    origin: signed.head.origin,
    key,
    heads: [...earlier, cosigned],
    seenAt: now(),
  })
  return cosigned
}

async function ask({ url, timeoutMilliseconds }: WitnessOptions, path: string): Promise<unknown> {
  const answer = await fetch(`${url}${path}`, {
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMilliseconds ?? 30_000),
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
  return answer.json()
}
