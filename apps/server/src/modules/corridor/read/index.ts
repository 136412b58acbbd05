export { ReadRefusal, type RefusalCode } from './refusal.ts'
export { csvLine, RejectedFile } from './rejected-file.ts'
export { type FileFormat, rangeOf, type Share, type SourceRow } from './source-row.ts'
export { type ReadOptions, readTable, type TableRows } from './table.ts'
