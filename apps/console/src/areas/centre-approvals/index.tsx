import { AuditOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const centreApprovals: Area = {
  routes: [
    {
      path: '/approvals',
      lazy: async () => ({ Component: (await import('./ApprovalsPage.tsx')).ApprovalsPage }),
    },
  ],
  menu: [
    {
      path: '/approvals',
      title: WORDS.title,
      icon: <AuditOutlined />,
      group: 'own',
      permission: 'approval.read',
      order: 5,
    },
  ],
}
