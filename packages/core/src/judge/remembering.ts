/** How many cells of a column are remembered before beginning anew. */
const REMEMBERED = 8_000
/** A column whose cells hardly repeat is given up after so many. */
const WORTHLESS_AFTER = 20_000
const LONGEST_REMEMBERED = 64

/** Deliveries repeat most cells without end: what was judged once is remembered, within bounds. */
export function remembering<Judged>(judge: (raw: string) => Judged): (raw: string) => Judged {
  let known = new Map<string, Judged>()
  let misses = 0
  let hits = 0
  let latest = ''
  let judged: Judged | undefined
  return (raw) => {
    if (misses > WORTHLESS_AFTER && hits < misses) return judge(raw)
    if (raw === latest && judged !== undefined) {
      hits++
      return judged
    }
    if (raw.length > LONGEST_REMEMBERED) return judge(raw)
    latest = raw
    judged = known.get(raw)
    if (judged !== undefined) {
      hits++
      return judged
    }
    misses++
    latest = copyOf(raw)
    judged = judge(latest)
    if (known.size >= REMEMBERED) known = new Map()
    known.set(latest, judged)
    return judged
  }
}

/** A piece of a file's text keeps the whole of it alive: what is remembered is a copy. */
export function copyOf(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string
}
