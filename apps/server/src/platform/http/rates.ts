import { DomainError } from '../errors/domain-error.ts'

/** Beyond so many names at once what is old is thrown out: nobody fills the memory by coming from everywhere. */
const MOST_COUNTED = 20_000

/** Counts by minute and name, in this process: for what one process sees whole, or where nearly right is right enough. */
export class MinuteRates {
  #minute = 0
  #counts = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** Counts one more. @returns whether that is beyond what a minute may hold */
  take(name: string, most: number): boolean {
    this.#turn()
    const count = (this.#counts.get(name) ?? 0) + 1
    this.#counts.set(name, count)
    return count > most
  }

  /** The same without counting. */
  isOver(name: string, most: number): boolean {
    this.#turn()
    return (this.#counts.get(name) ?? 0) >= most
  }

  #turn(): void {
    const minute = Math.floor(this.#now() / 60_000)
    if (minute === this.#minute && this.#counts.size < MOST_COUNTED) return
    this.#minute = minute
    this.#counts = new Map()
  }
}

export const tooMany = (): DomainError =>
  new DomainError('http.too-many', {
    zh: '访问过于频繁。',
    en: 'Too many requests.',
    remedyZh: '请稍后再试；批量数据请用开放数据文件。',
    remedyEn: 'Try again later; for bulk use the open data files.',
    status: 429,
  })
