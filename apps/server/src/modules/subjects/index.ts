export { subjectRoutes } from './routes.ts'
export { type Comparison, type Merge, Subjects } from './service.ts'
