import type { GetApiConsoleSupervisionUrgesResponse } from '@xinheng/client'
import { Button, Spin } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { send, useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { Mark, type Tone } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Supervision.module.css'
import type { Urge } from './types.ts'
import { WORDS, type Word } from './words.ts'

const PATH = '/api/console/supervision/urges'
const STATES: Readonly<Record<Urge['state'], readonly [Word, Tone]>> = {
  open: ['open', 'busy'],
  answered: ['answered', 'good'],
  overdue: ['late', 'bad'],
  closed: ['closed', 'quiet'],
}

/** What was asked of which unit until when, and what it answered. */
export function UrgesPage() {
  const w = useWords(WORDS)
  const may = useMay()
  const [acting, setActing] = useState<{ id: number; act: 'reply' | 'close' }>()
  const { data, error, isPending } = useApi<GetApiConsoleSupervisionUrgesResponse>(PATH)
  return (
    <Page title={w('urges')} lead={w('urgesLead')} back={<Link to="/supervision">{w('back')}</Link>}>
      <ProblemNotice problem={error} />
      {isPending ? <Spin style={{ padding: 40 }} /> : null}
      {data === undefined ? null : (
        <Sheet flush>
          <Table
            caption={w('urges')}
            rows={data.urges}
            keyOf={({ id }) => id}
            empty={w('noUrges')}
            columns={[
              { key: 'unit', title: w('unit'), render: (one) => one.unit },
              {
                key: 'demand',
                title: w('demand'),
                render: (one) => (
                  <>
                    {one.demand}
                    <div className={`${styles.number} ${styles.checks}`}>
                      {one.numbers.slice(0, 5).map((number) => (
                        <Link key={number} to={`/supervision/cases/${number}`}>
                          {number}
                        </Link>
                      ))}
                      {one.numbers.length > 5 ? `… ${one.numbers.length}` : null}
                    </div>
                  </>
                ),
              },
              { key: 'due', title: w('dueOn'), narrow: true, render: (one) => one.dueOn },
              {
                key: 'state',
                title: w('state'),
                narrow: true,
                render: (one) => <Mark tone={STATES[one.state][1]}>{w(STATES[one.state][0])}</Mark>,
              },
              {
                key: 'replies',
                title: w('reply'),
                render: (one) => (
                  <>
                    {one.replies.length === 0 && one.closing === null ? '—' : null}
                    {one.replies.map(({ reply, by, at }) => (
                      <div key={at}>
                        {reply} <span className="soft">{`${by} ${at}`}</span>
                      </div>
                    ))}
                    {one.closing === null ? null : <div>{`${w('closed')}：${one.closing}`}</div>}
                  </>
                ),
              },
              {
                key: 'act',
                title: '',
                narrow: true,
                render: (one) =>
                  one.state === 'closed' ? null : may('supervision.answer') ? (
                    <Button onClick={() => setActing({ id: one.id, act: 'reply' })}>{w('reply')}</Button>
                  ) : may('supervision.urge') ? (
                    <Button onClick={() => setActing({ id: one.id, act: 'close' })}>{w('closeUrge')}</Button>
                  ) : null,
              },
            ]}
          />
        </Sheet>
      )}
      {acting === undefined ? null : (
        <ReasonDialog
          title={w(acting.act === 'reply' ? 'replyTitle' : 'closeTitle')}
          ok={w(acting.act === 'reply' ? 'reply' : 'closeUrge')}
          onDone={async (text) => {
            await send(
              'POST',
              `${PATH}/${acting.id}/${acting.act}`,
              acting.act === 'reply' ? { reply: text } : { closing: text },
            )
            await invalidate(PATH)
          }}
          onClose={() => setActing(undefined)}
        />
      )}
    </Page>
  )
}
