import { EyeInvisibleOutlined, SafetyOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const facts: Area = {
  routes: [
    {
      path: '/withdrawals',
      lazy: async () => ({ Component: (await import('./WithdrawalsPage.tsx')).WithdrawalsPage }),
    },
    {
      path: '/releases',
      lazy: async () => ({ Component: (await import('./ReleasesPage.tsx')).ReleasesPage }),
    },
  ],
  menu: [
    {
      path: '/releases',
      title: WORDS.releases,
      icon: <SafetyOutlined />,
      group: 'department',
      permission: 'fact.read',
      order: 40,
    },
    {
      path: '/withdrawals',
      title: WORDS.withdrawals,
      icon: <EyeInvisibleOutlined />,
      group: 'department',
      permission: 'fact.read',
      order: 50,
    },
  ],
}
