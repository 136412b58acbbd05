export { operationsRoutes } from './routes.ts'
export { type Health, type JobsOverview, Operations } from './service.ts'
