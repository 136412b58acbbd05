import { MenuOutlined, UserOutlined } from '@ant-design/icons'
import { Button, Drawer, Dropdown, Spin } from 'antd'
import { Suspense, useEffect, useRef, useState } from 'react'
import { Link, Navigate, Outlet, useLocation, useNavigate } from 'react-router'
import { Problem, send } from '../api.ts'
import { armInterruptions } from '../interruptions.ts'
import { useWords } from '../language.ts'
import { CITY, FICTIONAL } from '../page-facts.ts'
import { forgetSession, useSession } from '../session.ts'
import { Interruptions } from '../sign-in/Interruptions.tsx'
import mark from '../ui/mark.svg'
import { ProblemNotice } from '../ui/ProblemNotice.tsx'
import { BreakGlass } from './BreakGlass.tsx'
import styles from './Frame.module.css'
import { LanguageSwitch } from './LanguageSwitch.tsx'
import { SideMenu } from './SideMenu.tsx'
import { WORDS } from './words.ts'

/** Everything a signed-in person sees: header, menu, and the page in the middle. */
export function Frame() {
  const session = useSession()
  const place = useLocation()
  useEffect(() => armInterruptions(session.data !== undefined), [session.data])
  if (session.data !== undefined) return <SignedInFrame />
  if (session.error instanceof Problem && session.error.status === 401)
    return <Navigate to={`/sign-in?to=${encodeURIComponent(place.pathname + place.search)}`} replace />
  if (session.error !== null)
    return <ProblemNotice problem={session.error} onAgain={() => session.refetch()} />
  return <Spin fullscreen />
}

function SignedInFrame() {
  const w = useWords(WORDS)
  const go = useNavigate()
  const { pathname } = useLocation()
  const me = useSession().data
  const [menuOpen, openMenu] = useState(false)
  const main = useRef<HTMLElement>(null)
  // A new page is read from its top, by eye and by screen reader.
  const shown = useRef(pathname)
  useEffect(() => {
    if (shown.current === pathname) return
    shown.current = pathname
    window.scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [pathname])

  const signOut = async () => {
    await send('POST', '/api/console/sign-out').catch(() => undefined)
    armInterruptions(false)
    forgetSession()
    go('/sign-in')
  }
  return (
    <div className={styles.frame}>
      <a className="skip" href="#content">
        {w('skip')}
      </a>
      {FICTIONAL ? <aside className={styles.fiction}>{w('fiction')}</aside> : <span />}
      <header className={styles.header}>
        <Button
          className={styles.burger ?? ''}
          type="text"
          icon={<MenuOutlined />}
          aria-label={w('menu')}
          onClick={() => openMenu(true)}
        />
        <Link to="/" className={styles.brand}>
          <img src={mark} alt="" />
          <strong>{w('product')}</strong>
          <span className={styles.city}>
            {CITY}
            {w('console')}
          </span>
        </Link>
        <LanguageSwitch />
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              { key: 'sessions', label: w('sessions') },
              { type: 'divider' },
              { key: 'signOut', label: w('signOut') },
            ],
            onClick: ({ key }) => (key === 'signOut' ? void signOut() : go('/sessions')),
          }}
        >
          <Button type="text" icon={<UserOutlined />} aria-label={`${w('account')} ${me?.name ?? ''}`}>
            <span>{me?.name}</span>
          </Button>
        </Dropdown>
      </header>
      <nav className={styles.side} aria-label={w('menu')}>
        <SideMenu />
      </nav>
      <Drawer
        placement="left"
        size={264}
        open={menuOpen}
        onClose={() => openMenu(false)}
        title={w('menu')}
        styles={{ body: { padding: 8 } }}
      >
        <SideMenu onChosen={() => openMenu(false)} />
      </Drawer>
      <main id="content" ref={main} tabIndex={-1} className={styles.main}>
        <BreakGlass />
        <Suspense fallback={<Spin />}>
          <Outlet />
        </Suspense>
      </main>
      <Interruptions />
    </div>
  )
}
