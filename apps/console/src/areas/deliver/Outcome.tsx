import type { Delivery } from '../../deliveries.ts'
import { useSay, useWords } from '../../language.ts'
import { OUTCOMES } from '../../ui/DeliveryState.tsx'
import { countOf } from '../../ui/days.ts'
import styles from './Deliver.module.css'
import { WORDS } from './words.ts'

const ORDER = ['loaded', 'updated', 'unchanged', 'inReview', 'rejected'] as const

/** What became of all rows, in one picture: the parts add up to what was received. */
export function Outcome({ delivery }: { delivery: Delivery }) {
  const w = useWords(WORDS)
  const s = useSay()
  const parts = ORDER.map((outcome) => ({
    outcome,
    words: OUTCOMES[outcome] as { zh: string; en: string },
    rows: delivery[outcome],
  }))
  return (
    <>
      <p className={styles.total}>
        <span>{w('received')}</span>
        <b>{countOf(delivery.received)}</b>
        <span className="soft">{w('equation')}</span>
      </p>
      <div className={styles.bar} aria-hidden>
        {parts
          .filter((part) => part.rows > 0)
          .map((part) => (
            <span
              key={part.outcome}
              className={styles[part.outcome]}
              style={{ flexGrow: part.rows, flexBasis: 0 }}
            />
          ))}
      </div>
      <dl className={styles.legend}>
        {parts.map((part) => (
          <div key={part.outcome} className={styles[part.outcome]}>
            <dt>{s(part.words)}</dt>
            <dd>{countOf(part.rows)}</dd>
          </div>
        ))}
      </dl>
      {delivery.ended === 0 ? null : <p className="soft">{w('ended', { count: countOf(delivery.ended) })}</p>}
    </>
  )
}
