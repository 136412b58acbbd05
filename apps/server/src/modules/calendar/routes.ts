import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { Nullable, proposed } from '../../platform/http/shapes.ts'
import { AnnouncedYear, YearNotice } from './answers.ts'
import type { Calendars } from './service.ts'

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const Notice = Type.Object(
  {
    year: Type.Integer({ minimum: 2020, maximum: 2099 }),
    document: Type.String({ minLength: 2, maxLength: 200 }),
    holidays: Type.Array(Day, { minItems: 1, maxItems: 100 }),
    makeUpDays: Type.Array(Day, { maxItems: 40 }),
  },
  { additionalProperties: false },
)
const From = Type.Object({ from: Type.Integer({ minimum: 2004, maximum: 2099 }) })

/** Holidays of the years: read by everybody signed in, entered by the centre. */
export function calendarRoutes(app: FastifyInstance, calendars: Calendars): void {
  const hide = true
  app.get<{ Querystring: Static<typeof From> }>(
    '/api/console/calendar',
    {
      schema: {
        hide,
        response: {
          200: Type.Object({
            years: Type.Array(Type.Object({ year: Type.Integer(), notice: Nullable(AnnouncedYear) })),
            notices: Type.Array(YearNotice),
          }),
        },
        querystring: From,
      },
      config: { access: 'signedIn' },
    },
    async (request) => ({
      years: await calendars.years(request.query.from, 3),
      notices: await calendars.notices(),
    }),
  )
  app.post<{ Body: Static<typeof Notice> }>(
    '/api/console/calendar',
    {
      schema: { response: proposed, hide, body: Notice },
      config: { access: { may: 'calendar.keep' } },
    },
    async (request, reply) => {
      reply.status(201)
      return { approval: await calendars.propose(actorOf(request), request.body) }
    },
  )
}
