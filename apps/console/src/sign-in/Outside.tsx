import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { useWords } from '../language.ts'
import { LanguageSwitch } from '../layout/LanguageSwitch.tsx'
import { WORDS as LAYOUT } from '../layout/words.ts'
import { CITY, FICTIONAL } from '../page-facts.ts'
import mark from '../ui/mark.svg'
import styles from './SignIn.module.css'
import { WORDS } from './words.ts'

/** The frame of pages that stand before signing in. */
export function Outside({ title, children }: { title: string; children: ReactNode }) {
  const w = useWords(WORDS)
  const layout = useWords(LAYOUT)
  useEffect(() => {
    document.title = `${title} · 信衡`
  }, [title])
  return (
    <div className={styles.page}>
      {FICTIONAL ? <aside className={styles.fiction}>{layout('fiction')}</aside> : <span />}
      <header className={styles.top}>
        <a href="/">{w('toPortal')}</a>
        <LanguageSwitch />
      </header>
      <main className={styles.main}>
        <div className={styles.intro}>
          <img src={mark} alt="" />
          <h1>{w('platform', { city: CITY })}</h1>
          <p>{w('motto')}</p>
        </div>
        {children}
      </main>
    </div>
  )
}
