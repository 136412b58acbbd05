import type { ReactNode } from 'react'
import { useSay } from '../language.ts'
import styles from './Compare.module.css'

const ABSENT = { zh: '（无）', en: '(none)' }
const WHAT = { zh: '比对项', en: 'Compared' }

export interface ComparedRow {
  readonly key: string
  readonly what: string
  readonly left: ReactNode
  readonly right: ReactNode
  readonly differs: boolean
  /** Says whether they agree, for those who do not see colours. */
  readonly verdict?: ReactNode
}

/** Two things side by side, what differs set off. */
export function Compare({
  caption,
  left,
  right,
  sides = [left, right],
  rows,
}: {
  caption: string
  left: string
  right: string
  /** What the two are called beside each value on a narrow screen, where there is no head. */
  sides?: readonly [left: string, right: string]
  rows: readonly ComparedRow[]
}) {
  const s = useSay()
  const shown = (value: ReactNode) =>
    value === null || value === '' ? <span className={styles.none}>{s(ABSENT)}</span> : value
  return (
    <table className={styles.table}>
      <caption className="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{s(WHAT)}</th>
          <th scope="col">{left}</th>
          <th scope="col">{right}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} className={row.differs ? styles.differs : undefined}>
            <th scope="row">
              {row.what} {row.verdict}
            </th>
            <td data-label={sides[0]}>{shown(row.left)}</td>
            <td data-label={sides[1]}>{shown(row.right)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
