import type { Area } from '../area.ts'
import { account } from './account/index.tsx'
import { home } from './home/index.tsx'

/** Every area of the console, one line each. */
export const AREAS: readonly Area[] = [home, account]
