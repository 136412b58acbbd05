export { Deliveries, type DeliveryRequest, type DeliveryResult } from './service.ts'
