import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { House } from '../../platform/house.ts'
import { actorOf } from '../../platform/http/access.ts'
import { done, fileOf, Nullable, WORKBOOK } from '../../platform/http/shapes.ts'
import { todayOf } from '../../platform/today.ts'
import { CHECKED_AT_ONCE } from './checking.ts'
import type { Desk } from './desk.ts'
import { fileHeaders } from './file-headers.ts'
import { itemRoutes } from './item-routes.ts'
import type { Handed } from './orders.ts'
import { followProgress } from './progress.ts'
import { MOST_ROWS } from './rejected.ts'
import {
  Checked,
  ClientId,
  DeliveryHead,
  DeliveryNumber,
  DeliveryParams,
  DeliveryPicture,
  Encoding,
  ItemCode,
  Mode,
  Outcome,
  PageQuery,
  ProvenRow,
  problems,
  RejectedPage,
  RowsPage,
  Uuid,
} from './shapes.ts'
import { uploadRoutes } from './upload-routes.ts'

const Cells = Type.Array(Type.String({ maxLength: 100_000 }), { maxItems: 500 })
const NewDelivery = Type.Object(
  {
    item: ItemCode,
    mode: Type.Optional(Mode),
    from: Type.Union([
      Type.Object({ upload: Uuid }, { additionalProperties: false }),
      Type.Object({ pasted: Type.String({ maxLength: 20_000_000 }) }, { additionalProperties: false }),
      Type.Object(
        { header: Cells, rows: Type.Array(Cells, { maxItems: 100_000 }) },
        { additionalProperties: false },
      ),
    ]),
    kind: Type.Optional(
      Type.Union([Type.Literal('file'), Type.Literal('paste'), Type.Literal('form'), Type.Literal('mend')]),
    ),
    sheet: Type.Optional(Type.String({ maxLength: 100 })),
    encoding: Type.Optional(Encoding),
    clientId: Type.Optional(ClientId),
    mends: Type.Optional(DeliveryNumber),
    origins: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 2_147_483_647 }), { maxItems: 100_000 }),
    ),
    draft: Type.Optional(Type.String({ pattern: '^[a-z0-9-]{1,60}$' })),
  },
  { additionalProperties: false },
)
const ListQuery = Type.Object({
  before: Type.Optional(DeliveryNumber),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  item: Type.Optional(ItemCode),
  state: Type.Optional(
    Type.Union([
      Type.Literal('waiting'),
      Type.Literal('processing'),
      Type.Literal('done'),
      Type.Literal('refused'),
    ]),
  ),
  rejected: Type.Optional(Type.Boolean()),
  unit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
})
const CheckBody = Type.Object(
  { item: ItemCode, header: Cells, rows: Type.Array(Cells, { maxItems: CHECKED_AT_ONCE }) },
  { additionalProperties: false },
)
const DraftParams = Type.Object({ key: Type.String({ pattern: '^[a-z0-9-]{1,60}$' }) })
const DraftBody = Type.Object(
  {
    item: ItemCode,
    delivery: Type.Optional(DeliveryNumber),
    content: Type.Unknown(),
    savedBefore: Type.Optional(Type.String({ maxLength: 40 })),
  },
  { additionalProperties: false },
)
const draftHead = {
  key: Type.String(),
  item: Type.String(),
  delivery: Nullable(Type.Integer()),
  bytes: Type.Integer(),
  savedAt: Type.String(),
  expiresAt: Type.String(),
}
const LARGE_BODY = 32 << 20
const DRAFT_BODY = 8 << 20

