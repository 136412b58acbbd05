export { RecordKeeping, WITHDRAWAL_REASONS, type WithdrawalReason } from './keeping.ts'
export {
  type PublicFact,
  type PublicField,
  type PublicList,
  PublicRecords,
  type PublicSubject,
  type PublicVersion,
} from './service.ts'
