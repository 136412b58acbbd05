import type { GetApiConsolePushDeadLettersResponse } from '@xinheng/client'
import { Button, Spin } from 'antd'
import { useState } from 'react'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { useListTitle } from '../../lists.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { momentOf } from '../../ui/days.ts'
import { Mark, type Tone } from '../../ui/Mark.tsx'
import { Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Push.module.css'
import { CHANGES, STATES, WORDS } from './words.ts'

type Line = GetApiConsolePushDeadLettersResponse['messages'][number]

const TONES: Readonly<Record<Line['state'], Tone>> = {
  waiting: 'quiet',
  tried: 'warn',
  acknowledged: 'good',
  dead: 'bad',
  again: 'busy',
  setAside: 'quiet',
}

/** Messages of one subscription, or all that a receiver would not take. */
export function Messages({ subscription, onClose }: { subscription?: string; onClose?: () => void }) {
  const w = useWords(WORDS)
  const s = useSay()
  const may = useMay()
  const listTitle = useListTitle()
  const [asked, ask] = useState<{ readonly act: 'again' | 'setAside'; readonly line: Line }>()
  const { data, error } = useApi<GetApiConsolePushDeadLettersResponse>(
    subscription === undefined
      ? '/api/console/push/dead-letters'
      : `/api/console/push/subscriptions/${subscription}/messages?limit=200`,
    { refreshMs: 10_000 },
  )
  const act = async (reason: string) => {
    if (asked === undefined) return
    const path = asked.act === 'again' ? 'again' : 'set-aside'
    await send(
      'POST',
      `/api/console/push/subscriptions/${asked.line.subscription}/messages/${asked.line.message}/${path}`,
      { reason },
    )
    await invalidate('/api/console/push')
  }
  return (
    <>
      <ProblemNotice problem={error} />
      <Sheet
        flush
        title={subscription === undefined ? w('desk') : w('seeMessages')}
        extra={onClose === undefined ? null : <Button onClick={onClose}>{w('close')}</Button>}
      >
        {data === undefined ? (
          <Spin style={{ padding: 20 }} />
        ) : (
          <Table
            caption={w('desk')}
            rows={data.messages}
            keyOf={(line) => `${line.subscription} ${line.message}`}
            empty={w('none')}
            columns={[
              {
                key: 'message',
                title: w('message'),
                render: (line) => (
                  <>
                    {s(CHANGES[line.change] ?? { zh: line.change, en: line.change })} {listTitle(line.list)}
                    <br />
                    <span className="soft">
                      {line.subscriptionName} · {line.unit}
                    </span>
                  </>
                ),
              },
              {
                key: 'subject',
                title: w('subject'),
                render: (line) => (
                  <>
                    {line.subject} <code>{line.uscc}</code>
                    {line.documentNumber === null ? null : (
                      <>
                        <br />
                        <span className="soft">{line.documentNumber}</span>
                      </>
                    )}
                  </>
                ),
              },
              { key: 'at', title: w('at'), narrow: true, render: (line) => momentOf(line.at) },
              {
                key: 'state',
                title: w('state'),
                render: (line) => (
                  <>
                    <Mark tone={TONES[line.state]}>
                      {s(STATES[line.state] ?? { zh: line.state, en: line.state })}
                    </Mark>{' '}
                    <span className="soft">
                      {[line.fault, line.reason, line.decidedBy].filter((one) => one !== null).join(' · ')}
                    </span>
                  </>
                ),
              },
              { key: 'tries', title: w('tries'), number: true, render: (line) => line.tries },
              {
                key: 'act',
                title: '',
                narrow: true,
                render: (line) =>
                  may('push.desk') && line.state === 'dead' ? (
                    <span className={styles.acts}>
                      <Button size="small" onClick={() => ask({ act: 'again', line })}>
                        {w('again')}
                      </Button>
                      <Button size="small" onClick={() => ask({ act: 'setAside', line })}>
                        {w('setAside')}
                      </Button>
                    </span>
                  ) : null,
              },
            ]}
          />
        )}
      </Sheet>
      {asked === undefined ? null : (
        <ReasonDialog title={w(asked.act)} ok={w(asked.act)} onDone={act} onClose={() => ask(undefined)} />
      )}
    </>
  )
}
