import { Button } from 'antd'
import type { CSSProperties } from 'react'
import { useSay, useWords } from '../../language.ts'
import styles from './SheetGrid.module.css'
import { isError, type Sheet } from './sheet.ts'
import { WORDS } from './words.ts'

const STANDS_ABOVE_PX = 170

/** What is wrong at the cell worked on, in sentences, with the value that it certainly should be. */
export function Callout({
  id,
  sheet,
  row,
  column,
  place,
  isFirstColumn,
  onTake,
}: {
  id: string
  sheet: Sheet
  row: number
  column: number
  /** Of the cell, within the frame. */
  place: { left: number; top: number; bottom: number; frameHeight: number; frameWidth: number }
  /** The first column tells of the whole row too. */
  isFirstColumn: boolean
  onTake: () => void
}) {
  const w = useWords(WORDS)
  const s = useSay()
  const faults = [...sheet.faultsAt(row, column), ...(isFirstColumn ? sheet.faultsAt(row, undefined) : [])]
  const suggestion = sheet.suggestionAt(row, column)
  if (faults.length === 0) return null
  const above = place.bottom + STANDS_ABOVE_PX > place.frameHeight && place.top > STANDS_ABOVE_PX
  return (
    <div
      id={id}
      className={faults.some(isError) ? styles.callout : `${styles.callout} ${styles.mild}`}
      style={
        {
          '--left': `${Math.max(8, Math.min(place.left, place.frameWidth - 356))}px`,
          '--top': above ? 'auto' : `${place.bottom + 4}px`,
          '--bottom': above ? `${place.frameHeight - place.top + 6}px` : 'auto',
        } as CSSProperties
      }
    >
      {faults.map((fault) => (
        <div key={`${fault.code} ${fault.message.zh}`}>
          <p>
            <strong>{s(fault.message)}</strong>
          </p>
          {fault.remedy.zh === '' ? null : <p className={styles.where}>{s(fault.remedy)}</p>}
        </div>
      ))}
      {sheet.isChanged(row, column) ? (
        <p className={styles.where}>
          {w('was')}：{sheet.rows[row]?.delivered[column] || w('empty')}
        </p>
      ) : null}
      {suggestion === undefined ? null : (
        <div className={styles.offer}>
          <Button
            type="primary"
            size="small"
            tabIndex={-1}
            onMouseDown={(event) => event.preventDefault()}
            onClick={onTake}
          >
            {w('take')}
          </Button>
          <code>{suggestion}</code>
          <span className={styles.where}>{w('takeKeys')}</span>
        </div>
      )}
    </div>
  )
}
