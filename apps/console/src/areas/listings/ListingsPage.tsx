import type { GetApiConsoleListingCasesResponse } from '@xinheng/client'
import { Button, Spin } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { useMay } from '../../session.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import { ProposalDialog } from './ProposalDialog.tsx'
import { StageMark } from './StageMark.tsx'
import { known, WORDS } from './words.ts'

type Case = GetApiConsoleListingCasesResponse['cases'][number]
const CLOSED = new Set(['listed', 'delisted', 'dropped'])

/** The unit's cases: those with something to do first. */
export function ListingsPage() {
  const w = useWords(WORDS)
  const may = useMay()
  const [beginning, begin] = useState(false)
  const { data, error } = useApi<GetApiConsoleListingCasesResponse>('/api/console/listing-cases')
  return (
    <Page
      title={w('title')}
      lead={w('lead')}
      actions={
        may('listing.propose') ? (
          <Button type="primary" onClick={() => begin(true)}>
            {w('begin')}
          </Button>
        ) : undefined
      }
    >
      <ProblemNotice problem={error} />
      {data === undefined ? (
        error === null ? (
          <Spin />
        ) : null
      ) : (
        <>
          <Sheet title={w('open')} flush>
            <Cases caption={w('open')} cases={data.cases.filter((one) => !CLOSED.has(one.stage))} />
          </Sheet>
          <Sheet title={w('closed')} flush>
            <Cases caption={w('closed')} cases={data.cases.filter((one) => CLOSED.has(one.stage))} />
          </Sheet>
        </>
      )}
      {beginning ? <ProposalDialog onClose={() => begin(false)} /> : null}
    </Page>
  )
}

function Cases({ caption, cases }: { caption: string; cases: readonly Case[] }) {
  const w = useWords(WORDS)
  const s = useSay()
  return (
    <Table
      caption={caption}
      rows={cases}
      keyOf={(one) => one.id}
      empty={w('none')}
      columns={[
        {
          key: 'subject',
          title: w('subject'),
          render: (one) => (
            <>
              <Link to={`/listings/${one.id}`}>{one.subject}</Link>
              <div className="soft">{one.uscc}</div>
            </>
          ),
        },
        { key: 'list', title: w('list'), render: (one) => s(one.list.title) },
        { key: 'unit', title: w('unit'), render: (one) => one.unit },
        {
          key: 'stage',
          title: w('stage'),
          narrow: true,
          render: (one) => <StageMark stage={one.stage} />,
        },
        {
          key: 'due',
          title: w('due'),
          narrow: true,
          render: (one) => {
            if (one.due === null) return '—'
            const step = known(one.due.step)
            return (
              <>
                {one.due.on} {one.due.overdue ? <Mark tone="bad">{w('overdue')}</Mark> : null}
                <div className="soft">{step === undefined ? one.due.step : w(step)}</div>
              </>
            )
          },
        },
      ]}
    />
  )
}
