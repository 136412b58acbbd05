import { useWords } from '../../language.ts'
import { Mark } from '../../ui/Mark.tsx'
import styles from './Evaluation.module.css'
import type { Sample } from './types.ts'
import { WORDS } from './words.ts'

/** What was found of one decision, in words. */
export function FindingMarks({ sample }: { sample: Sample }) {
  const w = useWords(WORDS)
  const { finding, concealed, review } = sample
  if (finding === null) return <Mark tone="quiet">{w('notEntered')}</Mark>
  const fields = finding.mismatched.map((field) => w(field)).join('、')
  const clean =
    !finding.missing && !finding.late && fields === '' && !finding.notAtSource && !finding.notDueYet
  return (
    <span className={styles.marks}>
      {clean ? <Mark tone="good">{w('agrees')}</Mark> : null}
      {finding.missing ? <Mark tone="bad">{w('missing')}</Mark> : null}
      {concealed === null ? null : <Mark tone="bad">{w('concealed')}</Mark>}
      {fields === '' ? null : <Mark tone="bad">{w('mismatched', { fields })}</Mark>}
      {finding.late ? <Mark tone="warn">{w('late')}</Mark> : null}
      {finding.notAtSource ? <Mark tone="quiet">{w('notAtSource')}</Mark> : null}
      {finding.notDueYet ? <Mark tone="quiet">{w('notDueYet')}</Mark> : null}
      {review === null ? null : (
        <Mark tone={review.lifted ? 'good' : 'quiet'}>{w(review.lifted ? 'lifted' : 'stands')}</Mark>
      )}
    </span>
  )
}
