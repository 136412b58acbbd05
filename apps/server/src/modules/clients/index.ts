export { ClientDoor } from './door.ts'
export { clientRoutes } from './routes.ts'
export { CLIENT_SCOPES, Clients } from './service.ts'
export type { Algorithm } from './signature.ts'
