import type { GetApiConsoleChecksByNumberResponse } from '@xinheng/client'
import { App, Button, Drawer, Spin } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { send, useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { Mark } from '../../ui/Mark.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import { AnswerView } from './AnswerView.tsx'
import { FeedbackDialog } from './FeedbackDialog.tsx'
import styles from './JointAction.module.css'
import { WORDS } from './words.ts'

type Detail = GetApiConsoleChecksByNumberResponse
type Act = 'keep' | 'override' | 'apply' | 'notApply'
const DECISIONS = { keep: 'kept', apply: 'applied', notApply: 'notApplied' } as const

/** One check: the answer, what was decided, what was fed back; at its foot what may be done now. */
export function CheckDrawer({ number, onClose }: { number: string; onClose: () => void }) {
  const w = useWords(WORDS)
  const { data, error } = useApi<Detail>(`/api/console/checks/${number}`)
  return (
    <Drawer
      open
      size={640}
      title={data?.applicant.name ?? w('desk')}
      onClose={onClose}
      styles={{ wrapper: { maxWidth: '100vw' } }}
      footer={data === undefined ? null : <Acts check={data} />}
    >
      <ProblemNotice problem={error} />
      {data === undefined ? error === null ? <Spin /> : null : <Shown check={data} />}
    </Drawer>
  )
}

function Acts({ check }: { check: Detail }) {
  const w = useWords(WORDS)
  const { message } = App.useApp()
  const may = useMay()
  const [doing, start] = useState<Act>()
  const [feeding, feed] = useState(false)
  const undecided = check.decided === null && !check.overrideProposed
  const acts: readonly Act[] = !(may('check.decide') && undecided)
    ? []
    : check.result === 'intercept'
      ? ['keep', 'override']
      : check.result === 'toBeDecidedByAnOfficer'
        ? ['apply', 'notApply']
        : []
  const decide = async (act: Act, reason: string) => {
    const path = `/api/console/checks/${check.number}`
    if (act === 'override') {
      await send('POST', `${path}/override`, { reason })
      void message.success(w('proposed'))
    } else await send('POST', `${path}/decision`, { decision: DECISIONS[act], reason })
    await invalidate('/api/console/')
  }
  return (
    <div className={styles.buttons}>
      {acts.map((act, index) => (
        <Button key={act} type={index === 0 ? 'primary' : 'default'} onClick={() => start(act)}>
          {w(act)}
        </Button>
      ))}
      {may('check.ask') && check.result !== 'clear' ? (
        <Button onClick={() => feed(true)}>{w('feedBack')}</Button>
      ) : null}
      {check.overrideProposed ? (
        <span className={styles.buttons}>
          <Mark tone="busy">{w('overrideProposed')}</Mark>
          <Link to={`/supervision/cases/${check.number}`}>{w('seeProposal')}</Link>
        </span>
      ) : null}
      {doing === undefined ? null : (
        <ReasonDialog
          title={w(doing)}
          ok={w(doing)}
          danger={doing === 'override'}
          onClose={() => start(undefined)}
          onDone={(reason) => decide(doing, reason)}
        />
      )}
      {feeding ? <FeedbackDialog check={check} onClose={() => feed(false)} /> : null}
    </div>
  )
}

function Shown({ check }: { check: Detail }) {
  const w = useWords(WORDS)
  return (
    <>
      <dl className={styles.facts}>
        <dt>{w('matter')}</dt>
        <dd>{check.matter}</dd>
        <dt>{w('caseNumber')}</dt>
        <dd>{check.caseNumber}</dd>
        <dt>{w('purpose')}</dt>
        <dd>{check.purpose}</dd>
        <dt>{w('askedAt')}</dt>
        <dd>{check.askedAt}</dd>
      </dl>
      <AnswerView answer={check.answer} />
      {check.decided === null && check.feedback.length === 0 ? null : (
        <>
          <h3>{w('history')}</h3>
          <ul className={styles.laws}>
            {check.decided === null ? null : (
              <li>
                {w(check.decided.decision as 'kept')}：{check.decided.reason}
                <span className="soft">
                  {' '}
                  {[check.decided.by, check.decided.confirmedBy].filter(Boolean).join(' / ')}
                </span>
              </li>
            )}
            {check.feedback.map((one) => (
              <li key={one.at + one.done}>
                {one.effect} · {w(one.applied as 'yes')}：{one.done}
                {one.reason === null ? '' : `（${one.reason}）`}
                {one.granted === null ? '' : `（${one.granted}）`}
                <span className="soft">
                  {' '}
                  {one.by} {one.at}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
