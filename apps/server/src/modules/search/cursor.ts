import { DomainError } from '../../platform/errors/domain-error.ts'
import type { Place } from './store.ts'

/** Where a page ended: the next one goes on from there, however many names came in between. */
export interface Cursor {
  /** Whether traditional characters had to be read as simplified ones. */
  readonly folded: boolean
  /** How many results were given so far. */
  readonly given: number
  readonly after: Place
}

export function writeCursor({ folded, given, after }: Cursor): string {
  return Buffer.from(JSON.stringify([folded, given, after])).toString('base64url')
}

export function readCursor(text: string): Cursor {
  try {
    const [folded, given, after] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[]
    if (typeof folded === 'boolean' && isCount(given) && isPlace(after)) return { folded, given, after }
  } catch {
    // Falls through to the one refusal.
  }
  throw new DomainError('search.cursor', {
    zh: '翻页标记无效。',
    en: 'The page mark is not valid.',
    remedyZh: '请从第一页重新查询。',
    remedyEn: 'Search again from the first page.',
  })
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

const PLACE = ['number', 'number', 'string', 'boolean', 'boolean', 'number']

function isPlace(value: unknown): value is Place {
  return (
    Array.isArray(value) &&
    value.length === PLACE.length &&
    value.every((item, index) => typeof item === PLACE[index]) &&
    value.every((item) => typeof item !== 'number' || isCount(item))
  )
}
