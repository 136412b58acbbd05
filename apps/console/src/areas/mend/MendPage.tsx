import { DownloadOutlined } from '@ant-design/icons'
import { Alert, App, Button, Dropdown, Empty, Segmented, Spin } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { type Problem, send } from '../../api.ts'
import type { Delivery } from '../../deliveries.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { timeOf } from '../../ui/days.ts'
import { Page } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { FindBar } from '../../ui/sheet/FindBar.tsx'
import { SheetBar } from '../../ui/sheet/SheetBar.tsx'
import { type GridHandle, SheetGrid } from '../../ui/sheet/SheetGrid.tsx'
import type { Sheet } from '../../ui/sheet/sheet.ts'
import { useChecking } from '../../ui/sheet/useChecking.ts'
import { useDraft } from '../../ui/sheet/useDraft.ts'
import { useSheetVersion } from '../../ui/sheet/useSheet.ts'
import { FaultKinds } from './FaultKinds.tsx'
import styles from './Mend.module.css'
import { type DraftContent, MOST_ROWS, type Opened, useRejectedSheet } from './useRejectedSheet.ts'
import { WORDS } from './words.ts'

export function MendPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const { delivery = '' } = useParams()
  const { opened, problem, reload } = useRejectedSheet(delivery)
  return (
    <Page
      title={w('title')}
      back={<Link to={`/deliveries/${delivery}`}>← {w('toDelivery')}</Link>}
      lead={
        opened === undefined
          ? undefined
          : w('lead', {
              item: s(opened.delivery.item.title),
              delivery: opened.delivery.delivery,
              file: opened.delivery.fileName,
            })
      }
      actions={<Downloads delivery={delivery} />}
    >
      {problem !== undefined ? (
        <ProblemNotice problem={problem} onAgain={reload} />
      ) : opened === undefined ? (
        <Spin />
      ) : opened.sheet.rows.length === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<NothingLeft />} />
      ) : (
        <Bench opened={opened} onReload={reload} />
      )}
    </Page>
  )
}

function NothingLeft() {
  const w = useWords(WORDS)
  return (
    <>
      <strong>{w('nothing')}</strong>
      <br />
      {w('nothingText')}
    </>
  )
}

function Downloads({ delivery }: { delivery: string }) {
  const w = useWords(WORDS)
  const base = `/api/console/deliveries/${delivery}/rejected-rows`
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'xlsx', label: <a href={`${base}.xlsx`}>{w('downloadXlsx')}</a> },
          { key: 'csv', label: <a href={`${base}.csv`}>{w('downloadCsv')}</a> },
        ],
      }}
    >
      <Button icon={<DownloadOutlined />}>{w('download')}</Button>
    </Dropdown>
  )
}

