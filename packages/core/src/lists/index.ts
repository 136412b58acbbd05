export { itemCodeOfList, itemOfList } from './item-of-list.ts'
export { LIST_CLASSES, type ListClass, type ListDefinition, type ListExit } from './list.ts'
export { findListFaults, type ListFault, type ListFaultCode } from './list-faults.ts'
export type { ListStanding } from './standing.ts'
