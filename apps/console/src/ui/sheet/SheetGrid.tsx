import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type PointerEvent,
  type Ref,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useSay, useWords } from '../../language.ts'
import { Callout } from './Callout.tsx'
import { readClipboard, writeClipboard } from './clipboard.ts'
import type { Place, View } from './find.ts'
import { GridRow } from './GridRow.tsx'
import styles from './SheetGrid.module.css'
import { areaOf, isOne, moved, type Selection, type Spot } from './selection.ts'
import type { Sheet, SheetColumn } from './sheet.ts'
import { useSheetVersion } from './useSheet.ts'
import { WORDS } from './words.ts'

const ROW_PX = 34
const HEAD_PX = 36
const OVERSCAN_ROWS = 12

/** What the bar above the grid asks of it. */
export interface GridHandle {
  goTo(place: Place): void
  nextFault(backwards?: boolean): void
  fillDown(): void
  /** Takes the focus back. */
  focus(): void
  /** The cell worked on. */
  place(): Place | undefined
}

const isNarrow = () => window.matchMedia('(max-width: 700px)').matches

function widthOf(column: SheetColumn): number {
  if (column.type === 'day') return 128
  if (column.type === 'money') return 120
  if (column.values !== undefined) return 140
  return Math.min(260, Math.max(132, (column.title?.zh ?? column.header).length * 15 + 30))
}

/**
 * Rows under work as a grid: faults at their cells, worked by keyboard alone as a spreadsheet is. The cell worked on is
 * an input that has the focus, so that an input method for Chinese begins with the first key.
 */
