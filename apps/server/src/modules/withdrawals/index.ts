export { OwnFacts } from './own-facts.ts'
export { Releases } from './releases.ts'
export { withdrawalRoutes } from './routes.ts'
export { Withdrawals } from './service.ts'
