export { announcementRoutes } from './routes.ts'
export { Announcements, publicAnnouncements, type ShownAnnouncement } from './service.ts'
