import { ApartmentOutlined, TeamOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const centreUnits: Area = {
  routes: [
    { path: '/units', lazy: async () => ({ Component: (await import('./UnitsPage.tsx')).UnitsPage }) },
    {
      path: '/accounts',
      lazy: async () => ({ Component: (await import('./AccountsPage.tsx')).AccountsPage }),
    },
  ],
  menu: [
    {
      path: '/units',
      title: WORDS.units,
      icon: <ApartmentOutlined />,
      group: 'administration',
      permission: 'unit.read',
      order: 10,
    },
    {
      path: '/accounts',
      title: WORDS.accounts,
      icon: <TeamOutlined />,
      group: 'administration',
      permission: 'account.read',
      order: 20,
    },
  ],
}
