import { useSay, useWords } from '../../language.ts'
import { Mark } from '../../ui/Mark.tsx'
import type { CaseRow } from './types.ts'
import { WORDS } from './words.ts'

/** What became of each incentive that an answer offered, in the unit's words. */
export function Incentives({ of }: { of: CaseRow['incentives'] }) {
  const w = useWords(WORDS)
  const s = useSay()
  if (of.length === 0) return '—'
  return of.map(({ measure, title, granted, what, reason }) => (
    <div key={measure}>
      {s(title)}{' '}
      <Mark tone={granted === null ? 'busy' : granted ? 'good' : 'warn'}>
        {w(granted === null ? 'notTold' : granted ? 'granted' : 'notGranted')}
      </Mark>{' '}
      {[what, reason].filter((part) => part !== null).join('；')}
    </div>
  ))
}
