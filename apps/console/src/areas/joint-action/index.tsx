import { AuditOutlined, PartitionOutlined } from '@ant-design/icons'
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
      icon: <AuditOutlined />,
      group: 'watch',
      permission: 'check.read',
      order: 5,
    },
    {
      path: '/matters',
      title: WORDS.measures,
      icon: <PartitionOutlined />,
      group: 'watch',
      permission: 'matter.read',
      order: 6,
    },
  ],
}
