import type { Area } from '../../area.ts'

export const account: Area = {
  routes: [
    {
      path: '/sessions',
      lazy: async () => ({ Component: (await import('./SessionsPage.tsx')).SessionsPage }),
    },
  ],
  menu: [],
}
