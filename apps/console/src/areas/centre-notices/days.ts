const DAY_MS = 86_400_000

/** Days in a row as one span: ['2027-01-01', '2027-01-02'] → ['2027-01-01~2027-01-02']. */
export function spansOf(days: readonly string[]): string[] {
  const spans: { from: string; to: string }[] = []
  for (const day of [...days].sort()) {
    const last = spans.at(-1)
    if (last !== undefined && Date.parse(day) - Date.parse(last.to) === DAY_MS) last.to = day
    else spans.push({ from: day, to: day })
  }
  return spans.map(({ from, to }) => (from === to ? from : `${from}~${to}`))
}

/** The reverse; what is no day goes through as it is, and the server says so. */
export function daysOf(text: string): string[] {
  return text
    .split(/[\n,，、;；]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [from = '', to] = part.split(/\s*[~～]\s*/)
      if (to === undefined || Number.isNaN(Date.parse(from)) || Number.isNaN(Date.parse(to))) return [part]
      const count = Math.min(60, (Date.parse(to) - Date.parse(from)) / DAY_MS + 1)
      return Array.from({ length: Math.max(0, count) }, (_, index) =>
        new Date(Date.parse(from) + index * DAY_MS).toISOString().slice(0, 10),
      )
    })
}
