export { Rewriting } from './rewriting.ts'
export { keyRoutes } from './routes.ts'
export { KeyKeeping, type KeyOverview } from './service.ts'
