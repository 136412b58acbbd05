import { EyeInvisibleOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const facts: Area = {
  routes: [
    {
      path: '/withdrawals',
      lazy: async () => ({ Component: (await import('./WithdrawalsPage.tsx')).WithdrawalsPage }),
    },
  ],
  menu: [
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
