export { checkDraft, checkPolicy, type PolicyFault } from './check.ts'
export { documentHash, POLICY_KINDS, type PolicyKind } from './read-policy.ts'
export { Catalogue, openCatalogue } from './service.ts'
export type { EnteredPolicy } from './store.ts'
