import { QUALITY_DIMENSIONS } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { QualityLine, QualityReport } from './answers.ts'
import type { Quality } from './service.ts'

const Month = Type.String({ pattern: '^20\\d{2}-(0[1-9]|1[0-2])$' })
const Code = Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$' })
const Report = Type.Object(
  {
    month: Month,
    item: Type.Optional(Code),
    unit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  },
  { additionalProperties: false },
)
const Rows = Type.Object(
  {
    month: Month,
    item: Code,
    unit: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    dimension: Type.Union(QUALITY_DIMENSIONS.map((dimension) => Type.Literal(dimension))),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  },
  { additionalProperties: false },
)

/** Data quality by month, item and unit, and the rows behind each figure. */
export function qualityRoutes(app: FastifyInstance, quality: Quality): void {
  const config = { access: { may: 'quality.read' } } as const
  app.get<{ Querystring: Static<typeof Report> }>(
    '/api/console/quality',
    { config, schema: { hide: true, response: { 200: QualityReport }, querystring: Report } },
    (request) => {
      const { month, item, unit } = request.query
      return quality.report(actorOf(request), month, {
        ...(item === undefined ? {} : { item }),
        ...(unit === undefined ? {} : { unit }),
      })
    },
  )
  app.get<{ Querystring: Static<typeof Rows> }>(
    '/api/console/quality/rows',
    {
      config,
      schema: {
        hide: true,
        response: { 200: Type.Object({ total: Type.Integer(), lines: Type.Array(QualityLine) }) },
        querystring: Rows,
      },
    },
    (request) => {
      const { limit = 50, offset = 0, ...asked } = request.query
      return quality.rows(actorOf(request), asked, { limit, offset })
    },
  )
}
