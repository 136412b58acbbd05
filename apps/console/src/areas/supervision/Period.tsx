import { useWords } from '../../language.ts'
import filters from '../../ui/Filters.module.css'
import { cityToday } from './types.ts'
import { WORDS } from './words.ts'

/** The two days between which was checked. */
export function Period({
  from,
  to,
  onChange,
}: {
  from: string
  to: string
  onChange: (change: Record<string, string>) => void
}) {
  const w = useWords(WORDS)
  return (
    <>
      <label>
        {w('period')}
        <input
          className={filters.date}
          type="date"
          value={from}
          max={to}
          onChange={(event) => onChange({ from: event.target.value })}
        />
      </label>
      <label>
        <span aria-hidden="true">—</span>
        <input
          className={filters.date}
          type="date"
          aria-label={`${w('period')} —`}
          value={to}
          min={from}
          max={cityToday()}
          onChange={(event) => onChange({ to: event.target.value })}
        />
      </label>
    </>
  )
}
