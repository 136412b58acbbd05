export { Home } from './home.ts'
export { NilReports } from './nil-reports.ts'
export { obligationRoutes } from './routes.ts'
