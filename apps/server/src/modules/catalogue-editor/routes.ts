import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { actorOf } from '../../platform/http/access.ts'
import { done, fileOf, proposed } from '../../platform/http/shapes.ts'
import { Draft, DraftHead, Kind, TrialResult, Version } from './answers.ts'
import type { CatalogueEditor } from './service.ts'

const Code = Type.String({ pattern: '^[a-z][a-z0-9-]{0,47}$' })
const Id = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 9_007_199_254_740_991 }) })
const closed = { additionalProperties: false }
const Source = Type.Object({ source: Type.String({ minLength: 1, maxLength: 400_000 }) }, closed)
const Begin = Type.Union([
  Type.Object({ kind: Kind, code: Code }, closed),
  Type.Object({ kind: Kind, source: Type.String({ minLength: 1, maxLength: 400_000 }) }, closed),
])
const Change = Type.Union([
  Source,
  Type.Object({ body: Type.Object({}, { additionalProperties: true }) }, closed),
])
const Reason = Type.Object({ reason: Type.String({ minLength: 2, maxLength: 500 }) }, closed)
const File = Type.Object({ kind: Kind, code: Code, version: Type.Integer({ minimum: 1, maximum: 32_767 }) })

/** The catalogue editor, for the centre's people. */
export function catalogueEditorRoutes(app: FastifyInstance, editor: CatalogueEditor): void {
  const writes = { access: { may: 'catalogue.propose' } } as const
  const reads = { access: { may: 'catalogue.read' } } as const
  const hide = true
  app.get(
    '/api/console/catalogue/versions',
    { schema: { hide, response: { 200: Type.Object({ versions: Type.Array(Version) }) } }, config: reads },
    async (request) => ({
      versions: await editor.versions(actorOf(request)),
    }),
  )
  app.get<{ Params: Static<typeof File> }>(
    '/api/console/catalogue/files/:kind/:code/:version',
    { schema: { hide, params: File, response: fileOf('application/yaml') }, config: reads },
    async (request, reply) => {
      const { kind, code, version } = request.params
      const { name, text } = await editor.file(actorOf(request), kind, code, version)
      return reply
        .type('application/yaml; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name.split('/').slice(2).join('-')}"`)
        .send(text)
    },
  )
  app.get(
    '/api/console/catalogue/drafts',
    { schema: { hide, response: { 200: Type.Object({ drafts: Type.Array(DraftHead) }) } }, config: reads },
    async (request) => ({
      drafts: await editor.list(actorOf(request)),
    }),
  )
  app.post<{ Body: Static<typeof Begin> }>(
    '/api/console/catalogue/drafts',
    {
      schema: { response: { 201: Type.Object({ id: Type.Integer() }) }, hide, body: Begin },
      config: writes,
      bodyLimit: 1 << 20,
    },
    async (request, reply) => {
      reply.status(201)
      return { id: await editor.begin(actorOf(request), request.body) }
    },
  )
  app.get<{ Params: Static<typeof Id> }>(
    '/api/console/catalogue/drafts/:id',
    { schema: { hide, response: { 200: Draft }, params: Id }, config: reads },
    (request) => editor.draft(actorOf(request), request.params.id),
  )
  app.put<{ Params: Static<typeof Id>; Body: Static<typeof Change> }>(
    '/api/console/catalogue/drafts/:id',
    {
      schema: { hide, response: { 200: Draft }, params: Id, body: Change },
      config: writes,
      bodyLimit: 1 << 20,
    },
    async (request) => {
      await editor.change(actorOf(request), request.params.id, request.body)
      return editor.draft(actorOf(request), request.params.id)
    },
  )
  app.delete<{ Params: Static<typeof Id> }>(
    '/api/console/catalogue/drafts/:id',
    { schema: { response: done, hide, params: Id }, config: writes },
    async (request, reply) => {
      await editor.discard(actorOf(request), request.params.id)
      return reply.status(204).send()
    },
  )
  app.post<{ Params: Static<typeof Id> }>(
    '/api/console/catalogue/drafts/:id/trials',
    {
      schema: { response: { 202: Type.Object({ trial: Type.Integer() }) }, hide, params: Id },
      config: writes,
    },
    async (request, reply) => {
      reply.status(202)
      return { trial: await editor.try(actorOf(request), request.params.id) }
    },
  )
  app.get<{ Params: Static<typeof Id> }>(
    '/api/console/catalogue/drafts/:id/trial-result',
    {
      schema: { hide, response: { 200: Type.Object({ results: Type.Array(TrialResult) }) }, params: Id },
      config: reads,
    },
    async (request) => ({ results: await editor.trialResult(actorOf(request), request.params.id) }),
  )
  app.post<{ Params: Static<typeof Id>; Body: Static<typeof Reason> }>(
    '/api/console/catalogue/drafts/:id/propose',
    {
      schema: {
        response: proposed,
        hide,
        params: Id,
        body: Reason,
      },
      config: writes,
    },
    async (request, reply) => {
      reply.status(201)
      return { approval: await editor.propose(actorOf(request), request.params.id, request.body.reason) }
    },
  )
}
