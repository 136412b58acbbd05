export { Lists } from './definitions.ts'
export { type ListingChanges, ListingFeed } from './feed.ts'
export {
  type ListedParty,
  type Listing,
  listingsAsSeen,
  listingsInForce,
  projectListings,
} from './listings.ts'
