import type { Area } from '../../area.ts'

export const mend: Area = {
  routes: [
    {
      path: '/deliveries/:delivery/mend',
      lazy: async () => ({ Component: (await import('./MendPage.tsx')).MendPage }),
    },
  ],
  menu: [],
}
