import { comparableName, nameInitials } from '@xinheng/core'

/** A full USCC, the beginning of one, or the organisation code inside one. */
export interface Code {
  readonly kind: 'uscc' | 'part' | 'organisation'
  readonly value: string
}

/** A question in the forms in which it can be answered. */
export interface Question {
  /** Comparable form of the whole. */
  readonly text: string
  /** The codes that it can be, likeliest first. */
  readonly codes: readonly Code[]
  /** Parts between spaces, comparable; one where there is no space. */
  readonly words: readonly string[]
  /** Where Latin letters may stand for syllables: the initials of the whole, and the Han runs that must be met. */
  readonly initials?: { readonly text: string; readonly han: readonly string[] }
}

const HAN = /[\u3400-\u9fff\u{20000}-\u{3ffff}]+/gu
/** The shortest beginning of a code that is asked for as one: authority, type and four digits of the region. */
const CODE_PART = /^[1-9A-Y][0-9A-Y]\d{4}[0-9A-Y]{0,11}$/

/** Reads a question; what it can mean is tried in the order code, name, initials. */
export function understand(query: string): Question {
  const words = query
    .normalize('NFKC')
    .split(/\s+/)
    .map(comparableName)
    .filter((word) => word !== '')
  const text = words.join('')
  const han = text.match(HAN) ?? []
  const latin = /[A-Z]/.test(text)
  return {
    text,
    words,
    codes: codesIn(text.replace(/[-‐-―−]/g, '')),
    ...(latin && /^[\p{Script=Han}A-Z0-9]+$/u.test(text)
      ? { initials: { text: nameInitials(text), han } }
      : {}),
  }
}

function codesIn(text: string): Code[] {
  const codes: Code[] = []
  if (/^..\d{4}[0-9A-Z]{12}$/.test(text)) codes.push({ kind: 'uscc', value: text })
  if (CODE_PART.test(text)) codes.push({ kind: 'part', value: text })
  if (/^(?=.*\d)[0-9A-Z]{8}[0-9X]$/.test(text)) codes.push({ kind: 'organisation', value: text })
  return codes
}
