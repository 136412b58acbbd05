import { language } from '../language.ts'

const ZONE = 'Asia/Shanghai'

/** The day of the city's calendar so many days from now, ISO. */
export function cityDayIn(days: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(new Date(Date.now() + days * 86_400_000))
}

/** Today in the city's calendar, ISO. */
export const cityToday = (): string => cityDayIn(0)

/** The time of day of an instant, as the city's clocks show it. */
export function timeOf(instant: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: ZONE,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(new Date(instant))
}

/** An instant as day and minute: 2026-01-05 17:55. */
export function momentOf(instant: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: ZONE,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  return parts.format(new Date(instant))
}

/** Bytes as a person reads them. */
export function sizeOf(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}

/** A count with its thousands apart. */
export function countOf(value: number): string {
  return new Intl.NumberFormat(language() === 'zh' ? 'zh-CN' : 'en-GB').format(value)
}

/** A share as a percentage with one decimal; a dash where nothing was counted. */
export function shareOf(value: number | null | undefined): string {
  return value === null || value === undefined ? '—' : `${(value * 100).toFixed(1)}%`
}
