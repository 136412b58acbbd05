export { calendarRoutes } from './routes.ts'
export { Calendars } from './service.ts'