function Bench({ opened, onReload }: { opened: Opened; onReload: () => void }) {
  const w = useWords(WORDS)
  const { delivery, sheet } = opened
  const { modal, message } = App.useApp()
  const go = useNavigate()
  const grid = useRef<GridHandle>(null)
  const version = useSheetVersion(sheet)
  const [kind, chooseKind] = useState<string>()
  const [columnsShown, showColumns] = useState<'faulty' | 'all'>('faulty')
  const [finding, find] = useState(false)
  const [refused, setRefused] = useState<Problem>()
  const [restoredShown, showRestored] = useState(opened.restored > 0)
  const checkProblem = useChecking(sheet, delivery.item.code)
  const { draft, stop } = useDraft(sheet, {
    key: `mend-${delivery.delivery}`,
    item: delivery.item.code,
    delivery: delivery.delivery,
    content: (): DraftContent => ({
      cells: sheet
        .changes()
        .map(({ key, column, to }) => ({ key, header: sheet.columns[column]?.header ?? '', to })),
    }),
  })

  // Rows stay where they are while they are mended; they are chosen anew only with another filter.
  const view = useMemo(() => {
    const rows = kind === undefined ? sheet.rows.map((_, row) => row) : sheet.rowsOfKind(kind)
    return {
      rows,
      columns: columnsShown === 'all' ? sheet.columns.map((_, column) => column) : columnsToMend(sheet),
    }
  }, [sheet, kind, columnsShown])

  // Work begins at the first fault, with the hands on the keyboard.
  useEffect(() => {
    const first = sheet.nextFault({ row: -1, column: -1 }, view)
    if (first !== undefined) grid.current?.goTo(first)
  }, [sheet, view])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the sheet says by its version that it changed
  const count = useMemo(() => {
    const counts = { passes: 0, faulty: 0, checking: 0 }
    for (const row of sheet.rows.keys()) counts[sheet.state(row)] += 1
    return counts
  }, [sheet, version])
  const suggestions = sheet.kinds().reduce((sum, one) => sum + one.suggestions, 0)

  const deliverPassed = () => {
    const passed = sheet.rows.filter((_, row) => sheet.state(row) === 'passes')
    const left = sheet.rows.length - passed.length
    modal.confirm({
      title: w('deliverTitle'),
      content: (
        <>
          <p>{w('deliverAsk', { count: passed.length, delivery: delivery.delivery })}</p>
          {left === 0 ? null : <p>{w('deliverLeft', { count: left })}</p>}
        </>
      ),
      okText: w('deliver', { count: passed.length }),
      cancelText: w('cancel'),
      onOk: async () => {
        setRefused(undefined)
        try {
          const made = await send<Delivery>('POST', '/api/console/deliveries', {
            item: delivery.item.code,
            kind: 'mend',
            mends: delivery.delivery,
            origins: passed.map((row) => row.key),
            from: {
              header: sheet.columns.map((column) => column.header),
              rows: passed.map((row) => row.cells),
            },
            ...(left === 0 ? { draft: `mend-${delivery.delivery}` } : {}),
          })
          stop()
          await invalidate('/api/console/')
          go(`/deliveries/${made.delivery}`)
        } catch (error) {
          setRefused(error as Problem)
        }
      },
    })
  }
  const discard = async () => {
    stop()
    await send('DELETE', `/api/console/drafts/mend-${delivery.delivery}`).catch(() => undefined)
    onReload()
  }
  const takeAll = () => {
    const taken = sheet.takeSuggestions()
    void message.success(w('takeKind', { count: taken }))
    grid.current?.nextFault()
  }

  return (
    <>
      {restoredShown ? (
        <Alert
          type="info"
          showIcon
          title={w('restored', { count: opened.restored })}
          closable={{ onClose: () => showRestored(false) }}
          action={
            <Button size="small" onClick={discard}>
              {w('discard')}
            </Button>
          }
        />
      ) : null}
      {opened.thereIsMore ? <Alert type="info" showIcon title={w('more', { count: MOST_ROWS })} /> : null}
      {refused === undefined ? null : <ProblemNotice problem={refused} />}
      {checkProblem === undefined ? null : (
        <Alert type="warning" showIcon title={w('checkFailed')} description={checkProblem.sentence.zh} />
      )}
      <div className={styles.bench}>
        <div className={styles.work}>
          <div className={styles.tools}>
            <div className={styles.state} role="status">
              <span>{w('rows', { total: sheet.rows.length })}</span>
              <b className={styles.good}>{w('passes', { count: count.passes })}</b>
              <b className={styles.bad}>{w('faulty', { count: count.faulty })}</b>
              {count.checking === 0 ? null : <span>{w('checking', { count: count.checking })}</span>}
              <DraftNote draft={draft} />
            </div>
            <Button
              type="primary"
              disabled={count.passes === 0 || count.checking > 0}
              onClick={deliverPassed}
            >
              {w('deliver', { count: count.passes })}
            </Button>
          </div>
          <div className={styles.tools}>
            <SheetBar sheet={sheet} grid={grid} onFind={() => find(true)}>
              {suggestions === 0 ? null : (
                <Button onClick={takeAll}>{w('takeAll', { count: suggestions })}</Button>
              )}
            </SheetBar>
            <Segmented
              aria-label={w('columns')}
              value={columnsShown}
              onChange={showColumns}
              options={[
                { value: 'faulty', label: w('columnsFaulty') },
                { value: 'all', label: w('columnsAll') },
              ]}
            />
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
            label={w('gridLabel')}
            height={`min(${view.rows.length * 34 + 250}px, max(360px, calc(100dvh - 300px)))`}
            handle={grid}
            onFind={() => find(true)}
          />
        </div>
        <FaultKinds sheet={sheet} chosen={kind} onChoose={chooseKind} />
      </div>
    </>
  )
}

function DraftNote({ draft }: { draft: ReturnType<typeof useDraft>['draft'] }) {
  const w = useWords(WORDS)
  if (draft.state === 'saved') return <span>{w('saved', { at: timeOf(draft.at) })}</span>
  if (draft.state === 'saving') return <span>{w('saving')}</span>
  if (draft.state === 'failed') return <b className={styles.bad}>{w('saveFailed')}</b>
  return null
}

/** The columns with faults, led by the two that say which row it is. */
function columnsToMend(sheet: Sheet): number[] {
  const faulty = new Set(sheet.rows.flatMap((row) => row.faults.flatMap((fault) => fault.column ?? [])))
  const naming = sheet.columns.flatMap((column, place) =>
    column.field !== null && ['subjectName', 'documentNumber'].includes(column.field) ? [place] : [],
  )
  const shown = [
    ...new Set([...naming.filter((place) => !faulty.has(place)), ...[...faulty].toSorted((a, b) => a - b)]),
  ]
  return shown.length === 0 ? sheet.columns.map((_, place) => place) : shown
}
