import { ProfileOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const centreCatalogue: Area = {
  routes: [
    {
      path: '/catalogue',
      lazy: async () => ({ Component: (await import('./CataloguePage.tsx')).CataloguePage }),
    },
    {
      path: '/catalogue/drafts/:id',
      lazy: async () => ({ Component: (await import('./DraftPage.tsx')).DraftPage }),
    },
  ],
  menu: [
    {
      path: '/catalogue',
      title: WORDS.title,
      icon: <ProfileOutlined />,
      group: 'centre',
      permission: 'catalogue.read',
      order: 30,
    },
  ],
}
