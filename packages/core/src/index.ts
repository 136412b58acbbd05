export * from './access/index.ts'
export * from './agreements/index.ts'
export * from './alarms/index.ts'
export * from './calendar/index.ts'
export {
  compileExpression,
  type Expression,
  type ExpressionFault,
  expressionEnvironment,
} from './catalogue/expression.ts'
export { type HeaderMatch, headerMatcher, REJECTED_FILE_COLUMNS } from './catalogue/headers.ts'
export type * from './catalogue/item.ts'
export {
  findCodeListFaults,
  findItemFaults,
  type ItemFault,
  type ItemSurroundings,
} from './catalogue/item-faults.ts'
export { isRealDay } from './catalogue/real-day.ts'
export * from './checks/index.ts'
export * from './evaluation/index.ts'
export { describeFinding, describeHold, describeRepair } from './findings/describe.ts'
export { DomainFault } from './findings/domain-fault.ts'
export type * from './findings/finding.ts'
export * from './identifiers/index.ts'
export { compileJudge, type JudgeContext, type RowFault, type UnitNames } from './judge/judge.ts'
export type * from './judge/judged-row.ts'
export * from './ledger/index.ts'
export * from './lists/index.ts'
export * from './measures/index.ts'
export * from './merkle/index.ts'
export * from './names/index.ts'
export * from './personal-data/index.ts'
export * from './publicity/index.ts'
export {
  compilePublication,
  describePublication,
  type PublicationRules,
  repairableFrom,
  termOf,
} from './publish/publication-rules.ts'
export * from './quality/index.ts'
export * from './regions/index.ts'
export * from './screening/index.ts'
export * from './standardise/index.ts'
