import type { PostApiConsoleChecksResponse } from '@xinheng/client'
import { useSay, useWords } from '../../language.ts'
import { Mark, type Tone } from '../../ui/Mark.tsx'
import styles from './JointAction.module.css'
import { WORDS } from './words.ts'

type Answer = PostApiConsoleChecksResponse

const RESULTS = {
  clear: 'good',
  remind: 'warn',
  warn: 'warn',
  intercept: 'bad',
  reward: 'good',
  toBeDecidedByAnOfficer: 'busy',
} as const satisfies Record<string, Tone>

export function ResultMark({ result }: { result: string }) {
  const w = useWords(WORDS)
  const known = (Object.keys(RESULTS) as (keyof typeof RESULTS)[]).find((one) => one === result)
  return known === undefined ? result : <Mark tone={RESULTS[known]}>{w(known)}</Mark>
}

/** An answer in full: what was found, by which law, in words, and what is only to be looked at. */
export function AnswerView({ answer }: { answer: Answer }) {
  const w = useWords(WORDS)
  const s = useSay()
  return (
    <div>
      <p>
        <ResultMark result={answer.result} />
      </p>
      {answer.hits.map((hit) => (
        <div
          key={`${hit.fact.publicName} ${hit.measure.code} ${hit.measure.article}`}
          className={`${styles.hit} ${hit.effect === 'reward' ? styles.good : ''}`}
        >
          <strong>{hit.list.title}</strong> · {hit.fact.documentNumber}
          <div>
            {hit.fact.authority === '' ? null : `${hit.fact.authority} · `}
            {hit.fact.until === null
              ? w('noEnd', { from: hit.fact.listedOn })
              : w('fromTo', { from: hit.fact.listedOn, to: hit.fact.until })}
          </div>
          <div>
            《{hit.measure.law}》{hit.measure.article}：{hit.measure.title}
          </div>
        </div>
      ))}
      {answer.hits.length === 0 ? (
        <p>{s(answer.explanation)}</p>
      ) : (
        <details className={styles.whole}>
          <summary>{w('whole')}</summary>
          <p>{s(answer.explanation)}</p>
        </details>
      )}
      {answer.resembling.length === 0 ? null : (
        <>
          <h3>{w('resembling')}</h3>
          <ul className={styles.laws}>
            {answer.resembling.map((one) => (
              <li key={`${one.uscc} ${one.name}`}>
                {one.name} {one.uscc} <span className="soft">{one.differs.join('；')}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <dl className={styles.facts}>
        <dt>{w('number')}</dt>
        <dd>
          <code>{answer.number}</code>
        </dd>
        <dt>{w('validUntil')}</dt>
        <dd>{answer.validUntil.slice(0, 19).replace('T', ' ')}</dd>
        {answer.notice.url === null ? null : (
          <>
            <dt>{w('notice')}</dt>
            <dd>
              <a href={answer.notice.url} target="_blank" rel="noreferrer">
                {w('openNotice')}
              </a>
            </dd>
          </>
        )}
      </dl>
      <p className="soft">{s(answer.objection)}</p>
    </div>
  )
}
