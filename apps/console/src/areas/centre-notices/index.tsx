import { CalendarOutlined, NotificationOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const centreNotices: Area = {
  routes: [
    {
      path: '/announcements',
      lazy: async () => ({ Component: (await import('./AnnouncementsPage.tsx')).AnnouncementsPage }),
    },
    {
      path: '/calendar',
      lazy: async () => ({ Component: (await import('./CalendarPage.tsx')).CalendarPage }),
    },
  ],
  menu: [
    {
      path: '/announcements',
      title: WORDS.title,
      icon: <NotificationOutlined />,
      group: 'centre',
      permission: 'announcement.write',
      order: 50,
    },
    {
      path: '/calendar',
      title: WORDS.calendar,
      icon: <CalendarOutlined />,
      group: 'centre',
      permission: 'calendar.keep',
      order: 60,
    },
  ],
}
