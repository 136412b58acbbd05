import type { GetApiConsoleQualityResponse, GetApiConsoleQualityRowsResponse } from '@xinheng/client'
import { QUALITY_DIMENSIONS, type QualityDimension } from '@xinheng/core'
import { Drawer, Pagination, Select, Spin } from 'antd'
import { useMemo, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { Chart } from '../../ui/Chart.tsx'
import { countOf, shareOf } from '../../ui/days.ts'
import { FigureButton } from '../../ui/FigureButton.tsx'
import filters from '../../ui/Filters.module.css'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Scroll } from '../../ui/Scroll.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Quality.module.css'
import { WORDS } from './words.ts'

type Share = Report['whole'][number]
type Report = GetApiConsoleQualityResponse
interface Opened {
  readonly unit: number
  readonly dimension: QualityDimension
  readonly items: readonly { readonly item: string; readonly short: number }[]
}

const rate = ({ good, all }: Share) => (all === 0 ? null : good / all)

function thisMonth(): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit' })
    .format(new Date())
    .slice(0, 7)
}

export function QualityPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const [query, setQuery] = useSearchParams()
  const [opened, open] = useState<Opened>()
  const month = query.get('month') ?? thisMonth()
  const item = query.get('item') ?? ''
  const unit = query.get('unit') ?? ''
  const path = `/api/console/quality?month=${month}${item === '' ? '' : `&item=${item}`}${unit === '' ? '' : `&unit=${unit}`}`
  const { data: report, error, isPending } = useApi<Report>(path)
  const everything = useApi<Report>(`/api/console/quality?month=${month}`)
  const change = (name: string, value: string) => {
    const next = new URLSearchParams(query)
    if (value === '') next.delete(name)
    else next.set(name, value)
    setQuery(next)
  }
  const option = useMemo(() => {
    if (report === undefined) return {}
    return {
      grid: { left: 8, right: 16, top: 54, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 10 },
      tooltip: {
        trigger: 'axis',
        valueFormatter: (value: number | null) => (value === null ? '—' : `${value}%`),
      },
      xAxis: {
        type: 'category',
        data: report.trend.map((one) => one.month.slice(2)),
        axisTick: { show: false },
      },
      yAxis: {
        type: 'value',
        max: 100,
        min: (value: { min: number }) => Math.max(0, Math.floor(value.min / 10) * 10 - 10),
        axisLabel: { formatter: '{value}%' },
      },
      series: QUALITY_DIMENSIONS.map((dimension) => ({
        name: s(report.texts[dimension].name),
        type: 'line',
        symbolSize: 6,
        data: report.trend.map(({ dimensions }) => {
          const share = dimensions.find((one) => one.dimension === dimension)
          const value = share === undefined ? null : rate(share)
          return value === null ? null : Math.round(value * 1000) / 10
        }),
      })),
    }
  }, [report, s])
  return (
    <Page title={w('title')} lead={w('lead')}>
      <div className={filters.filters}>
        <label>
          {w('month')}
          <input
            className={filters.date}
            type="month"
            value={month}
            max={thisMonth()}
            onChange={(event) => event.target.value !== '' && change('month', event.target.value)}
          />
        </label>
        <Select
          aria-label={w('item')}
          value={item}
          style={{ width: 300, maxWidth: '100%' }}
          onChange={(value) => change('item', value)}
          options={[
            { value: '', label: w('allItems') },
            ...(everything.data?.items ?? []).map((one) => ({ value: one.item, label: s(one) })),
          ]}
        />
        <Select
          aria-label={w('unit')}
          value={unit}
          showSearch={{ optionFilterProp: 'label' }}
          style={{ width: 300, maxWidth: '100%' }}
          onChange={(value) => change('unit', value)}
          options={[
            { value: '', label: w('allUnits') },
            ...(everything.data?.units ?? []).map((one) => ({ value: String(one.unit), label: one.name })),
          ]}
        />
      </div>
      <ProblemNotice problem={error} />
      {isPending ? <Spin style={{ padding: 40 }} /> : null}
      {report === undefined ? null : (
        <>
          <ul className={styles.cards} aria-label={w('whole')}>
            {report.whole.map((share) => (
              <li key={share.dimension} className={styles.card}>
                <h2>{s(report.texts[share.dimension].name)}</h2>
                <strong>{shareOf(rate(share))}</strong>
                <small>
                  {share.all === 0
                    ? w('notCounted')
                    : w('of', { good: countOf(share.good), all: countOf(share.all) })}
                </small>
                <span className={styles.bar} aria-hidden="true">
                  <i style={{ width: `${(rate(share) ?? 0) * 100}%` }} />
                </span>
                <p>{s(report.texts[share.dimension].formula)}</p>
              </li>
            ))}
          </ul>
          <Sheet title={w('trend')}>
            <div className={styles.trend}>
              <Chart option={option} label={w('trendLabel')} height={290} />
              <Scroll label={w('trendTable')}>
                <table className={styles.numbers}>
                  <caption className="unseen">{w('trendTable')}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{w('month')}</th>
                      {QUALITY_DIMENSIONS.map((dimension) => (
                        <th key={dimension} scope="col">
                          {s(report.texts[dimension].name)}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {report.trend.map((one) => (
                      <tr key={one.month}>
                        <th scope="row">{one.month}</th>
                        {one.dimensions.map((share) => (
                          <td key={share.dimension}>{shareOf(rate(share))}</td>
                        ))}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Scroll>
            </div>
          </Sheet>
          <Sheet title={w('units')} flush>
            <Scroll label={w('units')}>
              <Table
                caption={w('units')}
                rows={report.units}
                keyOf={(one) => one.unit}
                empty={w('none')}
                columns={[
                  { key: 'unit', title: w('unit'), render: (one) => one.name },
                  ...QUALITY_DIMENSIONS.map((dimension) => ({
                    key: dimension,
                    title: s(report.texts[dimension].name),
                    number: true,
                    render: (one: Report['units'][number]) => {
                      const share = one.dimensions.find((each) => each.dimension === dimension) as Share
                      const short = share.all - share.good
                      if (short === 0) return shareOf(rate(share))
                      return (
                        <FigureButton
                          label={w('short', {
                            share: shareOf(rate(share)),
                            name: one.name,
                            dimension: s(report.texts[dimension].name),
                            count: short,
                          })}
                          onClick={() =>
                            open({
                              unit: one.unit,
                              dimension,
                              items: one.byItem.flatMap(({ item: code, dimensions }) => {
                                const own = dimensions.find((each) => each.dimension === dimension) as Share
                                return own.all > own.good ? [{ item: code, short: own.all - own.good }] : []
                              }),
                            })
                          }
                        >
                          {shareOf(rate(share))}
                        </FigureButton>
                      )
                    },
                  })),
                ]}
              />
            </Scroll>
          </Sheet>
          <Sheet title={w('items')} flush>
            <Scroll label={w('items')}>
              <Table
                caption={w('items')}
                rows={report.items}
                keyOf={(one) => one.item}
                empty={w('none')}
                columns={[
                  { key: 'item', title: w('item'), render: (one) => s(one) },
                  ...QUALITY_DIMENSIONS.map((dimension) => ({
                    key: dimension,
                    title: s(report.texts[dimension].name),
                    number: true,
                    render: (one: Report['items'][number]) =>
                      shareOf(rate(one.dimensions.find((each) => each.dimension === dimension) as Share)),
                  })),
                ]}
              />
            </Scroll>
          </Sheet>
          {opened === undefined ? null : (
            <Rows
              opened={opened}
              month={month}
              report={everything.data ?? report}
              onClose={() => open(undefined)}
            />
          )}
        </>
      )}
    </Page>
  )
}

const PAGE = 50

function Rows({
  opened,
  month,
  report,
  onClose,
}: {
  opened: Opened
  month: string
  report: Report
  onClose: () => void
}) {
  const w = useWords(WORDS)
  const s = useSay()
  const [item, chooseItem] = useState(opened.items[0]?.item)
  const [page, setPage] = useState(1)
  const { data, error, isPending } = useApi<GetApiConsoleQualityRowsResponse>(
    item === undefined
      ? undefined
      : `/api/console/quality/rows?month=${month}&item=${item}&unit=${opened.unit}&dimension=${opened.dimension}&limit=${PAGE}&offset=${(page - 1) * PAGE}`,
  )
  const titles = new Map(report.items.map((one) => [one.item, s(one)]))
  const dimension = report.texts[opened.dimension]
  return (
    <Drawer
      open
      size="min(960px, 100vw)"
      title={w('rowsTitle', { dimension: s(dimension.name), count: data?.total ?? 0 })}
      onClose={onClose}
      closable={{ 'aria-label': w('close') }}
      styles={{ body: { padding: 0 } }}
    >
      <div style={{ padding: '12px 16px' }}>
        <Select
          aria-label={w('chooseItem')}
          value={item ?? null}
          style={{ width: 420, maxWidth: '100%' }}
          onChange={(code) => {
            chooseItem(code)
            setPage(1)
          }}
          options={opened.items.map((one) => ({
            value: one.item,
            label: `${titles.get(one.item) ?? one.item} · ${countOf(one.short)}`,
          }))}
        />
        <p className="soft">
          {w('formula')}：{s(dimension.formula)}
        </p>
      </div>
      <ProblemNotice problem={error} />
      {isPending ? <Spin style={{ padding: 24 }} /> : null}
      {data === undefined ? null : (
        <Table
          caption={s(dimension.name)}
          rows={data.lines}
          keyOf={(line) => `${line.delivery} ${line.row}`}
          empty={w('none')}
          columns={[
            {
              key: 'place',
              title: w('place'),
              narrow: true,
              render: (line) => (
                <Link to={`/deliveries/${line.delivery}`}>
                  {w('placeOf', { delivery: line.delivery, row: line.row })}
                </Link>
              ),
            },
            { key: 'received', title: w('received'), narrow: true, render: (line) => line.receivedOn ?? '—' },
            { key: 'document', title: w('document'), render: (line) => line.documentNumber ?? '—' },
            { key: 'reason', title: w('reason'), render: (line) => s(line) },
          ]}
        />
      )}
      {data !== undefined && data.total > PAGE ? (
        <Pagination
          style={{ padding: 16 }}
          current={page}
          pageSize={PAGE}
          total={data.total}
          showSizeChanger={false}
          onChange={setPage}
        />
      ) : null}
    </Drawer>
  )
}
