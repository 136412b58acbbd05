import { randomUUID } from 'node:crypto'
import { type Caller, mayComeLater, pauseBefore } from './caller.ts'
import type { Kept, Outbox } from './outbox.ts'
import { Problem } from './problem.ts'

export interface Applicant {
  readonly kind: 'organisation' | 'individualBusiness' | 'person'
  readonly identifier: string
  readonly name: string
}

/** What a check asks: who applies for which matter, why, under which number of your own. */
export interface Question {
  readonly matter: string
  readonly applicant: Applicant
  readonly purpose: string
  readonly caseNumber: string
  /** Who handles the case, as your system knows them. */
  readonly officer?: string
  /** Of a natural person: the number of the consent, or the duty with its law. */
  readonly consent?: { readonly number: string; readonly until: string }
  readonly duty?: { readonly law: string; readonly article: string }
}

export type Result = 'clear' | 'remind' | 'warn' | 'intercept' | 'reward' | 'toBeDecidedByAnOfficer'

export interface Hit {
  readonly list: { readonly code: string; readonly title: string }
  readonly fact: {
    readonly publicName: string | null
    readonly documentNumber: string
    readonly authority: string
    readonly listedOn: string
    readonly until: string | null
    readonly reason: string | null
  }
  readonly measure: {
    readonly code: string
    readonly title: string
    readonly law: string
    readonly article: string
  }
  readonly effect: string
  readonly origin?: unknown
}

export interface Answer {
  readonly number: string
  readonly result: Result
  readonly asOf: string
  readonly validUntil: string
  readonly hits: readonly Hit[]
  /** Names that look alike: to be checked by a person, never a ground. */
  readonly resembling: readonly {
    readonly name: string
    readonly uscc: string
    readonly score: number
    readonly matches?: readonly string[]
    readonly differs?: readonly string[]
    readonly verdict: 'toBeChecked'
  }[]
  readonly explanation: { readonly zh: string; readonly en: string }
  readonly objection: { readonly zh: string; readonly en: string; readonly url: string | null }
  readonly notice: { readonly url: string | null }
}

/** What the unit's officers decided of an intercept, or of what is theirs to decide. */
export interface Decision {
  readonly decision: 'kept' | 'overridden' | 'applied' | 'notApplied'
  readonly decidedAt: string
}

/** What the unit did with an answer. */
export interface Feedback {
  readonly applied: 'yes' | 'no' | 'partly'
  readonly effect: string
  readonly measure?: string
  readonly done: string
  readonly doneOn: string
  readonly notAppliedReason?: string
  /** Of an incentive: what was really given. */
  readonly granted?: string
  readonly document?: string
}

/** The question is kept and will be repeated; there is no answer yet, which is not the answer “clear”. */
export class NotCheckedYet extends Error {
  readonly key: string

  constructor(key: string, cause: unknown) {
    super('not checked yet: the question is kept and repeated under the same key', { cause })
    this.name = 'NotCheckedYet'
    this.key = key
  }
}

export interface ChecksOptions {
  readonly outbox: Outbox
  /** Hears every answer to a kept question; until its promise is kept the question stays in the outbox. */
  readonly onAnswer?: (answer: unknown, kept: Kept) => void | Promise<void>
  /** Hears of a kept question that the platform will never answer: the refusal says why. */
  readonly onRefusal?: (refusal: unknown, kept: Kept) => void | Promise<void>
  readonly pause?: (tries: number, error: unknown) => number
}

const CHECKS = '/api/v1/checks'

/**
 * Asks checks so that none is lost. A question is on the disk before it is first sent, and stays there until its answer
 * has been handed over: whatever dies in between, the same key asks again and the platform answers once.
 */
export class Checks {
  readonly #caller: Caller
  readonly #options: ChecksOptions
  readonly #running = new Map<string, Promise<unknown>>()
  readonly #stopping = new AbortController()

  constructor(caller: Caller, options: ChecksOptions) {
    this.#caller = caller
    this.#options = options
  }

  /**
   * @param options.key your own key of this question (16–64 letters, digits, `-`, `_`): asking again with it gives the
   *   same answer; made up where absent
   * @param options.patienceMs how long to wait here for an answer; afterwards it goes on in the background
   * @throws NotCheckedYet when the patience has ended; Problem where the question itself is refused
   */
  async ask(
    question: Question,
    options: { readonly key?: string; readonly patienceMs?: number } = {},
  ): Promise<Answer> {
    const kept = await this.#keep(options.key ?? randomUUID(), CHECKS, question)
    return this.#patiently(kept, options.patienceMs ?? 10_000) as Promise<Answer>
  }

