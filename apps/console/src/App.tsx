import { QueryClientProvider } from '@tanstack/react-query'
import { App as Antd, ConfigProvider } from 'antd'
import enGB from 'antd/locale/en_GB'
import zhCN from 'antd/locale/zh_CN'
import { useMemo } from 'react'
import { createBrowserRouter, RouterProvider } from 'react-router'
import { AREAS } from './areas/index.ts'
import { useLanguage } from './language.ts'
import { registerEntries } from './layout/entries.ts'
import { Frame } from './layout/Frame.tsx'
import { Missing, PageFault } from './layout/faults.tsx'
import { nonce } from './page-facts.ts'
import { queries } from './query.ts'
import { OneTimeLinkPage } from './sign-in/OneTimeLinkPage.tsx'
import { SignInPage } from './sign-in/SignInPage.tsx'
import { theme } from './theme.ts'

registerEntries(AREAS.flatMap((area) => area.menu))

const router = createBrowserRouter(
  [
    { path: '/sign-in', element: <SignInPage /> },
    { path: '/first-sign-in', element: <OneTimeLinkPage /> },
    {
      path: '/',
      element: <Frame />,
      errorElement: <PageFault />,
      children: [
        { errorElement: <PageFault />, children: AREAS.flatMap((area) => area.routes) },
        { path: '*', element: <Missing /> },
      ],
    },
  ],
  { basename: '/console' },
)

export function App() {
  const chinese = useLanguage() === 'zh'
  const csp = useMemo(() => ({ nonce: nonce() }), [])
  return (
    <ConfigProvider
      locale={chinese ? zhCN : enGB}
      theme={theme}
      csp={csp}
      button={{ autoInsertSpace: false }}
    >
      <Antd>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </Antd>
    </ConfigProvider>
  )
}
