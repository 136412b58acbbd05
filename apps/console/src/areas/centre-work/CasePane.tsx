import type { GetApiConsoleWorkColleaguesResponse } from '@xinheng/client'
import { App, Button, Select, Spin } from 'antd'
import { useCallback, useEffect } from 'react'
import { Link } from 'react-router'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay, useMe } from '../../session.ts'
import { Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ComplaintPane } from './ComplaintPane.tsx'
import { Deadline } from './Deadline.tsx'
import { HeldPane } from './HeldPane.tsx'
import { isTyping } from './keys.ts'
import type { Case, Queue } from './model.ts'
import { ReviewPane } from './ReviewPane.tsx'
import styles from './Work.module.css'
import { WORDS } from './words.ts'

/** One case: what it is, who has it, the evidence, the decision. */
export function CasePane({
  queue,
  object,
  onDecided,
}: {
  queue: Queue
  object: string
  onDecided: () => void
}) {
  const w = useWords(WORDS)
  const s = useSay()
  const me = useMe()
  const may = useMay()
  const { message } = App.useApp()
  const path = `/api/console/work/${queue}/${object}`
  const { data, error } = useApi<Case>(path)
  const colleagues = useApi<GetApiConsoleWorkColleaguesResponse>('/api/console/work/colleagues')
  const claim = useCallback(
    async (act: 'take' | 'give-back', account?: string) => {
      try {
        await send(
          'POST',
          `${path}/${act}`,
          act === 'take' ? (account === undefined ? {} : { account }) : undefined,
        )
      } catch (refused) {
        void message.error(refused instanceof Error ? refused.message : String(refused))
      }
      await invalidate('/api/console/work')
    },
    [path, message],
  )
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (event.key === 't' && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target))
        void claim('take')
    }
    window.addEventListener('keydown', keys)
    return () => window.removeEventListener('keydown', keys)
  }, [claim])
  const decided = async () => {
    void message.success(w('decided'))
    onDecided()
    await invalidate('/api/console/work')
  }
  if (data === undefined)
    return <Sheet>{error === null ? <Spin /> : <ProblemNotice problem={error} />}</Sheet>
  const { item } = data
  const isMine = item.claim?.name === me.name
  return (
    <div className={styles.case}>
      <Sheet
        title={item.title ?? w('unnamed')}
        extra={
          item.state === 'open' && may('review.decide') ? (
            <span className={styles.buttons}>
              {item.claim === null ? (
                <Button size="small" onClick={() => void claim('take')}>
                  {w('take')}
                </Button>
              ) : isMine ? (
                <Button size="small" onClick={() => void claim('give-back')}>
                  {w('giveBack')}
                </Button>
              ) : null}
              <Select
                size="small"
                aria-label={w('assign')}
                placeholder={w('assign')}
                value={null}
                style={{ minWidth: 110 }}
                onChange={(account) => void claim('take', account ?? undefined)}
                options={(colleagues.data?.colleagues ?? []).map(({ account, name }) => ({
                  value: account,
                  label: name,
                }))}
              />
            </span>
          ) : undefined
        }
      >
        <p>{queue === 'complaint' ? w(item.reason as 'name') : s(item.says)}</p>
        <p className={styles.line} style={{ margin: 0 }}>
          <span>{s(item.item.title)}</span>
          <span>
            {w('from')} {item.source}
          </span>
          <span>{w('since', { day: item.since })}</span>
          {item.dueOn === null ? null : <span>{w('dueOn', { day: item.dueOn })}</span>}
          {item.state === 'open' ? <Deadline item={item} /> : null}
          <span>{item.claim === null ? w('nobody') : w('takenBy', { name: item.claim.name })}</span>
          {data.queue === 'review' ? (
            <span>{w('row', { delivery: data.delivery, row: data.row })}</span>
          ) : null}
        </p>
        {item.decidedBy === null ? null : (
          <p>{w('decidedBy', { name: item.decidedBy, reason: item.decision ?? '' })}</p>
        )}
        <Link className={styles.backLink} to={`/work/${queue}`}>
          {w('back')}
        </Link>
      </Sheet>
      {data.queue === 'review' ? <ReviewPane data={data} onDecided={decided} /> : null}
      {data.queue === 'held' ? <HeldPane data={data} onDecided={decided} /> : null}
      {data.queue === 'complaint' ? <ComplaintPane data={data} onDecided={decided} /> : null}
    </div>
  )
}
