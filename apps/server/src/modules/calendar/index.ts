export { Calendars, checkNotice, type NewYearNotice, type YearNotice } from './service.ts'
