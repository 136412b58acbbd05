export { type AnnouncedYear, WorkingCalendar } from './working-calendar.ts'
