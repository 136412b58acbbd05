import { createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto'
import { demoCity, PERMIT_HEADER } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import type { House } from '../../platform/house.ts'
import { fileOf } from '../../platform/http/shapes.ts'
import { todayOf } from '../../platform/today.ts'
import { Approvals } from '../approvals/index.ts'
import { Clients } from '../clients/index.ts'

/** The demo city's department software: with it the documentation's examples run as they are printed. */
export const DEMO_CLIENT = { code: 'demo-client', key: 'demo-key-1' } as const
const ACTOR = { name: 'program:demo', duty: 'system' } as const
/** What comes before the 32 bytes of an Ed25519 key. @see RFC 8410 */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Not secret in the demo city, and of no use elsewhere: derived from this installation's key, as its passwords are. */
function keyOf(house: House): KeyObject {
  const seed = hash('sha256', house.keys.keyedHash('demo client', DEMO_CLIENT.code), 'buffer')
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
}

/** Registers the client. Only to be called for a database that is the demo city. */
export async function ensureDemoClient(house: House): Promise<void> {
  const { rows } = await house.database.pools.access.query(
    'SELECT EXISTS (SELECT FROM xh.account WHERE login = $1) AS known, (SELECT min(unit_id) FROM xh.unit) AS unit',
    [DEMO_CLIENT.code],
  )
  if (rows[0].known || rows[0].unit === null) return
  const publicKey = createPublicKey(keyOf(house)).export({ type: 'spki', format: 'pem' })
  await new Clients(house, new Approvals(house)).addAtTerminal(
    ACTOR,
    {
      code: DEMO_CLIENT.code,
      name: '示例业务系统',
      unitId: rows[0].unit,
      scopes: ['delivery.make', 'delivery.read'],
      addresses: ['0.0.0.0/0', '::/0'],
      requestsAMinute: 300,
      key: { id: DEMO_CLIENT.key, algorithm: 'ed25519', publicKey: String(publicKey) },
    },
    '示例城市：供文档中的例子直接运行',
  )
}

/** What the printed commands fetch: the client's key, and a small file with one row that is wrong. Demo city only. */
export function demoClientRoutes(app: FastifyInstance, house: House): void {
  const config = { access: 'public' } as const
  app.get(
    '/api/console/sign-in/demo-client.key',
    { config, schema: { hide: true, response: fileOf('application/x-pem-file') } },
    async (_, reply) =>
      reply.type('application/x-pem-file').send(keyOf(house).export({ type: 'pkcs8', format: 'pem' })),
  )
  app.get(
    '/api/console/sign-in/demo-permits.csv',
    { config, schema: { hide: true, response: fileOf('text/csv') } },
    async (_, reply) =>
      reply.type('text/csv; charset=utf-8').send(permits(await todayOf(house.database.pools.job))),
  )
}

function permits(today: string): string {
  const { units, organisations } = demoCity()
  const source = units[0] as (typeof units)[number]
  const row = (place: number, decided: string): string => {
    const { name, uscc, representative } = organisations[place * 10] as (typeof organisations)[number]
    return `${name},法人及非法人组织,${uscc},,,,,,${representative},,,准予行政许可决定书,示例接口许〔${today.slice(0, 4)}〕${place}号,普通,食品经营许可证,JK${place},预包装食品销售,${decided},${decided},2099/12/31,${source.name},${source.uscc},1,${source.name},${source.uscc},`
  }
  const day = today.replaceAll('-', '/')
  return `${[PERMIT_HEADER, row(1, day), row(2, day), row(3, '不详')].join('\n')}\n`
}
