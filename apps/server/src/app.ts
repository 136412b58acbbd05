import type { FastifyInstance } from 'fastify'
import { access } from './modules/access/index.ts'
import { Accounts, accountRoutes, demoAccountRoutes } from './modules/accounts/index.ts'
import { apiRoutes } from './modules/api/index.ts'
import { Approvals, approvalRoutes } from './modules/approvals/index.ts'
import { Calendars } from './modules/calendar/index.ts'
import type { Catalogue } from './modules/catalogue/index.ts'
import { centre } from './modules/centre/index.ts'
import {
  Checks,
  ChecksByFile,
  checkDeskRoutes,
  checkRoutes,
  Decisions,
  Feedbacks,
  fileRoutes,
  Notices,
} from './modules/checks/index.ts'
import { ClientDoor, Clients, clientRoutes } from './modules/clients/index.ts'
import { Complaints } from './modules/complaints/index.ts'
import { consoleRoutes } from './modules/console/index.ts'
import { Deliveries, deliveryRoutes, machineRoutes, openDesk } from './modules/deliveries/index.ts'
import { demoClientRoutes } from './modules/demo/index.ts'
import { incentiveApiRoutes, PublicIncentives } from './modules/incentives/index.ts'
import { KeyKeeping, keyRoutes } from './modules/keys/index.ts'
import { auditorRoutes, LedgerSearch, PublicLedger, publicLedgerRoutes } from './modules/ledger/index.ts'
import { CaseEntry, ListingCases, Lists, listApiRoutes, listingCaseRoutes } from './modules/lists/index.ts'
import { Measures, measureRoutes } from './modules/measures/index.ts'
import { Home, NilReports, obligationRoutes } from './modules/obligations/index.ts'
import { portalErrorPage, portalRoutes } from './modules/portal/index.ts'
import { openPush, openPushRoutes } from './modules/push/index.ts'
import { PublicRecords } from './modules/records/index.ts'
import { ScreeningService } from './modules/screening/index.ts'
import { Supervision, supervisionRoutes, Urges } from './modules/supervision/index.ts'
import { widgetRoutes } from './modules/widget/index.ts'
import { OwnFacts, Releases, Withdrawals, withdrawalRoutes } from './modules/withdrawals/index.ts'
import { openOversight, oversightRoutes } from './oversight.ts'
import type { House } from './platform/house.ts'
import { httpServer } from './platform/http/server.ts'

export interface AppOptions {
  readonly city: string
  /** The demo city: every page says that it is fictional. */
  readonly fictional: boolean
  readonly ratePerMinute?: number
  /** Works on background jobs too; otherwise only hands them over. */
  readonly works?: boolean
  /** Where the console's bundle lies, if not where it is built. */
  readonly folder?: string
  /** Holds the lists in memory and answers checks; otherwise every check is told that it was not made. */
  readonly screens?: boolean
  /** Routes beside the product's own: a benchmark's reference stands behind the same doors. */
  readonly extraRoutes?: (app: FastifyInstance) => void
  /** For the generated client: the contract with the routes that only the console calls. */
  readonly wholeContract?: boolean
}

const TIDIES_EVERY_MS = 15 * 60_000
const CATALOGUE_EVERY_MS = 2_000

