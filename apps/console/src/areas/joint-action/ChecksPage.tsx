import type { GetApiConsoleChecksResponse } from '@xinheng/client'
import { Button, Segmented, Spin } from 'antd'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { useMay } from '../../session.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import { ResultMark } from './AnswerView.tsx'
import { ByFileDialog } from './ByFile.tsx'
import { ByHand } from './ByHand.tsx'
import { CheckDrawer } from './CheckDrawer.tsx'
import styles from './JointAction.module.css'
import { WORDS } from './words.ts'

type Line = GetApiConsoleChecksResponse['checks'][number]
const DESKS = ['open', 'due', 'all'] as const

/** The officer's desk: what waits for a decision, what has to be fed back, and checks by hand or file. */
export function ChecksPage() {
  const w = useWords(WORDS)
  const may = useMay()
  const [parameters, setParameters] = useSearchParams()
  const desk = DESKS.find((one) => one === parameters.get('desk')) ?? 'open'
  const [shown, show] = useState<string>()
  const [asking, ask] = useState<'hand' | 'file'>()
  const { data, error } = useApi<GetApiConsoleChecksResponse>(`/api/console/checks?desk=${desk}`)
  return (
    <Page
      title={w('desk')}
      lead={w('deskLead')}
      actions={
        may('check.ask') ? (
          <span className={styles.buttons}>
            <Button type="primary" onClick={() => ask('hand')}>
              {w('byHand')}
            </Button>
            <Button onClick={() => ask('file')}>{w('byFile')}</Button>
          </span>
        ) : undefined
      }
    >
      <ProblemNotice problem={error} />
      <Sheet flush>
        <div className={styles.bar}>
          <Segmented
            aria-label={w('desk')}
            value={desk}
            onChange={(value) => setParameters({ desk: value }, { replace: true })}
            options={DESKS.map((one) => ({ value: one, label: w(one) }))}
          />
        </div>
        {data === undefined ? error === null ? <Spin /> : null : <Lines lines={data.checks} onShow={show} />}
      </Sheet>
      {shown === undefined ? null : <CheckDrawer number={shown} onClose={() => show(undefined)} />}
      {asking === 'hand' ? <ByHand onClose={() => ask(undefined)} /> : null}
      {asking === 'file' ? <ByFileDialog onClose={() => ask(undefined)} /> : null}
    </Page>
  )
}

function Lines({ lines, onShow }: { lines: readonly Line[]; onShow: (number: string) => void }) {
  const w = useWords(WORDS)
  return (
    <Table
      caption={w('desk')}
      rows={lines}
      keyOf={(one) => one.number}
      empty={w('none')}
      columns={[
        {
          key: 'applicant',
          title: w('applicant'),
          render: (one) => (
            <Button type="link" style={{ padding: 0, height: 'auto' }} onClick={() => onShow(one.number)}>
              {one.applicant.name ?? w('person')}
            </Button>
          ),
        },
        { key: 'matter', title: w('matter'), render: (one) => one.matter },
        { key: 'case', title: w('caseNumber'), narrow: true, render: (one) => one.caseNumber },
        {
          key: 'result',
          title: w('result'),
          narrow: true,
          render: (one) => (
            <>
              <ResultMark result={one.result} /> <Decided line={one} />
            </>
          ),
        },
        {
          key: 'due',
          title: w('feedbackDue'),
          narrow: true,
          render: (one) =>
            one.fedBack ? (
              <Mark tone="good">{w('fedBack')}</Mark>
            ) : one.feedbackDue === null ? (
              '—'
            ) : (
              <>
                {one.feedbackDue} {one.overdue ? <Mark tone="bad">{w('overdue')}</Mark> : null}
              </>
            ),
        },
        { key: 'asked', title: w('askedAt'), narrow: true, render: (one) => one.askedAt },
      ]}
    />
  )
}

function Decided({ line }: { line: Pick<Line, 'decision' | 'overrideProposed'> }) {
  const w = useWords(WORDS)
  if (line.decision === null)
    return line.overrideProposed ? <Mark tone="busy">{w('overrideProposed')}</Mark> : null
  const known = (['kept', 'overridden', 'applied', 'notApplied'] as const).find(
    (one) => one === line.decision,
  )
  return known === undefined ? null : <Mark tone="quiet">{w(known)}</Mark>
}
