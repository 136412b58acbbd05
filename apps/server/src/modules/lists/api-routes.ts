import type { ListDefinition } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { publicProblems } from '../../platform/http/problem-schema.ts'
import { Names, Nullable } from '../../platform/http/shapes.ts'
import { tagged } from '../../platform/http/tag.ts'
import type { PublicRecords } from '../records/index.ts'
import type { Lists } from './definitions.ts'

const Basis = Type.Object({ document: Type.String(), article: Type.Optional(Type.String()) })
const LIST_EXAMPLE = {
  code: 'serious-illegal',
  title: { zh: '市场监督管理严重违法失信名单', en: 'Serious illegal dishonesty (market regulation)' },
  class: 'seriousDishonesty',
  authority: { zh: '县级以上市场监督管理部门', en: 'Market regulators' },
  legalBasis: [{ document: '市场监督管理严重违法失信名单管理办法（国家市场监督管理总局令第44号）' }],
  objects: ['organisation', 'publicBody', 'individualBusiness'],
  criteria: [{ zh: '有履行能力但拒不履行处罚决定', en: 'Able to perform a penalty decision and refusing' }],
  termMonths: 36,
  exits: [{ kind: 'expired', words: { zh: '期满自动移出', en: 'Taken off when the term is over' } }],
  publicHere: true,
  site: null,
}
const ENTRY_EXAMPLE = {
  fact: 'sCxjvX_6c7xM0_eTjR7Zlw',
  name: '示例市云岭区澜坞科技有限公司',
  uscc: '91519903MA000EC44F',
  documentNumber: '列决〔2026〕12号',
  authority: '示例市市场监督管理局',
  reason: '有履行能力但拒不履行处罚决定',
  listedOn: '2026-09-10',
  until: '2029-09-10',
}
const List = Type.Object({
  code: Type.String(),
  title: Names,
  class: Type.String({ description: 'seriousDishonesty | watch | abnormal | commendation' }),
  authority: Names,
  legalBasis: Type.Array(Basis),
  objects: Type.Array(Type.String()),
  criteria: Type.Array(Names),
  termMonths: Nullable(Type.Integer()),
  exits: Type.Array(Type.Object({ kind: Type.String(), words: Names })),
  publicHere: Type.Boolean({
    description: 'false: entries are published by the authority itself, or not at all',
  }),
  site: Nullable(Type.Object({ name: Names, url: Type.Optional(Type.String()) })),
})
const Entry = Type.Object({
  fact: Type.String({ description: 'the fact’s public name, for /api/v1/facts/{id}' }),
  name: Type.String(),
  uscc: Nullable(Type.String()),
  documentNumber: Nullable(Type.String()),
  authority: Nullable(Type.String()),
  reason: Type.String(),
  listedOn: Nullable(Type.String()),
  until: Nullable(Type.String({ description: 'the last day on which it is public' })),
})
const Code = Type.Object({
  code: Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$', examples: ['serious-illegal'] }),
})
const Query = Type.Object({
  region: Type.Optional(Type.Integer({ minimum: 100_000, maximum: 999_999, description: 'GB/T 2260' })),
  after: Type.Optional(Type.String({ maxLength: 1200, description: 'the `next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
})

/** The lists and who stands on them, for the public. */
export function listApiRoutes(app: FastifyInstance, lists: Lists, records: PublicRecords): void {
  const tags = ['public']
  app.get(
    '/api/v1/lists',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: '信用名单及其依据 the lists, by which law, and how one gets off',
        response: {
          200: Type.Object({ lists: Type.Array(List) }, { examples: [{ lists: [LIST_EXAMPLE] }] }),
          ...publicProblems,
        },
      },
    },
    async (request, reply) => {
      const today = await records.today()
      return tagged(request, reply, today, { lists: lists.current(today).map(told) })
    },
  )
  app.get<{ Params: Static<typeof Code>; Querystring: Static<typeof Query> }>(
    '/api/v1/lists/:code/entries',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: '名单的在列主体 who stands on a list today, newest first',
        description:
          'No natural person is ever among them: of lists about persons, and of lists that their authority publishes itself, there are none here.',
        params: Code,
        querystring: Query,
        response: {
          200: Type.Object(
            { entries: Type.Array(Entry), next: Type.Optional(Type.String()) },
            { examples: [{ entries: [ENTRY_EXAMPLE] }] },
          ),
          ...publicProblems,
        },
      },
    },
    async (request, reply) => {
      const today = await records.today()
      const list = lists.list(request.params.code, today)
      const { limit, ...filter } = request.query
      const { facts, next } =
        list.publication.where === 'here'
          ? await records.list(lists.itemOf(list, today), { ...filter, limit: limit ?? 20 })
          : { facts: [], next: undefined }
      const entries = facts.map((fact) => ({
        fact: fact.id,
        name: fact.subject.name,
        uscc: fact.subject.uscc,
        documentNumber: fact.documentNumber,
        authority: fact.authority,
        reason: fact.title,
        listedOn: fact.decidedOn,
        until: fact.publicUntil,
      }))
      return tagged(request, reply, today, { entries, ...(next === undefined ? {} : { next }) })
    },
  )
}

function told(list: ListDefinition) {
  return {
    code: list.code,
    title: list.title,
    class: list.class,
    authority: list.authority,
    legalBasis: [...list.legalBasis],
    objects: [...list.objects],
    criteria: list.criteria.map(({ words }) => words),
    termMonths: list.term.months ?? null,
    exits: list.exits.map(({ kind, words }) => ({ kind, words })),
    publicHere: list.publication.where === 'here',
    site: list.publication.site ?? null,
  }
}
