import { isRealDay, standardiseIdentifier } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { type Static, Type } from 'typebox'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { problem, publicProblems } from '../../platform/http/problem-schema.ts'
import { Nullable } from '../../platform/http/shapes.ts'
import { tagged } from '../../platform/http/tag.ts'
import type { Keys } from '../../platform/keys/keys.ts'
import type { Catalogue } from '../catalogue/index.ts'
import type { PublicRecords, PublicWithdrawal } from '../records/index.ts'
import { search } from '../search/index.ts'
import { CATALOGUE_ITEM, FACT, FOUND, NEXT, SUBJECT, VERSION } from './examples.ts'

const Day = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  description: 'ISO day',
  examples: ['2026-01-05'],
})
const Sentence = Type.Object({ zh: Type.String(), en: Type.String() })
const Field = Type.Object({ name: Type.String(), label: Sentence, value: Type.String() })
const Source = Type.Object(
  { receivedOn: Nullable(Type.String()), row: Type.Integer() },
  { description: 'the day on which the file of `sourceUnit` was received, and the row in it' },
)
const Item = Type.Object({
  code: Type.String(),
  title: Sentence,
  catalogueClass: Type.Integer(),
  adverse: Type.Boolean(),
})
const Fact = Type.Object(
  {
    id: Type.String({ description: 'opaque public name of the fact, the same for all its versions' }),
    item: Item,
    subject: Type.Object({ name: Type.String(), uscc: Nullable(Type.String()) }),
    title: Type.String(),
    documentNumber: Nullable(Type.String()),
    decidedOn: Nullable(Type.String()),
    validFrom: Nullable(Type.String()),
    validTo: Nullable(Type.String()),
    publicFrom: Type.String(),
    publicUntil: Nullable(Type.String()),
    rule: Type.String(),
    ruleBasis: Type.String(),
    authority: Nullable(Type.String()),
    sourceUnit: Type.String(),
    recordedAt: Type.String(),
    fields: Type.Array(Field),
    source: Source,
  },
  { examples: [FACT] },
)
const Version = Type.Object({
  recordedFrom: Type.String(),
  recordedTo: Nullable(Type.String()),
  heldFrom: Nullable(Type.String()),
  heldTo: Nullable(Type.String()),
  fields: Type.Array(Field),
  source: Source,
})
const ItemCode = Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$', examples: ['penalty-organisation'] })
const Page = {
  after: Type.Optional(Type.String({ maxLength: 1200, description: 'the `next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
}
const ListQuery = Type.Object({
  item: ItemCode,
  unit: Type.Optional(
    Type.String({
      pattern: '^[0-9A-HJ-NPQRTUWXY]{18}$',
      description: 'unified social credit code of the deciding authority',
      examples: ['11519900MB000001X5'],
    }),
  ),
  region: Type.Optional(Type.Integer({ minimum: 100_000, maximum: 999_999, description: 'GB/T 2260' })),
  category: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'one kind of permit or penalty, as /api/v1/facts/categories gives them',
      examples: ['罚款'],
    }),
  ),
  from: Type.Optional(Day),
  to: Type.Optional(Day),
  ...Page,
})
const SubjectQuery = Type.Object({
  asOf: Type.Optional(Day),
  knownAt: Type.Optional(Day),
  item: Type.Optional(ItemCode),
  after: Page.after,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 100 })),
})

