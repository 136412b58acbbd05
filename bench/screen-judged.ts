/** The first answer to one question. */
export interface Judged {
  readonly score: number
  readonly right: boolean
}

/** Recall and precision at the threshold at which the lower of the two is highest. */
export function bestOf(
  judged: readonly Judged[],
  distorted: number,
): { recall: number; precision: number; threshold: number } {
  let best = { recall: 0, precision: 0, threshold: 0 }
  for (const threshold of new Set(judged.map(({ score }) => score))) {
    const answered = judged.filter(({ score }) => score > 0 && score >= threshold)
    const right = answered.filter((each) => each.right).length
    const recall = right / Math.max(1, distorted)
    const precision = right / Math.max(1, answered.length)
    if (Math.min(recall, precision) > Math.min(best.recall, best.precision))
      best = { recall, precision, threshold }
  }
  return best
}
