import type { GetApiConsoleHomeResponse } from '@xinheng/client'
import { Button, Spin } from 'antd'
import { Link, useNavigate } from 'react-router'
import { useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { useMe } from '../../session.ts'
import { Announcements } from '../../ui/Announcements.tsx'
import { countOf, momentOf, shareOf } from '../../ui/days.ts'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Home.module.css'
import { WORDS } from './words.ts'

type Home = GetApiConsoleHomeResponse
type Deadline = Home['deadlines'][number]

/** What is due and when, what came back, and the unit's own figures. */
export function DepartmentHome() {
  const w = useWords(WORDS)
  const me = useMe()
  const go = useNavigate()
  const { data, error, refetch } = useApi<Home>('/api/console/home', { refreshMs: 60_000 })
  return (
    <Page
      title={me.unit?.name ?? w('home')}
      lead={data === undefined ? undefined : w('greeting', { name: me.name, day: data.today })}
      actions={
        <Button type="primary" onClick={() => go('/deliver')}>
          {w('deliver')}
        </Button>
      }
    >
      {error === null ? null : <ProblemNotice problem={error} onAgain={() => refetch()} />}
      <Announcements />
      {data === undefined ? (
        error === null ? (
          <Spin />
        ) : null
      ) : (
        <>
          <div className={styles.own}>
            <Figures home={data} />
          </div>
          <div className={styles.split}>
            <Deadlines home={data} />
            <div className={styles.column}>
              <Todo home={data} />
              <CameBack home={data} />
            </div>
          </div>
        </>
      )}
    </Page>
  )
}

function Figures({ home }: { home: Home }) {
  const w = useWords(WORDS)
  const { figures } = home
  const tiles = [
    [w('reported'), countOf(figures.reported), w('rows')],
    [
      w('timeliness'),
      shareOf(figures.timeliness),
      w('timelinessOf', { onTime: countOf(figures.onTime), late: countOf(figures.late) }),
    ],
    [
      w('compliance'),
      shareOf(figures.compliance),
      w('complianceOf', {
        passed: countOf(figures.firstDeliveryPassed),
        rows: countOf(figures.firstDeliveryRows),
      }),
    ],
    [w('drafts'), countOf(home.drafts), w('draftsOf')],
  ] as const
  return (
    <Sheet title={w('figures', { month: figures.month })}>
      <dl className={styles.figures}>
        {tiles.map(([title, figure, small]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>
              <strong>{figure}</strong>
              <small>{small}</small>
            </dd>
          </div>
        ))}
      </dl>
    </Sheet>
  )
}

function Deadlines({ home }: { home: Home }) {
  const w = useWords(WORDS)
  const s = useSay()
  const left = ({ daysLeft, decidedOn }: Deadline) =>
    daysLeft === null
      ? w(decidedOn === null ? 'noDay' : 'notCounted')
      : daysLeft < 0
        ? w('overdue', { days: -daysLeft })
        : daysLeft === 0
          ? w('today')
          : w('daysLeft', { days: daysLeft })
  const act = (one: Deadline) =>
    one.what === 'nil' ? (
      <Link to={`/nil-reports?item=${one.item.code}`}>{w('report')}</Link>
    ) : one.delivery === null ? null : (
      <Link to={`/deliveries/${one.delivery}/mend`}>{w('mend')}</Link>
    )
  return (
    <Sheet title={w('deadlines')} flush>
      <Table
        caption={w('deadlines')}
        rows={gathered(home.deadlines)}
        keyOf={(one) => `${one.item.code} ${one.what} ${one.delivery} ${one.light} ${one.decidedOn}`}
        empty={w('noDeadlines')}
        columns={[
          { key: 'item', title: w('item'), render: (one) => s(one.item.title) },
          {
            key: 'what',
            title: w('what'),
            render: (one) => (one.what === 'nil' ? w('nil') : w('rejected', { rows: countOf(one.rows) })),
          },
          { key: 'decided', title: w('decidedFirst'), narrow: true, render: (one) => one.decidedOn ?? '—' },
          { key: 'due', title: w('dueFirst'), narrow: true, render: (one) => one.due ?? '—' },
          {
            key: 'left',
            title: w('left'),
            narrow: true,
            render: (one) => (
              <span className={`${styles.light} ${styles[one.light] ?? ''}`}>{left(one)}</span>
            ),
          },
          { key: 'act', title: '', narrow: true, render: act },
        ]}
      />
    </Sheet>
  )
}

/** One line for what is mended together: the rows of a delivery that are equally urgent, by their earliest day. */
function gathered(deadlines: readonly Deadline[]): Deadline[] {
  const lines = new Map<string, Deadline>()
  for (const one of deadlines) {
    const key =
      one.delivery === null
        ? `${one.item.code} ${one.decidedOn}`
        : `${one.delivery} ${one.light} ${one.decidedOn === null}`
    const line = lines.get(key)
    if (line === undefined) lines.set(key, one)
    else
      lines.set(key, {
        ...((one.due ?? '9999') < (line.due ?? '9999') ? one : line),
        rows: line.rows + one.rows,
      })
  }
  return [...lines.values()]
}

/** What waits for a person of the unit; nothing that is done with. */
function Todo({ home }: { home: Home }) {
  const w = useWords(WORDS)
  const lines = (
    [
      ['/approvals', w('toApprove'), home.toApprove],
      ['/checks', w('toDecide'), home.toDecide],
      ['/supervision/urges', w('toAnswer'), home.toAnswer],
      ['/checks?desk=due', w('toFeedBack'), home.toFeedBack],
      ['/withdrawals', w('withdrawals'), home.withdrawalsToConfirm],
      ['/releases', w('heldFacts'), home.held],
      ['/deliveries', w('inReview'), home.inReview],
    ] as const
  ).filter(([, , count]) => count > 0)
  return (
    <Sheet title={w('todo')}>
      {lines.length === 0 ? (
        <span className="soft">{w('nothingToDo')}</span>
      ) : (
        <ul className={styles.list}>
          {lines.map(([path, title, count]) => (
            <li key={title}>
              <Link to={path}>{title}</Link>
              <b>{countOf(count)}</b>
            </li>
          ))}
        </ul>
      )}
    </Sheet>
  )
}

function CameBack({ home }: { home: Home }) {
  const w = useWords(WORDS)
  const s = useSay()
  return (
    <Sheet title={w('cameBack')}>
      {home.cameBack.length === 0 ? (
        <span className="soft">{w('nothingCameBack')}</span>
      ) : (
        <ul className={styles.list}>
          {home.cameBack.map((one) => (
            <li key={one.delivery}>
              <span>
                <Link to={`/deliveries/${one.delivery}`}>{s(one.item.title)}</Link>
                <small>
                  {momentOf(one.receivedAt)} ·{' '}
                  {w('cameBackRows', { rejected: countOf(one.rejected), left: countOf(one.stillRejected) })}
                </small>
              </span>
              <Link to={`/deliveries/${one.delivery}/mend`}>{w('mend')}</Link>
            </li>
          ))}
        </ul>
      )}
    </Sheet>
  )
}
