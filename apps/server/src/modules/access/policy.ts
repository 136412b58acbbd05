import type { SessionTimes } from './sessions.ts'

/** GB/T 22239-2019, 8.1.4.1: idle logout. Fifteen minutes for a console; nobody works longer than a day's work. */
export const SESSION_TIMES: SessionTimes = { idleMinutes: 15, absoluteHours: 8, freshMinutes: 5 }
