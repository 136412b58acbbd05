export { type FaultCount, type FaultJumpRule, faultsJumped } from './fault-jump.ts'
export {
  complianceRate,
  dueDay,
  PUBLICITY_FIGURES,
  type PublicityContext,
  type PublicityFigure,
  type PublicityFigures,
  publicityFigures,
  type ReceiptGroup,
  type RejectedGroup,
  receiptFigure,
  rejectedFigure,
  share,
  timelinessRate,
} from './figures.ts'
export { type DeclaredNil, endedWeeks, silentWeeks, type Week } from './silence.ts'
