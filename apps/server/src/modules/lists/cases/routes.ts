import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../../platform/http/access.ts'
import { Body, done, fileOf, Names, Nullable, Uuid } from '../../../platform/http/shapes.ts'
import type { CaseEntry } from './entry.ts'
import type { ListingCases } from './service.ts'

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const Words = Type.String({ minLength: 2, maxLength: 1000 })
const Id = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
const Code = Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$' })
const ExitKind = Type.Union([
  Type.Literal('expired'),
  Type.Literal('repaired'),
  Type.Literal('revoked'),
  Type.Literal('deregistered'),
])
const Head = {
  id: Type.Integer(),
  list: Type.Object({ code: Type.String(), title: Names }),
  unit: Type.String(),
  subject: Type.String(),
  uscc: Type.String(),
  stage: Type.String(),
  due: Nullable(Type.Object({ step: Type.String(), on: Type.String(), overdue: Type.Boolean() })),
  problem: Nullable(Type.String()),
}
const Case = Type.Object({
  ...Head,
  criterion: Names,
  reason: Type.String(),
  facts: Type.String(),
  basis: Type.String(),
  servedOn: Nullable(Type.String()),
  defenceUntil: Nullable(Type.String()),
  termMonths: Nullable(Type.Integer()),
  termEnd: Nullable(Type.String()),
  documentNumber: Nullable(Type.String()),
  decidedOn: Nullable(Type.String()),
  delisting: Nullable(
    Type.Object({ kind: Type.String(), ground: Type.String(), on: Nullable(Type.String()) }),
  ),
  exits: Type.Array(Type.Object({ kind: Type.String(), words: Names })),
  mostMonths: Nullable(Type.Integer()),
  statements: Type.Array(
    Type.Object({ receivedOn: Type.String(), speaker: Type.String(), text: Type.String() }),
  ),
  steps: Type.Array(
    Type.Object({
      act: Type.String(),
      by: Type.String(),
      on: Type.String(),
      words: Nullable(Type.String()),
      at: Type.String(),
    }),
  ),
  documents: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.String(),
      number: Type.String(),
      dated: Type.String(),
      sha256: Type.String(),
    }),
  ),
  mayDecide: Type.Boolean(),
})
const OwnList = Type.Object({
  code: Type.String(),
  title: Names,
  class: Type.String(),
  criteria: Type.Array(Type.Object({ code: Type.String(), words: Names })),
  legalBasis: Type.Array(Type.Object({ document: Type.String(), article: Type.Optional(Type.String()) })),
  defenceDays: Type.Integer(),
  months: Nullable(Type.Integer()),
})
const Proposal = Body({
  list: Code,
  uscc: Type.String({ minLength: 15, maxLength: 40 }),
  name: Type.Optional(Type.String({ minLength: 2, maxLength: 200 })),
  criterion: Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' }),
  reason: Words,
  facts: Type.String({ minLength: 2, maxLength: 5000 }),
  basis: Type.String({ minLength: 4, maxLength: 1000 }),
})
const Notice = Body({ servedOn: Day })
const Statement = Body({
  receivedOn: Day,
  speaker: Type.String({ minLength: 1, maxLength: 60 }),
  text: Type.String({ minLength: 2, maxLength: 5000 }),
})
const Decision = Body({
  opinion: Type.String({ minLength: 2, maxLength: 500 }),
  termMonths: Type.Optional(Type.Integer({ minimum: 1, maximum: 120 })),
})
const Delisting = Body({ kind: ExitKind, ground: Type.String({ minLength: 2, maxLength: 500 }) })
const Word = Body({
  decision: Type.Union([Type.Literal('approve'), Type.Literal('refuse')]),
  reason: Type.String({ minLength: 2, maxLength: 500 }),
})
const Reason = Body({ reason: Type.String({ minLength: 2, maxLength: 500 }) })

