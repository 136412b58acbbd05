import { HomeOutlined } from '@ant-design/icons'
import type { Area } from '../../area.ts'
import { WORDS } from './words.ts'

export const home: Area = {
  routes: [{ index: true, lazy: async () => ({ Component: (await import('./HomePage.tsx')).HomePage }) }],
  menu: [{ path: '/', title: WORDS.home, icon: <HomeOutlined />, group: 'own', order: 0 }],
}
