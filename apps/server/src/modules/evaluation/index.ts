export { evaluationRoutes } from './routes.ts'
export { Evaluations } from './service.ts'
