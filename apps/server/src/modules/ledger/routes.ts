import { Readable } from 'node:stream'
import { fromBase64, RIGHTS, type Right } from '@xinheng/core'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { actorOf } from '../../platform/http/access.ts'
import { publicProblems } from '../../platform/http/problem-schema.ts'
import { fileOf } from '../../platform/http/shapes.ts'
import { EntryPage, WholeEntry } from './answers.ts'
import { exportLines } from './export-lines.ts'
import type { PublicLedger } from './heads.ts'
import type { EntryFilter, LedgerSearch } from './search.ts'

const Hash = Type.String({
  description: 'SHA-256, base64',
  examples: ['47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
})
const Size = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Head = Type.Object({
  origin: Type.String(),
  size: Type.Integer(),
  root: Hash,
  signedAt: Type.String(),
  note: Type.String({ description: 'signed note, c2sp.org/tlog-checkpoint' }),
})
const HASH = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
const HEAD = {
  origin: 'xinheng.example/ledger',
  size: 46,
  root: HASH,
  signedAt: '2026-11-25T13:43:00.000Z',
  note: `xinheng.example/ledger\n46\n${HASH}\n`,
}
const tags = ['ledger']
const open = { access: 'public' } as const

/** What anyone may ask, to check that nothing of the past is changed. */
export function publicLedgerRoutes(app: FastifyInstance, ledger: PublicLedger): void {
  app.get(
    '/api/v1/ledger/head',
    {
      config: open,
      schema: {
        tags,
        summary: '最新签名的树头 the newest signed head',
        response: {
          200: Type.Object(
            { head: Head, keys: Type.Array(Type.String()) },
            { examples: [{ head: HEAD, keys: ['xinheng.example/ledger+1a2b3c4d+AQ=='] }] },
          ),
          ...publicProblems,
        },
      },
    },
    async () => ({ head: await ledger.head(), keys: await ledger.keys() }),
  )
  app.get<{ Querystring: { before?: number; limit?: number } }>(
    '/api/v1/ledger/heads',
    {
      config: open,
      schema: {
        tags,
        summary: '历次签名的树头，最新在前 all signed heads, newest first',
        querystring: Type.Object({
          before: Type.Optional(Size),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
        }),
        response: {
          200: Type.Object(
            { heads: Type.Array(Head), next: Type.Optional(Type.Integer()) },
            { examples: [{ heads: [HEAD] }] },
          ),
          ...publicProblems,
        },
      },
    },
    async (request) => {
      const { heads, next } = await ledger.heads(request.query.limit ?? 100, request.query.before)
      return { heads, ...(next === undefined ? {} : { next }) }
    },
  )
  app.get<{ Querystring: { index?: number; hash?: string; size?: number } }>(
    '/api/v1/ledger/proof/inclusion',
    {
      config: open,
      schema: {
        tags,
        summary: '某条目在账本中的证明（RFC 9162 §2.1.3）that an entry stands in the ledger',
        querystring: Type.Object({
          index: Type.Optional(Size),
          hash: Type.Optional(
            Type.String({
              maxLength: 44,
              description: 'of the leaf, base64 or base64url; instead of the index',
            }),
          ),
          size: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
        }),
        response: {
          200: Type.Object(
            {
              index: Type.Integer(),
              size: Type.Integer(),
              leaf: Hash,
              root: Hash,
              proof: Type.Array(Hash),
            },
            { examples: [{ index: 3, size: 46, leaf: HASH, root: HASH, proof: [HASH] }] },
          ),
          ...publicProblems,
        },
      },
    },
    (request) => {
      const { index, hash, size } = request.query
      if (index !== undefined) return ledger.inclusion({ index }, size)
      const bytes = fromBase64(
        (hash ?? '')
          .replaceAll('-', '+')
          .replaceAll('_', '/')
          .replace(/(?<!=)$/, padding(hash)),
      )
      if (bytes?.length !== 32) {
        throw new DomainError('http.invalid', {
          zh: '须给出条目序号 index，或叶哈希 hash（32字节，base64）。',
          en: 'Give the entry’s index, or its leaf’s hash (32 bytes, base64).',
          remedyZh: '对照接口文档改正。',
          remedyEn: 'See the API documentation.',
        })
      }
      return ledger.inclusion({ hash: bytes }, size)
    },
  )
  app.get<{ Querystring: { first: number; second?: number } }>(
    '/api/v1/ledger/proof/consistency',
    {
      config: open,
      schema: {
        tags,
        summary: '较早的账本是较新账本开头的证明（RFC 9162 §2.1.4）that an earlier ledger begins a later one',
        querystring: Type.Object({ first: Size, second: Type.Optional(Size) }),
        response: {
          200: Type.Object(
            {
              first: Type.Integer(),
              second: Type.Integer(),
              firstRoot: Hash,
              secondRoot: Hash,
              proof: Type.Array(Hash),
            },
            { examples: [{ first: 40, second: 46, firstRoot: HASH, secondRoot: HASH, proof: [HASH] }] },
          ),
          ...publicProblems,
        },
      },
    },
    (request) => ledger.consistency(request.query.first, request.query.second),
  )
  app.get<{ Querystring: { from?: number; limit?: number } }>(
    '/api/v1/ledger/entries/hashes',
    {
      config: open,
      schema: {
        tags,
        summary: '各条目的叶哈希，可自行重建整棵树 hashes of all leaves, to rebuild the tree oneself',
        querystring: Type.Object({
          from: Type.Optional(Size),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1000 })),
        }),
        response: {
          200: Type.Object(
            { from: Type.Integer(), hashes: Type.Array(Hash) },
            { examples: [{ from: 0, hashes: [HASH] }] },
          ),
          ...publicProblems,
        },
      },
    },
    (request) => ledger.hashes(request.query.from ?? 0, request.query.limit ?? 1000),
  )
}

