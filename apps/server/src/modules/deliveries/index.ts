export { type Desk, openDesk } from './desk.ts'
export { keptPath } from './kept.ts'
export { deliveryRoutes } from './routes.ts'
export { Deliveries, type DeliveryRequest, type DeliveryResult } from './service.ts'
