export { alarmRoutes } from './routes.ts'
export { type AlarmLine, Alarms, type RecipientLine } from './service.ts'
