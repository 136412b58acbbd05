import { PUBLICITY_FIGURES } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { fileOf, WORKBOOK } from '../../platform/http/shapes.ts'
import { Board, BoardRows } from './answers.ts'
import type { Boards } from './service.ts'
import { boardWorkbook } from './workbook.ts'

const Day = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' })
const PERIOD = {
  from: Day,
  to: Day,
  /** Codes of items, joined by commas. */
  items: Type.Optional(Type.String({ maxLength: 400, pattern: '^[a-z0-9,-]*$' })),
}
const Period = Type.Object(PERIOD, { additionalProperties: false })
const Rows = Type.Object(
  {
    ...PERIOD,
    unit: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    figure: Type.Union(PUBLICITY_FIGURES.map((figure) => Type.Literal(figure))),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  },
  { additionalProperties: false },
)

function asked({ from, to, items }: Static<typeof Period>) {
  return { from, to, items: items === undefined || items === '' ? [] : items.split(',') }
}

/** The double-publicity board, its rows and its workbook. */
export function boardRoutes(app: FastifyInstance, boards: Boards, city: string): void {
  app.get<{ Querystring: Static<typeof Period> }>(
    '/api/console/board',
    {
      config: { access: { may: 'board.read' } },
      schema: { hide: true, response: { 200: Board }, querystring: Period },
    },
    (request) => boards.board(actorOf(request), asked(request.query)),
  )
  app.get<{ Querystring: Static<typeof Rows> }>(
    '/api/console/board/rows',
    {
      config: { access: { may: 'board.read' } },
      schema: { hide: true, response: { 200: BoardRows }, querystring: Rows },
    },
    (request) => {
      const { unit, figure, limit = 50, offset = 0 } = request.query
      return boards.rows(actorOf(request), { ...asked(request.query), unit, figure }, { limit, offset })
    },
  )
  app.get<{ Querystring: Static<typeof Period> }>(
    '/api/console/board/workbook',
    {
      config: { access: { may: 'board.read' } },
      schema: { hide: true, querystring: Period, response: fileOf(WORKBOOK) },
    },
    async (request, reply) => {
      const board = await boards.board(actorOf(request), asked(request.query))
      const book = await boardWorkbook(board, city)
      return reply
        .type(WORKBOOK)
        .header(
          'content-disposition',
          `attachment; filename="double-publicity-${board.from}-${board.to}.xlsx"`,
        )
        .send(book)
    },
  )
}
