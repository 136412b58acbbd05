export { type NameSearchKey, nameGrams, nameSearchKey } from './search-key.ts'
