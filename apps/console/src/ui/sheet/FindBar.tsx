import { CloseOutlined } from '@ant-design/icons'
import { Button, Input, type InputRef } from 'antd'
import { type KeyboardEvent, type RefObject, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useWords } from '../../language.ts'
import { findCells, replacementsOf, type View } from './find.ts'
import styles from './SheetGrid.module.css'
import type { GridHandle } from './SheetGrid.tsx'
import type { Sheet } from './sheet.ts'
import { useSheetVersion } from './useSheet.ts'
import { WORDS } from './words.ts'

/** Find and replace over what the grid shows. */
export function FindBar({
  sheet,
  view,
  grid,
  onClose,
}: {
  sheet: Sheet
  view: View
  grid: RefObject<GridHandle | null>
  onClose: () => void
}) {
  const w = useWords(WORDS)
  const id = useId()
  const version = useSheetVersion(sheet)
  const [text, setText] = useState('')
  const [by, setBy] = useState('')
  const [at, setAt] = useState(-1)
  const [replaced, setReplaced] = useState<number>()
  const field = useRef<InputRef>(null)
  useEffect(() => field.current?.focus(), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the sheet says by its version that it changed
  const found = useMemo(() => findCells(sheet, view, text), [sheet, view, text, version])
  const next = () => {
    if (found.length === 0) return
    const to = (at + 1) % found.length
    setAt(to)
    grid.current?.goTo(found[to] as (typeof found)[number])
    // The grid shows it; typing goes on here.
    requestAnimationFrame(() => field.current?.focus())
  }
  const replaceOne = () => {
    const place = found[Math.max(0, at)]
    if (place === undefined) return
    sheet.change(replacementsOf(sheet, { rows: [place.row], columns: [place.column] }, text, by))
    setReplaced(undefined)
    next()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.preventDefault()
      onClose()
    }
  }
  return (
    <search className={styles.find} onKeyDown={onKeyDown}>
      <label htmlFor={`${id}-find`}>{w('find')}</label>
      <Input
        id={`${id}-find`}
        ref={field}
        value={text}
        style={{ width: 180 }}
        onChange={(event) => {
          setText(event.target.value)
          setAt(-1)
          setReplaced(undefined)
        }}
        onPressEnter={next}
      />
      <span className="soft" role="status">
        {replaced !== undefined
          ? w('replaced', { count: replaced })
          : text === ''
            ? ''
            : found.length === 0
              ? w('foundNone')
              : w('found', { at: Math.max(0, at) + 1, count: found.length })}
      </span>
      <Button onClick={next} disabled={found.length === 0}>
        {w('next')}
      </Button>
      <label htmlFor={`${id}-by`}>{w('replaceBy')}</label>
      <Input
        id={`${id}-by`}
        value={by}
        style={{ width: 160 }}
        onChange={(event) => setBy(event.target.value)}
        onPressEnter={replaceOne}
      />
      <Button onClick={replaceOne} disabled={found.length === 0}>
        {w('replaceOne')}
      </Button>
      <Button
        disabled={found.length === 0}
        onClick={() => setReplaced(sheet.change(replacementsOf(sheet, view, text, by)))}
      >
        {w('replaceAll')}
      </Button>
      <Button type="text" icon={<CloseOutlined />} aria-label={w('close')} onClick={onClose} />
    </search>
  )
}
