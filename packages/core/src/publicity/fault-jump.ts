/** Rows delivered in a time and how many of them were rejected. */
export interface FaultCount {
  readonly rows: number
  readonly rejected: number
}

/** When faults have jumped; the numbers stand under policy/alarm-rule. */
export interface FaultJumpRule {
  /** Fewer rows than these say nothing. */
  readonly leastRows: number
  /** The share of faults must be at least so great … */
  readonly leastShare: number
  /** … and so many times what it was before. */
  readonly times: number
}

/** Whether a source's share of rejected rows has jumped against the time before. */
export function faultsJumped(now: FaultCount, before: FaultCount, rule: FaultJumpRule): boolean {
  if (now.rows < rule.leastRows) return false
  const share = now.rejected / now.rows
  if (share < rule.leastShare) return false
  // A source without a past is measured against the least share alone.
  if (before.rows < rule.leastRows) return share >= rule.leastShare * rule.times
  return share >= rule.times * (before.rejected / before.rows)
}
