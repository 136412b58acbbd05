import { useWords } from '../../language.ts'
import type { WorkItem } from './model.ts'
import styles from './Work.module.css'
import { WORDS } from './words.ts'

/** Working days left, in words; colour says the same. */
export function Deadline({ item }: { item: WorkItem }) {
  const w = useWords(WORDS)
  const left = item.daysLeft
  if (left === null) return <span>{w('dueUnknown')}</span>
  if (left < 0) return <span className={styles.late}>{w('overdue', { days: -left })}</span>
  if (left === 0) return <span className={styles.soon}>{w('dueToday')}</span>
  return <span className={left === 1 ? styles.soon : undefined}>{w('daysLeft', { days: left })}</span>
}
