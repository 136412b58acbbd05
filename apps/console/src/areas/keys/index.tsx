import { KeyOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const keys: Area = {
  routes: [{ path: '/keys', lazy: async () => ({ Component: (await import('./KeysPage.tsx')).KeysPage }) }],
  menu: [
    {
      path: '/keys',
      title: WORDS.title,
      icon: <KeyOutlined />,
      group: 'administration',
      permission: 'key.read',
      order: 70,
    },
  ],
}
