export type { ComparedPoint, EvidenceSide } from './evidence.ts'
export { type Comparison, type Merge, type MergeProposal, type SplitProposal, Subjects } from './service.ts'
