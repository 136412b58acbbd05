/** Something refused on purpose: a stable code, what is wrong and what to do, in both languages. */
export class DomainError extends Error {
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly remedyZh: string
  readonly remedyEn: string
  /** HTTP status where it reaches the edge. */
  readonly status: number

  constructor(
    code: string,
    text: { zh: string; en: string; remedyZh?: string; remedyEn?: string; status?: number },
  ) {
    super(`${code}: ${text.en}`)
    this.name = 'DomainError'
    this.code = code
    this.zh = text.zh
    this.en = text.en
    this.remedyZh = text.remedyZh ?? ''
    this.remedyEn = text.remedyEn ?? ''
    this.status = text.status ?? 400
  }

  /** Both languages, for a person at a terminal. */
  get sentence(): string {
    return `${this.zh}${this.remedyZh} (${this.code})\n${this.en} ${this.remedyEn}`.trimEnd()
  }
}

/** RFC 9457 problem details, the one shape of every error answer. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly detailEn: string
}

export function toProblem(error: DomainError): Problem {
  return {
    type: `urn:xinheng:problem:${error.code}`,
    title: error.en,
    status: error.status,
    code: error.code,
    detail: `${error.zh}${error.remedyZh}`,
    detailEn: `${error.en} ${error.remedyEn}`.trimEnd(),
  }
}
