export { type PortalOptions, portalRoutes } from './routes.ts'
