import { MergeCellsOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const centreSubjects: Area = {
  routes: [
    {
      path: '/subjects',
      lazy: async () => ({ Component: (await import('./SubjectsPage.tsx')).SubjectsPage }),
    },
  ],
  menu: [
    {
      path: '/subjects',
      title: WORDS.title,
      icon: <MergeCellsOutlined />,
      group: 'centre',
      permission: 'review.read',
      order: 20,
    },
  ],
}