export function SheetGrid({
  sheet,
  view,
  label,
  height,
  handle,
  onFind,
}: {
  sheet: Sheet
  view: View
  label: string
  height: number | string
  handle?: Ref<GridHandle>
  /** Ctrl+F (false) and Ctrl+H (true). */
  onFind?: (replace: boolean) => void
}) {
  const w = useWords(WORDS)
  const s = useSay()
  const version = useSheetVersion(sheet)
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const [selection, select] = useState<Selection>({
    active: { row: 0, column: 0 },
    anchor: { row: 0, column: 0 },
  })
  /** The text while a cell is edited. */
  const [typed, type] = useState<string>()
  const dragging = useRef(false)
  const wantsFocus = useRef(false)
  const numberWidth = isNarrow() ? 60 : 76

  const widths = useMemo(() => sheet.columns.map(widthOf), [sheet])
  const lastRow = view.rows.length - 1
  const lastColumn = view.columns.length - 1
  const clamp = (spot: Spot): Spot => ({
    row: Math.max(0, Math.min(spot.row, lastRow)),
    column: Math.max(0, Math.min(spot.column, lastColumn)),
  })
  const active = clamp(selection.active)
  const current: Selection = { active, anchor: clamp(selection.anchor) }
  const activeRow = view.rows[active.row] ?? -1
  const activeColumn = view.columns[active.column] ?? -1

  const rows = useVirtualizer({
    count: view.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
    scrollPaddingStart: HEAD_PX,
    scrollPaddingEnd: 8,
    // The cell worked on keeps its input, and so the focus, however far one scrolls.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range)
      return shown.includes(active.row) || view.rows.length === 0
        ? shown
        : [...shown, active.row].toSorted((a, b) => a - b)
    },
  })
  const columns = useVirtualizer({
    horizontal: true,
    count: view.columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => widths[view.columns[index] as number] ?? 140,
    overscan: 3,
    scrollPaddingStart: numberWidth,
    scrollPaddingEnd: 8,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range)
      return shown.includes(active.column) || view.columns.length === 0
        ? shown
        : [...shown, active.column].toSorted((a, b) => a - b)
    },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: other columns are measured anew
  useLayoutEffect(() => columns.measure(), [view.columns])
  const shownColumns = columns.getVirtualItems()
  const placesKey = shownColumns.map(({ index, start, size }) => `${index}:${start}:${size}`).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says whether the places changed
  const places = useMemo(
    () => shownColumns.map(({ index, start, size }) => ({ index, start, size })),
    [placesKey],
  )

  const go = useCallback(
    (to: Spot, extend = false) => {
      wantsFocus.current = true
      select((before) => ({ active: to, anchor: extend ? before.anchor : to }))
      rows.scrollToIndex(to.row)
      columns.scrollToIndex(to.column)
    },
    [rows, columns],
  )
  const goToPlace = useCallback(
    (place: Place) => {
      const row = view.rows.indexOf(place.row)
      const column = view.columns.indexOf(place.column)
      if (row >= 0) go({ row, column: Math.max(0, column) })
    },
    [view, go],
  )
  const nextFault = useCallback(
    (backwards = false) => {
      const found = sheet.nextFault({ row: activeRow, column: activeColumn }, view, backwards)
      if (found !== undefined) goToPlace(found)
    },
    [sheet, view, activeRow, activeColumn, goToPlace],
  )

  // The input of the cell worked on follows it, where the work is in the grid.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another cell is worked on
  useLayoutEffect(() => {
    if (!wantsFocus.current) return
    input.current?.focus({ preventScroll: true })
    if (typed === undefined) input.current?.select()
  }, [active.row, active.column, view, version])

  const write = (value: string) => sheet.change([{ row: activeRow, column: activeColumn, to: value }])
  const commit = () => {
    if (typed === undefined) return
    type(undefined)
    write(typed)
  }
  const take = () => {
    const suggestion = sheet.suggestionAt(activeRow, activeColumn)
    if (suggestion === undefined) return false
    write(suggestion)
    nextFault()
    return true
  }
  const fillDown = () => {
    const { top, bottom, left, right } = areaOf(current)
    const from = top === bottom ? top - 1 : top
    if (from < 0) return
    const changes = []
    for (let row = Math.max(top, from + 1); row <= bottom; row++)
      for (let column = left; column <= right; column++)
        changes.push({
          row: view.rows[row] as number,
          column: view.columns[column] as number,
          to: sheet.cell(view.rows[from] as number, view.columns[column] as number),
        })
    sheet.change(changes)
  }
  const clear = () => {
    const { top, bottom, left, right } = areaOf(current)
    const changes = []
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++)
        changes.push({ row: view.rows[row] as number, column: view.columns[column] as number, to: '' })
    sheet.change(changes)
  }
  const stepBack = (step: Place | undefined) => {
    if (step !== undefined) goToPlace(step)
  }

  useImperativeHandle(handle, () => ({
    goTo: goToPlace,
    nextFault,
    fillDown,
    focus: () => {
      wantsFocus.current = true
      input.current?.focus({ preventScroll: true })
    },
    place: () => (activeRow < 0 ? undefined : { row: activeRow, column: activeColumn }),
  }))

  const size = () => ({
    rows: view.rows.length,
    columns: view.columns.length,
    page: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / ROW_PX) - 2),
  })
  const edit = () => {
    const value = sheet.cell(activeRow, activeColumn)
    type(value)
    requestAnimationFrame(() => input.current?.setSelectionRange(value.length, value.length))
  }
  const giveUp = () => {
    type(undefined)
    requestAnimationFrame(() => input.current?.select())
  }
  const step = (key: string, extend = false, far = false) => {
    const to = moved(active, key, far, size())
    if (to !== undefined) go(to, extend)
    return to !== undefined
  }
  const selectAll = () =>
    select({ anchor: { row: 0, column: 0 }, active: { row: lastRow, column: lastColumn } })

  /** Keys with Ctrl (or Command). @returns whether the key was one of ours */
  const onControlKey = (event: KeyboardEvent<HTMLInputElement>): boolean => {
    const key = event.key.toLowerCase()
    const ready = typed === undefined
    if (key === 'd') {
      commit()
      fillDown()
    } else if ((key === 'f' || key === 'h') && onFind !== undefined) {
      commit()
      onFind(key === 'h')
    } else if (ready && key === 'z' && !event.shiftKey) stepBack(sheet.undo())
    else if (ready && (key === 'y' || key === 'z')) stepBack(sheet.redo())
    else if (ready && key === 'a') selectAll()
    else return false
    return true
  }
  /** Keys while a cell is edited: the others belong to its text. */
  const onEditKey = (event: KeyboardEvent<HTMLInputElement>): boolean => {
    if (event.key === 'Escape') {
      giveUp()
      return true
    }
    const opensList = event.altKey && sheet.columns[activeColumn]?.values !== undefined
    const leads = { Enter: 'ArrowDown', Tab: 'ArrowRight', ArrowUp: 'ArrowUp', ArrowDown: 'ArrowDown' }[
      event.key
    ]
    if (leads === undefined || opensList) return false
    commit()
    step(event.shiftKey ? ({ ArrowDown: 'ArrowUp', ArrowRight: 'ArrowLeft' }[leads] ?? leads) : leads)
    return true
  }
  /** Keys while cells are walked over. */
  const onWalkKey = (event: KeyboardEvent<HTMLInputElement>, control: boolean): boolean => {
    if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && take()) return true
    switch (event.key) {
      case 'Tab':
        // Without a suggestion Tab leaves the grid, as everywhere.
        wantsFocus.current = false
        return false
      case 'Enter':
        return step(event.shiftKey ? 'ArrowUp' : 'ArrowDown') || true
      case 'F2':
        edit()
        return true
      case 'Delete':
      case 'Backspace':
        clear()
        return true
      case 'Escape':
        select({ active, anchor: active })
        return true
      default:
        return step(event.key, event.shiftKey, control)
    }
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // Keys belong to the input method until it has composed.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    const control = (event.ctrlKey || event.metaKey) && !event.altKey
    let ours = control && onControlKey(event)
    if (!ours && event.key === 'F8') {
      commit()
      nextFault(event.shiftKey)
      ours = true
    }
    ours ||= typed === undefined ? onWalkKey(event, control) : onEditKey(event)
    if (ours) event.preventDefault()
  }

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const spot = spotOf(event.target)
    if (spot === undefined || event.button !== 0) return
    if (spot.row === active.row && spot.column === active.column) return
    event.preventDefault()
    commit()
    dragging.current = event.pointerType === 'mouse'
    go(spot, event.shiftKey)
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!dragging.current || event.buttons !== 1) return
    const spot = spotOf(event.target)
    if (spot !== undefined && !(spot.row === active.row && spot.column === active.column))
      select((before) => ({ anchor: before.anchor, active: spot }))
  }
  const onCopy = (event: ClipboardEvent) => {
    if (typed !== undefined) return
    const { top, bottom, left, right } = areaOf(current)
    const cells = view.rows
      .slice(top, bottom + 1)
      .map((row) => view.columns.slice(left, right + 1).map((column) => sheet.cell(row, column)))
    event.clipboardData.setData('text/plain', writeClipboard(cells))
    event.preventDefault()
  }
  const onPaste = (event: ClipboardEvent) => {
    if (typed !== undefined) return
    event.preventDefault()
    const cells = readClipboard(event.clipboardData.getData('text/plain'))
    const { top, bottom, left, right } = areaOf(current)
    const [only] = cells
    const one = cells.length === 1 && only?.length === 1 && !isOne(current) ? only[0] : undefined
    const changes = []
    const height = one === undefined ? cells.length : bottom - top + 1
    for (let row = 0; row < height; row++) {
      const width = one === undefined ? (cells[row]?.length ?? 0) : right - left + 1
      for (let column = 0; column < width; column++) {
        const target = { row: view.rows[top + row], column: view.columns[left + column] }
        if (target.row === undefined || target.column === undefined) continue
        changes.push({ row: target.row, column: target.column, to: one ?? cells[row]?.[column] ?? '' })
      }
    }
    sheet.change(changes)
  }
  useEffect(() => {
    const end = () => {
      dragging.current = false
    }
    window.addEventListener('pointerup', end)
    return () => window.removeEventListener('pointerup', end)
  }, [])

  const column = sheet.columns[activeColumn]
  const faulty =
    activeRow >= 0 &&
    (sheet.faultsAt(activeRow, activeColumn).length > 0 ||
      (active.column === 0 && sheet.faultsAt(activeRow, undefined).length > 0))
  const name = (one: SheetColumn) => (one.title === null ? one.header : s(one.title))
  const activeInput =
    column === undefined ? null : (
      <input
        ref={input}
        className={typed === undefined ? styles.input : `${styles.input} ${styles.editing}`}
        value={typed ?? sheet.cell(activeRow, activeColumn)}
        aria-label={`${name(column)} ${w('rowNumber', { row: sheet.rows[activeRow]?.place ?? 0 })}`}
        aria-invalid={faulty}
        aria-describedby={faulty ? `${id}-fault` : undefined}
        list={column.values === undefined ? undefined : `${id}-values`}
        autoComplete="off"
        spellCheck={false}
        maxLength={20_000}
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
        onCopy={onCopy}
        onPaste={onPaste}
        onDoubleClick={() => typed === undefined && type(sheet.cell(activeRow, activeColumn))}
        onFocus={() => {
          wantsFocus.current = true
        }}
        onBlur={(event) => {
          // Scrolled away or another cell: the grid's own doing. Elsewhere: what was typed is kept.
          if (!event.currentTarget.isConnected) return
          wantsFocus.current = false
          commit()
        }}
      />
    )
  const totalWidth = numberWidth + columns.getTotalSize()
  const selected = areaOf(current)
  const activePlace = columns.measurementsCache[active.column]
  const frame = scroller.current
  const left = numberWidth + (activePlace?.start ?? 0) - (frame?.scrollLeft ?? 0)
  const top = HEAD_PX + active.row * ROW_PX - (frame?.scrollTop ?? 0)
  const inSight =
    frame !== null && top > 0 && top < frame.clientHeight && left > -260 && left < frame.clientWidth

  return (
    <div className={styles.wrap} style={{ height }}>
      <div
        ref={scroller}
        role="grid"
        aria-label={label}
        aria-rowcount={view.rows.length + 1}
        aria-colcount={view.columns.length + 1}
        aria-multiselectable
        className={styles.grid}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
      >
        <div role="rowgroup" className={styles.head} style={{ width: totalWidth }}>
          <div role="row" aria-rowindex={1}>
            <div role="columnheader" aria-colindex={1} className={styles.corner} style={{ height: HEAD_PX }}>
              {w('row')}
            </div>
            {places.map((place) => {
              const one = sheet.columns[view.columns[place.index] as number] as SheetColumn
              return (
                <div
                  key={place.index}
                  role="columnheader"
                  aria-colindex={place.index + 2}
                  className={styles.column}
                  style={{ left: numberWidth + place.start, width: place.size }}
                  title={`${one.header}${one.delivered ? '' : ` · ${w('notDelivered')}`}`}
                >
                  {one.must ? (
                    <b aria-hidden title={w('must')}>
                      *
                    </b>
                  ) : null}
                  {name(one)}
                </div>
              )
            })}
          </div>
        </div>
        <div
          role="rowgroup"
          className={styles.body}
          style={{ height: rows.getTotalSize(), width: totalWidth }}
        >
          {rows.getVirtualItems().map((item) => {
            const row = view.rows[item.index] as number
            const one = sheet.rows[row]
            const isActive = item.index === active.row
            const isWithin = item.index >= selected.top && item.index <= selected.bottom
            return (
              <GridRow
                key={row}
                sheet={sheet}
                row={row}
                shown={item.index}
                start={item.start}
                columns={view.columns}
                places={places}
                numberWidth={numberWidth}
                within={isWithin && !isOne(current) ? [selected.left, selected.right] : undefined}
                active={isActive ? active.column : undefined}
                stamp={`${one?.stamp} ${one?.checked}`}
                w={w}
                input={isActive ? activeInput : null}
              />
            )
          })}
        </div>
      </div>
      {column?.values === undefined ? null : (
        <datalist id={`${id}-values`}>
          {column.values.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      )}
      {faulty && typed === undefined && inSight ? (
        <Callout
          id={`${id}-fault`}
          sheet={sheet}
          row={activeRow}
          column={activeColumn}
          place={{
            left,
            top,
            bottom: top + ROW_PX,
            frameHeight: frame?.clientHeight ?? 0,
            frameWidth: frame?.clientWidth ?? 0,
          }}
          isFirstColumn={active.column === 0}
          onTake={take}
        />
      ) : null}
    </div>
  )
}

function spotOf(target: EventTarget): Spot | undefined {
  const cell = (target as Element).closest?.('[data-column]')
  const row = cell?.closest('[data-row]')
  if (!(cell instanceof HTMLElement) || !(row instanceof HTMLElement)) return undefined
  return { row: Number(row.dataset.row), column: Number(cell.dataset.column) }
}
