import type { Area } from '../area.ts'
import { account } from './account/index.tsx'
import { audit } from './audit/index.tsx'
import { board } from './board/index.tsx'
import { centreApprovals } from './centre-approvals/index.tsx'
import { centreCatalogue } from './centre-catalogue/index.tsx'
import { centreNotices } from './centre-notices/index.tsx'
import { centreSubjects } from './centre-subjects/index.tsx'
import { centreUnits } from './centre-units/index.tsx'
import { centreWork } from './centre-work/index.tsx'
import { deliver } from './deliver/index.tsx'
import { evaluation } from './evaluation/index.tsx'
import { facts } from './facts/index.tsx'
import { home } from './home/index.tsx'
import { jointAction } from './joint-action/index.tsx'
import { keys } from './keys/index.tsx'
import { listings } from './listings/index.tsx'
import { mend } from './mend/index.tsx'
import { nilReports } from './nil-reports/index.tsx'
import { operations } from './operations/index.tsx'
import { push } from './push/index.tsx'
import { quality } from './quality/index.tsx'
import { supervision } from './supervision/index.tsx'

/** Every area of the console, one line each. */
export const AREAS: readonly Area[] = [
  home,
  deliver,
  mend,
  nilReports,
  facts,
  push,
  listings,
  centreWork,
  centreSubjects,
  centreCatalogue,
  centreApprovals,
  centreNotices,
  centreUnits,
  jointAction,
  board,
  supervision,
  quality,
  evaluation,
  operations,
  keys,
  account,
  audit,
]
