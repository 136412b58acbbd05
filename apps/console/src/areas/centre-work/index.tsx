import { InboxOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

const page = async () => ({ Component: (await import('./WorkPage.tsx')).WorkPage })

export const centreWork: Area = {
  routes: [
    { path: '/work', lazy: page },
    { path: '/work/:queue', lazy: page },
    { path: '/work/:queue/:object', lazy: page },
  ],
  menu: [
    {
      path: '/work',
      title: WORDS.title,
      icon: <InboxOutlined />,
      group: 'centre',
      permission: 'review.read',
      order: 10,
    },
  ],
}
