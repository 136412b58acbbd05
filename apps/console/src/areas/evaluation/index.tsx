import { FileDoneOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const evaluation: Area = {
  routes: [
    { path: '/evaluations', lazy: async () => ({ Component: (await import('./PlansPage.tsx')).PlansPage }) },
    {
      path: '/evaluations/:plan',
      lazy: async () => ({ Component: (await import('./PlanPage.tsx')).PlanPage }),
    },
    {
      path: '/evaluations/:plan/report',
      lazy: async () => ({ Component: (await import('./OutcomePage.tsx')).OutcomePage }),
    },
  ],
  menu: [
    {
      path: '/evaluations',
      title: WORDS.title,
      icon: <FileDoneOutlined />,
      group: 'watch',
      permission: 'evaluation.read',
      order: 30,
    },
  ],
}
