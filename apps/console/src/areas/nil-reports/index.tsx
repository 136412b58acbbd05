import { MinusSquareOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const nilReports: Area = {
  routes: [
    {
      path: '/nil-reports',
      lazy: async () => ({ Component: (await import('./NilReportsPage.tsx')).NilReportsPage }),
    },
  ],
  menu: [
    {
      path: '/nil-reports',
      title: WORDS.title,
      icon: <MinusSquareOutlined />,
      group: 'department',
      permission: 'delivery.make',
      order: 30,
    },
  ],
}
