import { CloudUploadOutlined, FileExcelOutlined, HistoryOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const deliver: Area = {
  routes: [
    { path: '/deliver', lazy: async () => ({ Component: (await import('./DeliverPage.tsx')).DeliverPage }) },
    {
      path: '/deliveries',
      lazy: async () => ({ Component: (await import('./HistoryPage.tsx')).HistoryPage }),
    },
    {
      path: '/deliveries/:delivery',
      lazy: async () => ({ Component: (await import('./DeliveryPage.tsx')).DeliveryPage }),
    },
    {
      path: '/deliveries/:delivery/rows',
      lazy: async () => ({ Component: (await import('./RowsPage.tsx')).RowsPage }),
    },
    {
      path: '/templates',
      lazy: async () => ({ Component: (await import('./TemplatesPage.tsx')).TemplatesPage }),
    },
  ],
  menu: [
    {
      path: '/deliver',
      title: WORDS.deliver,
      icon: <CloudUploadOutlined />,
      group: 'department',
      permission: 'delivery.make',
      order: 10,
    },
    {
      path: '/deliveries',
      title: WORDS.history,
      icon: <HistoryOutlined />,
      group: 'department',
      permission: 'delivery.read',
      order: 20,
    },
    {
      path: '/templates',
      title: WORDS.templates,
      icon: <FileExcelOutlined />,
      group: 'department',
      permission: 'delivery.make',
      order: 60,
    },
  ],
}
