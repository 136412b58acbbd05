import { cityToday } from './days.ts'
import filters from './Filters.module.css'

/** The two days between which is looked at, none after today. */
export function Period({
  label,
  from,
  to,
  onChange,
}: {
  label: string
  from: string
  to: string
  onChange: (change: { from: string } | { to: string }) => void
}) {
  return (
    <>
      <label>
        {label}
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
          aria-label={`${label} —`}
          value={to}
          min={from}
          max={cityToday()}
          onChange={(event) => onChange({ to: event.target.value })}
        />
      </label>
    </>
  )
}