  /** Tells what was done with an answer; kept and repeated like a question. */
  async feedback(
    number: string,
    feedback: Feedback,
    options: { readonly key?: string; readonly patienceMs?: number } = {},
  ): Promise<void> {
    const path = `${CHECKS}/${encodeURIComponent(number)}/feedback`
    const kept = await this.#keep(options.key ?? randomUUID(), path, feedback)
    await this.#patiently(kept, options.patienceMs ?? 10_000)
  }

  /** An answer as it was given, and what the unit's officers decided since. */
  answer(number: string): Promise<Answer & { readonly decision: Decision | null }> {
    return this.#caller.json({ method: 'GET', path: `${CHECKS}/${encodeURIComponent(number)}` })
  }

  /** After a start: goes on with everything that was left unanswered. @returns how many */
  async resume(): Promise<number> {
    const kept = await this.#options.outbox.all()
    for (const one of kept) this.#go(one).catch(() => {})
    return kept.length
  }

  /** Ends repeating; what is unanswered stays in the outbox for the next start. */
  async close(): Promise<void> {
    this.#stopping.abort()
    await Promise.allSettled(this.#running.values())
  }

  async #keep(key: string, path: string, body: unknown): Promise<Kept> {
    if (!/^[A-Za-z0-9_-]{8,64}$/.test(key)) throw new TypeError('a key is 8–64 letters, digits, - or _')
    const kept = { key, path, body, keptAt: new Date().toISOString() }
    await this.#options.outbox.put(kept)
    return kept
  }

  async #patiently(kept: Kept, patienceMs: number): Promise<unknown> {
    let lastFault: unknown
    let timer: NodeJS.Timeout | undefined
    const answered = this.#go(kept, (error) => {
      lastFault = error
    })
    // It goes on without us where nobody waits any more.
    answered.catch(() => {})
    const patience = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new NotCheckedYet(kept.key, lastFault)), patienceMs)
    })
    try {
      return await Promise.race([answered, patience])
    } finally {
      clearTimeout(timer)
    }
  }

  #go(kept: Kept, onFault: (error: unknown) => void = () => {}): Promise<unknown> {
    const running = this.#running.get(kept.key)
    if (running !== undefined) return running
    const going = this.#untilAnswered(kept, onFault).finally(() => this.#running.delete(kept.key))
    this.#running.set(kept.key, going)
    return going
  }

  async #untilAnswered(kept: Kept, onFault: (error: unknown) => void): Promise<unknown> {
    for (let tries = 0; ; tries++) {
      const reply = await this.#try(kept)
      if ('answer' in reply) {
        // A handler that fails leaves the question where it is: it is asked again, and gets the same answer.
        await this.#options.onAnswer?.(reply.answer, kept)
        await this.#options.outbox.remove(kept.key)
        return reply.answer
      }
      if (!mayComeLater(reply.error)) {
        // A wrong clock, key or scope says nothing about the question: it stays for the next start.
        if (!isAboutTheClient(reply.error)) {
          await this.#options.onRefusal?.(reply.error, kept)
          await this.#options.outbox.remove(kept.key)
        }
        throw reply.error
      }
      onFault(reply.error)
      await this.#wait((this.#options.pause ?? pauseBefore)(tries, reply.error))
      if (this.#stopping.signal.aborted) throw new NotCheckedYet(kept.key, reply.error)
    }
  }

  async #try(kept: Kept): Promise<{ answer: unknown } | { error: unknown }> {
    try {
      const answer = await this.#caller.json({
        method: 'POST',
        path: kept.path,
        body: kept.body,
        headers: { 'idempotency-key': kept.key },
      })
      return { answer }
    } catch (error) {
      return { error }
    }
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((settle) => {
      if (this.#stopping.signal.aborted) return settle()
      const done = () => {
        clearTimeout(timer)
        this.#stopping.signal.removeEventListener('abort', done)
        settle()
      }
      const timer = setTimeout(done, milliseconds)
      this.#stopping.signal.addEventListener('abort', done)
    })
  }
}

function isAboutTheClient(error: unknown): boolean {
  return error instanceof Problem && (error.status === 401 || error.status === 403)
}
