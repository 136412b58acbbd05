import { PartitionOutlined, SolutionOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const jointAction: Area = {
  routes: [
    { path: '/checks', lazy: async () => ({ Component: (await import('./ChecksPage.tsx')).ChecksPage }) },
    { path: '/matters', lazy: async () => ({ Component: (await import('./MattersPage.tsx')).MattersPage }) },
  ],
  menu: [
    {
      path: '/checks',
      title: WORDS.desk,
      icon: <SolutionOutlined />,
      group: 'joint',
      permission: 'check.read',
      order: 10,
    },
    {
      path: '/matters',
      title: WORDS.measures,
      icon: <PartitionOutlined />,
      group: 'joint',
      permission: 'matter.read',
      order: 30,
    },
  ],
}
