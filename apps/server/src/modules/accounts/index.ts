export { ensureAdministrators, type FirstLink } from './administrators.ts'
export { demoAccountRoutes, ensureDemoAccounts } from './demo.ts'
export { accountRoutes } from './routes.ts'
export { type AccountLine, Accounts } from './service.ts'
