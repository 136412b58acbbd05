import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { secretOnce } from '../config/data-folder.ts'
import type { Settings } from '../config/settings.ts'
import { DomainError } from '../errors/domain-error.ts'

const NONCE = 12
const TAG = 16
export const MAIN_KEY_BYTES = 32

/** The key that wraps all others. It never encrypts anything else and is never in the database. */
export class MainKey {
  readonly #bytes: Buffer
  readonly #wrapping: Buffer
  /** Tells one main key from another, and nothing about it. */
  readonly fingerprint: string

  constructor(bytes: Buffer) {
    if (bytes.length !== MAIN_KEY_BYTES) throw new Error('a main key has 32 bytes')
    this.#bytes = bytes
    this.#wrapping = this.derive('data keys', 32)
    this.fingerprint = this.derive('fingerprint', 8).toString('hex')
  }

  static random(): MainKey {
    return new MainKey(randomBytes(MAIN_KEY_BYTES))
  }

  /** As it stands in a file or in XINHENG_KEY. */
  get text(): string {
    return this.#bytes.toString('base64url')
  }

  derive(purpose: string, bytes: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#bytes, 'xinheng', purpose, bytes))
  }

  /** @param bound the key's id and purpose: a wrapped key does not open as another */
  wrap(key: Uint8Array, bound: string): Buffer {
    const nonce = randomBytes(NONCE)
    const cipher = createCipheriv('aes-256-gcm', this.#wrapping, nonce)
    cipher.setAAD(Buffer.from(bound))
    return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()])
  }

  unwrap(wrapped: Buffer, bound: string): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.#wrapping, wrapped.subarray(0, NONCE))
    decipher.setAAD(Buffer.from(bound))
    decipher.setAuthTag(wrapped.subarray(wrapped.length - TAG))
    return Buffer.concat([decipher.update(wrapped.subarray(NONCE, wrapped.length - TAG)), decipher.final()])
  }
}

const folderOf = (settings: Settings): string => join(settings.dataFolder, 'keys')
export const mainKeyPath = (settings: Settings): string => join(folderOf(settings), 'main.key')

/**
 * The main key: from XINHENG_KEY, or the data folder's own.
 * @param makes whether one may be made where there is none: only before the ring exists
 */
export function readMainKey(settings: Settings, makes: boolean): MainKey {
  if (settings.key !== undefined) return new MainKey(Buffer.from(settings.key, 'base64url'))
  const path = mainKeyPath(settings)
  if (!makes && !existsSync(path))
    throw new DomainError('keys.no-main-key', {
      zh: '数据库已有密钥环，但找不到主密钥。',
      en: 'The database has a key ring, and there is no main key to open it.',
      remedyZh: `从密钥备份恢复 ${path}，或设置 XINHENG_KEY。不要另建新密钥。`,
      remedyEn: `Restore ${path} from the backup of keys, or set XINHENG_KEY. Do not make a new one.`,
      status: 500,
    })
  mkdirSync(folderOf(settings), { recursive: true, mode: 0o700 })
  return new MainKey(Buffer.from(secretOnce(path, MAIN_KEY_BYTES), 'base64url'))
}

/** @throws DomainError `keys.file` where the file holds no main key */
export function readMainKeyFile(path: string): MainKey {
  const bytes = existsSync(path)
    ? Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url')
    : Buffer.alloc(0)
  if (bytes.length !== MAIN_KEY_BYTES)
    throw new DomainError('keys.file', {
      zh: `${path} 中没有主密钥（32字节 base64url）。`,
      en: `${path} holds no main key (32 bytes, base64url).`,
      remedyZh: '检查路径，或去掉该选项由程序生成。',
      remedyEn: 'Check the path, or leave the option out to have one made.',
    })
  return new MainKey(bytes)
}

/** Puts a main key into the data folder in two steps, so that no moment has neither. */
export function stageMainKey(settings: Settings, key: MainKey): { settle(before: string): string } {
  const path = mainKeyPath(settings)
  const next = `${path}.next`
  writeFileSync(next, key.text, { mode: 0o600, flush: true })
  return {
    settle(before) {
      const kept = join(folderOf(settings), `main-${before}.key`)
      if (existsSync(path)) renameSync(path, kept)
      renameSync(next, path)
      return kept
    },
  }
}
