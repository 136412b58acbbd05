import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { DomainError } from '../errors/domain-error.ts'
import { systemFault } from '../errors/system-fault.ts'

/** Makes the data folder where there is none. @throws DomainError that says why it cannot be used */
export function ensureDataFolder(path: string): void {
  try {
    make(path)
  } catch (error) {
    throw systemFault(error) ?? error
  }
}

/** One folder at a time: where a system refuses to hold folders (/proc), Node's own way of making all never ends. */
function make(path: string): void {
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) throw Object.assign(new Error('no folder'), { code: 'ENOTDIR' })
    return
  }
  const parent = dirname(path)
  if (parent !== path) make(parent)
  try {
    mkdirSync(path, { mode: 0o755 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw Object.assign(new Error('no folder'), { code: 'ENOTDIR' })
    if (code !== 'EEXIST') throw error
  }
}

/** Random, made once, whole or absent whatever ends the program, kept where only the owner reads. */
export function secretOnce(path: string, bytes: number): string {
  if (!existsSync(path)) {
    const fresh = `${path}.${process.pid}`
    try {
      const file = openSync(fresh, 'w', 0o600)
      try {
        writeSync(file, randomBytes(bytes).toString('base64url'))
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      place(fresh, path)
    } catch (error) {
      throw systemFault(error) ?? error
    } finally {
      rmSync(fresh, { force: true })
    }
  }
  const secret = readFileSync(path, 'utf8').trim()
  if (Buffer.from(secret, 'base64url').length < bytes) {
    throw new DomainError('data.secret-broken', {
      zh: `文件 ${path} 不完整。`,
      en: `The file ${path} is not whole.`,
      remedyZh: '从备份还原它；没有它，加密的数据无法读取。',
      remedyEn: 'Restore it from a backup: without it what is encrypted cannot be read.',
    })
  }
  return secret
}

/** Whoever is first wins: the secret of another process is never replaced. */
function place(fresh: string, path: string): void {
  try {
    linkSync(fresh, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    // A file system without hard links.
    if (!existsSync(path)) renameSync(fresh, path)
  }
}
