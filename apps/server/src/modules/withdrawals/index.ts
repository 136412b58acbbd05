export { OwnFacts } from './own-facts.ts'
export { withdrawalRoutes } from './routes.ts'
export { Withdrawals } from './service.ts'
