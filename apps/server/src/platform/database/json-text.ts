const LONE_SURROGATE = /\\ud[89a-f]/

/** JSON that PostgreSQL takes: half a character, which it refuses, becomes the sign for a broken one. */
export function jsonText(value: object): string {
  const json = JSON.stringify(value)
  return LONE_SURROGATE.test(json)
    ? JSON.stringify(value, (_, inner) => (typeof inner === 'string' ? inner.toWellFormed() : inner))
    : json
}
