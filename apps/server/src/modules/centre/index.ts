import type { FastifyInstance } from 'fastify'
import type { House } from '../../platform/house.ts'
import { Announcements, announcementRoutes } from '../announcements/index.ts'
import type { Approvals } from '../approvals/index.ts'
import { type Calendars, calendarRoutes } from '../calendar/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { CatalogueEditor, catalogueEditorRoutes } from '../catalogue-editor/index.ts'
import { Subjects, subjectRoutes } from '../subjects/index.ts'

import { UnitKeeping, unitRoutes } from '../units/index.ts'
import { Work, workRoutes } from '../work/index.ts'

/** What the credit centre's people work with. */
export function centre(
  app: FastifyInstance,
  house: House,
  catalogue: Catalogue,
  approvals: Approvals,
  calendars: Calendars,
): void {
  const { app: pool } = house.database.pools
  unitRoutes(app, new UnitKeeping(pool), pool)
  calendars.entersBy(approvals)
  calendarRoutes(app, calendars)
  announcementRoutes(app, new Announcements(house, approvals))
  workRoutes(app, new Work(house, catalogue, approvals, calendars))
  subjectRoutes(app, new Subjects(house, catalogue, approvals))
  catalogueEditorRoutes(app, new CatalogueEditor(house, catalogue, approvals))
}
