import { createHash, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifierKey } from '@xinheng/core'
import type { Settings } from '../config/settings.ts'
import { DomainError } from '../errors/domain-error.ts'

/** What signs the heads of the ledger. A key store outside this machine is another one of these. */
export interface LedgerSigner {
  /** 32 bytes, Ed25519. */
  readonly publicKey: Uint8Array
  sign(text: Uint8Array): Promise<Uint8Array>
}

const SEED_BYTES = 32
/** PKCS #8 of an Ed25519 key, before its seed. */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC_PREFIX_BYTES = 12

/** The signer of a seed of 32 bytes. */
export function signerOf(seed: Uint8Array): LedgerSigner {
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_PREFIX_BYTES)
  return { publicKey, sign: async (text) => sign(null, text, key) }
}

/** The key that signs heads: from XINHENG_LEDGER_KEY, or the data folder's own, made at the first start. */
export function openLedgerSigner(settings: Settings): LedgerSigner {
  if (settings.ledgerKey !== undefined) return signerOf(Buffer.from(settings.ledgerKey, 'base64url'))
  const path = join(settings.dataFolder, 'keys', 'ledger.key')
  if (!existsSync(path)) {
    try {
      mkdirSync(join(settings.dataFolder, 'keys'), { recursive: true, mode: 0o700 })
      writeFileSync(path, randomBytes(SEED_BYTES).toString('base64url'), { mode: 0o600, flag: 'wx' })
    } catch (error) {
      // Another process of this installation made it in the same moment.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  const seed = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url')
  if (seed.length !== SEED_BYTES) {
    throw new DomainError('ledger.key', {
      zh: '账本签名密钥文件已损坏。',
      en: 'The file with the ledger’s signing key is damaged.',
      remedyZh: '从备份恢复 keys/ledger.key；不要另建新密钥。',
      remedyEn: 'Restore keys/ledger.key from its backup; do not make a new one.',
      status: 500,
    })
  }
  return signerOf(seed)
}

/** The public key as others pin it. */
export function ledgerVerifierKey(origin: string, publicKey: Uint8Array): string {
  return verifierKey((bytes) => createHash('sha256').update(bytes).digest(), origin, publicKey)
}
