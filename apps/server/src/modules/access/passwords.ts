import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/argon2'
import { findPasswordFaults, type PasswordFault } from '@xinheng/core'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { SignInProfile } from './profile.ts'

/** argon2id, above the floor of ASVS 5.0 appendix C. */
const COST = { memoryCost: 64 * 1024, timeCost: 3, parallelism: 1 } as const
const AS_NOW = `$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`
/** Each takes 64 MiB and a core for 0.1 s. */
const AT_ONCE = Math.min(4, availableParallelism())
/** Who would wait longer than a few seconds is told to come again. */
const MOST_WAITING = 32

/** Words of the house that are tried first. */
const LOCAL_WORDS = ['xinheng', 'xinyong', 'credit', 'shuanggongshi', 'gongshi', 'password', 'admin']

/**
 * Passwords: hashed with argon2id and a pepper that is not in the database, a few at a time, so that a storm of
 * sign-ins neither fills the memory nor stops the rest.
 */
export class Passwords {
  readonly #pepper: Buffer
  readonly #profile: SignInProfile
  readonly #guesser = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
  readonly #waiting: (() => void)[] = []
  #running = 0
  #nobodys: Promise<string> | undefined

  constructor(pepper: Buffer, profile: SignInProfile) {
    this.#pepper = pepper
    this.#profile = profile
  }

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(plain(password), { ...COST, secret: this.#pepper }))
  }

  /** Whether a password fits; the same work where there is no hash to compare with. */
  async verify(password: string, stored: string | undefined): Promise<boolean> {
    this.#nobodys ??= this.hash('nobody has this password')
    const against = stored ?? (await this.#nobodys)
    const fits = await this.#inTurn(() => verify(against, plain(password), { secret: this.#pepper }))
    return fits && stored !== undefined
  }

  /** Whether a hash was made with other costs than today's. */
  isOld(stored: string): boolean {
    return !stored.startsWith('$argon2id$') || !stored.includes(AS_NOW)
  }

  /** @throws DomainError `password.weak` with every reason at once */
  refuseWeak(password: string, localWords: readonly string[]): void {
    const words = [...LOCAL_WORDS, ...localWords]
    // The guesser's time grows with the square of the length.
    const { guessesLog10 } = this.#guesser.check(plain(password).slice(0, 64), words)
    const faults = findPasswordFaults(plain(password), this.#profile.password, words, guessesLog10)
    if (faults.length > 0) throw weak(faults)
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) {
      if (this.#waiting.length >= MOST_WAITING)
        throw new DomainError('sign-in.busy', {
          zh: '登录请求过多，暂时无法处理。',
          en: 'Too many people are signing in at this moment.',
          remedyZh: '请几秒后再试。',
          remedyEn: 'Try again in a few seconds.',
          status: 429,
        })
      await new Promise<void>((go) => this.#waiting.push(go))
    } else this.#running++
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }
}

/** The same password typed on another keyboard is the same password. */
const plain = (password: string): string => password.normalize('NFKC')

function weak(faults: readonly PasswordFault[]): DomainError {
  return new DomainError('password.weak', {
    zh: faults.map((fault) => fault.zh).join(''),
    en: faults.map((fault) => fault.en).join(' '),
    remedyZh: '可用几个不相干的词加数字和符号。',
    remedyEn: 'Take a few unrelated words with digits and signs.',
  })
}
