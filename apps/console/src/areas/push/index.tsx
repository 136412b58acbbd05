import { SendOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const push: Area = {
  routes: [
    {
      path: '/push',
      lazy: async () => ({ Component: (await import('./PushPage.tsx')).PushPage }),
    },
  ],
  menu: [
    {
      path: '/push',
      title: WORDS.title,
      icon: <SendOutlined />,
      group: 'joint',
      permission: 'subscription.read',
      order: 40,
    },
  ],
}
