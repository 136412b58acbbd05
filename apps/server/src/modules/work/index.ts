export { workRoutes } from './routes.ts'
export { Work } from './service.ts'
