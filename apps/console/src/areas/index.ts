import type { Area } from '../area.ts'
import { account } from './account/index.tsx'
import { deliver } from './deliver/index.tsx'
import { facts } from './facts/index.tsx'
import { home } from './home/index.tsx'
import { mend } from './mend/index.tsx'
import { nilReports } from './nil-reports/index.tsx'

/** Every area of the console, one line each. */
export const AREAS: readonly Area[] = [home, deliver, mend, nilReports, facts, account]
