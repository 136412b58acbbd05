import { SafetyCertificateOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const quality: Area = {
  routes: [
    { path: '/quality', lazy: async () => ({ Component: (await import('./QualityPage.tsx')).QualityPage }) },
  ],
  menu: [
    {
      path: '/quality',
      title: WORDS.title,
      icon: <SafetyCertificateOutlined />,
      group: 'watch',
      permission: 'quality.read',
      order: 20,
    },
  ],
}
