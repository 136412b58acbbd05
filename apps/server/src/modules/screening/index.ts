export type { Proposal } from './messages.ts'
export { ScreeningService, type ScreeningState } from './service.ts'
