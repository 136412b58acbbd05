export { type PortalOptions, portalErrorPage, portalRoutes } from './routes.ts'
