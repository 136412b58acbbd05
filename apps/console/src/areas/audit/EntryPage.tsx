import { Button, Spin } from 'antd'
import { Link, useNavigate, useParams } from 'react-router'
import { useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { momentOf, timeOf } from '../../ui/days.ts'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './Audit.module.css'
import { ActName, Ground } from './EntryTable.tsx'
import type { WholeEntry } from './model.ts'
import { Proof } from './Proof.tsx'
import { WORDS } from './words.ts'

/** One entry with everything it says, and the proof that it stands in the ledger unchanged. */
export function EntryPage() {
  const w = useWords(WORDS)
  const { index = '' } = useParams()
  const navigate = useNavigate()
  const { data, error } = useApi<WholeEntry>(`/api/console/ledger/entries/${encodeURIComponent(index)}`)
  return (
    <Page
      title={w('entry', { index })}
      back={
        <Button type="link" size="small" onClick={() => void navigate(-1)}>
          ← {w('back')}
        </Button>
      }
    >
      <ProblemNotice problem={error} />
      {data === undefined ? (
        error === null ? (
          <Spin />
        ) : null
      ) : (
        <>
          <Sheet title={w('about')}>
            <Said entry={data} />
          </Sheet>
          <Proof entry={data} />
        </>
      )}
    </Page>
  )
}

function Said({ entry }: { entry: WholeEntry }) {
  const w = useWords(WORDS)
  const right =
    entry.right === 'law' || entry.right === 'consent'
      ? w(entry.right)
      : entry.right === 'duty'
        ? w('byDuty')
        : entry.right
  const detail =
    entry.detail === null || Object.keys(entry.detail).length === 0
      ? null
      : JSON.stringify(entry.detail, null, 2)
  return (
    <dl className={styles.facts}>
      <dt>{w('time')}</dt>
      <dd>
        {momentOf(entry.at).slice(0, 10)} {timeOf(entry.at)} <span className="soft">{entry.at}</span>
      </dd>
      <dt>{w('who')}</dt>
      <dd>
        {entry.actor}{' '}
        <span className="soft">
          {entry.account === null ? w('program') : `account:${entry.account}`}
          {entry.unitName === null ? '' : ` · ${entry.unitName}`} · {w('duty')} {entry.duty}
        </span>
      </dd>
      <dt>{w('act')}</dt>
      <dd>
        <ActName act={entry.act} />
      </dd>
      <dt>{w('object')}</dt>
      <dd>
        {entry.object === null ? (
          '—'
        ) : (
          <>
            <code>{entry.object}</code>
            <div>
              <Link to={`/audit?${new URLSearchParams({ object: entry.object, readings: 'true' })}`}>
                {w('readersOf')}
              </Link>
            </div>
          </>
        )}
      </dd>
      <dt>{w('person')}</dt>
      <dd>{w(entry.concernsPerson ? 'personYes' : 'personNo')}</dd>
      <dt>{w('right')}</dt>
      <dd>{right}</dd>
      <dt>{w('ground')}</dt>
      <dd>
        <Ground ground={entry.ground} />
      </dd>
      <dt>{w('outcome')}</dt>
      <dd>{entry.result ?? w('done')}</dd>
      {entry.approval === null ? null : (
        <>
          <dt>{w('approval')}</dt>
          <dd>{entry.approval}</dd>
        </>
      )}
      <dt>{w('origin')}</dt>
      <dd>{entry.origin ?? '—'}</dd>
      {entry.request === null ? null : (
        <>
          <dt>{w('request')}</dt>
          <dd>
            <code>{entry.request}</code>
          </dd>
        </>
      )}
      <dt>{w('detail')}</dt>
      <dd>
        {entry.erased ? w('erased') : detail === null ? '—' : <pre className={styles.detail}>{detail}</pre>}
      </dd>
    </dl>
  )
}
