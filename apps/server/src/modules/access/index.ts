export { type AccessParts, access, openAccess } from './guard.ts'
export { Body, Names, problems, Text } from './routes/shapes.ts'