/** The authority's desk: cases of listing and delisting. */
export function listingCaseRoutes(app: FastifyInstance, cases: ListingCases, entry: CaseEntry): void {
  const read = { access: { may: 'listing.read' } } as const
  const act = { access: { may: 'listing.propose' } } as const
  const decide = { access: { may: 'listing.approve', fresh: true } } as const
  const hide = true

  app.get(
    '/api/console/listing-lists',
    { config: read, schema: { hide, response: { 200: Type.Object({ lists: Type.Array(OwnList) }) } } },
    async (request) => ({
      lists: (await cases.listsOf(actorOf(request))).map((list) => ({
        code: list.code,
        title: list.title,
        class: list.class,
        criteria: list.criteria.map(({ code, words }) => ({ code, words })),
        legalBasis: [...list.legalBasis],
        defenceDays: list.procedure.defence?.workingDays ?? 0,
        months: list.term.months ?? null,
      })),
    }),
  )
  app.get(
    '/api/console/listing-cases',
    {
      config: read,
      schema: { hide, response: { 200: Type.Object({ cases: Type.Array(Type.Object(Head)) }) } },
    },
    async (request) => ({ cases: await cases.cases(actorOf(request)) }),
  )
  app.get<{ Params: { id: number } }>(
    '/api/console/listing-cases/:id',
    { config: read, schema: { hide, params: Id, response: { 200: Case } } },
    async (request) => cases.case(actorOf(request), request.params.id),
  )
  app.get<{ Params: { id: number; document: string } }>(
    '/api/console/listing-cases/:id/documents/:document.pdf',
    {
      config: read,
      schema: {
        hide,
        params: Type.Object({ ...Id.properties, document: Uuid }),
        response: fileOf('application/pdf'),
      },
    },
    async (request, reply) => {
      const { name, pdf } = await cases.document(actorOf(request), request.params.id, request.params.document)
      reply
        .header('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(name)}`)
        .header('cache-control', 'no-store')
      return reply.type('application/pdf').send(pdf)
    },
  )
  app.post<{ Body: Static<typeof Proposal> }>(
    '/api/console/listing-cases',
    {
      config: act,
      schema: { hide, body: Proposal, response: { 201: Type.Object({ id: Type.Integer() }) } },
    },
    async (request, reply) =>
      reply.status(201).send({ id: await cases.propose(actorOf(request), request.body) }),
  )
  app.post<{ Params: { id: number }; Body: Static<typeof Notice> }>(
    '/api/console/listing-cases/:id/notice',
    { config: act, schema: { hide, params: Id, body: Notice, response: done } },
    async (request, reply) => {
      await cases.notice(actorOf(request), request.params.id, request.body.servedOn)
      return reply.status(204).send()
    },
  )
  app.post<{ Params: { id: number }; Body: Static<typeof Statement> }>(
    '/api/console/listing-cases/:id/statements',
    { config: act, schema: { hide, params: Id, body: Statement, response: done } },
    async (request, reply) => {
      await cases.statement(actorOf(request), request.params.id, request.body)
      return reply.status(204).send()
    },
  )
  app.post<{ Params: { id: number }; Body: Static<typeof Reason> }>(
    '/api/console/listing-cases/:id/drop',
    { config: act, schema: { hide, params: Id, body: Reason, response: done } },
    async (request, reply) => {
      await cases.drop(actorOf(request), request.params.id, request.body.reason)
      return reply.status(204).send()
    },
  )
  app.post<{ Params: { id: number }; Body: Static<typeof Decision> }>(
    '/api/console/listing-cases/:id/decision',
    { config: act, schema: { hide, params: Id, body: Decision, response: done } },
    async (request, reply) => {
      await cases.proposeDecision(actorOf(request), request.params.id, request.body)
      return reply.status(204).send()
    },
  )
  app.post<{ Params: { id: number }; Body: Static<typeof Delisting> }>(
    '/api/console/listing-cases/:id/delisting',
    { config: act, schema: { hide, params: Id, body: Delisting, response: done } },
    async (request, reply) => {
      await cases.proposeDelisting(actorOf(request), request.params.id, request.body)
      return reply.status(204).send()
    },
  )
  app.post<{ Params: { id: number }; Body: Static<typeof Word> }>(
    '/api/console/listing-cases/:id/decide',
    { config: decide, schema: { hide, params: Id, body: Word, response: done } },
    async (request, reply) => {
      const { decision, reason } = request.body
      await cases.decide(actorOf(request), request.params.id, decision, reason)
      await entry.enterAll()
      return reply.status(204).send()
    },
  )
}
