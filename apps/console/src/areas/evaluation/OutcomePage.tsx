import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons'
import type {
  GetApiConsoleEvaluationsByIdOutcomeResponse,
  GetApiConsoleEvaluationsByIdVerifyResponse,
} from '@xinheng/client'
import { EVALUATION_MEASURES, MEASURE_TEXTS } from '@xinheng/core'
import { Alert, Button, Spin } from 'antd'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { read, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { useMay } from '../../session.ts'
import { countOf, shareOf } from '../../ui/days.ts'
import { Page } from '../../ui/Page.tsx'
import paper from '../../ui/Paper.module.css'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Scroll } from '../../ui/Scroll.tsx'
import type { PlanDetail } from './types.ts'
import { WORDS } from './words.ts'

type Outcome = GetApiConsoleEvaluationsByIdOutcomeResponse

/** The report: on A4 by the browser's print. A unit sees its own line. */
export function OutcomePage() {
  const w = useWords(WORDS)
  const s = useSay()
  const may = useMay()
  const { plan: id } = useParams()
  const [checked, setChecked] = useState<GetApiConsoleEvaluationsByIdVerifyResponse>()
  const [problem, setProblem] = useState<unknown>()
  const detail = useApi<PlanDetail>(`/api/console/evaluations/${id}`)
  const { data: outcome, error, isPending } = useApi<Outcome>(`/api/console/evaluations/${id}/outcome`)
  const plan = detail.data?.plan
  const fits = checked?.seedFits === true && checked.framesFit && checked.sampleFits
  return (
    <Page
      title={w('report')}
      back={<Link to={`/evaluations/${id}`}>{plan?.title ?? w('back')}</Link>}
      actions={
        <>
          {may('evaluation.prepare') && plan?.state === 'closed' ? (
            <Button
              onClick={() =>
                void read<GetApiConsoleEvaluationsByIdVerifyResponse>(
                  `/api/console/evaluations/${id}/verify`,
                ).then(setChecked, setProblem)
              }
            >
              {w('verify')}
            </Button>
          ) : null}
          {may('evaluation.prepare') ? (
            <Button icon={<DownloadOutlined />} href={`/api/console/evaluations/${id}/workbook`} download>
              {w('workbook')}
            </Button>
          ) : null}
          <Button type="primary" icon={<PrinterOutlined />} onClick={() => window.print()}>
            {w('print')}
          </Button>
        </>
      }
    >
      <ProblemNotice problem={error ?? detail.error ?? problem} />
      {checked === undefined ? null : (
        <Alert
          type={fits ? 'success' : 'error'}
          showIcon
          title={fits ? w('verified', { count: checked.drawn }) : w('notVerified')}
        />
      )}
      {isPending ? <Spin style={{ padding: 40 }} /> : null}
      {outcome === undefined || plan === undefined ? null : (
        <article className={`${paper.paper} ${paper.landscape}`}>
          <h2>{w('reportTitle', { title: plan.title })}</h2>
          <p className={paper.under}>
            {w('period')} {plan.from} — {plan.to}
          </p>
          <Scroll label={w('points')}>
            <table className={paper.sheetTable}>
              <thead>
                <tr>
                  <th scope="col">{w('unit')}</th>
                  <th scope="col">{w('points')}</th>
                  <th scope="col">{w('band')}</th>
                  <th scope="col">{w('checked')}</th>
                  <th scope="col">{w('missing')}</th>
                  <th scope="col">{w('concealedCount')}</th>
                  <th scope="col">{w('mismatchedCount')}</th>
                  <th scope="col">{w('late')}</th>
                  {EVALUATION_MEASURES.map((measure) => (
                    <th key={measure} scope="col">
                      {s(MEASURE_TEXTS[measure].name)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {outcome.units.map((unit) => (
                  <tr key={unit.unit}>
                    <th scope="row">{unit.name}</th>
                    <td>{unit.points === null ? '—' : unit.points.toFixed(2)}</td>
                    <td>{unit.band === null ? '—' : s(unit.band)}</td>
                    {(['checked', 'missing', 'concealed', 'mismatched', 'late'] as const).map((name) => (
                      <td key={name}>{countOf(unit.counts[name])}</td>
                    ))}
                    {EVALUATION_MEASURES.map((measure) => (
                      <td key={measure}>{shareOf(unit.measures[measure])}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
          <h3>{w('method')}</h3>
          <ul className={paper.notes}>
            <li>
              {w('methodOf', {
                name: s(outcome.method),
                version: outcome.method.version,
                basis: outcome.method.basis.join('、'),
              })}
            </li>
            {EVALUATION_MEASURES.map((measure) => (
              <li key={measure}>
                {s(MEASURE_TEXTS[measure].name)}：{s(MEASURE_TEXTS[measure].formula)}
              </li>
            ))}
            <li>{w('howDrawn')}</li>
            <li>
              {w('commitment')}：<code>{plan.seedCommitment}</code>
            </li>
            {plan.seedRevealed === null ? null : (
              <li>
                {w('seed')}：<code>{plan.seedRevealed}</code>
              </li>
            )}
          </ul>
        </article>
      )}
    </Page>
  )
}
