/*
 * What tells a miswriting from a namesake, in natural logarithms of odds: fitted by logistic regression over the real
 * names among 6,800,000 (bench/screen-fit.ts), then rounded. Where the questions could not teach it, because an absent
 * name that is one edit from a listed one is not among them, a floor is set by hand: a swapped or look-alike character
 * is cheap and not free, another number or bearing is dear.
 */

/** How much each step between an entry's name and a question speaks against their being one. */
export const COST = {
  replaced: 4.2,
  homophone: 2.9,
  lookAlike: 2,
  numberReplaced: 5,
  dropped: 2.5,
  suffixDropped: 2,
  inserted: 6,
  suffixInserted: 3.2,
  swapped: 1.5,
  regionLeftOut: 1.25,
  formLeftOut: 2.4,
  tradeLeftOut: 1,
  branchLeftOut: 7.5,
  /** A stretch that the question has and the entry has not, and for each nat by which its text surprises. */
  added: 1.3,
  addedSurprise: 1.1,
} as const

/** What speaks for a miswriting at all, see score.ts; the bias puts the threshold at a score of one half. */
export const SCORE = {
  bias: 6.2,
  surprise: 0.1,
  end: 0.16,
  length: 0.28,
  rivals: 1.45,
} as const
