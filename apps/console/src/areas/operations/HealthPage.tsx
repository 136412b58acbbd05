import type { GetApiConsoleHealthResponse } from '@xinheng/client'
import { Spin } from 'antd'
import { useApi } from '../../api.ts'
import { type Sentence, useSay, useWords } from '../../language.ts'
import { countOf, momentOf, sizeOf } from '../../ui/days.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import { WORDS } from './words.ts'

type Health = GetApiConsoleHealthResponse

const TONES = { good: 'good', warning: 'warn', bad: 'bad', unknown: 'quiet' } as const
const NAMES: Readonly<Record<string, Sentence>> = {
  milliseconds: { zh: '应答 {n} 毫秒', en: 'answers in {n} ms' },
  connections: { zh: '已用 {n}', en: '{n} used' },
  most: { zh: '上限 {n}', en: 'of {n}' },
  minutes: { zh: '{n} 分钟', en: '{n} minutes' },
  percent: { zh: '剩余 {n}%', en: '{n}% free' },
  seconds: { zh: '{n} 秒', en: '{n} seconds' },
  waiting: { zh: '排队 {n}', en: '{n} waiting' },
  failed: { zh: '失败 {n}', en: '{n} failed' },
  entries: { zh: '{n} 条', en: '{n} entries' },
  hours: { zh: '{n} 小时前', en: '{n} hours ago' },
  count: { zh: '共 {n} 份', en: '{n} in all' },
}

export function HealthPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const { data, error, isPending } = useApi<Health>('/api/console/health', { refreshMs: 30_000 })
  const spoken = (detail: Health['checks'][number]['detail']) =>
    Object.entries(detail)
      .flatMap(([name, value]) => {
        if (value === null || name === 'embedded') return []
        if (name === 'bytes') return [sizeOf(Number(value))]
        if (name === 'freeBytes') return [`${sizeOf(Number(value))} /`]
        const sentence = NAMES[name]
        return sentence === undefined
          ? [`${name} ${value}`]
          : [s(sentence, { n: typeof value === 'number' ? countOf(value) : value })]
      })
      .join(' · ')
      .replace('/ · ', '/ ')
  return (
    <Page title={w('health')} lead={w('healthLead')}>
      <ProblemNotice problem={error} />
      {isPending ? <Spin style={{ padding: 40 }} /> : null}
      {data === undefined ? null : (
        <>
          <Sheet title={w('asOf', { at: momentOf(data.at) })} flush>
            <Table
              caption={w('health')}
              rows={data.checks}
              keyOf={(check) => check.code}
              empty={w('unknown')}
              columns={[
                { key: 'check', title: w('check'), render: (check) => s(check) },
                {
                  key: 'verdict',
                  title: w('state'),
                  narrow: true,
                  render: (check) => <Mark tone={TONES[check.verdict]}>{w(check.verdict)}</Mark>,
                },
                { key: 'detail', title: w('detail'), render: (check) => spoken(check.detail) || '—' },
              ]}
            />
          </Sheet>
          <Sheet title={w('versions')} flush>
            <Table
              caption={w('versions')}
              rows={Object.entries(data.versions)}
              keyOf={([name]) => name}
              empty={w('unknown')}
              columns={[
                { key: 'program', title: w('program'), render: ([name]) => name },
                { key: 'version', title: w('version'), render: ([, version]) => version },
              ]}
            />
          </Sheet>
        </>
      )}
    </Page>
  )
}
