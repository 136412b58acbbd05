import { DownloadOutlined, FileTextOutlined } from '@ant-design/icons'
import type { PublicityFigure } from '@xinheng/core'
import { Button, Select, Spin } from 'antd'
import { useMemo } from 'react'
import { Link, useSearchParams } from 'react-router'
import { useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { Chart } from '../../ui/Chart.tsx'
import { cityToday, countOf, shareOf } from '../../ui/days.ts'
import { FigureButton } from '../../ui/FigureButton.tsx'
import filters from '../../ui/Filters.module.css'
import { Page, Sheet } from '../../ui/Page.tsx'
import { Period } from '../../ui/Period.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Scroll } from '../../ui/Scroll.tsx'
import { Table, type TableColumn } from '../../ui/Table.tsx'
import styles from './Board.module.css'
import { RowsDrawer } from './RowsDrawer.tsx'
import type { Board, BoardRegion, BoardUnit, Figures } from './types.ts'
import { UnitFigures } from './UnitFigures.tsx'
import { WORDS } from './words.ts'

/** City → district → unit → rows; where one stands is in the address, so that it can be sent and gone back to. */
export function BoardPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const [query, setQuery] = useSearchParams()
  const today = cityToday()
  const from = query.get('from') ?? `${today.slice(0, 7)}-01`
  const to = query.get('to') ?? today
  const item = query.get('item') ?? ''
  const asked = `from=${from}&to=${to}${item === '' ? '' : `&items=${item}`}`
  const { data: board, error, isPending, refetch } = useApi<Board>(`/api/console/board?${asked}`)
  const go = (change: Record<string, string | undefined>) => {
    const next = new URLSearchParams(query)
    for (const [name, value] of Object.entries(change)) {
      if (value === undefined || value === '') next.delete(name)
      else next.set(name, value)
    }
    setQuery(next)
  }
  const region = board?.regions.find((one) => String(one.region) === query.get('region'))
  const chosen = query.get('unit')
  const alone = board?.units.length === 1 ? board.units[0] : undefined
  const unit = board?.units.find((one) => String(one.unit) === chosen) ?? alone
  const figure = query.get('figure') as PublicityFigure | null
  return (
    <Page
      title={w('title')}
      lead={w('lead')}
      actions={
        <>
          <Link to={`/board/report?month=${to.slice(0, 7)}`}>
            <Button icon={<FileTextOutlined />} tabIndex={-1}>
              {w('report')}
            </Button>
          </Link>
          <Button icon={<DownloadOutlined />} href={`/api/console/board/workbook?${asked}`} download>
            {w('workbook')}
          </Button>
        </>
      }
    >
      <div className={filters.filters}>
        <Period label={w('period')} from={from} to={to} onChange={go} />
        <Select
          aria-label={w('item')}
          value={item}
          style={{ width: 300, maxWidth: '100%' }}
          onChange={(value) => go({ item: value })}
          options={[
            { value: '', label: w('allItems') },
            ...(board?.items ?? []).map((one) => ({ value: one.code, label: s(one) })),
          ]}
        />
      </div>
      <ProblemNotice problem={error} onAgain={() => void refetch()} />
      {isPending ? <Spin style={{ padding: 40 }} /> : null}
      {board === undefined ? null : (
        <>
          <ol className={styles.path} aria-label={w('title')}>
            <li>
              {region === undefined && unit === undefined ? (
                w('city')
              ) : (
                <FigureButton onClick={() => go({ region: undefined, unit: undefined })}>
                  {w('city')}
                </FigureButton>
              )}
            </li>
            {region === undefined ? null : (
              <li>
                {unit === undefined ? (
                  region.name
                ) : (
                  <FigureButton onClick={() => go({ unit: undefined })}>{region.name}</FigureButton>
                )}
              </li>
            )}
            {unit === undefined ? null : <li>{unit.name}</li>}
          </ol>
          {unit !== undefined ? (
            <UnitFigures
              unit={unit}
              board={board}
              onFigure={(name) => go({ unit: String(unit.unit), figure: name })}
            />
          ) : region !== undefined ? (
            <>
              <Tiles figures={region.figures} silent={region.silentUnits} />
              <Units
                title={w('unitsOf', { name: region.name })}
                units={board.units.filter((one) => one.region === region.region)}
                onUnit={(id) => go({ unit: String(id) })}
              />
            </>
          ) : (
            <>
              <Tiles figures={board.city} silent={board.silentUnits} nil={board.nilReports} />
              <Regions regions={board.regions} onRegion={(code) => go({ region: String(code) })} />
            </>
          )}
          {unit !== undefined && figure !== null ? (
            <RowsDrawer
              asked={asked}
              unit={unit}
              figure={figure}
              items={board.items}
              onClose={() => go({ figure: undefined })}
            />
          ) : null}
        </>
      )}
    </Page>
  )
}

