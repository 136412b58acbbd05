export { itemCodeOfList, itemOfList } from './item-of-list.ts'
export { LIST_CLASSES, type ListClass, type ListDefinition, type ListExit } from './list.ts'
export { findListFaults, type ListFault, type ListFaultCode } from './list-faults.ts'
export {
  advanceCase,
  beginCase,
  type CaseClock,
  type CaseDeadlines,
  type CaseEvent,
  type CaseFault,
  type CaseStage,
  type CaseState,
  dueOf,
} from './procedure.ts'
export type { ListStanding } from './standing.ts'
