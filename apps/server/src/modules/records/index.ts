export { RecordKeeping, WITHDRAWAL_REASONS, type WithdrawalReason } from './keeping.ts'
export { badCursor, PublicRecords, type PublicWithdrawal } from './service.ts'
export type {
  PublicFact,
  PublicField,
  PublicList,
  PublicSubject,
  PublicVersion,
} from './showing.ts'
