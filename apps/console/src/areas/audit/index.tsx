import { EyeOutlined, FileSearchOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const audit: Area = {
  routes: [
    { path: '/audit', lazy: async () => ({ Component: (await import('./SearchPage.tsx')).SearchPage }) },
    {
      path: '/audit/readers',
      lazy: async () => ({ Component: (await import('./ReadersPage.tsx')).ReadersPage }),
    },
    {
      path: '/audit/entries/:index',
      lazy: async () => ({ Component: (await import('./EntryPage.tsx')).EntryPage }),
    },
  ],
  menu: [
    {
      path: '/audit',
      title: WORDS.ledger,
      icon: <FileSearchOutlined />,
      group: 'watch',
      permission: 'ledger.read',
      order: 60,
    },
    {
      path: '/audit/readers',
      title: WORDS.readers,
      icon: <EyeOutlined />,
      group: 'watch',
      permission: 'ledger.read',
      order: 61,
    },
  ],
}
