const LONE_SURROGATE = /\\ud[89a-f]/

/** Rows for `json_to_recordset`: half a character, which PostgreSQL refuses in JSON, becomes the sign for a broken one. */
export function jsonRows(rows: readonly object[]): string {
  const json = JSON.stringify(rows)
  return LONE_SURROGATE.test(json)
    ? JSON.stringify(rows, (_, value) => (typeof value === 'string' ? value.toWellFormed() : value))
    : json
}
