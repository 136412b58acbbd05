import { Fragment, type ReactNode } from 'react'
import styles from './Approvals.module.css'

/** What is proposed, value by value; lines without a value are left out. */
export function Facts({ rows }: { rows: readonly (readonly [title: string, value: ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {rows.map(([title, value]) =>
        value === null || value === undefined || value === '' ? null : (
          <Fragment key={title}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </Fragment>
        ),
      )}
    </dl>
  )
}

/** Several values of one line, each on a line of its own. */
export function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <ul className={styles.lines}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}
