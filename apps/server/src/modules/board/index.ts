export { boardRoutes } from './routes.ts'
export {
  type Board,
  type BoardFigures,
  type BoardQuestion,
  type BoardRegion,
  type BoardRows,
  Boards,
  type BoardUnit,
} from './service.ts'
export { receiptGroups } from './store.ts'