/** Public reads, version 1. The edge translates, and nothing else. */
export function apiRoutes(
  app: FastifyInstance,
  {
    records,
    catalogue,
    portalPool,
    keys,
  }: { records: PublicRecords; catalogue: Catalogue; portalPool: pg.Pool; keys: Keys },
): void {
  const tags = ['public']
  app.get<{ Querystring: { q: string; after?: string } }>(
    '/api/v1/search',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: '按名称、部分名称、拼音首字母或代码查询主体 find subjects',
        querystring: Type.Object({
          q: Type.String({ minLength: 1, maxLength: 100, examples: ['示例市'] }),
          after: Page.after,
        }),
        response: {
          200: Type.Object(
            {
              understoodAs: Type.String(),
              results: Type.Array(
                Type.Object({ name: Type.String(), uscc: Nullable(Type.String()), current: Type.Boolean() }),
              ),
              next: Type.Optional(Type.String()),
            },
            { examples: [FOUND] },
          ),
          ...publicProblems,
        },
      },
    },
    async (request, reply) => {
      const { understoodAs, results, next } = await search(portalPool, request.query.q, {
        limit: 20,
        after: request.query.after === undefined ? undefined : (keys.unveil(request.query.after) ?? ''),
      })
      return tagged(request, reply, await records.today(), {
        understoodAs,
        results: results.map(({ name, uscc, current }) => ({ name, uscc, current })),
        ...(next === undefined ? {} : { next: keys.veil(next) }),
      })
    },
  )
  app.get<{ Params: { uscc: string }; Querystring: Static<typeof SubjectQuery> }>(
    '/api/v1/subjects/:uscc',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: '一个主体公示的信息 what is public of a subject',
        description:
          'Facts come by item, newest decision first, up to `limit` at a time; `counts` tells of how many there are in all. ' +
          'While `next` is there, ask again with it as `after` and the rest of the question unchanged.',
        params: Type.Object({
          uscc: Type.String({ minLength: 18, maxLength: 18, examples: [FACT.subject.uscc] }),
        }),
        querystring: SubjectQuery,
        response: {
          200: Type.Object(
            {
              name: Type.String(),
              uscc: Nullable(Type.String()),
              kind: Type.String(),
              region: Nullable(Type.String()),
              registered: Type.Boolean(),
              formerNames: Type.Array(Type.String()),
              formerCodes: Type.Array(Type.String(), {
                description: 'codes of subjects that were found to be this one; each leads here',
              }),
              counts: Type.Array(Type.Object({ item: Item, facts: Type.Integer() })),
              facts: Type.Array(Fact),
              next: Type.Optional(Type.String()),
            },
            { examples: [SUBJECT] },
          ),
          ...publicProblems,
        },
      },
    },
    async (request, reply) => {
      const { asOf, knownAt, ...page } = request.query
      checkDays(asOf, knownAt)
      const subject = await records.subject(standardiseIdentifier(request.params.uscc).value ?? '', {
        ...page,
        asOf,
        knownAt: knownAt === undefined ? undefined : `${knownAt} 24:00:00+08`,
      })
      if (subject === undefined) throw unknownThing()
      return tagged(request, reply, await records.today(), subject)
    },
  )
  app.get<{ Querystring: Static<typeof ListQuery> }>(
    '/api/v1/facts',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: '一类信息的公示列表 public facts of one item, newest first',
        querystring: ListQuery,
        response: {
          200: Type.Object(
            { facts: Type.Array(Fact), next: Type.Optional(Type.String()) },
            { examples: [{ facts: [FACT], next: NEXT }] },
          ),
          ...publicProblems,
        },
      },
    },
    async (request, reply) => {
      const { item, limit, ...filter } = request.query
      checkDays(filter.from, filter.to)
      const today = await records.today()
      const { facts, next } = await records.list(catalogue.item(item, today), {
        ...filter,
        limit: limit ?? 20,
      })
      return tagged(request, reply, today, { facts, ...(next === undefined ? {} : { next }) })
    },
  )
  app.get<{ Querystring: { item: string } }>(
    '/api/v1/facts/categories',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary:
          '一类信息下的许可、处罚类别及条数 kinds of permit or penalty, with how many facts are of each',
        description:
          'A fact of several kinds counts for each of them. The counts are at most a few minutes old.',
        querystring: Type.Object({ item: ItemCode }),
        response: {
          200: Type.Object(
            {
              categories: Type.Array(
                Type.Object({ category: Type.String(), facts: Type.Union([Type.Integer(), Type.Null()]) }),
              ),
            },
            {
              examples: [
                {
                  categories: [
                    { category: '警告', facts: 12 },
                    { category: '罚款', facts: 3480 },
                  ],
                },
              ],
            },
          ),
          ...publicProblems,
        },
      },
    },
    async (request, reply) => {
      const today = await records.today()
      const item = catalogue.item(request.query.item, today)
      return tagged(request, reply, today, { categories: await records.categories(item, true) })
    },
  )
  app.get<{ Params: { id: string } }>(
    '/api/v1/facts/:id',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: '一条信息及其历史版本 a fact with its versions',
        params: Type.Object({ id: Type.String({ maxLength: 40, examples: [FACT.id] }) }),
        response: {
          200: Type.Object(
            { fact: Fact, versions: Type.Array(Version) },
            { examples: [{ fact: FACT, versions: [VERSION] }] },
          ),
          410: problem('撤回的信息及理由 taken back, and why'),
          ...publicProblems,
        },
      },
    },
    async (request, reply) => {
      const found = await records.fact(request.params.id)
      if (found === undefined) {
        const withdrawal = await records.withdrawal(request.params.id)
        throw withdrawal === undefined ? unknownThing() : takenBack(withdrawal)
      }
      return tagged(request, reply, await records.today(), found)
    },
  )
  app.get(
    '/api/v1/catalogue',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: '归集目录 the catalogue',
        response: {
          200: Type.Object(
            {
              items: Type.Array(
                Type.Object({
                  code: Type.String(),
                  version: Type.Integer(),
                  title: Sentence,
                  catalogueClass: Type.Integer(),
                  sharing: Type.String(),
                  adverse: Type.Boolean(),
                }),
              ),
            },
            { examples: [{ items: [CATALOGUE_ITEM] }] },
          ),
          ...publicProblems,
        },
      },
    },
    async (request, reply) => {
      const today = await records.today()
      const items = catalogue
        .items(today)
        .map(({ code, version, title, catalogueClass, sharing, adverse }) => ({
          code,
          version,
          title,
          catalogueClass,
          sharing,
          adverse,
        }))
      return tagged(request, reply, today, { items })
    },
  )
}

