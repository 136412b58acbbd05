import type { WorkingCalendar } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import { Alarms, alarmRoutes } from './modules/alarms/index.ts'
import { Boards, boardRoutes } from './modules/board/index.ts'
import type { Catalogue } from './modules/catalogue/index.ts'
import { Evaluations, evaluationRoutes } from './modules/evaluation/index.ts'
import { Rewriting } from './modules/keys/index.ts'
import { Operations, operationsRoutes } from './modules/operations/index.ts'
import { Quality, qualityRoutes } from './modules/quality/index.ts'
import type { House } from './platform/house.ts'
import { Jobs } from './platform/jobs/index.ts'

export interface Oversight {
  readonly jobs: Jobs
  readonly boards: Boards
  readonly alarms: Alarms
  readonly quality: Quality
  readonly evaluations: Evaluations
}

/** The demo city's story: its departments were told five weeks before its files came that they are counted. */
const DEMO_DAYS_BEFORE = 35

/** What the centre watches by: the board, quality, evaluations, alarms, and the jobs behind them. */
export function openOversight(
  house: House,
  catalogue: Catalogue,
  calendar: () => Promise<WorkingCalendar>,
  fictional: boolean,
): Oversight {
  const jobs = new Jobs(house.database)
  const boards = new Boards(house, catalogue, calendar, fictional ? DEMO_DAYS_BEFORE : 0)
  const alarms = new Alarms(house, catalogue, jobs, calendar)
  const quality = new Quality(house, catalogue, boards)
  const evaluations = new Evaluations(house, catalogue, boards, calendar)
  jobs.register(...alarms.jobKinds, ...quality.jobKinds, new Rewriting(house).jobKind, {
    name: 'search.count-names',
    zh: '重新统计名称检索字频',
    en: 'Count the names’ pairs of characters anew',
    schedule: '40 3 * * *',
    ids: [],
    retries: 1,
    retryDelaySeconds: 300,
    expireSeconds: 3600,
    async run() {
      const { rows } = await house.database.pools.job.query('SELECT xh.refresh_grams() AS grams')
      return { grams: rows[0].grams }
    },
  })
  return { jobs, boards, alarms, quality, evaluations }
}

export function oversightRoutes(
  app: FastifyInstance,
  house: House,
  oversight: Oversight,
  city: string,
): void {
  boardRoutes(app, oversight.boards, city)
  qualityRoutes(app, oversight.quality)
  evaluationRoutes(app, oversight.evaluations)
  alarmRoutes(app, oversight.alarms)
  operationsRoutes(app, new Operations(house, oversight.jobs))
}
