/** One decision that could be drawn. `stratum` groups what is alike, e.g. item and month. */
export interface FrameMember {
  readonly id: string
  readonly stratum: string
}

/**
 * How many are drawn from each stratum: in proportion to its size, by the greatest remainders, and at least one from
 * each while there are enough to go round. Strata in the order of their names.
 */
export function allocate(sizes: ReadonlyMap<string, number>, wanted: number): Map<string, number> {
  const strata = [...sizes].filter(([, size]) => size > 0).sort(([a], [b]) => (a < b ? -1 : 1))
  const all = strata.reduce((sum, [, size]) => sum + size, 0)
  const drawn = Math.min(wanted, all)
  const quota = new Map(strata.map(([stratum]) => [stratum, 0]))
  if (drawn === 0) return quota
  const least = drawn >= strata.length ? 1 : 0
  const parts = strata.map(([stratum, size]) => {
    const exact = (size * drawn) / all
    const whole = Math.min(size, Math.max(least, Math.floor(exact)))
    quota.set(stratum, whole)
    return { stratum, size, rest: exact - whole }
  })
  let left = drawn - parts.reduce((sum, { stratum }) => sum + (quota.get(stratum) as number), 0)
  const byRest = [...parts].sort((a, b) => b.rest - a.rest || (a.stratum < b.stratum ? -1 : 1))
  while (left !== 0) {
    for (const { stratum, size } of left > 0 ? byRest : [...byRest].reverse()) {
      const now = quota.get(stratum) as number
      if (left > 0 && now < size) {
        quota.set(stratum, now + 1)
        left--
      } else if (left < 0 && now > least) {
        quota.set(stratum, now - 1)
        left++
      }
      if (left === 0) break
    }
  }
  return quota
}

/**
 * Draws a stratified sample that anybody can draw again: within each stratum those whose rank is least.
 * @param rankOf a keyed digest of a member under the secret seed, of equal length for all: nobody can foresee it
 * without the seed, and who has the seed gets the same
 */
export function drawSample<T extends FrameMember>(
  frame: readonly T[],
  wanted: number,
  rankOf: (member: T) => string,
): T[] {
  const strata = new Map<string, T[]>()
  for (const member of frame) strata.set(member.stratum, [...(strata.get(member.stratum) ?? []), member])
  const quota = allocate(new Map([...strata].map(([stratum, members]) => [stratum, members.length])), wanted)
  return [...quota].flatMap(([stratum, count]) =>
    (strata.get(stratum) as T[])
      .map((member) => ({ member, rank: rankOf(member) }))
      .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.member.id < b.member.id ? -1 : 1))
      .slice(0, count)
      .map(({ member }) => member),
  )
}
