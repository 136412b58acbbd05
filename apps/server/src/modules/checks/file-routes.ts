import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { fileOf, problems, Text, Uuid, WORKBOOK } from '../../platform/http/shapes.ts'
import type { ChecksByFile } from './by-file.ts'

const LARGEST_FILE = 5 << 20
const Order = Type.Object({
  matter: Type.String({ pattern: '^[0-9A-Za-z][0-9A-Za-z-]{3,39}$' }),
  purpose: Text(200, 2),
  caseNumber: Text(100),
  fileName: Type.Optional(Text(200)),
})
const ById = Type.Object({ id: Uuid })
const ByFormat = Type.Object({ id: Uuid, format: Type.Union([Type.Literal('xlsx'), Type.Literal('csv')]) })
const Progress = Type.Object({
  id: Type.String(),
  fileName: Type.String(),
  matter: Type.String(),
  state: Type.Union([Type.Literal('running'), Type.Literal('done'), Type.Literal('failed')]),
  rows: Type.Integer(),
  done: Type.Integer(),
  counts: Type.Record(Type.String(), Type.Integer()),
  begunAt: Type.String(),
})
const TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
} as const

/** A spreadsheet of applicants in, the answers out: for systems by signature, for officers in the console. */
export function fileRoutes(app: FastifyInstance, files: ChecksByFile): void {
  for (const [prefix, tag] of [
    ['/api/v1', 'machine'],
    ['/api/console', 'joint action'],
  ] as const) {
    const tags = [tag]
    // A scope of its own: whole files are read here and nowhere else.
    app.register(async (scope) => {
      scope.addContentTypeParser(
        'application/octet-stream',
        { parseAs: 'buffer', bodyLimit: LARGEST_FILE },
        (_, body, done) => done(null, body),
      )
      scope.post<{ Querystring: Static<typeof Order>; Body: Buffer }>(
        `${prefix}/screenings`,
        {
          bodyLimit: LARGEST_FILE,
          config: { access: { may: 'check.ask' } },
          schema: {
            tags,
            summary:
              '批量核查：上传申请人名单（CSV、XLSX，至多500行） check a file of applicants: CSV or XLSX, 500 rows at most',
            consumes: ['application/octet-stream'],
            querystring: Order,
            response: { 202: Type.Object({ id: Type.String(), rows: Type.Integer() }), ...problems },
          },
        },
        async (request, reply) => {
          const { fileName = '申请人名单', ...order } = request.query
          const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
          return reply.status(202).send(await files.begin(actorOf(request), { ...order, fileName }, bytes))
        },
      )
    })

    app.get(
      `${prefix}/screenings`,
      {
        config: { access: { may: 'check.ask' } },
        schema: {
          tags,
          summary: '本单位的批量核查 the unit’s files',
          response: { 200: Type.Object({ screenings: Type.Array(Progress) }), ...problems },
        },
      },
      async (request) => ({ screenings: await files.list(actorOf(request)) }),
    )

    app.get<{ Params: Static<typeof ById> }>(
      `${prefix}/screenings/:id`,
      {
        config: { access: { may: 'check.ask' } },
        schema: {
          tags,
          summary: '进度 how far it is',
          params: ById,
          response: { 200: Progress, ...problems },
        },
      },
      async (request) => files.progress(actorOf(request), request.params.id),
    )

    app.get<{ Params: Static<typeof ByFormat> }>(
      `${prefix}/screenings/:id/answers/:format`,
      {
        config: { access: { may: 'check.ask' } },
        schema: {
          tags,
          summary: '下载核查结果 the answers as a file',
          params: ByFormat,
          response: { ...fileOf(WORKBOOK, 'text/csv'), ...problems },
        },
      },
      async (request, reply) => {
        const { id, format } = request.params
        const { name, bytes } = await files.answers(actorOf(request), id, format)
        return reply
          .header('cache-control', 'no-store')
          .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
          .type(TYPES[format])
          .send(bytes)
      },
    )
  }
}
