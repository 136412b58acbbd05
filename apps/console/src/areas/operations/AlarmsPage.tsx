import { PlusOutlined } from '@ant-design/icons'
import type { GetApiConsoleAlarmsRecipientsResponse, GetApiConsoleAlarmsResponse } from '@xinheng/client'
import { ALARM_KINDS, type AlarmKind, type AlarmRules } from '@xinheng/core'
import { App, Button, Spin } from 'antd'
import { useState } from 'react'
import { send, useApi } from '../../api.ts'
import { type Sentence, useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { momentOf } from '../../ui/days.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import { RecipientForm } from './RecipientForm.tsx'
import { WORDS } from './words.ts'

type Alarm = Answer['alarms'][number]
type Answer = GetApiConsoleAlarmsResponse

const SENT = { waiting: 'busy', sent: 'good', failed: 'bad' } as const
const DETAILS: Readonly<Record<string, Sentence>> = {
  workingDays: { zh: '已 {n} 个工作日', en: '{n} working days' },
  lastHeardOn: { zh: '最近报送 {n}', en: 'last heard on {n}' },
  rejected: { zh: '退回 {n} 行', en: '{n} rows rejected' },
  percent: { zh: '占 {n}%', en: '{n}%' },
  percentBefore: { zh: '此前 {n}%', en: '{n}% before' },
  minutes: { zh: '已 {n} 分钟', en: '{n} minutes' },
  failed: { zh: '失败 {n} 次', en: 'failed {n} times' },
}

export function AlarmsPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const may = useMay()
  const { message } = App.useApp()
  const [adding, add] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const { data, error, isPending } = useApi<Answer>('/api/console/alarms', { refreshMs: 30_000 })
  const recipients = useApi<GetApiConsoleAlarmsRecipientsResponse>('/api/console/alarms/recipients')
  const act = async (method: 'POST' | 'PUT', path: string, body?: object) => {
    setProblem(undefined)
    try {
      await send(method, path, body)
      void message.success(w('asked'))
    } catch (refused) {
      setProblem(refused)
    }
    await invalidate('/api/console/alarms')
  }
  const spoken = (detail: Alarm['detail']) =>
    Object.entries(detail)
      .flatMap(([name, value]) => {
        const sentence = DETAILS[name]
        return sentence === undefined ? [] : [s(sentence, { n: value })]
      })
      .join(' · ')
  const thresholdOf = (kind: AlarmKind, rules: AlarmRules): string => {
    switch (kind) {
      case 'sourceSilent':
        return w('ruleSilent', { days: rules.sourceSilent.workingDays })
      case 'faultsJumped': {
        const { windowDays, beforeDays, leastRows, leastShare, times } = rules.faultsJumped
        return w('ruleJump', {
          window: windowDays,
          before: beforeDays,
          rows: leastRows,
          share: leastShare * 100,
          times,
        })
      }
      case 'withdrawalUnconfirmed':
        return w('ruleWithdrawal', { days: rules.withdrawalUnconfirmed.workingDays })
      case 'ledgerSilent':
        return w('ruleLedger', { minutes: rules.ledgerSilent.minutes })
      case 'jobFailed':
        return w('ruleJob')
    }
  }
  return (
    <Page title={w('alarms')} lead={w('alarmsLead')}>
      <ProblemNotice problem={error ?? problem} />
      {isPending ? <Spin style={{ padding: 40 }} /> : null}
      {data === undefined ? null : (
        <>
          <Sheet flush title={w('alarms')}>
            <Table
              caption={w('alarms')}
              rows={data.alarms}
              keyOf={(alarm) => alarm.alarm}
              empty={w('noAlarms')}
              columns={[
                { key: 'what', title: w('what'), render: (alarm) => s(data.texts[alarm.kind].name) },
                {
                  key: 'about',
                  title: w('about'),
                  render: (alarm) => (
                    <>
                      {alarm.unit?.name ?? alarm.object} <span className="soft">{spoken(alarm.detail)}</span>
                    </>
                  ),
                },
                {
                  key: 'state',
                  title: w('state'),
                  narrow: true,
                  render: (alarm) =>
                    alarm.endedAt === null ? (
                      <Mark tone={alarm.acknowledgedBy === null ? 'bad' : 'warn'}>
                        {alarm.acknowledgedBy === null ? w('open') : w('seen', { by: alarm.acknowledgedBy })}
                      </Mark>
                    ) : (
                      <Mark tone="quiet">{w('over')}</Mark>
                    ),
                },
                {
                  key: 'since',
                  title: w('since'),
                  narrow: true,
                  render: (alarm) => momentOf(alarm.openedAt),
                },
                {
                  key: 'told',
                  title: w('told'),
                  render: (alarm) =>
                    alarm.notices.length === 0 ? (
                      <span className="soft">{w('toldNobody')}</span>
                    ) : (
                      alarm.notices.map((notice) => (
                        <Mark key={notice.recipient} tone={SENT[notice.state]}>
                          {notice.recipient}
                          {notice.fault === null ? '' : ` · ${notice.fault}`}
                        </Mark>
                      ))
                    ),
                },
                {
                  key: 'act',
                  title: '',
                  narrow: true,
                  render: (alarm) =>
                    alarm.endedAt === null && alarm.acknowledgedBy === null ? (
                      <Button
                        size="small"
                        aria-label={`${w('acknowledge')} ${alarm.unit?.name ?? alarm.object}`}
                        onClick={() => void act('POST', `/api/console/alarms/${alarm.alarm}/acknowledge`)}
                      >
                        {w('acknowledge')}
                      </Button>
                    ) : null,
                },
              ]}
            />
          </Sheet>
          {data.rules === null ? null : (
            <Sheet
              flush
              title={w('rules')}
              extra={
                <span className="soft">
                  {w('rulesOf', {
                    title: s(data.rules.title),
                    version: data.rules.version,
                    from: data.rules.inForceFrom,
                  })}
                </span>
              }
            >
              <Table
                caption={w('rules')}
                rows={ALARM_KINDS}
                keyOf={(kind) => kind}
                empty=""
                columns={[
                  { key: 'kind', title: w('what'), render: (kind) => s(data.texts[kind].name) },
                  {
                    key: 'threshold',
                    title: w('threshold'),
                    render: (kind) => thresholdOf(kind, data.rules as AlarmRules),
                  },
                  { key: 'do', title: w('doNow'), render: (kind) => s(data.texts[kind].remedy) },
                ]}
              />
            </Sheet>
          )}
          <Sheet
            flush
            title={w('recipients')}
            extra={
              may('alarm.keep') ? (
                <Button icon={<PlusOutlined />} onClick={() => add(true)}>
                  {w('add')}
                </Button>
              ) : undefined
            }
          >
            <Table
              caption={w('recipients')}
              rows={recipients.data ?? []}
              keyOf={(one) => one.recipient}
              empty={w('noRecipients')}
              columns={[
                { key: 'label', title: w('label'), render: (one) => one.label },
                { key: 'channel', title: w('channel'), narrow: true, render: (one) => w(one.channel) },
                { key: 'target', title: w('target'), render: (one) => one.target },
                {
                  key: 'kinds',
                  title: w('kindsOf'),
                  render: (one) => one.kinds.map((kind) => s(data.texts[kind].name)).join('、'),
                },
                {
                  key: 'act',
                  title: '',
                  narrow: true,
                  render: (one) =>
                    may('alarm.keep') ? (
                      <>
                        <Button
                          size="small"
                          disabled={!one.active}
                          onClick={() =>
                            void act('POST', `/api/console/alarms/recipients/${one.recipient}/test`)
                          }
                        >
                          {w('trial')}
                        </Button>{' '}
                        <Button
                          size="small"
                          onClick={() =>
                            void act('PUT', `/api/console/alarms/recipients/${one.recipient}`, {
                              active: !one.active,
                              kinds: one.kinds,
                            })
                          }
                        >
                          {w(one.active ? 'pause' : 'resume')}
                        </Button>
                      </>
                    ) : one.active ? null : (
                      <Mark tone="quiet">{w('off')}</Mark>
                    ),
                },
              ]}
            />
          </Sheet>
          {adding ? <RecipientForm texts={data.texts} onClose={() => add(false)} /> : null}
        </>
      )}
    </Page>
  )
}
