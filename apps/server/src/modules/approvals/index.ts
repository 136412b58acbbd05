export { approvalRoutes } from './routes.ts'
export {
  Approvals,
  type Decided,
  type Executed,
  type Kind,
  type OpenApproval,
  type Proposal,
} from './service.ts'
