/** A refusal of the platform: its stable code, and what is wrong in both languages. */
export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly detail: string
  readonly detailEn: string
  /** Seconds after which another try makes sense; absent where none does. */
  readonly retryAfter: number | undefined

  constructor(problem: {
    code: string
    status: number
    detail?: string
    detailEn?: string
    retryAfter?: number | undefined
  }) {
    super(`${problem.code}: ${problem.detailEn ?? problem.detail ?? `status ${problem.status}`}`)
    this.name = 'Problem'
    this.code = problem.code
    this.status = problem.status
    this.detail = problem.detail ?? ''
    this.detailEn = problem.detailEn ?? ''
    this.retryAfter = problem.retryAfter
  }
}

/** The reply did not come from the platform, or was changed on its way: it is not an answer. */
export class UnsignedReply extends Error {
  constructor(what: string) {
    super(`the reply bears no signature of the platform: ${what}`)
    this.name = 'UnsignedReply'
  }
}

/** The platform could not be reached. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('the platform could not be reached', { cause })
    this.name = 'Unreachable'
  }
}
