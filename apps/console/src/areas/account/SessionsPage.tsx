import type { GetApiConsoleSessionsResponse } from '@xinheng/client'
import { Button, Spin } from 'antd'
import { useState } from 'react'
import { send, useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { momentOf } from '../../ui/days.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import { Security } from './Security.tsx'
import { WORDS } from './words.ts'

const SESSIONS = '/api/console/sessions'

export function SessionsPage() {
  const w = useWords(WORDS)
  const { data, error } = useApi<GetApiConsoleSessionsResponse>(SESSIONS)
  const [problem, setProblem] = useState<unknown>()
  const end = async (path: string) => {
    setProblem(undefined)
    try {
      await send('DELETE', path)
    } catch (refused) {
      setProblem(refused)
    }
    await invalidate(SESSIONS)
  }
  return (
    <Page title={w('sessions')} lead={w('lead')}>
      <ProblemNotice problem={error ?? problem} />
      <Sheet
        title={w('mine')}
        flush
        extra={
          (data?.sessions.length ?? 0) > 1 ? (
            <Button onClick={() => end(SESSIONS)}>{w('endOthers')}</Button>
          ) : undefined
        }
      >
        {data === undefined ? (
          <Spin style={{ padding: 20 }} />
        ) : (
          <Table
            caption={w('mine')}
            rows={data.sessions}
            keyOf={(one) => one.id}
            empty={w('none')}
            columns={[
              {
                key: 'agent',
                title: w('agent'),
                render: (one) => (
                  <>
                    {browserOf(one.agent)} {one.current ? <Mark tone="good">{w('current')}</Mark> : null}
                  </>
                ),
              },
              { key: 'address', title: w('address'), render: (one) => one.address },
              { key: 'begun', title: w('begun'), narrow: true, render: (one) => momentOf(one.begunAt) },
              { key: 'seen', title: w('seen'), narrow: true, render: (one) => momentOf(one.seenAt) },
              {
                key: 'end',
                title: '',
                narrow: true,
                render: (one) =>
                  one.current ? null : (
                    <Button size="small" onClick={() => end(`${SESSIONS}/${one.id}`)}>
                      {w('end')}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Sheet>
      <Security />
    </Page>
  )
}

/** A browser's name for people, out of what it says of itself. */
function browserOf(agent: string): string {
  const known = /(Edg|Firefox|HeadlessChrome|Chrome|Safari)\/(\d+)/.exec(agent)
  const system = /(Windows|Macintosh|Android|iPhone|Linux)/.exec(agent)?.[1]
  return known === null
    ? agent.slice(0, 60)
    : `${known[1]} ${known[2]}${system === undefined ? '' : ` · ${system}`}`
}