/** The department's desk: hand in, follow, look at what came back, mend, look back. */
export function deliveryRoutes(app: FastifyInstance, house: House, desk: Desk): void {
  const make = { access: { may: 'delivery.make' } } as const
  const read = { access: { may: 'delivery.read' } } as const
  const hide = true
  const base = '/api/console'
  const today = () => todayOf(house.database.pools.job)
  uploadRoutes(app, `${base}/uploads`, desk.uploads, hide)
  itemRoutes(app, house, desk.catalogue)

  app.post<{ Body: Static<typeof NewDelivery> }>(
    `${base}/deliveries`,
    {
      config: make,
      bodyLimit: LARGE_BODY,
      schema: {
        hide,
        body: NewDelivery,
        response: { 200: DeliveryPicture, 202: DeliveryPicture, ...problems },
      },
    },
    async (request, reply) => {
      const { from, item, mode, kind, ...rest } = request.body
      const handed: Handed = from
      const order = await desk.orders.place(actorOf(request), {
        ...rest,
        item,
        mode: mode ?? 'increment',
        handed,
        kind: kind ?? ('upload' in handed ? 'file' : 'pasted' in handed ? 'paste' : 'form'),
      })
      desk.runner.kick()
      return reply
        .status(order.before ? 200 : 202)
        .header('location', `${base}/deliveries/${order.delivery}`)
        .send(await desk.history.find(actorOf(request), order.delivery))
    },
  )
  app.get<{ Querystring: Static<typeof ListQuery> }>(
    `${base}/deliveries`,
    {
      config: read,
      schema: {
        hide,
        querystring: ListQuery,
        response: {
          200: Type.Object({ deliveries: Type.Array(DeliveryHead), next: Nullable(Type.Integer()) }),
          ...problems,
        },
      },
    },
    async (request) =>
      desk.history.list(actorOf(request), { ...request.query, limit: request.query.limit ?? 50 }),
  )
  app.get<{ Params: { id: number } }>(
    `${base}/deliveries/:id`,
    {
      config: read,
      schema: { hide, params: DeliveryParams, response: { 200: DeliveryPicture, ...problems } },
    },
    async (request) => desk.history.find(actorOf(request), request.params.id),
  )
  app.get<{ Params: { id: number } }>(
    `${base}/deliveries/:id/progress`,
    { config: read, schema: { hide, params: DeliveryParams, response: fileOf('text/event-stream') } },
    async (request, reply) => followProgress(request, reply, desk),
  )
  app.get<{ Params: { id: number }; Querystring: { after?: number; limit?: number } }>(
    `${base}/deliveries/:id/rejected-rows`,
    {
      config: read,
      schema: {
        hide,
        params: DeliveryParams,
        querystring: Type.Object({
          ...PageQuery,
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ROWS, default: 10_000 })),
        }),
        response: { 200: RejectedPage, ...problems },
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const { id } = request.params
      const item = await desk.history.itemOf(actor, id)
      await desk.rejected.recordReading(actor, id, 'page')
      return desk.rejected.page(actor, id, item, desk.catalogue.codeLists(await today()), {
        after: request.query.after ?? 0,
        limit: request.query.limit ?? 10_000,
      })
    },
  )
  for (const kind of ['csv', 'xlsx'] as const) {
    app.get<{ Params: { id: number } }>(
      `${base}/deliveries/:id/rejected-rows.${kind}`,
      {
        config: read,
        schema: {
          hide,
          params: DeliveryParams,
          response: fileOf(kind === 'csv' ? 'text/csv' : WORKBOOK),
        },
      },
      async (request, reply) => {
        const actor = actorOf(request)
        const { id } = request.params
        const item = await desk.history.itemOf(actor, id)
        await desk.rejected.recordReading(actor, id, kind)
        const file = await desk.sheets[kind](actor, id, item, desk.catalogue.codeLists(await today()))
        return reply.headers(fileHeaders(`${item.title.zh}-${id}-退回.${kind}`, kind)).send(file)
      },
    )
  }
  app.get<{
    Params: { id: number }
    Querystring: { after?: number; limit?: number; outcome?: Static<typeof Outcome> }
  }>(
    `${base}/deliveries/:id/rows`,
    {
      config: read,
      schema: {
        hide,
        params: DeliveryParams,
        querystring: Type.Object({
          ...PageQuery,
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5_000, default: 500 })),
          outcome: Type.Optional(Outcome),
        }),
        response: { 200: RowsPage, ...problems },
      },
    },
    async (request) => {
      const { after, limit, outcome } = request.query
      return desk.history.rows(actorOf(request), request.params.id, {
        after: after ?? 0,
        limit: limit ?? 500,
        outcome: outcome as never,
      })
    },
  )
  app.get<{ Params: { id: number; row: number } }>(
    `${base}/deliveries/:id/rows/:row`,
    {
      config: read,
      schema: {
        hide,
        params: Type.Object({ id: DeliveryNumber, row: DeliveryNumber }),
        response: { 200: ProvenRow, ...problems },
      },
    },
    async (request) => desk.proofs.of(actorOf(request), request.params.id, request.params.row),
  )
  app.post<{ Body: Static<typeof CheckBody> }>(
    `${base}/deliveries/check`,
    {
      config: make,
      bodyLimit: LARGE_BODY,
      schema: { hide, body: CheckBody, response: { 200: Checked, ...problems } },
    },
    async (request) => {
      const { item, header, rows } = request.body
      return desk.checking.check(request.signedIn.unitId as number, item, header, rows)
    },
  )

  app.get(
    `${base}/drafts`,
    {
      config: make,
      schema: {
        hide,
        response: { 200: Type.Object({ drafts: Type.Array(Type.Object(draftHead)) }), ...problems },
      },
    },
    async (request) => ({ drafts: await desk.drafts.list(actorOf(request)) }),
  )
  app.get<{ Params: { key: string } }>(
    `${base}/drafts/:key`,
    {
      config: make,
      schema: {
        hide,
        params: DraftParams,
        response: { 200: Type.Object({ ...draftHead, content: Type.Unknown() }), ...problems },
      },
    },
    async (request) => desk.drafts.find(actorOf(request), request.params.key),
  )
  app.put<{ Params: { key: string }; Body: Static<typeof DraftBody> }>(
    `${base}/drafts/:key`,
    {
      config: make,
      bodyLimit: DRAFT_BODY,
      schema: {
        hide,
        params: DraftParams,
        body: DraftBody,
        response: { 200: Type.Object(draftHead), ...problems },
      },
    },
    async (request) => desk.drafts.save(actorOf(request), request.params.key, request.body),
  )
  app.delete<{ Params: { key: string } }>(
    `${base}/drafts/:key`,
    { config: make, schema: { hide, params: DraftParams, response: { ...done, ...problems } } },
    async (request, reply) => {
      await desk.drafts.delete(actorOf(request), request.params.key)
      return reply.status(204).send()
    },
  )
}
