import { GROUND_KINDS } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { publicProblems } from '../../platform/http/problem-schema.ts'
import { Names, Nullable } from '../../platform/http/shapes.ts'
import { tagged } from '../../platform/http/tag.ts'
import type { PublicRecords } from '../records/index.ts'
import type { PublicIncentives } from './service.ts'

const GREEN_CHANNEL = {
  code: 'r1-green-channel',
  title: { zh: '行政审批绿色通道、容缺受理', en: 'Green channel: papers may follow' },
}
const INCENTIVE_EXAMPLE = {
  ...GREEN_CHANNEL,
  matters: 1,
  grounds: [
    {
      kind: 'centralDocument' as const,
      law: '国务院关于建立完善守信联合激励和失信联合惩戒制度加快推进社会诚信建设的指导意见（国发〔2016〕33号）',
      article: '二（五）',
      lists: ['class-a-taxpayer', 'customs-aeo', 'honour'],
      from: '2016-05-30',
      until: null,
    },
  ],
}
const MATTER_EXAMPLE = {
  matter: { code: '11519900MB00000262001900001000', name: '建筑业企业资质许可', kind: '行政许可' },
  unit: { uscc: '11519900MB00000262', name: '示例市住房和城乡建设局' },
  measure: GREEN_CHANNEL,
  lists: ['class-a-taxpayer', 'customs-aeo', 'honour'],
  since: '2026-11-02',
  promised: 12,
  granted: 9,
  notGranted: 1,
}
const Incentive = Type.Object({
  code: Type.String(),
  title: Names,
  matters: Type.Integer({ description: 'matters at which a unit applies it today' }),
  grounds: Type.Array(
    Type.Object({
      kind: Type.Union(
        GROUND_KINDS.map((kind) => Type.Literal(kind)),
        { description: 'promise: a published promise; the others: laws and documents of policy' },
      ),
      law: Type.String({ description: 'full name of the law, or of the document that promises it' }),
      article: Type.String(),
      lists: Type.Array(Type.String(), { description: 'codes of the lists, see /api/v1/lists' }),
      from: Type.String(),
      until: Nullable(Type.String({ description: 'the last day in force' })),
    }),
  ),
})
const Day = Type.String({ description: 'ISO day' })
const AtMatter = Type.Object({
  matter: Type.Object({ code: Type.String(), name: Type.String(), kind: Type.String() }),
  unit: Type.Object({ uscc: Type.String(), name: Type.String() }),
  measure: Type.Object({ code: Type.String(), title: Names }),
  lists: Type.Array(Type.String()),
  since: Day,
  promised: Type.Integer({ description: 'checks of organisations that were answered with this incentive' }),
  granted: Type.Integer({ description: 'of those: the unit has told that it was granted' }),
  notGranted: Type.Integer({
    description:
      'of those: the unit has told that it was not; what is missing to `promised` was not told yet',
  }),
})
const Code = Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$' })
const Query = Type.Object({
  list: Type.Optional(
    Type.String({ ...Code, description: 'code of a list', examples: ['class-a-taxpayer'] }),
  ),
  measure: Type.Optional(Code),
  unit: Type.Optional(
    Type.String({
      pattern: '^[0-9A-HJ-NPQRTUWXY]{18}$',
      description: 'unified social credit code of the unit that applies it',
    }),
  ),
  matter: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'a part of the matter’s name, or its code' }),
  ),
  after: Type.Optional(Type.String({ maxLength: 1200, description: 'the `next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
})

/** What commendations bring, and what was really granted, for the public. */
export function incentiveApiRoutes(
  app: FastifyInstance,
  incentives: PublicIncentives,
  records: PublicRecords,
): void {
  const tags = ['public']
  app.get(
    '/api/v1/incentives',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: '守信激励措施及其依据 what commendations bring, by which law or promise',
        response: {
          200: Type.Object(
            { incentives: Type.Array(Incentive) },
            { examples: [{ incentives: [INCENTIVE_EXAMPLE] }] },
          ),
          ...publicProblems,
        },
      },
    },
    async (request, reply) =>
      tagged(request, reply, await records.today(), {
        incentives: (await incentives.incentives()).map(({ grounds, ...one }) => ({
          ...one,
          grounds: grounds.map((ground) => ({ ...ground, lists: [...ground.lists] })),
        })),
      }),
  )
  app.get<{ Querystring: Static<typeof Query> }>(
    '/api/v1/incentives/matters',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: '适用激励措施的事项和兑现情况 where incentives are applied, and how often they were granted',
        description:
          'Under subscriptions in force today, by the matter’s code. Counts are of the year that ends today and of organisations alone: no natural person and no individual business is ever among them, and no applicant is named.',
        querystring: Query,
        response: {
          200: Type.Object(
            {
              period: Type.Object({ from: Day, to: Day }),
              matters: Type.Array(AtMatter),
              next: Type.Optional(Type.String()),
            },
            {
              examples: [{ period: { from: '2025-11-24', to: '2026-11-24' }, matters: [MATTER_EXAMPLE] }],
            },
          ),
          ...publicProblems,
        },
      },
    },
    async (request, reply) => {
      const today = await records.today()
      const { limit, matter, ...rest } = request.query
      const { period, matters, next } = await incentives.matters(today, {
        ...rest,
        text: matter,
        limit: limit ?? 20,
      })
      return tagged(request, reply, today, {
        period,
        matters: matters.map((one) => ({ ...one, lists: [...one.lists] })),
        ...(next === undefined ? {} : { next }),
      })
    },
  )
}
