import { DownloadOutlined, EyeOutlined, SendOutlined } from '@ant-design/icons'
import { Button, Select, Spin } from 'antd'
import { Link, useSearchParams } from 'react-router'
import { useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { cityToday, countOf } from '../../ui/days.ts'
import { FigureButton } from '../../ui/FigureButton.tsx'
import filters from '../../ui/Filters.module.css'
import { Page, Sheet } from '../../ui/Page.tsx'
import { Period } from '../../ui/Period.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Scroll } from '../../ui/Scroll.tsx'
import { Table } from '../../ui/Table.tsx'
import { CasesDrawer } from './CasesDrawer.tsx'
import styles from './Supervision.module.css'
import { type Board, DIMENSIONS, type Dimension, FIGURES, type Figure } from './types.ts'
import { WORDS } from './words.ts'

/** The board moves by itself while somebody looks at it. */
const REFRESH_MS = 5000
const BAD: readonly Figure[] = ['overdue', 'unexplained']

/** Figures by one dimension; a figure opens its cases, a name narrows the board. All of it is in the address. */
export function BoardPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const [query, setQuery] = useSearchParams()
  const today = cityToday()
  const from = query.get('from') ?? `${today.slice(0, 7)}-01`
  const to = query.get('to') ?? today
  const by = (query.get('by') ?? 'unit') as Dimension
  const narrowed = DIMENSIONS.flatMap((name) => {
    const value = query.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  const asked = new URLSearchParams([['from', from], ['to', to], ...narrowed.map((pair) => [...pair])])
  const {
    data: board,
    error,
    isPending,
    refetch,
  } = useApi<Board>(`/api/console/supervision?${asked}&by=${by}`, { refreshMs: REFRESH_MS })
  const go = (change: Record<string, string | undefined>) => {
    const next = new URLSearchParams(query)
    for (const [name, value] of Object.entries(change)) {
      if (value === undefined || value === '') next.delete(name)
      else next.set(name, value)
    }
    setQuery(next)
  }
  const figure = query.get('figure') as Figure | null
  const within = query.get('within')
  const cases = new URLSearchParams(asked)
  if (within !== null) cases.set(by, within)
  const openCases = (name: Figure, key?: string) => go({ figure: name, within: key })
  return (
    <Page
      title={w('title')}
      lead={w('lead')}
      actions={
        <>
          <Link to={`/supervision/worth-a-look?from=${from}&to=${to}`}>
            <Button icon={<EyeOutlined />} tabIndex={-1}>
              {w('look')}
            </Button>
          </Link>
          <Link to="/supervision/urges">
            <Button icon={<SendOutlined />} tabIndex={-1}>
              {w('urges')}
            </Button>
          </Link>
          <Button
            icon={<DownloadOutlined />}
            href={`/api/console/supervision/workbook?from=${from}&to=${to}`}
            download
          >
            {w('workbook')}
          </Button>
        </>
      }
    >
      <div className={filters.filters}>
        <Period label={w('period')} from={from} to={to} onChange={go} />
        <Select
          aria-label={w('by')}
          value={by}
          style={{ width: 120 }}
          onChange={(value) => go({ by: value })}
          options={DIMENSIONS.map((value) => ({ value, label: w(value) }))}
        />
        {narrowed.map(([name, value]) => (
          <Button key={name} onClick={() => go({ [name]: undefined })}>
            {w(name)}：{query.get(`${name}Title`) ?? value} ✕
          </Button>
        ))}
      </div>
      <ProblemNotice problem={error} onAgain={() => void refetch()} />
      {isPending ? <Spin style={{ padding: 40 }} /> : null}
      {board === undefined ? null : (
        <>
          <dl className={styles.tiles}>
            <div className={styles.tile}>
              <dt>{w('pushed')}</dt>
              <dd>{countOf(board.totals.pushed)}</dd>
            </div>
            {FIGURES.map((name) => (
              <div
                key={name}
                className={`${styles.tile} ${BAD.includes(name) && board.totals[name] > 0 ? styles.bad : ''}`}
              >
                <dt>{w(name)}</dt>
                <dd>
                  <FigureButton
                    onClick={() => openCases(name)}
                    label={w('figureOf', { name: w('all'), figure: w(name), count: board.totals[name] })}
                  >
                    {countOf(board.totals[name])}
                  </FigureButton>
                </dd>
              </div>
            ))}
          </dl>
          <Sheet title={w(by)} flush>
            <Scroll label={w(by)}>
              <Table
                caption={w(by)}
                rows={board.groups}
                keyOf={({ key }) => key}
                empty={w('none')}
                columns={[
                  {
                    key: 'title',
                    title: w(by),
                    render: ({ key, title }) =>
                      key === '' ? (
                        s(title)
                      ) : (
                        <FigureButton
                          onClick={() =>
                            go({
                              [by]: key,
                              [`${by}Title`]: s(title),
                              by: by === 'matter' ? 'measure' : by === 'unit' ? 'matter' : 'unit',
                            })
                          }
                        >
                          {s(title)}
                        </FigureButton>
                      ),
                  },
                  {
                    key: 'pushed',
                    title: w('pushed'),
                    number: true,
                    render: ({ pushed }) => (pushed === null ? '—' : countOf(pushed)),
                  },
                  ...FIGURES.map((name) => ({
                    key: name,
                    title: w(name),
                    number: true,
                    render: ({ key, title, figures }: Board['groups'][number]) =>
                      figures[name] === 0 || key === '' ? (
                        countOf(figures[name])
                      ) : (
                        <FigureButton
                          onClick={() => openCases(name, key)}
                          label={w('figureOf', { name: s(title), figure: w(name), count: figures[name] })}
                        >
                          {countOf(figures[name])}
                        </FigureButton>
                      ),
                  })),
                ]}
              />
            </Scroll>
          </Sheet>
        </>
      )}
      {figure === null ? null : (
        <CasesDrawer
          asked={cases.toString()}
          figure={figure}
          onClose={() => go({ figure: undefined, within: undefined })}
        />
      )}
    </Page>
  )
}
