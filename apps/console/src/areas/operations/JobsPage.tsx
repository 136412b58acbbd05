import type { GetApiConsoleJobsResponse } from '@xinheng/client'
import { App, Button, Spin } from 'antd'
import { useState } from 'react'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { countOf, momentOf } from '../../ui/days.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import { WORDS } from './words.ts'

type Overview = GetApiConsoleJobsResponse

const STATES = {
  created: ['stateCreated', 'quiet'],
  retry: ['stateRetry', 'warn'],
  active: ['stateActive', 'busy'],
  completed: ['stateCompleted', 'good'],
  cancelled: ['stateCancelled', 'quiet'],
  failed: ['stateFailed', 'bad'],
} as const

export function JobsPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const may = useMay()
  const { message } = App.useApp()
  const [problem, setProblem] = useState<unknown>()
  const { data, error, isPending } = useApi<Overview>('/api/console/jobs', { refreshMs: 5000 })
  const act = async (path: string, body: object) => {
    setProblem(undefined)
    try {
      await send('POST', path, body)
      void message.success(w('asked'))
    } catch (refused) {
      setProblem(refused)
    }
    await invalidate('/api/console/jobs')
  }
  const names = new Map(data?.kinds.map((kind) => [kind.kind, s(kind)]))
  const spoken = (cron: string) => {
    const minutes = /^\*\/(\d+) \* \* \* \*$/.exec(cron)?.[1]
    if (minutes !== undefined) return w('every', { minutes })
    const daily = /^(\d+) (\d+) \* \* \*$/.exec(cron)
    return daily === null
      ? cron
      : w('daily', {
          time: `${(daily[2] as string).padStart(2, '0')}:${(daily[1] as string).padStart(2, '0')}`,
        })
  }
  return (
    <Page title={w('jobs')} lead={w('jobsLead')}>
      <ProblemNotice problem={error ?? problem} />
      {isPending ? <Spin style={{ padding: 40 }} /> : null}
      {data === undefined ? null : (
        <>
          <Sheet title={w('kinds')} flush>
            <Table
              caption={w('kinds')}
              rows={data.kinds}
              keyOf={(kind) => kind.kind}
              empty={w('noJobs')}
              columns={[
                { key: 'kind', title: w('kind'), render: (kind) => s(kind) },
                {
                  key: 'schedule',
                  title: w('schedule'),
                  render: (kind) => (kind.schedule === null ? w('byHand') : spoken(kind.schedule)),
                },
                {
                  key: 'waiting',
                  title: w('waiting'),
                  number: true,
                  render: (kind) => countOf(kind.waiting),
                },
                { key: 'active', title: w('active'), number: true, render: (kind) => countOf(kind.active) },
                {
                  key: 'failed',
                  title: w('failed'),
                  number: true,
                  render: (kind) => (kind.failed > 0 ? <Mark tone="bad">{countOf(kind.failed)}</Mark> : '0'),
                },
                {
                  key: 'done',
                  title: w('lastDone'),
                  render: (kind) => (kind.lastCompletedAt === null ? '—' : momentOf(kind.lastCompletedAt)),
                },
                {
                  key: 'act',
                  title: '',
                  narrow: true,
                  render: (kind) =>
                    may('job.run') && kind.schedule !== null ? (
                      <Button
                        size="small"
                        aria-label={`${w('runNow')} ${s(kind)}`}
                        onClick={() => void act('/api/console/jobs/run', { kind: kind.kind })}
                      >
                        {w('runNow')}
                      </Button>
                    ) : null,
                },
              ]}
            />
          </Sheet>
          <Sheet title={w('history')} flush>
            <Table
              caption={w('history')}
              rows={data.jobs}
              keyOf={(job) => job.id}
              empty={w('noJobs')}
              columns={[
                { key: 'kind', title: w('kind'), render: (job) => names.get(job.kind) ?? job.kind },
                {
                  key: 'state',
                  title: w('state'),
                  render: (job) => <Mark tone={STATES[job.state][1]}>{w(STATES[job.state][0])}</Mark>,
                },
                {
                  key: 'begun',
                  title: w('begun'),
                  narrow: true,
                  render: (job) => (job.startedAt === null ? '—' : momentOf(job.startedAt)),
                },
                {
                  key: 'ended',
                  title: w('ended'),
                  narrow: true,
                  render: (job) => (job.endedAt === null ? '—' : momentOf(job.endedAt)),
                },
                { key: 'tries', title: w('tries'), number: true, render: (job) => countOf(job.tries) },
                {
                  key: 'result',
                  title: w('result'),
                  render: ({ output }) =>
                    output === null ? (
                      '—'
                    ) : typeof output.zh === 'string' ? (
                      <>
                        {s({ zh: output.zh, en: String(output.en) })}{' '}
                        <code className="soft">{output.code}</code>
                      </>
                    ) : (
                      Object.entries(output)
                        .map(([name, value]) => `${name} ${value}`)
                        .join('，')
                    ),
                },
                {
                  key: 'act',
                  title: '',
                  narrow: true,
                  render: (job) =>
                    may('job.run') && (job.state === 'failed' || job.state === 'cancelled') ? (
                      <Button
                        size="small"
                        aria-label={`${w('again')} ${names.get(job.kind) ?? job.kind}`}
                        onClick={() => void act('/api/console/jobs/again', { kind: job.kind, id: job.id })}
                      >
                        {w('again')}
                      </Button>
                    ) : null,
                },
              ]}
            />
          </Sheet>
        </>
      )}
    </Page>
  )
}
