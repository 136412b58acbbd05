import type { GetApiConsoleSupervisionCasesResponse } from '@xinheng/client'
import { Drawer, Pagination, Spin } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { Mark } from '../../ui/Mark.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import { Incentives } from './Incentives.tsx'
import type { Figure } from './types.ts'
import { WORDS, type Word } from './words.ts'

const PAGE = 50
/** Of these the question is what was granted, not what was decided. */
const ABOUT_INCENTIVES: readonly Figure[] = ['rewarded', 'granted', 'notGranted']

/** Exactly the cases that a figure counts. */
export function CasesDrawer({
  asked,
  figure,
  onClose,
}: {
  asked: string
  figure: Figure
  onClose: () => void
}) {
  const w = useWords(WORDS)
  const [page, setPage] = useState(1)
  const { data, error, isPending } = useApi<GetApiConsoleSupervisionCasesResponse>(
    `/api/console/supervision/cases?${asked}&figure=${figure}&limit=${PAGE}&offset=${(page - 1) * PAGE}`,
  )
  const title = w('cases', { figure: w(figure), count: data?.total ?? '…' })
  return (
    <Drawer
      open
      size="min(1040px, 100vw)"
      title={title}
      onClose={onClose}
      closable={{ 'aria-label': w('close') }}
      styles={{ body: { padding: 0 } }}
    >
      <ProblemNotice problem={error} />
      {isPending ? <Spin style={{ padding: 24 }} /> : null}
      {data === undefined ? null : (
        <Table
          caption={title}
          rows={data.rows}
          keyOf={({ number }) => number}
          empty={w('none')}
          columns={[
            {
              key: 'applicant',
              title: w('applicant'),
              render: (row) => (
                <Link to={`/supervision/cases/${row.number}`}>
                  {row.person ? w('person') : row.applicant}
                </Link>
              ),
            },
            { key: 'unit', title: w('unit'), render: (row) => row.unit },
            { key: 'matter', title: w('matter'), render: (row) => row.matter },
            { key: 'asked', title: w('askedAt'), narrow: true, render: (row) => row.askedAt },
            { key: 'result', title: w('result'), narrow: true, render: (row) => w(row.result as Word) },
            ABOUT_INCENTIVES.includes(figure)
              ? {
                  key: 'incentives',
                  title: w('incentives'),
                  render: (row) => <Incentives of={row.incentives} />,
                }
              : {
                  key: 'decision',
                  title: w('decision'),
                  narrow: true,
                  render: (row) => (row.decision === null ? '—' : w(row.decision as Word)),
                },
            {
              key: 'feedback',
              title: w('feedback'),
              narrow: true,
              render: (row) =>
                row.unexplained ? (
                  <Mark tone="bad">{w('unexplained')}</Mark>
                ) : row.overdue ? (
                  <Mark tone="bad">{w('overdue')}</Mark>
                ) : (
                  (row.effect ?? row.feedbackDue ?? '—')
                ),
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
