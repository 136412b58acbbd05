export { integrityOf, type WidgetParts, widgetRoutes } from './routes.ts'
