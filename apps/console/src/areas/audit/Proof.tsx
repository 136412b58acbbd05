import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Spin } from 'antd'
import { useWords } from '../../language.ts'
import { countOf, momentOf } from '../../ui/days.ts'
import { Mark, type Tone } from '../../ui/Mark.tsx'
import { Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './Audit.module.css'
import type { WholeEntry } from './model.ts'
import { type Answer, type Proven, prove } from './proof.ts'
import { WORDS } from './words.ts'

const TONES: Readonly<Record<Answer, Tone>> = { good: 'good', bad: 'bad', unable: 'warn', gone: 'quiet' }

/** The proof in words, each step checked in this browser. */
export function Proof({ entry }: { entry: WholeEntry }) {
  const w = useWords(WORDS)
  const { data, error, isFetching, refetch } = useQuery<Proven | null>({
    queryKey: ['proof', entry.index, entry.leaf],
    queryFn: async () => (await prove(entry)) ?? null,
    // A head comes within a minute of an act.
    refetchInterval: (query) => (query.state.data === null ? 10_000 : false),
  })
  return (
    <Sheet
      title={w('proof')}
      extra={
        <Button size="small" loading={isFetching} onClick={() => void refetch()}>
          {w('again')}
        </Button>
      }
    >
      <ProblemNotice problem={error} />
      {data === undefined ? (
        error === null ? (
          <Spin description={w('proving')} />
        ) : null
      ) : data === null ? (
        <Alert type="info" showIcon title={w('notYet')} />
      ) : (
        <Steps entry={entry} proven={data} />
      )}
    </Sheet>
  )
}

function Steps({ entry, proven }: { entry: WholeEntry; proven: Proven }) {
  const w = useWords(WORDS)
  const answers = [proven.entry, proven.detail, proven.place, proven.head]
  const verdict = answers.includes('bad')
    ? 'disproven'
    : answers.includes('unable')
      ? 'provenButSignature'
      : 'proven'
  const steps: [Answer, string][] = [
    [proven.entry, w('checkEntry')],
    [proven.detail, w(proven.detail === 'gone' ? 'detailGone' : 'checkDetail')],
    [proven.place, w('checkPlace', { hashes: proven.hashes })],
    [proven.head, w('checkHead', { signedAt: momentOf(proven.signedAt) })],
  ]
  return (
    <>
      <Alert
        showIcon
        role="status"
        type={verdict === 'disproven' ? 'error' : verdict === 'proven' ? 'success' : 'warning'}
        title={w(verdict, { index: entry.index, size: countOf(proven.size) })}
      />
      <ol className={styles.checks}>
        {steps.map(([answer, text]) => (
          <li key={text}>
            <span>
              <Mark tone={TONES[answer]}>{w(answer)}</Mark>
            </span>
            <span>{text}</span>
          </li>
        ))}
      </ol>
      <dl className={styles.facts}>
        <dt>{w('place')}</dt>
        <dd>{w('placeOf', { index: entry.index, size: countOf(proven.size) })}</dd>
        <dt>{w('leaf')}</dt>
        <dd>
          <code>{entry.leaf}</code>
        </dd>
        <dt>{w('root')}</dt>
        <dd>
          <code>{proven.root}</code>
        </dd>
      </dl>
    </>
  )
}