/** Why a decision that was public no longer is (行政处罚法 Art. 48). */
const TAKEN_BACK: Readonly<Record<PublicWithdrawal['reason'], { zh: string; en: string }>> = {
  revoked: { zh: '该决定已被依法撤销', en: 'The decision was revoked' },
  changed: { zh: '该决定已被依法变更', en: 'The decision was changed' },
  heldUnlawful: { zh: '该决定已被依法确认违法或无效', en: 'The decision was held unlawful or void' },
}

function takenBack({ reason, ground, unit, withdrawnOn }: PublicWithdrawal): DomainError {
  const by = unit === undefined ? '' : `${unit}`
  return new DomainError('record.withdrawn', {
    zh: `${TAKEN_BACK[reason].zh}，${by}已于${withdrawnOn}撤回公示。${ground === undefined ? '' : `理由：${ground}。`}`,
    en: `${TAKEN_BACK[reason].en}; it was taken back on ${withdrawnOn}.`,
    remedyZh: '请删除或更新您保存的副本。',
    remedyEn: 'Delete or update the copies that you keep.',
    status: 410,
  })
}

function unknownThing(): DomainError {
  return new DomainError('record.unknown', {
    zh: '没有这个主体或信息，或其公示期已满。',
    en: 'There is no such subject or fact, or its publication has ended.',
    remedyZh: '核对代码或链接。',
    remedyEn: 'Check the code or link.',
    status: 404,
  })
}

/** A pattern lets 30 February through; the calendar does not. */
function checkDays(...days: (string | undefined)[]): void {
  for (const day of days) {
    if (day !== undefined && !isRealDay(day)) {
      throw new DomainError('http.invalid', {
        zh: `没有${day}这一天。`,
        en: `There is no day ${day}.`,
        status: 400,
      })
    }
  }
}
