import { UnorderedListOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const listings: Area = {
  routes: [
    {
      path: '/listings',
      lazy: async () => ({ Component: (await import('./ListingsPage.tsx')).ListingsPage }),
    },
    {
      path: '/listings/:id',
      lazy: async () => ({ Component: (await import('./CasePage.tsx')).CasePage }),
    },
  ],
  menu: [
    {
      path: '/listings',
      title: WORDS.title,
      icon: <UnorderedListOutlined />,
      group: 'joint',
      permission: 'listing.read',
      order: 20,
    },
  ],
}
