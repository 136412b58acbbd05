export { filesUnder } from './read-policy.ts'
export { Catalogue, openCatalogue } from './service.ts'
