import type { WorkingCalendar } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import type { House } from '../../platform/house.ts'
import type { JobKind } from '../../platform/jobs/index.ts'
import type { Resolve } from '../../platform/outbound/index.ts'
import type { Approvals } from '../approvals/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { ReplyKey } from '../clients/index.ts'
import { Announcer } from './announcer.ts'
import { Courier } from './courier.ts'
import { Desk } from './desk.ts'
import { Exchange } from './exchange.ts'
import { pushMachineRoutes } from './machine-routes.ts'
import { Messages } from './message.ts'
import { WidgetOrigins } from './origins.ts'
import { type PushParts, pushRoutes } from './routes.ts'
import { Subscriptions } from './subscriptions.ts'
import { PushWork } from './work.ts'

export type { PushParts } from './routes.ts'

export interface Push extends PushParts {
  readonly work: PushWork
  readonly jobKinds: readonly JobKind[]
}

export interface PushOptions {
  /** The demo: systems on this machine may be called, and embed. */
  readonly loopback: boolean
  readonly resolve?: Resolve
  readonly timeoutMs?: number
  readonly chance?: () => number
}

/** Push, recognition between cities and sites that embed, wired. */
export function openPush(
  house: House,
  catalogue: Catalogue,
  approvals: Approvals,
  calendar: () => Promise<WorkingCalendar>,
  options: PushOptions,
): Push {
  const { loopback, ...calls } = options
  const allowed = [...house.settings.webhookAllowed, ...(loopback ? ['127.0.0.0/8', 'localhost', '::1'] : [])]
  const signer = new ReplyKey(house.keys)
  const messages = new Messages(house.keys, signer)
  const work = new PushWork(house, {
    announcer: new Announcer(catalogue),
    courier: new Courier(messages, signer, { allowed, ...calls }),
    messages,
    calendar,
  })
  return {
    subscriptions: new Subscriptions(house, catalogue, approvals, messages, {
      allowed,
      resolve: options.resolve,
    }),
    desk: new Desk(house, messages),
    exchange: new Exchange(house, catalogue),
    origins: new WidgetOrigins(house, approvals, { loopback }),
    work,
    jobKinds: [
      {
        name: 'push.watch-endings',
        zh: '检查撤下消息是否当日签收',
        en: 'Look for endings that a receiver has not acknowledged in time',
        schedule: '*/10 * * * *',
        ids: [],
        retries: 1,
        retryDelaySeconds: 60,
        expireSeconds: 600,
        run: async () => ({ raised: await work.watchEndings() }),
      },
      {
        name: 'push.stand-foreign',
        zh: '按协议重新核对外市名单信息',
        en: 'Compare other cities’ entries with the agreements that they rest on',
        schedule: '0 0 * * *',
        ids: [],
        retries: 3,
        retryDelaySeconds: 60,
        expireSeconds: 600,
        async run() {
          const { rows } = await house.database.pools.job.query(
            'SELECT xh.stand_foreign(NULL, NULL) AS changed',
          )
          return { changed: rows[0].changed }
        },
      },
    ],
  }
}

export function openPushRoutes(app: FastifyInstance, push: Push): void {
  pushRoutes(app, push)
  pushMachineRoutes(app, push)
}
