export {
  type SearchHit,
  type SearchOptions,
  type SearchResult,
  search,
  type Understanding,
} from './service.ts'
