export { qualityRoutes } from './routes.ts'
export { Quality, type QualityReport } from './service.ts'
