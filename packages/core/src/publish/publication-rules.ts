/** What others use of publishing. */
export { describePublication, type PublicationText } from './describe-publication.ts'
export { compilePublication, type PublishableFact } from './publisher.ts'
export type { Grade, PublicationRule, PublicationRules, Regime, Transition } from './rule-set.ts'
export { type RepairQuestion, repairableFrom, type Term, termOf } from './term.ts'
