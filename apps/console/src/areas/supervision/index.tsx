import { AimOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const supervision: Area = {
  routes: [
    { path: '/supervision', lazy: async () => ({ Component: (await import('./BoardPage.tsx')).BoardPage }) },
    {
      path: '/supervision/worth-a-look',
      lazy: async () => ({ Component: (await import('./LookPage.tsx')).LookPage }),
    },
    {
      path: '/supervision/urges',
      lazy: async () => ({ Component: (await import('./UrgesPage.tsx')).UrgesPage }),
    },
    {
      path: '/supervision/cases/:number',
      lazy: async () => ({ Component: (await import('./CasePage.tsx')).CasePage }),
    },
  ],
  menu: [
    {
      path: '/supervision',
      title: WORDS.title,
      icon: <AimOutlined />,
      group: 'joint',
      permission: 'supervision.read',
      order: 50,
    },
  ],
}
