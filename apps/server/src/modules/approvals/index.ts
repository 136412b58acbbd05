export { approvalRoutes } from './routes.ts'
export {
  Approvals,
  type Decided,
  type Kind,
  type OpenApproval,
  type Proposal,
} from './service.ts'
