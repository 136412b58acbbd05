import { DownloadOutlined, EditOutlined } from '@ant-design/icons'
import { Alert, Button, Progress, Spin } from 'antd'
import { useEffect } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { useApi } from '../../api.ts'
import type { Delivery } from '../../deliveries.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { DeliveryState } from '../../ui/DeliveryState.tsx'
import { countOf, momentOf } from '../../ui/days.ts'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './Deliver.module.css'
import { Outcome } from './Outcome.tsx'
import { WORDS } from './words.ts'

const LOOK_AGAIN_MS = 700

export function DeliveryPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const { delivery = '' } = useParams()
  const path = `/api/console/deliveries/${delivery}`
  const { data, error, refetch } = useApi<Delivery>(path)
  const running = data?.state === 'waiting' || data?.state === 'processing'
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => void refetch(), LOOK_AGAIN_MS)
    return () => {
      clearInterval(timer)
      void invalidate('/api/console/home')
    }
  }, [running, refetch])
  return (
    <Page
      title={w('delivery', { delivery })}
      back={<Link to="/deliveries">← {w('backToHistory')}</Link>}
      lead={data === undefined ? undefined : `${s(data.item.title)} · ${data.fileName}`}
      actions={data === undefined ? undefined : <DeliveryState delivery={data} />}
    >
      {error !== null ? <ProblemNotice problem={error} onAgain={() => refetch()} /> : null}
      {data === undefined ? (
        error === null ? (
          <Spin />
        ) : null
      ) : (
        <div className={styles.split}>
          <div style={{ display: 'grid', gap: 16, minWidth: 0 }}>
            {running ? <AtWork delivery={data} /> : <Result delivery={data} />}
            {data.reasons.length === 0 ? null : <Reasons delivery={data} />}
          </div>
          <Particulars delivery={data} />
        </div>
      )}
    </Page>
  )
}

function AtWork({ delivery }: { delivery: Delivery }) {
  const w = useWords(WORDS)
  const text =
    delivery.state === 'waiting' ? w('waiting') : w('atWork', { rows: countOf(delivery.progress.rows) })
  return (
    <Sheet>
      <div role="status">
        <Progress aria-label={text} percent={Math.floor(delivery.progress.part * 100)} status="active" />
        <p style={{ margin: '8px 0 0' }}>{text}</p>
      </div>
    </Sheet>
  )
}

function Result({ delivery }: { delivery: Delivery }) {
  const w = useWords(WORDS)
  const s = useSay()
  const go = useNavigate()
  const may = useMay()
  if (delivery.state === 'refused')
    return (
      <Alert
        type="error"
        showIcon
        title={w('refusedTitle')}
        description={
          delivery.refusal === null ? undefined : (
            <>
              <p style={{ margin: 0 }}>{s(delivery.refusal.message)}</p>
              <p style={{ margin: 0 }}>{s(delivery.refusal.remedy)}</p>
              <code className="soft">{delivery.refusal.code}</code>
            </>
          )
        }
      />
    )
  const base = `/api/console/deliveries/${delivery.delivery}/rejected-rows`
  return (
    <Sheet>
      <Outcome delivery={delivery} />
      <div className={styles.calls}>
        {delivery.stillRejected > 0 && may('delivery.make') ? (
          <Button
            type="primary"
            size="large"
            icon={<EditOutlined />}
            onClick={() => go(`/deliveries/${delivery.delivery}/mend`)}
          >
            {w('mendRows', { count: countOf(delivery.stillRejected) })}
          </Button>
        ) : null}
        {delivery.stillRejected > 0 ? (
          <Button icon={<DownloadOutlined />} href={`${base}.xlsx`}>
            {w('downloadRejected')}
          </Button>
        ) : (
          <strong style={{ color: 'var(--good)' }}>
            ✓ {delivery.rejected > 0 ? w('allMended') : w('nothingRejected')}
          </strong>
        )}
        <Link to={`/deliveries/${delivery.delivery}/rows`}>{w('fateOfRows')} →</Link>
      </div>
    </Sheet>
  )
}

function Reasons({ delivery }: { delivery: Delivery }) {
  const w = useWords(WORDS)
  const s = useSay()
  const most = Math.max(1, ...delivery.reasons.map((reason) => reason.rows))
  return (
    <Sheet title={w('reasons')}>
      <ul className={styles.reasons}>
        {delivery.reasons.map((reason) => (
          <li key={`${reason.code} ${reason.field}`}>
            <span>
              {reason.title === null ? null : <strong>{s(reason.title)}　</strong>}
              {s(reason.message)}
            </span>
            <b>{w('rows', { count: countOf(reason.rows) })}</b>
            <i
              className={reason.severity === 'error' ? undefined : styles.mild}
              style={{ width: `${(reason.rows / most) * 100}%` }}
            />
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

function Particulars({ delivery }: { delivery: Delivery }) {
  const w = useWords(WORDS)
  const s = useSay()
  const link = (number: number) => (
    <Link key={number} to={`/deliveries/${number}`} style={{ marginRight: 10 }}>
      {number}
    </Link>
  )
  const lines: [string, React.ReactNode][] = [
    [w('file'), delivery.fileName],
    [w('by'), delivery.by ?? '—'],
    [w('at'), momentOf(delivery.receivedAt)],
    ...(delivery.mends === null ? [] : [[w('mends'), link(delivery.mends)] as [string, React.ReactNode]]),
    ...(delivery.mendedBy.length === 0
      ? []
      : [[w('mendedBy'), delivery.mendedBy.map(link)] as [string, React.ReactNode]]),
    ...(delivery.notes.length === 0
      ? []
      : [
          [w('notes'), delivery.notes.map((note) => <div key={note.code}>{s(note.message)}</div>)] as [
            string,
            React.ReactNode,
          ],
        ]),
    ...(delivery.repairs.length === 0
      ? []
      : [
          [
            w('repairs'),
            delivery.repairs.map((repair) => (
              <div key={`${repair.code} ${repair.field}`}>
                {s(repair.message)} · {w('rows', { count: countOf(repair.rows) })}
              </div>
            )),
          ] as [string, React.ReactNode],
        ]),
    ...(delivery.sha256 === null
      ? []
      : [
          [
            w('digest'),
            <span key="digest" className={styles.digest}>
              {delivery.sha256}
            </span>,
          ] as [string, React.ReactNode],
        ]),
  ]
  return (
    <Sheet title={w('particulars')}>
      <dl className={styles.facts}>
        {lines.map(([title, content]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{content}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  )
}
