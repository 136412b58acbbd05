import { permissionsOf, ROLES } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { withActor } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import { actorOf } from '../../platform/http/access.ts'
import { clearCookie } from './cookies.ts'
import { SESSION_COOKIE, type Sessions } from './sessions.ts'

/** Who I am, and leaving. */
export function accessRoutes(app: FastifyInstance, house: House, sessions: Sessions): void {
  const pool = house.database.pools.access
  app.get(
    '/api/console/me',
    { config: { access: 'signedIn' }, schema: { hide: true, response: { 200: Type.Unknown() } } },
    async (request) => {
      const { accountId, name, role, duty, unitId, freshUntil } = request.signedIn
      const { rows } = await pool.query(
        `SELECT a.name, u.name AS unit_name FROM xh.account a LEFT JOIN xh.unit u USING (unit_id) WHERE account_id = $1`,
        [accountId],
      )
      return {
        account: accountId,
        login: name,
        name: rows[0].name,
        role,
        roleName: { zh: ROLES[role].zh, en: ROLES[role].en },
        duty,
        unit: unitId === null ? null : { id: unitId, name: rows[0].unit_name },
        permissions: permissionsOf(role),
        freshUntil: freshUntil.toISOString(),
      }
    },
  )
  app.post(
    '/api/console/sign-out',
    { config: { access: 'signedIn' }, schema: { hide: true } },
    async (request, reply) => {
      const { accountId, sessionId } = request.signedIn
      await withActor(pool, actorOf(request), async (client) => {
        await sessions.end(client, accountId, sessionId)
        return { result: undefined, act: { act: 'session.end', object: `account:${accountId}` } }
      })
      clearCookie(reply, SESSION_COOKIE)
      return reply.status(204).send()
    },
  )
}
