export { type AccessParts, access, openAccess } from './guard.ts'
