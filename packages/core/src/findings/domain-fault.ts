/** Something the domain refuses, with a stable code and a sentence in both languages that says what to do. */
export class DomainFault extends Error {
  readonly code: string
  readonly zh: string
  readonly en: string

  constructor(code: string, zh: string, en: string) {
    super(`${code}: ${en}`)
    this.name = 'DomainFault'
    this.code = code
    this.zh = zh
    this.en = en
  }
}
