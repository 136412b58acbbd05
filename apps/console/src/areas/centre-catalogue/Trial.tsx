import type { GetApiConsoleCatalogueDraftsByIdTrialResultResponse } from '@xinheng/client'
import { Alert, Button, Progress } from 'antd'
import { useState } from 'react'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { countOf } from '../../ui/days.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './Catalogue.module.css'
import type { Draft, TrialResult } from './model.ts'
import { WORDS } from './words.ts'

const TITLES = {
  newlyRejected: 'newlyRejected',
  newlyAccepted: 'newlyAccepted',
  otherFaults: 'otherFaults',
  newlyWaiting: 'newlyWaiting',
  publication: 'publicationChange',
  otherWarnings: 'otherWarnings',
} as const

/** Past deliveries judged by the draft: what would be otherwise, with rows to look at. */
export function Trial({ draft, open }: { draft: Draft; open: boolean }) {
  const w = useWords(WORDS)
  const [problem, setProblem] = useState<unknown>()
  const path = `/api/console/catalogue/drafts/${draft.id}`
  const running = draft.trial?.state === 'running'
  // Read again while it runs; the page's own reading follows.
  useApi<Draft>(running ? path : undefined, { refreshMs: 700 })
  const result = useApi<GetApiConsoleCatalogueDraftsByIdTrialResultResponse>(
    draft.trial?.state === 'done' ? `${path}/trial-result?trial=${draft.trial.id}` : undefined,
  )
  const start = async () => {
    setProblem(undefined)
    try {
      await send('POST', `${path}/trials`)
    } catch (refused) {
      setProblem(refused)
    }
    await invalidate(path)
  }
  return (
    <Sheet
      title={w('trial')}
      extra={
        open && draft.canBeTried ? (
          <Button
            type={draft.trial === null || draft.trial.stale ? 'primary' : 'default'}
            loading={running}
            onClick={() => void start()}
          >
            {w(draft.trial === null ? 'start' : 'again')}
          </Button>
        ) : undefined
      }
    >
      <p className="soft">{w('trialLead')}</p>
      <ProblemNotice problem={problem ?? result.error} />
      {!draft.canBeTried && draft.faults.length === 0 ? <p>{w('nothingToTry')}</p> : null}
      {running ? (
        <Progress aria-label={w('trial')} percent={Math.round((draft.trial?.progress ?? 0) * 100)} />
      ) : null}
      {draft.trial?.state === 'failed' ? <Alert type="error" showIcon title={w('failed')} /> : null}
      {draft.trial?.state === 'done' && draft.trial.stale ? (
        <Alert type="warning" showIcon title={w('stale')} />
      ) : null}
      {result.data?.results.map((one) => (
        <Result key={one.item} result={one} />
      ))}
    </Sheet>
  )
}

function Result({ result }: { result: TrialResult }) {
  const w = useWords(WORDS)
  const s = useSay()
  return (
    <div aria-live="polite" style={{ marginTop: 12 }}>
      <p>
        <strong>
          {w('summary', {
            rows: countOf(result.rows),
            from: result.from ?? '—',
            to: result.to ?? '—',
            before: countOf(result.rejected.before),
            after: countOf(result.rejected.after),
          })}
        </strong>{' '}
        <span className="soft">
          {w('took', { deliveries: result.deliveries, seconds: result.seconds })} {result.cut ? w('cut') : ''}
        </span>
      </p>
      {result.changes.length === 0 ? <p>{w('same')}</p> : null}
      {result.changes.map((change) => (
        <section key={change.change} className={styles.change}>
          <h3>{w(TITLES[change.change as keyof typeof TITLES], { rows: countOf(change.rows) })}</h3>
          <ul className={styles.findings}>
            {change.findings.map((finding) => (
              <li key={`${finding.comes} ${finding.code} ${finding.field}`}>
                <Mark tone={finding.comes ? 'bad' : 'good'}>{w(finding.comes ? 'comes' : 'goes')}</Mark>
                {s(finding.message)} <code className="soft">{finding.code}</code>{' '}
                <span className="soft">{w('rowsOf', { rows: countOf(finding.rows) })}</span>
              </li>
            ))}
          </ul>
          <details>
            <summary>{w('samples', { count: change.samples.length })}</summary>
            <div className={styles.samples}>
              {change.samples.map((sample) => {
                const fields = new Set([...sample.before, ...sample.after].map((finding) => finding.field))
                return (
                  <div key={`${sample.delivery} ${sample.place}`} className={styles.sample}>
                    <p className="soft">{w('sample', { delivery: sample.delivery, place: sample.place })}</p>
                    <dl className={styles.cells}>
                      {sample.cells.map((cell) => (
                        <div key={cell.field} className={fields.has(cell.field) ? styles.at : undefined}>
                          <dt>{s(cell.title)}</dt>
                          <dd>{cell.value}</dd>
                        </div>
                      ))}
                    </dl>
                  </div>
                )
              })}
            </div>
          </details>
        </section>
      ))}
    </div>
  )
}
