export { listApiRoutes } from './api-routes.ts'
export { CaseEntry, ListingCases, listingCaseRoutes } from './cases/index.ts'
export { Lists } from './definitions.ts'
export { type ListingChanges, ListingFeed } from './feed.ts'
export {
  type ListedParty,
  type Listing,
  listingsAsSeen,
  listingsInForce,
  projectListings,
} from './listings.ts'
