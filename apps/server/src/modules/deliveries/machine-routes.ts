import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type CatalogueItem, describeFinding, type Finding, headerMatcher } from '@xinheng/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { PROJECT } from '../../platform/config/settings.ts'
import type { Actor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { actorOf } from '../../platform/http/access.ts'
import { Nullable } from '../../platform/http/shapes.ts'
import { todayOf } from '../../platform/today.ts'
import type { Desk } from './desk.ts'
import type { DeliveryPicture as Picture } from './history.ts'
import type { Order } from './orders.ts'
import {
  ClientId,
  DeliveryNumber,
  DeliveryParams,
  DeliveryPicture,
  Encoding,
  ItemCode,
  Mode,
  PageQuery,
  problems,
  Sentence,
  Uuid,
} from './shapes.ts'
import { uploadRoutes } from './upload-routes.ts'
import { LARGEST_UPLOAD } from './uploads.ts'

const NewDelivery = Type.Object({
  item: ItemCode,
  mode: Type.Optional(Mode),
  sheet: Type.Optional(Type.String({ maxLength: 100 })),
  encoding: Type.Optional(Encoding),
  fileName: Type.Optional(Type.String({ maxLength: 200, examples: ['permits.csv'] })),
  mends: Type.Optional(DeliveryNumber),
  upload: Type.Optional(Uuid),
})
const Key = Type.Object({ 'idempotency-key': Type.Optional(ClientId) })
const RejectedRow = Type.Object({
  row: Type.Integer({ description: 'running number in the delivery' }),
  place: Type.Integer({ description: 'line or sheet row of the file' }),
  cells: Type.Record(Type.String(), Type.String(), { description: 'as delivered, by header' }),
  faults: Type.Array(
    Type.Object({
      code: Type.String(),
      field: Nullable(Type.String()),
      header: Nullable(Type.String()),
      message: Sentence,
      remedy: Sentence,
      suggestion: Type.Optional(Type.String({ description: 'certainly the right value' })),
    }),
  ),
})
const RejectedRows = Type.Object({ rows: Type.Array(RejectedRow), next: Nullable(Type.Integer()) })
const FORMATS = ['json', 'ndjson', 'csv'] as const
const ROWS_A_PAGE = 1_000

/** Examples that the documentation shows are the very files that a test runs. */
const EXAMPLES = [
  ['TypeScript', 'ts', 'deliver.ts'],
  ['Java 17', 'java', 'Deliver.java'],
  ['Python 3', 'python', 'deliver.py'],
  ['curl + openssl', 'sh', 'deliver.sh'],
] as const

function description(): string {
  const examples = EXAMPLES.map(([title, language, file]) => {
    const text = readFileSync(join(PROJECT, 'docs/examples', file), 'utf8')
    return `<details><summary>${title} — docs/examples/${file}</summary>\n\n\`\`\`${language}\n${text}\`\`\`\n\n</details>`
  })
  return `请求体即文件本身（CSV、TSV、XLSX、XLS、JSON、NDJSON 或其 ZIP，至多2GiB），按流接收；大文件可先用 \`/api/v1/uploads\` 分块上传，再以 \`upload\` 引用。
请求须签名；\`Idempotency-Key\` 是报送方自己的批次号：同号同内容返回首次结果，同号不同内容返回 409。
202 表示已落盘、排队处理：用 \`Location\` 查询状态直至 \`done\` 或 \`refused\`，再取退回的行。

The body is the file itself, received as a stream. Requests are signed. \`Idempotency-Key\` is your own number of the
delivery: the same number with the same content is the first delivery, with other content it is 409. After 202 ask at
\`Location\` until the state is \`done\` or \`refused\`, then fetch the rejected rows.

${examples.join('\n\n')}`
}

/** Deliveries by a department's own software: signed, streamed, repeatable. */
export function machineRoutes(app: FastifyInstance, house: House, desk: Desk): void {
  const make = { access: { may: 'delivery.make' } } as const
  const read = { access: { may: 'delivery.read' } } as const
  const tags = ['deliveries']
  const base = '/api/v1/deliveries'
  uploadRoutes(app, '/api/v1/uploads', desk.uploads, false)

  void app.register(async (scope) => {
    // Whatever its type says: the body is a file, and what kind of file is found out by reading it.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    scope.post<{ Querystring: Static<typeof NewDelivery>; Headers: Static<typeof Key> }>(
      base,
      {
        config: make,
        bodyLimit: LARGEST_UPLOAD,
        schema: {
          tags,
          summary: '报送一个文件 deliver a file',
          description: description(),
          querystring: NewDelivery,
          headers: Key,
          response: { 200: DeliveryPicture, 202: DeliveryPicture, ...problems },
        },
      },
      async (request, reply) => {
        const actor = actorOf(request)
        const order = await placed(request, actor, desk)
        desk.runner.kick()
        return reply
          .status(order.before ? 200 : 202)
          .header('location', `${base}/${order.delivery}`)
          .send(await desk.history.find(actor, order.delivery))
      },
    )
  })

  app.get<{ Params: { id: number } }>(
    `${base}/:id`,
    {
      config: read,
      schema: {
        tags,
        summary: '一次报送的状态与结果 state and outcome of a delivery',
        params: DeliveryParams,
        response: { 200: DeliveryPicture, ...problems },
      },
    },
    async (request): Promise<Picture> => desk.history.find(actorOf(request), request.params.id),
  )
  app.get<{
    Params: { id: number }
    Querystring: { after?: number; limit?: number; format?: (typeof FORMATS)[number] }
  }>(
    `${base}/:id/rejected-rows`,
    {
      config: read,
      schema: {
        tags,
        summary: '退回的行及其问题 rejected rows with every fault',
        description:
          'format=json: a page (after, limit); ndjson: all rows, one a line; csv: all rows, fit to be mended and delivered again.',
        params: DeliveryParams,
        querystring: Type.Object({
          ...PageQuery,
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: ROWS_A_PAGE, default: ROWS_A_PAGE })),
          format: Type.Optional(Type.Union(FORMATS.map((format) => Type.Literal(format)))),
        }),
        response: {
          200: {
            content: {
              'application/json': { schema: RejectedRows },
              'application/x-ndjson': { schema: Type.String() },
              'text/csv': { schema: Type.String() },
            },
          },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { id } = request.params
      const { after, limit, format } = request.query
      const item = await desk.history.itemOf(actor, id)
      await desk.rejected.recordReading(actor, id, format ?? 'json')
      if (format === 'csv') {
        const lists = desk.catalogue.codeLists(await todayOf(house.database.pools.job))
        return reply.type('text/csv; charset=utf-8').send(await desk.sheets.csv(actor, id, item, lists))
      }
      const told = describer(item)
      if (format === 'ndjson')
        return reply.type('application/x-ndjson').send(
          Readable.from(
            (async function* () {
              for await (const row of desk.rejected.shown(actor, id, item, after ?? 0))
                yield `${JSON.stringify(told(row))}\n`
            })(),
          ),
        )
      const rows: Static<typeof RejectedRow>[] = []
      let next: number | null = null
      for await (const row of desk.rejected.shown(actor, id, item, after ?? 0)) {
        if (rows.length === (limit ?? ROWS_A_PAGE)) {
          next = rows.at(-1)?.row ?? null
          break
        }
        rows.push(told(row))
      }
      return reply.type('application/json').send({ rows, next })
    },
  )
}

