import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button, Spin } from 'antd'
import { Link, useSearchParams } from 'react-router'
import { useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { CITY } from '../../page-facts.ts'
import { cityToday, countOf, shareOf } from '../../ui/days.ts'
import filters from '../../ui/Filters.module.css'
import { Page } from '../../ui/Page.tsx'
import paper from '../../ui/Paper.module.css'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Scroll } from '../../ui/Scroll.tsx'
import { type Board, daysOfMonth, type Figures } from './types.ts'
import { WORDS } from './words.ts'

const COLUMNS = [
  'reported',
  'onTime',
  'late',
  'timelinessRate',
  'failedFirst',
  'rejected',
  'complianceRate',
  'overdue',
] as const

/** The board's own numbers of a month as a document: on A4 by the browser's print, and so as PDF. */
export function ReportPage() {
  const w = useWords(WORDS)
  const [query, setQuery] = useSearchParams()
  const thisMonth = cityToday().slice(0, 7)
  const month = query.get('month') ?? thisMonth
  const { from, to } = daysOfMonth(month)
  const asked = `from=${from}&to=${to}`
  const { data: board, error, isPending } = useApi<Board>(`/api/console/board?${asked}`)
  return (
    <Page
      title={w('report')}
      back={<Link to="/board">{w('back')}</Link>}
      actions={
        <>
          <label className={filters.filters}>
            <span className="soft">{w('month')}</span>
            <input
              className={filters.date}
              type="month"
              value={month}
              max={thisMonth}
              onChange={(event) => event.target.value !== '' && setQuery({ month: event.target.value })}
            />
          </label>
          <Button icon={<DownloadOutlined />} href={`/api/console/board/workbook?${asked}`} download>
            {w('workbook')}
          </Button>
          <Button type="primary" icon={<PrinterOutlined />} onClick={() => window.print()}>
            {w('print')}
          </Button>
        </>
      }
    >
      <ProblemNotice problem={error} />
      {isPending ? <Spin style={{ padding: 40 }} /> : null}
      {board === undefined ? null : <Paper board={board} />}
    </Page>
  )
}

function Paper({ board }: { board: Board }) {
  const w = useWords(WORDS)
  const silent = board.units.filter((unit) => unit.silentWeeks.length > 0)
  const weeks = [...new Set(silent.map((unit) => unit.silentWeeks.length))].sort((a, b) => b - a)
  const over = board.units.filter((unit) => unit.figures.overdue > 0)
  return (
    <article className={paper.paper}>
      <h2>{w('reportTitle', { city: CITY })}</h2>
      <p className={paper.under}>
        {w('reportPeriod', { from: board.from, to: board.to, today: board.today })}
      </p>
      <h3>{w('summary')}</h3>
      <Figurines first={w('district')} rows={[{ name: w('city'), figures: board.city }, ...board.regions]} />
      <h3>{w('attention')}</h3>
      {silent.length + over.length === 0 ? (
        <p>{w('attentionNone')}</p>
      ) : (
        <ul className={paper.notes}>
          {over.map((unit) => (
            <li key={`o${unit.unit}`}>
              {w('attentionOver', { name: unit.name, rows: unit.figures.overdue })}
            </li>
          ))}
          {weeks.map((count) => {
            const units = silent.filter((unit) => unit.silentWeeks.length === count)
            return (
              <li key={`s${count}`}>
                {w('attentionSilent', {
                  weeks: count,
                  units: units.length,
                  names: units.map(({ name }) => name).join('、'),
                })}
              </li>
            )
          })}
        </ul>
      )}
      <h3>{w('unit')}</h3>
      <Figurines
        first={w('unit')}
        rows={board.units.filter((unit) => unit.figures.reported + unit.figures.rejected > 0)}
      />
      <h3>{w('formulas')}</h3>
      <ul className={paper.notes}>
        {(['formulaReported', 'formulaTimely', 'formulaCompliance', 'formulaSilence', 'basis'] as const).map(
          (key) => (
            <li key={key}>{w(key)}</li>
          ),
        )}
      </ul>
    </article>
  )
}

function Figurines({
  first,
  rows,
}: {
  first: string
  rows: readonly { readonly name: string; readonly figures: Figures }[]
}) {
  const w = useWords(WORDS)
  return (
    <Scroll label={first}>
      <table className={paper.sheetTable}>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {COLUMNS.map((name) => (
              <th key={name} scope="col">
                {w(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              {COLUMNS.map((name) => {
                const value = row.figures[name]
                return <td key={name}>{name.endsWith('Rate') ? shareOf(value) : countOf(value ?? 0)}</td>
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