/** Wires the modules into one HTTP server. */
export async function buildApp(
  house: House,
  catalogue: Catalogue,
  options: AppOptions,
): Promise<FastifyInstance> {
  const app = await httpServer({
    logLevel: house.settings.logLevel,
    secure: house.settings.publicOrigin.startsWith('https:'),
    errorPage: portalErrorPage(options.city, options.fictional),
    ...(options.ratePerMinute === undefined ? {} : { ratePerMinute: options.ratePerMinute }),
    ...(options.wholeContract === undefined ? {} : { wholeContract: options.wholeContract }),
  })
  const door = new ClientDoor(house)
  const parts = access(app, house, options.city, door, options.ratePerMinute)
  const approvals = new Approvals(house)
  const pool = house.database.pools.portal
  const records = new PublicRecords(pool, catalogue, house.keys)
  app.get('/healthz', { schema: { hide: true }, config: { access: 'public' } }, async () => {
    await pool.query('SELECT 1')
    return { status: 'ok' }
  })
  approvalRoutes(app, approvals)
  const accounts = new Accounts(house, parts, approvals)
  accountRoutes(app, accounts)
  clientRoutes(app, new Clients(house, approvals), door)
  keyRoutes(app, new KeyKeeping(house, approvals))
  if (options.fictional) {
    demoAccountRoutes(app, house, parts)
    demoClientRoutes(app, house)
  }
  apiRoutes(app, { records, catalogue, portalPool: pool, keys: house.keys })
  listApiRoutes(app, new Lists(catalogue), records)
  const incentives = new PublicIncentives(pool, catalogue, house.keys)
  incentiveApiRoutes(app, incentives, records)
  const desk = openDesk(house, catalogue, (delivery, error) =>
    app.log.error(
      {
        delivery,
        fault: error instanceof Error ? error.stack?.split('\n').slice(1, 4).join(' ') : 'unknown',
      },
      'a delivery failed',
    ),
  )
  deliveryRoutes(app, house, desk)
  machineRoutes(app, house, desk)
  const calendars = new Calendars(house.database.pools.job)
  const calendar = () => calendars.current()
  const facts = new OwnFacts(house, catalogue)
  const withdrawals = new Withdrawals(house, facts, approvals, calendar)
  withdrawalRoutes(app, { facts, withdrawals, releases: new Releases(house, facts, approvals) })
  const cases = new ListingCases(house, catalogue, approvals, calendar)
  const entry = new CaseEntry(house, catalogue, new Deliveries(house, catalogue))
  listingCaseRoutes(app, cases, entry)
  const nil = new NilReports(house, catalogue)
  const oversight = openOversight(house, catalogue, calendar, options.fictional)
  obligationRoutes(app, {
    nil,
    home: new Home(house, catalogue, desk, nil, oversight.boards, approvals, calendar),
  })
  const tidy = async (): Promise<void> => {
    await desk.tidy()
    await accounts.switchOffEnded()
    await withdrawals.raiseOverdue()
    await entry.enterAll()
    await cases.raiseOverdue()
  }
  const housekeeping = setInterval(() => void tidy().catch(() => {}), TIDIES_EVERY_MS)
  housekeeping.unref()
  app.addHook('onClose', async () => {
    clearInterval(housekeeping)
    await desk.runner.close()
  })
  measureRoutes(app, new Measures(house, catalogue, approvals))
  supervisionRoutes(
    app,
    { supervision: new Supervision(house, catalogue), urges: new Urges(house) },
    options.city,
  )
  const screening = new ScreeningService(house)
  const feedbacks = new Feedbacks(house, calendar)
  const checks = new Checks(house, catalogue, calendar, screening)
  checkRoutes(app, { checks, feedbacks })
  checkDeskRoutes(app, { checks, feedbacks, decisions: new Decisions(house, approvals, checks) })
  const byFile = new ChecksByFile(house, checks, screening)
  fileRoutes(app, byFile)
  if (options.screens === true)
    void screening
      .start()
      .catch((error: unknown) => app.log.error({ fault: String(error) }, 'the lists are not loaded'))
  app.addHook('onClose', () => screening.close())
  const ledger = new PublicLedger(pool)
  publicLedgerRoutes(app, ledger)
  auditorRoutes(app, new LedgerSearch(house))
  centre(app, house, catalogue, approvals, calendars)
  oversight.jobs.register(feedbacks.jobKind)
  const push = openPush(house, catalogue, approvals, calendar, { loopback: options.fictional })
  openPushRoutes(app, push)
  oversight.jobs.register(...push.jobKinds)
  widgetRoutes(app, {
    city: options.city,
    isRegistered: (actor, origin) => push.origins.isRegistered(actor, origin),
  })
  oversightRoutes(app, house, oversight, options.city)
  app.addHook('onClose', async () => {
    await push.work.stop()
    await oversight.jobs.stop()
  })
  options.extraRoutes?.(app)
  consoleRoutes(app, options)
  portalRoutes(app, {
    records,
    incentives,
    ledger,
    catalogue,
    pool,
    keys: house.keys,
    complaints: new Complaints(house),
    notices: new Notices(house),
    ...options,
  })
  // What another process, or a second person in the console, has released judges here within seconds.
  const watch = setInterval(() => void catalogue.refresh().catch(() => {}), CATALOGUE_EVERY_MS)
  watch.unref()
  app.addHook('onClose', async () => clearInterval(watch))
  await app.ready()
  await tidy()
  await oversight.jobs.start({ works: options.works ?? false })
  if (options.works === true) push.work.start()
  await desk.runner.adopt()
  await byFile.adopt()
  return app
}
