import { Button, Spin } from 'antd'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { useMay } from '../../session.ts'
import { Mark, type Tone } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Scroll } from '../../ui/Scroll.tsx'
import { Table } from '../../ui/Table.tsx'
import { Decide } from './Decide.tsx'
import { Incentives } from './Incentives.tsx'
import styles from './Supervision.module.css'
import type { Case } from './types.ts'
import { UrgeDialog } from './UrgeDialog.tsx'
import { WORDS, type Word } from './words.ts'

const TONES: Readonly<Record<string, Tone>> = { intercept: 'bad', clear: 'good', reward: 'good' }

/** One check: what was answered by which law, what was decided, what was done. */
export function CasePage() {
  const w = useWords(WORDS)
  const s = useSay()
  const may = useMay()
  const { number = '' } = useParams()
  const [urging, setUrging] = useState(false)
  const { data, error, isPending } = useApi<Case>(`/api/console/supervision/cases/${number}`)
  return (
    <Page
      title={w('case')}
      lead={<span className={styles.number}>{number}</span>}
      back={<Link to="/supervision">{w('back')}</Link>}
      actions={
        data === undefined ? undefined : (
          <>
            <Decide one={data} />
            {may('supervision.urge') ? (
              <Button type="primary" onClick={() => setUrging(true)}>
                {w('urge')}
              </Button>
            ) : null}
          </>
        )
      }
    >
      <ProblemNotice problem={error} />
      {isPending ? <Spin style={{ padding: 40 }} /> : null}
      {data === undefined ? null : (
        <>
          <Sheet>
            <dl className={styles.facts}>
              <dt>{w('applicant')}</dt>
              <dd>{data.person ? w('person') : `${data.applicant}（${data.uscc}）`}</dd>
              <dt>{w('unit')}</dt>
              <dd>{data.unit}</dd>
              <dt>{w('matter')}</dt>
              <dd>{data.matter}</dd>
              <dt>{w('purpose')}</dt>
              <dd>{data.purpose}</dd>
              <dt>{w('caseNumber')}</dt>
              <dd>{data.caseNumber}</dd>
              <dt>{w('askedAt')}</dt>
              <dd>{data.askedAt}</dd>
              <dt>{w('result')}</dt>
              <dd>
                <Mark tone={TONES[data.result] ?? 'warn'}>{w(data.result as Word)}</Mark>
              </dd>
            </dl>
          </Sheet>
          <Sheet title={w('answer')}>
            {data.answer === null ? <p>{w('answerKept')}</p> : null}
            {data.answer?.hits.length === 0 ? <p>{s(data.answer.explanation)}</p> : null}
            {data.answer === null || data.answer.hits.length === 0 ? null : (
              <>
                <Scroll label={w('law')}>
                  <Table
                    caption={w('law')}
                    rows={data.answer.hits}
                    keyOf={(hit) => `${hit.list.code} ${hit.measure.code} ${hit.fact.documentNumber}`}
                    empty={w('none')}
                    columns={[
                      {
                        key: 'list',
                        title: w('list'),
                        render: (hit) =>
                          [hit.list.title, hit.fact.documentNumber, hit.fact.authority, hit.fact.listedOn]
                            .filter((part) => part !== '')
                            .join(' · '),
                      },
                      { key: 'measure', title: w('measure'), render: (hit) => hit.measure.title },
                      {
                        key: 'law',
                        title: w('law'),
                        render: (hit) => `《${hit.measure.law}》${hit.measure.article}`,
                      },
                      {
                        key: 'effect',
                        title: w('effect'),
                        narrow: true,
                        render: (hit) => w(hit.effect as Word),
                      },
                    ]}
                  />
                </Scroll>
                <details className={styles.whole}>
                  <summary>{w('whole')}</summary>
                  <p>{s(data.answer.explanation)}</p>
                </details>
              </>
            )}
          </Sheet>
          <Sheet title={w('became')}>
            <dl className={styles.facts}>
              <dt>{w('decision')}</dt>
              <dd>
                {data.decision === null
                  ? w('undecided')
                  : `${w(data.decision as Word)} · ${data.decisionReason} · ${
                      data.confirmedBy === null
                        ? data.decidedBy
                        : w('by2', { by: data.decidedBy ?? '', confirmed: data.confirmedBy })
                    } · ${data.decidedAt}`}
              </dd>
              <dt>{w('due')}</dt>
              <dd>
                {data.feedbackDue ?? '—'} {data.overdue ? <Mark tone="bad">{w('overdue')}</Mark> : null}
              </dd>
              {data.incentives.length === 0 ? null : (
                <>
                  <dt>{w('incentives')}</dt>
                  <dd>
                    <Incentives of={data.incentives} />
                  </dd>
                </>
              )}
              <dt>{w('feedback')}</dt>
              <dd>
                {data.feedback.length === 0
                  ? w('noFeedback')
                  : data.feedback.map((one) => (
                      <div key={`${one.at} ${one.measure?.zh} ${one.done}`}>
                        {[
                          one.effect,
                          one.measure === null ? null : s(one.measure),
                          one.done,
                          one.reason,
                          one.granted === null ? null : w('grantedWas', { granted: one.granted }),
                          one.by,
                          one.at,
                        ]
                          .filter((part) => part !== null)
                          .join(' · ')}
                      </div>
                    ))}
                {data.unexplained ? <Mark tone="bad">{w('unexplained')}</Mark> : null}
              </dd>
            </dl>
          </Sheet>
          {urging ? (
            <UrgeDialog unit={data.unit} numbers={[data.number]} onClose={() => setUrging(false)} />
          ) : null}
        </>
      )}
    </Page>
  )
}
