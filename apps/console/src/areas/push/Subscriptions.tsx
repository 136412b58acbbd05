import type { GetApiConsolePushSubscriptionsResponse } from '@xinheng/client'
import { App, Button, Input, Spin } from 'antd'
import { useId, useState } from 'react'
import { send, useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { useListTitle } from '../../lists.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { momentOf } from '../../ui/days.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Push.module.css'
import { SubscriptionForm } from './SubscriptionForm.tsx'
import { WORDS } from './words.ts'

type Line = GetApiConsolePushSubscriptionsResponse['subscriptions'][number]

const PATH = '/api/console/push/subscriptions'
const TONES = { live: 'good', silent: 'bad', stopped: 'quiet' } as const

export function Subscriptions({ onMessages }: { onMessages: (id: string) => void }) {
  const w = useWords(WORDS)
  const may = useMay()
  const listTitle = useListTitle()
  const from = useId()
  const { message } = App.useApp()
  const [adds, setAdds] = useState(false)
  const [asked, ask] = useState<{ readonly act: 'stop' | 'replay'; readonly line: Line }>()
  const [since, setSince] = useState('')
  const { data, error } = useApi<GetApiConsolePushSubscriptionsResponse>(PATH, { refreshMs: 10_000 })
  const act = async (reason: string) => {
    if (asked === undefined) return
    const body = asked.act === 'stop' ? { reason } : { reason, from: `${since}:00+08:00` }
    await send('POST', `${PATH}/${asked.line.id}/${asked.act}`, body)
    await invalidate('/api/console/push')
  }
  const state = (line: Line) => {
    const known = (['live', 'silent', 'stopped'] as const).find((one) => one === line.state) ?? 'stopped'
    return (
      <>
        <Mark tone={TONES[known]}>{w(known)}</Mark>
        {line.silentSince === null ? null : (
          <span className="soft">
            {' '}
            {momentOf(line.silentSince)} · {line.lastFault}
          </span>
        )}
      </>
    )
  }
  return (
    <>
      <ProblemNotice problem={error} />
      <Sheet
        flush
        title={w('subscriptions')}
        extra={
          may('subscription.propose') ? (
            <Button type="primary" onClick={() => setAdds(true)}>
              {w('propose')}
            </Button>
          ) : null
        }
      >
        {data === undefined ? (
          <Spin style={{ padding: 20 }} />
        ) : (
          <Table
            caption={w('subscriptions')}
            rows={data.subscriptions}
            keyOf={(line) => line.id}
            empty={w('none')}
            columns={[
              {
                key: 'name',
                title: w('name'),
                render: (line) => (
                  <>
                    {line.name} <code>{line.client}</code>
                    <br />
                    <span className="soft">{line.unit.name}</span>
                  </>
                ),
              },
              { key: 'lists', title: w('lists'), render: (line) => line.lists.map(listTitle).join('、') },
              { key: 'delivery', title: w('delivery'), narrow: true, render: (line) => w(line.delivery) },
              { key: 'state', title: w('state'), render: state },
              {
                key: 'counts',
                title: w('counts'),
                number: true,
                render: (line) => `${line.waiting} / ${line.dead} / ${line.acknowledged}`,
              },
              {
                key: 'act',
                title: '',
                narrow: true,
                render: (line) => (
                  <span className={styles.acts}>
                    <Button size="small" onClick={() => onMessages(line.id)}>
                      {w('seeMessages')}
                    </Button>
                    {may('subscription.propose') && line.state !== 'stopped' ? (
                      <>
                        <Button size="small" onClick={() => ask({ act: 'replay', line })}>
                          {w('replay')}
                        </Button>
                        <Button size="small" danger onClick={() => ask({ act: 'stop', line })}>
                          {w('stop')}
                        </Button>
                      </>
                    ) : null}
                  </span>
                ),
              },
            ]}
          />
        )}
      </Sheet>
      {asked === undefined ? null : (
        <ReasonDialog
          title={`${w(asked.act)}：${asked.line.name}`}
          ok={w(asked.act)}
          danger={asked.act === 'stop'}
          onDone={act}
          onClose={() => ask(undefined)}
        >
          {asked.act === 'replay' ? (
            <>
              <label htmlFor={from}>{w('replayFrom')}</label>
              <Input
                id={from}
                type="datetime-local"
                value={since}
                onChange={(event) => setSince(event.target.value)}
              />
            </>
          ) : null}
        </ReasonDialog>
      )}
      {adds ? (
        <SubscriptionForm onDone={() => void message.success(w('proposed'))} onClose={() => setAdds(false)} />
      ) : null}
    </>
  )
}
