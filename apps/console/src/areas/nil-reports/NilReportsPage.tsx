import { App, Button, Select, Spin } from 'antd'
import { useState } from 'react'
import { send, useApi } from '../../api.ts'
import type { ItemTitle } from '../../deliveries.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { countOf, momentOf } from '../../ui/days.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import { WORDS } from './words.ts'

interface Period {
  readonly item: string
  readonly from: string
  readonly to: string
  readonly decisions: number
  readonly nil: { readonly by: string; readonly at: string } | null
  readonly state: 'reported' | 'nil' | 'silent' | 'open'
}

const TONES = { reported: 'good', nil: 'busy', silent: 'bad', open: 'quiet' } as const

export function NilReportsPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const { modal } = App.useApp()
  const [chosen, choose] = useState<string>()
  const [problem, setProblem] = useState<unknown>()
  const items = useApi<{ items: ItemTitle[] }>('/api/console/items')
  const asked = items.data?.items.filter((item) => item.nilReport !== null) ?? []
  const item = chosen ?? asked[0]?.code
  const title = asked.find((one) => one.code === item)?.title
  const periods = useApi<{ periods: Period[] }>(
    item === undefined ? undefined : `/api/console/nil-reports?item=${item}`,
  )
  const declare = (period: Period) =>
    modal.confirm({
      title: w('askTitle'),
      content: w('ask', { from: period.from, to: period.to, item: title === undefined ? '' : s(title) }),
      okText: w('yes'),
      cancelText: w('no'),
      onOk: async () => {
        setProblem(undefined)
        try {
          await send('POST', '/api/console/nil-reports', {
            item: period.item,
            from: period.from,
            to: period.to,
          })
        } catch (refused) {
          setProblem(refused)
        }
        await invalidate('/api/console/')
      },
    })
  return (
    <Page title={w('title')} lead={w('lead')}>
      <ProblemNotice problem={items.error ?? periods.error ?? problem} />
      <Sheet
        flush
        extra={
          asked.length === 0 ? undefined : (
            <Select
              aria-label={w('item')}
              value={item ?? null}
              style={{ width: 320, maxWidth: '100%' }}
              onChange={choose}
              options={asked.map((one) => ({ value: one.code, label: s(one.title) }))}
            />
          )
        }
      >
        {items.isPending || (item !== undefined && periods.isPending) ? (
          <Spin style={{ padding: 20 }} />
        ) : (
          <Table
            caption={w('title')}
            rows={periods.data?.periods ?? []}
            keyOf={(period) => `${period.item} ${period.from}`}
            empty={w('none')}
            columns={[
              { key: 'period', title: w('period'), render: (period) => `${period.from} — ${period.to}` },
              {
                key: 'decisions',
                title: w('decisions'),
                number: true,
                render: (period) => countOf(period.decisions),
              },
              {
                key: 'state',
                title: w('state'),
                render: (period) => (
                  <>
                    <Mark tone={TONES[period.state]}>{w(period.state)}</Mark>
                    {period.nil === null ? null : (
                      <span className="soft">
                        {w('by', { by: period.nil.by, at: momentOf(period.nil.at) })}
                      </span>
                    )}
                  </>
                ),
              },
              {
                key: 'act',
                title: '',
                narrow: true,
                render: (period) =>
                  period.state === 'silent' ? (
                    <Button size="small" onClick={() => declare(period)}>
                      {w('declare')}
                    </Button>
                  ) : null,
              },
            ]}
          />
        )}
      </Sheet>
    </Page>
  )
}