/** Base64url leaves out what fills the last four characters. */
function padding(text: string | undefined): string {
  return text === undefined || text.endsWith('=') ? '' : '='.repeat((4 - (text.length % 4)) % 4)
}

const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}(?:T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,6})?)?(?:Z|[+-]\\d{2}:\\d{2}))?$',
  description: 'ISO instant, or a day: its beginning in Asia/Shanghai',
})
const Filter = {
  actor: Type.Optional(Type.String({ maxLength: 200 })),
  account: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  unit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  duty: Type.Optional(Type.String({ pattern: '^[a-z]{1,20}$' })),
  act: Type.Optional(Type.String({ pattern: '^[a-zA-Z][a-zA-Z0-9.-]{0,79}$' })),
  object: Type.Optional(Type.String({ maxLength: 300 })),
  right: Type.Optional(Type.Union(RIGHTS.map((right) => Type.Literal(right)))),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  readings: Type.Optional(Type.Boolean()),
}
interface FilterQuery extends Omit<EntryFilter, 'right'> {
  readonly right?: Right
}
const Paging = {
  before: Type.Optional(Size),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
}

/** What the auditor does with the ledger; each look at it is an entry. */
export function auditorRoutes(app: FastifyInstance, search: LedgerSearch): void {
  app.get<{ Querystring: FilterQuery & { before?: number; limit?: number } }>(
    '/api/console/ledger/entries',
    {
      config: { access: { may: 'ledger.read' } },
      schema: {
        hide: true,
        response: { 200: EntryPage },
        querystring: Type.Object({ ...Filter, ...Paging }, { additionalProperties: false }),
      },
    },
    async (request, reply) => {
      const { before, limit, ...filter } = request.query
      return privately(reply, await search.search(actorOf(request), checked(filter), limit ?? 50, before))
    },
  )
  app.get<{ Params: { index: number } }>(
    '/api/console/ledger/entries/:index',
    {
      config: { access: { may: 'ledger.read' } },
      schema: { hide: true, response: { 200: WholeEntry }, params: Type.Object({ index: Size }) },
    },
    async (request, reply) => privately(reply, await search.entry(actorOf(request), request.params.index)),
  )
  app.get<{ Querystring: FilterQuery; Params: { kind: 'csv' | 'ndjson' } }>(
    '/api/console/ledger/export/:kind',
    {
      config: { access: { may: 'ledger.export', fresh: true } },
      schema: {
        hide: true,
        response: fileOf('text/csv', 'application/x-ndjson'),
        params: Type.Object({ kind: Type.Union([Type.Literal('csv'), Type.Literal('ndjson')]) }),
        querystring: Type.Object(Filter, { additionalProperties: false }),
      },
    },
    (request, reply) => {
      const { kind } = request.params
      const pages = search.export(actorOf(request), checked(request.query))
      reply.header(
        'content-disposition',
        `attachment; filename="ledger-${new Date().toISOString().slice(0, 10)}.${kind}"`,
      )
      reply.type(kind === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
      return reply.header('cache-control', 'no-store').send(Readable.from(exportLines(pages, kind)))
    },
  )
  // The page asks before it leaves the download to the browser, which could only show a refusal.
  app.post(
    '/api/console/ledger/export',
    {
      config: { access: { may: 'ledger.export', fresh: true } },
      schema: { hide: true, response: { 204: Type.Null({ description: 'it may be taken' }) } },
    },
    async (_request, reply) => reply.status(204).send(null),
  )
  // By POST: the number of a document is never in an address.
  app.post<{
    Body: { fact?: string; document?: { type: string; number: string }; before?: number; limit?: number }
  }>(
    '/api/console/ledger/readers',
    {
      config: { access: { may: 'ledger.read' } },
      schema: {
        hide: true,
        response: { 200: EntryPage },
        body: Type.Object(
          {
            fact: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' })),
            document: Type.Optional(
              Type.Object(
                {
                  type: Type.String({ maxLength: 20 }),
                  number: Type.String({ minLength: 4, maxLength: 40 }),
                },
                { additionalProperties: false },
              ),
            ),
            ...Paging,
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const { fact, document, before, limit = 50 } = request.body
      const actor = actorOf(request)
      if ((fact === undefined) === (document === undefined)) {
        throw new DomainError('ledger.readers', {
          zh: '须给出一条信息（fact）或一个证件（document），二者之一。',
          en: 'Name a fact or a document, one of the two.',
          remedyZh: '对照接口文档改正。',
          remedyEn: 'See the API documentation.',
        })
      }
      return privately(
        reply,
        document === undefined
          ? await search.readersOfFact(actor, fact as string, limit, before)
          : await search.readersOfPerson(actor, document, limit, before),
      )
    },
  )
}

function privately<T>(reply: FastifyReply, body: T): T {
  reply.header('cache-control', 'no-store')
  return body
}

/** A pattern lets 30 February through; a day begins in the calendar of the law. */
function checked(filter: FilterQuery): EntryFilter {
  return { ...filter, from: instant(filter.from), to: instant(filter.to) }
}

function instant(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const day = text.slice(0, 10)
  const real = !Number.isNaN(Date.parse(text)) && new Date(day).toISOString().slice(0, 10) === day
  if (!real) {
    throw new DomainError('http.invalid', {
      zh: `没有 ${text} 这个时间。`,
      en: `There is no such time as ${text}.`,
      remedyZh: '改正日期。',
      remedyEn: 'Correct the date.',
    })
  }
  return text.length === 10 ? `${text}T00:00:00+08:00` : text
}
