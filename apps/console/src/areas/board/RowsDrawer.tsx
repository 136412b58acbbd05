import type { PublicityFigure } from '@xinheng/core'
import { Drawer, Pagination, Spin } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { Mark } from '../../ui/Mark.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import type { Board, BoardUnit, Rows } from './types.ts'
import { WORDS } from './words.ts'

const PAGE = 50

/** Where a row came from: one step further to its delivery. */
function Place({ delivery, row }: { delivery: number; row: number }) {
  const w = useWords(WORDS)
  return <Link to={`/deliveries/${delivery}`}>{w('placeOf', { delivery, row })}</Link>
}

/** Exactly the rows that a figure counts. */
export function RowsDrawer({
  asked,
  unit,
  figure,
  items,
  onClose,
}: {
  asked: string
  unit: BoardUnit
  figure: PublicityFigure
  items: Board['items']
  onClose: () => void
}) {
  const w = useWords(WORDS)
  const s = useSay()
  const [page, setPage] = useState(1)
  const { data, error, isPending } = useApi<Rows>(
    `/api/console/board/rows?${asked}&unit=${unit.unit}&figure=${figure}&limit=${PAGE}&offset=${(page - 1) * PAGE}`,
  )
  const titles = new Map(items.map((item) => [item.code, s(item)]))
  const title = w('rowsOf', { figure: w(figure), count: unit.figures[figure] })
  return (
    <Drawer
      open
      size="min(1040px, 100vw)"
      title={title}
      extra={<span className="soft">{unit.name}</span>}
      onClose={onClose}
      closable={{ 'aria-label': w('close') }}
      styles={{ body: { padding: 0 } }}
    >
      <ProblemNotice problem={error} />
      {isPending ? <Spin style={{ padding: 24 }} /> : null}
      {data === undefined ? null : data.rejected.length > 0 ? (
        <Table
          caption={title}
          rows={data.rejected}
          keyOf={(row) => `${row.delivery} ${row.row}`}
          empty={w('noRows')}
          columns={[
            {
              key: 'place',
              title: w('place'),
              render: (row) => <Place delivery={row.delivery} row={row.row} />,
            },
            { key: 'item', title: w('item'), render: (row) => titles.get(row.item) ?? row.item },
            { key: 'decided', title: w('decided'), render: (row) => row.decidedOn ?? w('unknown') },
            { key: 'due', title: w('due'), render: (row) => row.dueOn ?? w('unknown') },
            { key: 'rejected', title: w('rejectedOn'), render: (row) => row.receivedOn },
            {
              key: 'left',
              title: w('daysLeft'),
              render: (row) =>
                row.daysLeft === null ? (
                  '—'
                ) : row.daysLeft < 0 ? (
                  <Mark tone="bad">{w('daysOver', { days: -row.daysLeft })}</Mark>
                ) : (
                  <Mark tone={row.daysLeft <= 2 ? 'warn' : 'quiet'}>
                    {row.daysLeft === 0 ? w('dueToday') : w('dueRow', { days: row.daysLeft })}
                  </Mark>
                ),
            },
          ]}
        />
      ) : (
        <Table
          caption={title}
          rows={data.facts}
          keyOf={(row) => `${row.delivery} ${row.row}`}
          empty={w('noRows')}
          columns={[
            {
              key: 'document',
              title: w('document'),
              render: (row) => (row.person ? w('person') : (row.documentNumber ?? '—')),
            },
            {
              key: 'subject',
              title: w('subject'),
              render: (row) => (row.person ? '' : (row.subject ?? '—')),
            },
            { key: 'item', title: w('item'), render: (row) => titles.get(row.item) ?? row.item },
            { key: 'decided', title: w('decided'), narrow: true, render: (row) => row.decidedOn },
            { key: 'due', title: w('due'), narrow: true, render: (row) => row.dueOn ?? w('unknown') },
            {
              key: 'received',
              title: w('received'),
              narrow: true,
              render: (row) =>
                row.dueOn !== null && row.receivedOn > row.dueOn ? (
                  <Mark tone="bad">{row.receivedOn}</Mark>
                ) : (
                  row.receivedOn
                ),
            },
            {
              key: 'place',
              title: w('place'),
              render: (row) => <Place delivery={row.delivery} row={row.row} />,
            },
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
