import type { GetApiConsoleNilReportsResponse } from '@xinheng/client'
import { App, Button, Segmented, Spin } from 'antd'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { countOf, momentOf } from '../../ui/days.ts'
import { Mark, type Tone } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import { WORDS } from './words.ts'

type Period = GetApiConsoleNilReportsResponse['periods'][number]
type Length = 'week' | 'month'

const TONES: Readonly<Record<string, Tone>> = {
  reported: 'good',
  nil: 'busy',
  contradicted: 'warn',
  silent: 'bad',
  open: 'quiet',
}
const STATES = ['reported', 'nil', 'contradicted', 'silent', 'open'] as const

export function NilReportsPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const { modal } = App.useApp()
  const [parameters] = useSearchParams()
  const [length, setLength] = useState<Length>('week')
  const [problem, setProblem] = useState<unknown>()
  const item = parameters.get('item')
  const { data, error } = useApi<GetApiConsoleNilReportsResponse>(
    `/api/console/nil-reports?period=${length}${item === null ? '' : `&item=${encodeURIComponent(item)}`}`,
  )
  const declare = ({ item: of, from, to }: Period) =>
    modal.confirm({
      title: w('askTitle'),
      content: w('ask', { from, to, item: s(of.title) }),
      okText: w('yes'),
      cancelText: w('no'),
      onOk: async () => {
        setProblem(undefined)
        try {
          await send('POST', '/api/console/nil-reports', { item: of.code, from, to })
        } catch (refused) {
          setProblem(refused)
        }
        await invalidate('/api/console/')
      },
    })
  const stateOf = (period: Period) => {
    const state = STATES.find((one) => one === period.state)
    return <Mark tone={TONES[period.state] ?? 'quiet'}>{state === undefined ? period.state : w(state)}</Mark>
  }
  return (
    <Page title={w('title')} lead={w('lead')}>
      <ProblemNotice problem={error ?? problem} />
      <Sheet
        flush
        extra={
          <Segmented<Length>
            aria-label={w('period')}
            value={length}
            onChange={setLength}
            options={[
              { value: 'week', label: w('byWeek') },
              { value: 'month', label: w('byMonth') },
            ]}
          />
        }
      >
        {data === undefined ? (
          <Spin style={{ padding: 20 }} />
        ) : (
          <Table
            caption={w('title')}
            rows={data.periods}
            keyOf={(period) => `${period.item.code} ${period.from}`}
            empty={w('none')}
            columns={[
              { key: 'item', title: w('item'), render: (period) => s(period.item.title) },
              {
                key: 'period',
                title: w('period'),
                narrow: true,
                render: (period) => `${period.from} — ${period.to}`,
              },
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
                    {stateOf(period)}{' '}
                    {period.nil === null ? null : (
                      <span className="soft">
                        {period.nil.by} · {momentOf(period.nil.at)}
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
                    <Button
                      size="small"
                      aria-label={`${w('declare')} ${s(period.item.title)} ${period.from}`}
                      onClick={() => declare(period)}
                    >
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
