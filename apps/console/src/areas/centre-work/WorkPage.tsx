import type { GetApiConsoleWorkByQueueResponse, GetApiConsoleWorkResponse } from '@xinheng/client'
import { Checkbox, Segmented, Spin } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { useMe } from '../../session.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { CasePane } from './CasePane.tsx'
import { Deadline } from './Deadline.tsx'
import { isTyping } from './keys.ts'
import type { Queue } from './model.ts'
import styles from './Work.module.css'
import { WORDS } from './words.ts'

const QUEUES: readonly Queue[] = ['review', 'held', 'complaint']

export function WorkPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const me = useMe()
  const go = useNavigate()
  const params = useParams()
  const queue = (QUEUES as readonly string[]).includes(params.queue ?? '')
    ? (params.queue as Queue)
    : 'review'
  const object = params.object
  const [done, setDone] = useState(false)
  const [mine, setMine] = useState(false)
  const [at, setAt] = useState(0)
  const queues = useApi<GetApiConsoleWorkResponse>('/api/console/work')
  const list = useApi<GetApiConsoleWorkByQueueResponse>(
    `/api/console/work/${queue}${done ? '?done=true' : ''}`,
  )
  const items = useMemo(
    () => (list.data?.items ?? []).filter((item) => !mine || item.claim?.name === me.name),
    [list.data, mine, me.name],
  )
  // What was decided leaves the list: the mark stays within it.
  const current = Math.min(at, Math.max(0, items.length - 1))
  useEffect(() => {
    const place = items.findIndex((item) => item.object === object)
    if (place >= 0) setAt(place)
  }, [items, object])
  useEffect(() => {
    const move = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === 'j' || event.key === 'k') {
        event.preventDefault()
        const next = Math.min(items.length - 1, Math.max(0, current + (event.key === 'j' ? 1 : -1)))
        setAt(next)
        document.getElementById(`work-${items[next]?.object}`)?.focus()
      } else if (event.key === 'Enter' && event.target === document.body && items[current] !== undefined) {
        go(`/work/${queue}/${items[current].object}`)
      }
    }
    window.addEventListener('keydown', move)
    return () => window.removeEventListener('keydown', move)
  }, [items, current, queue, go])
  const count = (name: Queue) => queues.data?.queues.find((one) => one.queue === name)?.open
  return (
    <Page title={w('title')} lead={w('lead')}>
      <ProblemNotice problem={list.error} />
      <div className={styles.bar}>
        <Segmented
          aria-label={w('title')}
          value={queue}
          className={styles.queues ?? ''}
          onChange={(value) => go(`/work/${value}`)}
          options={QUEUES.map((name) => ({
            value: name,
            label: count(name) === undefined ? w(name) : `${w(name)}（${count(name)}）`,
          }))}
        />
        <Segmented
          aria-label={w('done')}
          value={done ? 'done' : 'open'}
          onChange={(value) => setDone(value === 'done')}
          options={[
            { value: 'open', label: w('open') },
            { value: 'done', label: w('done') },
          ]}
        />
        <Checkbox checked={mine} onChange={(event) => setMine(event.target.checked)}>
          {w('mine')}
        </Checkbox>
        <span className={`soft ${styles.keys}`}>{w('keys')}</span>
      </div>
      <div className={`${styles.desk} ${object === undefined ? '' : styles.opened}`}>
        <Sheet flush>
          {list.isPending ? (
            <div className={styles.empty}>
              <Spin />
            </div>
          ) : items.length === 0 ? (
            <p className={styles.empty}>{w('empty')}</p>
          ) : (
            <ul className={styles.list} aria-label={w(queue)}>
              {items.map((item, place) => (
                <li key={item.object}>
                  <Link
                    id={`work-${item.object}`}
                    to={`/work/${queue}/${item.object}`}
                    aria-current={item.object === object}
                    onFocus={() => setAt(place)}
                  >
                    <strong>{item.title ?? w('unnamed')}</strong>
                    <span>{queue === 'complaint' ? w(item.reason as 'name') : s(item.says)}</span>
                    <span className={styles.line}>
                      <span>{s(item.item.title)}</span>
                      <span>{item.source}</span>
                    </span>
                    <span className={styles.line}>
                      {item.state === 'open' ? (
                        <Deadline item={item} />
                      ) : (
                        <Mark tone="quiet">{w('decided')}</Mark>
                      )}
                      {item.claim === null ? null : <span>{w('takenBy', { name: item.claim.name })}</span>}
                      {item.decidedBy === null ? null : <span>{item.decidedBy}</span>}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </Sheet>
        {object === undefined ? (
          <Sheet>
            <p className={styles.empty}>{w('choose')}</p>
          </Sheet>
        ) : (
          <CasePane
            key={`${queue} ${object}`}
            queue={queue}
            object={object}
            onDecided={() => {
              const next =
                items.find((_, place) => place > current) ?? items.find((one) => one.object !== object)
              go(next === undefined ? `/work/${queue}` : `/work/${queue}/${next.object}`)
            }}
          />
        )}
      </div>
    </Page>
  )
}
