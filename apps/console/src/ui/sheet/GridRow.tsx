import { CheckOutlined, CloseOutlined, SyncOutlined } from '@ant-design/icons'
import { memo } from 'react'
import type { Values } from '../../language.ts'
import styles from './SheetGrid.module.css'
import type { Sheet } from './sheet.ts'
import type { WORDS } from './words.ts'

const classes = (...names: (string | undefined | false)[]) => names.filter(Boolean).join(' ')

export interface ColumnPlace {
  readonly index: number
  readonly start: number
  readonly size: number
}

interface Props {
  readonly sheet: Sheet
  readonly row: number
  readonly shown: number
  readonly start: number
  readonly columns: readonly number[]
  readonly places: readonly ColumnPlace[]
  readonly numberWidth: number
  /** Column places of the row that are selected. */
  readonly within: readonly [number, number] | undefined
  readonly active: number | undefined
  readonly stamp: string
  readonly w: (key: keyof typeof WORDS, values?: Values) => string
  readonly input: React.ReactNode
}

/** One row. It renders again only when its own cells, faults or selection change. */
export const GridRow = memo(
  function GridRow({
    sheet,
    row,
    shown,
    start,
    columns,
    places,
    numberWidth,
    within,
    active,
    w,
    input,
  }: Props) {
    const one = sheet.rows[row]
    if (one === undefined) return null
    const state = sheet.state(row)
    return (
      <div
        role="row"
        aria-rowindex={shown + 2}
        className={styles.row}
        style={{ transform: `translateY(${start}px)` }}
        data-row={shown}
      >
        <div
          role="rowheader"
          className={classes(styles.number, styles[state])}
          aria-label={`${w('rowNumber', { row: one.place })} ${w(state)}`}
        >
          <span>{one.place}</span>
          {state === 'faulty' ? (
            <CloseOutlined className={styles.bad ?? ''} aria-hidden />
          ) : state === 'passes' ? (
            <CheckOutlined className={styles.good ?? ''} aria-hidden />
          ) : (
            <SyncOutlined spin aria-hidden />
          )}
        </div>
        {places.map((place) => {
          const column = columns[place.index] as number
          const faults = sheet.faultsAt(row, column)
          const value = one.cells[column] ?? ''
          const isActive = place.index === active
          const severity = faults.some((fault) => fault.severity === 'error')
            ? styles.error
            : faults.length > 0 && styles.warning
          return (
            <div
              key={place.index}
              role="gridcell"
              aria-colindex={place.index + 2}
              aria-selected={within !== undefined && place.index >= within[0] && place.index <= within[1]}
              data-column={place.index}
              className={classes(
                styles.cell,
                sheet.isChanged(row, column) && styles.changed,
                severity,
                within !== undefined &&
                  place.index >= within[0] &&
                  place.index <= within[1] &&
                  !isActive &&
                  styles.within,
                isActive && styles.active,
                sheet.suggestionAt(row, column) !== undefined && styles.hasSuggestion,
              )}
              style={{ left: numberWidth + place.start, width: place.size }}
            >
              {isActive ? (
                input
              ) : value === '' && faults.length > 0 ? (
                <span className={styles.missing}>{w('empty')}</span>
              ) : (
                value
              )}
            </div>
          )
        })}
      </div>
    )
  },
  (before, after) =>
    before.stamp === after.stamp &&
    before.start === after.start &&
    before.active === after.active &&
    before.within?.[0] === after.within?.[0] &&
    before.within?.[1] === after.within?.[1] &&
    before.columns === after.columns &&
    before.places === after.places &&
    before.w === after.w &&
    before.input === after.input &&
    before.sheet === after.sheet &&
    before.row === after.row &&
    before.shown === after.shown,
)