async function placed(
  request: FastifyRequest<{ Querystring: Static<typeof NewDelivery>; Headers: Static<typeof Key> }>,
  actor: Actor,
  desk: Desk,
): Promise<Order> {
  const { item, mode, sheet, encoding, fileName, mends, upload } = request.query
  const clientId = request.headers['idempotency-key']
  if (clientId === undefined)
    throw new DomainError('delivery.key-needed', {
      zh: '缺少 Idempotency-Key 请求头。',
      en: 'The header Idempotency-Key is missing.',
      remedyZh: '填写报送方自己的批次号；重试时不变。',
      remedyEn: 'Give your own number of the delivery, and keep it when you try again.',
    })
  await desk.orders.mayDeliver(actor, item)
  const common = {
    item,
    mode: mode ?? 'increment',
    sheet,
    encoding,
    clientId,
    mends,
    kind: 'machine',
  } as const
  if (upload !== undefined) return desk.orders.place(actor, { ...common, handed: { upload } })
  if (!(request.body instanceof Readable))
    throw new DomainError('upload.size', {
      zh: '请求体为空。',
      en: 'The request has no body.',
      remedyZh: '请求体应为要报送的文件，或用 upload 引用已上传的文件。',
      remedyEn: 'The body is the file to deliver; or name an upload.',
      status: 400,
    })
  const kept = await desk.uploads.keepStream(request.body)
  return desk.orders.place(actor, { ...common, fileName, handed: { kept } })
}

function describer(item: CatalogueItem) {
  const match = headerMatcher(item)
  const headerOf = new Map<readonly string[], Map<string, string>>()
  return (row: {
    row: number
    place: number
    header: readonly string[]
    cells: readonly string[]
    findings: readonly Finding[]
  }): Static<typeof RejectedRow> => {
    let known = headerOf.get(row.header)
    if (known === undefined) {
      known = new Map()
      const { fieldOf } = match(row.header)
      for (const [column, field] of [...fieldOf].entries())
        if (field >= 0) known.set(item.fields[field]?.name as string, row.header[column] as string)
      headerOf.set(row.header, known)
    }
    const headers = known
    return {
      row: row.row,
      place: row.place,
      cells: Object.fromEntries(row.header.map((title, column) => [title, row.cells[column] ?? ''])),
      faults: row.findings.map((finding) => {
        const { suggestion, ...plain } = finding
        const secret = item.fields.find((field) => field.name === finding.field)?.visibility === 'secret'
        return {
          code: finding.code,
          field: finding.field ?? null,
          header: headers.get(finding.field ?? '') ?? null,
          ...describeFinding(plain, item),
          ...(suggestion === undefined || secret ? {} : { suggestion }),
        }
      }),
    }
  }
}
