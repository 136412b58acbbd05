export { CaseEntry } from './entry.ts'
export { listingCaseRoutes } from './routes.ts'
export { ListingCases } from './service.ts'