function Tiles({ figures, silent, nil }: { figures: Figures; silent: number; nil?: number }) {
  const w = useWords(WORDS)
  return (
    <dl className={styles.tiles}>
      {(
        [
          ['reported', countOf(figures.reported), false],
          ['timelinessRate', shareOf(figures.timelinessRate), false],
          ['late', countOf(figures.late), figures.late > 0],
          ['complianceRate', shareOf(figures.complianceRate), false],
          ['stillDue', countOf(figures.stillDue), false],
          ['overdue', countOf(figures.overdue), figures.overdue > 0],
          ['silentUnits', countOf(silent), silent > 0],
        ] as const
      ).map(([name, text, bad]) => (
        <div key={name} className={`${styles.tile} ${bad ? styles.bad : ''}`}>
          <dt>{w(name)}</dt>
          <dd>{text}</dd>
        </div>
      ))}
      {nil === undefined ? null : (
        <div className={styles.tile}>
          <dt>{w('nilReports')}</dt>
          <dd>{countOf(nil)}</dd>
        </div>
      )}
    </dl>
  )
}

const FIGURES = ['reported', 'onTime', 'late'] as const

function figureColumns<Row extends { readonly figures: Figures }>(
  w: (key: keyof typeof WORDS) => string,
): TableColumn<Row>[] {
  return [
    ...FIGURES.map((name) => ({
      key: name,
      title: w(name),
      number: true,
      render: (row: Row) => countOf(row.figures[name]),
    })),
    {
      key: 'timely',
      title: w('timelinessRate'),
      number: true,
      render: (row) => shareOf(row.figures.timelinessRate),
    },
    {
      key: 'compliance',
      title: w('complianceRate'),
      number: true,
      render: (row) => shareOf(row.figures.complianceRate),
    },
    { key: 'stillDue', title: w('stillDue'), number: true, render: (row) => countOf(row.figures.stillDue) },
    { key: 'overdue', title: w('overdue'), number: true, render: (row) => countOf(row.figures.overdue) },
  ]
}

function Regions({
  regions,
  onRegion,
}: {
  regions: readonly BoardRegion[]
  onRegion: (region: number | null) => void
}) {
  const w = useWords(WORDS)
  const option = useMemo(
    () => ({
      grid: { left: 8, right: 16, top: 36, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12 },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: regions.map(({ name }) => name), axisTick: { show: false } },
      yAxis: { type: 'value', minInterval: 1 },
      series: [
        {
          name: w('onTime'),
          type: 'bar',
          stack: 'all',
          barMaxWidth: 44,
          data: regions.map(({ figures }) => figures.onTime),
        },
        {
          name: w('late'),
          type: 'bar',
          stack: 'all',
          barMaxWidth: 44,
          data: regions.map(({ figures }) => figures.late),
        },
      ],
    }),
    [regions, w],
  )
  return (
    <Sheet title={w('districts')} flush>
      <div style={{ padding: '0 16px 8px' }}>
        <Chart option={option} label={w('chartLabel')} height={220} />
      </div>
      <Scroll label={w('districts')}>
        <Table
          caption={w('districts')}
          rows={regions}
          keyOf={({ region }) => String(region)}
          empty={w('noUnits')}
          columns={[
            {
              key: 'region',
              title: w('district'),
              render: (one) => <FigureButton onClick={() => onRegion(one.region)}>{one.name}</FigureButton>,
            },
            { key: 'units', title: w('units'), number: true, render: (one) => countOf(one.units) },
            ...figureColumns<BoardRegion>(w),
            {
              key: 'silent',
              title: w('silentUnits'),
              number: true,
              render: (one) => countOf(one.silentUnits),
            },
          ]}
        />
      </Scroll>
    </Sheet>
  )
}

function Units({
  title,
  units,
  onUnit,
}: {
  title: string
  units: readonly BoardUnit[]
  onUnit: (unit: number) => void
}) {
  const w = useWords(WORDS)
  const sorted = [...units].sort(
    (a, b) =>
      b.figures.overdue - a.figures.overdue ||
      b.figures.reported - a.figures.reported ||
      b.silentWeeks.length - a.silentWeeks.length,
  )
  return (
    <Sheet title={title} flush>
      <Scroll label={title}>
        <Table
          caption={title}
          rows={sorted}
          keyOf={({ unit }) => unit}
          empty={w('noUnits')}
          columns={[
            {
              key: 'unit',
              title: w('unit'),
              render: (one) => <FigureButton onClick={() => onUnit(one.unit)}>{one.name}</FigureButton>,
            },
            ...figureColumns<BoardUnit>(w),
            {
              key: 'silent',
              title: w('silentWeeks'),
              number: true,
              render: (one) => countOf(one.silentWeeks.length),
            },
            { key: 'nil', title: w('nilReports'), number: true, render: (one) => countOf(one.nilReports) },
            { key: 'heard', title: w('lastHeard'), render: (one) => one.lastHeardOn ?? '—' },
          ]}
        />
      </Scroll>
    </Sheet>
  )
}
