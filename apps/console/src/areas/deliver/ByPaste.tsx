import { Alert, Button } from 'antd'
import { type ClipboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { send } from '../../api.ts'
import { type CheckAnswer, columnsOf, type Delivery } from '../../deliveries.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { timeOf } from '../../ui/days.ts'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { readClipboard } from '../../ui/sheet/clipboard.ts'
import { FindBar } from '../../ui/sheet/FindBar.tsx'
import { SheetBar } from '../../ui/sheet/SheetBar.tsx'
import { type GridHandle, SheetGrid } from '../../ui/sheet/SheetGrid.tsx'
import { Sheet } from '../../ui/sheet/sheet.ts'
import { useChecking } from '../../ui/sheet/useChecking.ts'
import { readDraft, useDraft } from '../../ui/sheet/useDraft.ts'
import { useSheetVersion } from '../../ui/sheet/useSheet.ts'
import styles from './Deliver.module.css'
import { WORDS } from './words.ts'

const MOST_ROWS = 20_000

interface Pasted {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Rows from a spreadsheet's clipboard, checked and mended before they are delivered. */
export function ByPaste({ item }: { item: string }) {
  const w = useWords(WORDS)
  const id = useId()
  const [sheet, setSheet] = useState<Sheet>()
  const [unknown, setUnknown] = useState<readonly string[]>([])
  const [restored, setRestored] = useState(false)
  const [fault, setFault] = useState<string>()
  const [problem, setProblem] = useState<unknown>()
  const key = `paste-${item}`

  const open = async ({ header, rows }: Pasted) => {
    const answer = await send<CheckAnswer>('POST', '/api/console/deliveries/check', {
      item,
      header,
      rows: rows.slice(0, 1),
    })
    const columns = columnsOf(answer.columns)
    if (columns.every((column) => column.field === null)) return setFault(w('pasteUnknown'))
    setUnknown(
      columns.filter((column) => column.field === null && column.delivered).map((column) => column.header),
    )
    setSheet(
      new Sheet(
        columns,
        rows.map((cells, row) => ({ key: row + 1, place: row + 2, cells, faults: [], unchecked: true })),
      ),
    )
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each item
  useEffect(() => {
    let left = false
    readDraft<Pasted>(key)
      .then(async (content) => {
        if (left || content === undefined) return
        setRestored(true)
        await open(content)
      })
      .catch((error) => !left && setProblem(error))
    return () => {
      left = true
    }
  }, [key])

  const onPaste = (event: ClipboardEvent) => {
    event.preventDefault()
    setFault(undefined)
    setProblem(undefined)
    const [header, ...rows] = readClipboard(event.clipboardData.getData('text/plain'))
    const filled = rows.filter((row) => row.some((cell) => cell.trim() !== ''))
    if (header === undefined || filled.length === 0) return setFault(w('pasteTooFew'))
    if (filled.length > MOST_ROWS) return setFault(w('pasteMany', { count: MOST_ROWS }))
    setRestored(false)
    open({ header: header.map((name) => name.trim()), rows: filled }).catch(setProblem)
  }
  const discard = async () => {
    setSheet(undefined)
    setRestored(false)
    await send('DELETE', `/api/console/drafts/${key}`).catch(() => undefined)
  }

  if (sheet !== undefined)
    return (
      <>
        {restored ? (
          <Alert
            type="info"
            showIcon
            title={w('draftBack')}
            action={
              <Button size="small" onClick={discard}>
                {w('discard')}
              </Button>
            }
          />
        ) : null}
        {unknown.length === 0 ? null : (
          <Alert type="warning" showIcon title={w('unknownColumns', { names: unknown.join('、') })} />
        )}
        <PastedRows item={item} sheet={sheet} draftKey={key} onAgain={discard} />
      </>
    )
  return (
    <div>
      <ProblemNotice problem={problem} />
      {fault === undefined ? null : <Alert type="error" showIcon role="alert" title={fault} />}
      <label className={styles.label} htmlFor={id}>
        {w('pasteTitle')}
      </label>
      <textarea
        id={id}
        className={styles.paste}
        placeholder={w('pasteHere')}
        value=""
        onChange={() => undefined}
        onPaste={onPaste}
      />
    </div>
  )
}

function PastedRows({
  item,
  sheet,
  draftKey,
  onAgain,
}: {
  item: string
  sheet: Sheet
  draftKey: string
  onAgain: () => void
}) {
  const w = useWords(WORDS)
  const go = useNavigate()
  const grid = useRef<GridHandle>(null)
  const version = useSheetVersion(sheet)
  const [finding, find] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const [sending, setSending] = useState(false)
  const checking = useChecking(sheet, item)
  const header = sheet.columns.map((column) => column.header)
  const { draft, stop } = useDraft(sheet, {
    key: draftKey,
    item,
    content: () => ({ header, rows: sheet.rows.map((row) => row.cells) }),
  })
  const view = useMemo(
    () => ({ rows: sheet.rows.map((_, row) => row), columns: sheet.columns.map((_, column) => column) }),
    [sheet],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: the sheet says by its version that it changed
  const count = useMemo(() => {
    const counts = { passes: 0, faulty: 0, checking: 0 }
    for (const row of sheet.rows.keys()) counts[sheet.state(row)] += 1
    return counts
  }, [sheet, version])
  const deliver = async () => {
    setSending(true)
    setProblem(undefined)
    try {
      const made = await send<Delivery>('POST', '/api/console/deliveries', {
        item,
        kind: 'paste',
        from: { header, rows: sheet.rows.map((row) => row.cells) },
      })
      stop()
      await send('DELETE', `/api/console/drafts/${draftKey}`).catch(() => undefined)
      await invalidate('/api/console/deliveries')
      go(`/deliveries/${made.delivery}`)
    } catch (error) {
      setProblem(error)
      setSending(false)
    }
  }
  return (
    <div>
      <ProblemNotice problem={problem ?? checking} />
      <div className={styles.tools}>
        <span role="status">
          {w('pastedRows', { count: sheet.rows.length })}
          {count.faulty === 0 ? null : (
            <span className="soft"> · {w('stillFaulty', { count: count.faulty })}</span>
          )}
          {draft.state === 'saved' ? (
            <span className="soft"> · {w('saved', { at: timeOf(draft.at) })}</span>
          ) : null}
        </span>
        <Button type="primary" loading={sending} disabled={count.checking > 0} onClick={deliver}>
          {w('deliverPasted', { count: sheet.rows.length })}
        </Button>
      </div>
      <div className={styles.tools}>
        <SheetBar sheet={sheet} grid={grid} onFind={() => find(true)}>
          <Button
            onClick={() => {
              stop()
              onAgain()
            }}
          >
            {w('again')}
          </Button>
        </SheetBar>
      </div>
      {finding ? (
        <FindBar
          sheet={sheet}
          view={view}
          grid={grid}
          onClose={() => {
            find(false)
            grid.current?.focus()
          }}
        />
      ) : null}
      <SheetGrid
        sheet={sheet}
        view={view}
        label={w('byPaste')}
        height="max(320px, calc(100dvh - 430px))"
        handle={grid}
        onFind={() => find(true)}
      />
    </div>
  )
}
