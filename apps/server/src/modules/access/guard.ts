import type { FastifyInstance } from 'fastify'
import type { House } from '../../platform/house.ts'
import { guard } from '../../platform/http/access.ts'
import { identifyByCookie, refuseForeignPages } from './identify.ts'
import { SESSION_TIMES } from './policy.ts'
import { accessRoutes } from './routes.ts'
import { Sessions } from './sessions.ts'

const CONSOLE = '/api/console/'

/** Puts the guard before every route (cookies count under the console's API alone) and adds the routes of sign-in. */
export function access(app: FastifyInstance, house: House): void {
  const sessions = new Sessions(house.database.pools.access, SESSION_TIMES)
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith(CONSOLE)) return
    reply.header('cache-control', 'no-store')
    refuseForeignPages(request)
  })
  guard(app, async (request) =>
    request.url.startsWith(CONSOLE) ? identifyByCookie(request, sessions) : undefined,
  )
  accessRoutes(app, house, sessions)
}
