export { supervisionRoutes } from './routes.ts'
export { Supervision, Urges } from './service.ts'
