import { FileTextOutlined } from '@ant-design/icons'
import type { PostApiConsoleEvaluationsByIdDrawResponse } from '@xinheng/client'
import { App, Button, Segmented, Spin } from 'antd'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { send, useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Evaluation.module.css'
import { FindingMarks } from './FindingMarks.tsx'
import { SampleDrawer } from './SampleDrawer.tsx'
import { SourceLists } from './SourceLists.tsx'
import { isFault, type PlanDetail, type Sample, STATE_TONES } from './types.ts'
import { WORDS } from './words.ts'

/** One evaluation, as far as whoever looks may see it. */
export function PlanPage() {
  const w = useWords(WORDS)
  const may = useMay()
  const { modal, message } = App.useApp()
  const { plan: id } = useParams()
  const path = `/api/console/evaluations/${id}`
  const [problem, setProblem] = useState<unknown>()
  const [opened, open] = useState<number>()
  const [unit, chooseUnit] = useState<number | 'all'>('all')
  const { data, error, isPending } = useApi<PlanDetail>(path)
  const act = (
    step: 'draw' | 'release' | 'close',
    question: string,
    told?: (answer: { drawn: number }) => string,
  ) =>
    modal.confirm({
      title: question,
      okText: w(step === 'close' ? 'finish' : step),
      cancelText: w('cancel'),
      onOk: async () => {
        setProblem(undefined)
        try {
          const answer = await send<PostApiConsoleEvaluationsByIdDrawResponse>('POST', `${path}/${step}`)
          void message.success(told === undefined ? w('done') : told(answer))
        } catch (refused) {
          setProblem(refused)
        }
        await invalidate('/api/console/evaluations')
      },
    })
  const plan = data?.plan
  const names = new Map(data?.units.map((one) => [one.unit, one.name]))
  const samples = (data?.samples ?? []).filter((sample) => unit === 'all' || sample.unit === unit)
  const sample = data?.samples.find((one) => one.sample === opened)
  const units = [...new Set(data?.samples.map((one) => one.unit))]
  const stepFor = (one: Sample) => {
    if (may('evaluation.enter') && plan?.state === 'drawn') return 'enter'
    if (may('evaluation.answer') && plan?.state === 'released' && isFault(one.finding) && one.answer === null)
      return 'answer'
    return may('evaluation.review') && one.answer !== null && one.review === null ? 'review' : 'look'
  }
  return (
    <Page
      title={plan?.title ?? w('title')}
      lead={plan === undefined ? undefined : `${w('period')} ${plan.from} — ${plan.to}`}
      back={<Link to="/evaluations">{w('back')}</Link>}
      actions={
        plan === undefined ? undefined : (
          <>
            {may('evaluation.enter') && plan.state === 'planned' ? (
              <Button
                type="primary"
                onClick={() => act('draw', w('drawAsk'), ({ drawn }) => w('drawnNow', { count: drawn }))}
              >
                {w('draw')}
              </Button>
            ) : null}
            {may('evaluation.prepare') && plan.state === 'drawn' ? (
              <Button type="primary" onClick={() => act('release', w('releaseAsk'))}>
                {w('release')}
              </Button>
            ) : null}
            {may('evaluation.prepare') && plan.state === 'released' ? (
              <Button type="primary" onClick={() => act('close', w('finishAsk'))}>
                {w('finish')}
              </Button>
            ) : null}
            {(plan.state === 'released' || plan.state === 'closed') && !may('evaluation.enter') ? (
              <Link to={`/evaluations/${plan.plan}/report`}>
                <Button icon={<FileTextOutlined />} tabIndex={-1}>
                  {w('report')}
                </Button>
              </Link>
            ) : null}
          </>
        )
      }
    >
      <ProblemNotice problem={error ?? problem} />
      {isPending ? <Spin style={{ padding: 40 }} /> : null}
      {data === undefined || plan === undefined ? null : (
        <>
          <Sheet>
            <dl className={styles.facts}>
              <div>
                <dt>{w('state')}</dt>
                <dd>
                  <Mark tone={STATE_TONES[plan.state]}>{w(plan.state)}</Mark>{' '}
                  {plan.answerUntil === null ? '' : w('until', { day: plan.answerUntil })}
                </dd>
              </div>
              <div>
                <dt>{w('sampleSize')}</dt>
                <dd>{plan.sampleSize}</dd>
              </div>
              <div>
                <dt>{w('samples')}</dt>
                <dd>
                  {plan.samples === 0 ? '—' : w('progress', { entered: plan.entered, samples: plan.samples })}
                </dd>
              </div>
              <div className={styles.wide}>
                <dt>{w('commitment')}</dt>
                <dd>
                  <code>{plan.seedCommitment}</code>
                </dd>
              </div>
              {plan.seedRevealed === null ? null : (
                <div className={styles.wide}>
                  <dt>{w('seed')}</dt>
                  <dd>
                    <code>{plan.seedRevealed}</code>
                  </dd>
                </div>
              )}
            </dl>
          </Sheet>
          {may('evaluation.enter') && plan.state === 'planned' ? <SourceLists detail={data} /> : null}
          <Sheet
            flush
            title={w('samples')}
            extra={
              units.length > 1 ? (
                <div className={styles.scroll}>
                  <Segmented
                    value={unit}
                    onChange={chooseUnit}
                    options={[
                      { value: 'all' as const, label: w('units') },
                      ...units.map((one) => ({ value: one, label: names.get(one) ?? String(one) })),
                    ]}
                  />
                </div>
              ) : undefined
            }
          >
            <Table
              caption={w('samples')}
              rows={samples}
              keyOf={(one) => one.sample}
              empty={w('noSamples')}
              columns={[
                { key: 'document', title: w('document'), render: (one) => one.documentNumber },
                { key: 'unit', title: w('unit'), render: (one) => names.get(one.unit) ?? '' },
                { key: 'from', title: w('from'), narrow: true, render: (one) => w(one.frame) },
                { key: 'finding', title: w('finding'), render: (one) => <FindingMarks sample={one} /> },
                {
                  key: 'act',
                  title: '',
                  narrow: true,
                  render: (one) => {
                    const word = w(stepFor(one))
                    return (
                      <Button
                        size="small"
                        aria-label={`${word} ${one.documentNumber}`}
                        onClick={() => open(one.sample)}
                      >
                        {word}
                      </Button>
                    )
                  },
                },
              ]}
            />
          </Sheet>
          {sample === undefined ? null : (
            <SampleDrawer
              key={sample.sample}
              sample={sample}
              plan={plan}
              next={samples.find((one) => one.finding === null && one.sample !== sample.sample)?.sample}
              onOpen={open}
            />
          )}
        </>
      )}
    </Page>
  )
}
