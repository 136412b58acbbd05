import { AlertOutlined, FieldTimeOutlined, HeartOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const operations: Area = {
  routes: [
    { path: '/jobs', lazy: async () => ({ Component: (await import('./JobsPage.tsx')).JobsPage }) },
    { path: '/health', lazy: async () => ({ Component: (await import('./HealthPage.tsx')).HealthPage }) },
    { path: '/alarms', lazy: async () => ({ Component: (await import('./AlarmsPage.tsx')).AlarmsPage }) },
  ],
  menu: [
    {
      path: '/alarms',
      title: WORDS.alarms,
      icon: <AlertOutlined />,
      group: 'watch',
      permission: 'alarm.read',
      order: 40,
    },
    {
      path: '/health',
      title: WORDS.health,
      icon: <HeartOutlined />,
      group: 'administration',
      permission: 'job.read',
      order: 80,
    },
    {
      path: '/jobs',
      title: WORDS.jobs,
      icon: <FieldTimeOutlined />,
      group: 'administration',
      permission: 'job.read',
      order: 81,
    },
  ],
}
