export { checkPolicy, type PolicyFault } from './check.ts'
export { Catalogue, openCatalogue } from './service.ts'
