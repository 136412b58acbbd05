export { incentiveApiRoutes } from './api-routes.ts'
export { type Incentive, type IncentiveAtMatter, PublicIncentives } from './service.ts'
