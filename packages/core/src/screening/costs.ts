/*
 * Fitted by logistic regression on 11,000 questions over the real names: what
 * tells a miswriting from a namesake. Natural logarithms of odds.
 */

/** How much each step between an entry's name and a question speaks against their being one. */
export const COST = {
  replaced: 4.3,
  homophone: 3,
  lookAlike: 2,
  numberReplaced: 4.5,
  dropped: 2.5,
  suffixDropped: 1.5,
  inserted: 5,
  suffixInserted: 2.5,
  swapped: 2,
  regionLeftOut: 1.1,
  formLeftOut: 1.8,
  tradeLeftOut: 1.4,
  branchLeftOut: 6.7,
  /** A stretch that the question has and the entry has not, and for each nat by which its text surprises. */
  added: 2,
  addedSurprise: 0.4,
} as const

/** What speaks for a miswriting at all, see score.ts. */
export const SCORE = {
  bias: 5.3,
  surprise: 0.12,
  end: 0.3,
  length: 0.23,
  rivals: 0.8,
} as const
