import { DashboardOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const board: Area = {
  routes: [
    { path: '/board', lazy: async () => ({ Component: (await import('./BoardPage.tsx')).BoardPage }) },
    {
      path: '/board/report',
      lazy: async () => ({ Component: (await import('./ReportPage.tsx')).ReportPage }),
    },
  ],
  menu: [
    {
      path: '/board',
      title: WORDS.title,
      icon: <DashboardOutlined />,
      group: 'watch',
      permission: 'board.read',
      order: 10,
    },
  ],
}
