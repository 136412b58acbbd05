import type { ReactNode } from 'react'
import { useEffect } from 'react'
import styles from './Page.module.css'

/** A page's head and body. The title is also the window's. */
export function Page({
  title,
  lead,
  actions,
  back,
  children,
}: {
  title: string
  lead?: ReactNode
  actions?: ReactNode
  back?: ReactNode
  children: ReactNode
}) {
  useEffect(() => {
    document.title = `${title} · 信衡`
  }, [title])
  return (
    <>
      {back === undefined ? null : <div className={styles.back}>{back}</div>}
      <div className={styles.head}>
        <div className={styles.titles}>
          <h1>{title}</h1>
          {lead === undefined ? null : <p>{lead}</p>}
        </div>
        {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      </div>
      <div className={styles.body}>{children}</div>
    </>
  )
}

/** A white sheet on the page, with a heading of its own. */
export function Sheet({
  title,
  label = title,
  extra,
  flush = false,
  children,
}: {
  title?: string
  /** Tells sheets of one title apart for who hears the page. */
  label?: string | undefined
  extra?: ReactNode
  /** The content reaches the sheet's edges: tables. */
  flush?: boolean
  children: ReactNode
}) {
  return (
    <section className={styles.sheet} aria-label={label}>
      {title === undefined && extra === undefined ? null : (
        <div className={styles.sheetHead}>
          {title === undefined ? null : <h2>{title}</h2>}
          {extra}
        </div>
      )}
      <div className={flush ? styles.flush : styles.inner}>{children}</div>
    </section>
  )
}
