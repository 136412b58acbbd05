import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { actorOf } from '../../platform/http/access.ts'
import { done } from '../../platform/http/shapes.ts'
import { problems, UploadShape, Uuid } from './shapes.ts'
import { LARGEST_UPLOAD, type Upload, type Uploads, WrongOffset } from './uploads.ts'

const TUS = '1.0.0'
const EXTENSIONS = 'creation,termination,expiration'
const ByNumber = Type.Object({ id: Uuid })
const NewUpload = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 500 }),
    bytes: Type.Integer({ minimum: 1, maximum: LARGEST_UPLOAD }),
    sha256: Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{64}$' })),
  },
  { additionalProperties: false },
)
/** One piece may take its time, but not for ever. */
const OFFSET_TYPE = 'application/offset+octet-stream'

/**
 * Uploads in pieces, by the tus protocol (core, creation, termination, expiration); a client that knows nothing of it
 * gives name and size as JSON.
 * @param base `/api/console/uploads` or `/api/v1/uploads`
 */
export function uploadRoutes(app: FastifyInstance, base: string, uploads: Uploads, hidden: boolean): void {
  const config = { access: { may: 'delivery.make' } } as const
  const tags = ['deliveries']
  if (!app.hasContentTypeParser(OFFSET_TYPE))
    app.addContentTypeParser(OFFSET_TYPE, (_request, payload, done) => done(null, payload))

  app.post<{ Body: Static<typeof NewUpload> }>(
    base,
    {
      config,
      // A tus client names the file in its headers.
      preValidation: async (request) => {
        request.body ??= askedByHeaders(request)
      },
      schema: {
        tags,
        hide: hidden,
        summary: '开始上传文件 begin an upload',
        body: NewUpload,
        response: { 201: UploadShape, ...problems },
      },
    },
    async (request, reply) => {
      const upload = await uploads.begin(actorOf(request), request.body)
      return reply
        .headers(headersOf(upload))
        .header('location', `${base}/${upload.upload}`)
        .status(201)
        .send(upload)
    },
  )
  app.get(
    base,
    {
      config,
      schema: {
        tags,
        hide: hidden,
        summary: '未完成的上传 uploads that are open',
        response: { 200: Type.Object({ uploads: Type.Array(UploadShape) }), ...problems },
      },
    },
    async (request) => ({ uploads: await uploads.open(actorOf(request)) }),
  )
  app.get<{ Params: { id: string } }>(
    `${base}/:id`,
    {
      config,
      exposeHeadRoute: false,
      schema: { tags, hide: hidden, params: ByNumber, response: { 200: UploadShape, ...problems } },
    },
    async (request, reply) => {
      const upload = await uploads.find(actorOf(request), request.params.id)
      return reply.headers(headersOf(upload)).send(upload)
    },
  )
  app.head<{ Params: { id: string } }>(
    `${base}/:id`,
    { config, schema: { tags, hide: hidden, params: ByNumber } },
    async (request, reply) => {
      const upload = await uploads.find(actorOf(request), request.params.id)
      return reply.headers(headersOf(upload)).header('cache-control', 'no-store').status(200).send()
    },
  )
  app.patch<{ Params: { id: string } }>(
    `${base}/:id`,
    {
      config,
      // The body is a stream of its own: the limit is the upload's.
      bodyLimit: LARGEST_UPLOAD,
      schema: {
        tags,
        hide: hidden,
        summary: '续传一段 send the next piece',
        description: `Content-Type ${OFFSET_TYPE}, Upload-Offset: where the piece begins.`,
        params: ByNumber,
        response: { ...done, ...problems },
      },
    },
    async (request, reply) => {
      if (!(request.body instanceof Readable)) throw notAPiece()
      const offset = Number(request.headers['upload-offset'])
      if (!Number.isSafeInteger(offset) || offset < 0) throw notAPiece()
      try {
        const upload = await uploads.append(actorOf(request), request.params.id, offset, request.body)
        return reply.headers(headersOf(upload)).status(204).send()
      } catch (error) {
        if (error instanceof WrongOffset) reply.header('upload-offset', error.offset)
        throw error
      }
    },
  )
  app.delete<{ Params: { id: string } }>(
    `${base}/:id`,
    { config, schema: { tags, hide: hidden, params: ByNumber, response: { ...done, ...problems } } },
    async (request, reply) => {
      await uploads.cancel(actorOf(request), request.params.id)
      return reply.header('tus-resumable', TUS).status(204).send()
    },
  )
  app.options(
    base,
    { config: { access: 'public' }, schema: { hide: true, response: done } },
    async (_, reply: FastifyReply) =>
      reply
        .headers({
          'tus-resumable': TUS,
          'tus-version': TUS,
          'tus-extension': EXTENSIONS,
          'tus-max-size': LARGEST_UPLOAD,
        })
        .status(204)
        .send(),
  )
}

function headersOf(upload: Upload): Record<string, string | number> {
  return {
    'tus-resumable': TUS,
    'upload-offset': upload.offset,
    'upload-length': upload.bytes,
    'upload-expires': new Date(upload.expiresAt).toUTCString(),
  }
}

/** What a tus client says of the file: `Upload-Length`, and names and values in base64 in `Upload-Metadata`. */
function askedByHeaders(request: FastifyRequest): { name: string; bytes: number; sha256?: string } {
  const bytes = Number(request.headers['upload-length'])
  if (!Number.isSafeInteger(bytes)) throw notAPiece()
  const said = new Map<string, string>()
  for (const pair of String(request.headers['upload-metadata'] ?? '').split(',')) {
    const [name, value] = pair.trim().split(' ')
    if (name !== undefined && value !== undefined)
      said.set(name.toLowerCase(), Buffer.from(value, 'base64').toString())
  }
  const sha256 = said.get('sha256')
  return {
    name: said.get('filename') ?? said.get('name') ?? '未命名',
    bytes,
    ...(sha256 !== undefined && /^[0-9a-f]{64}$/i.test(sha256) ? { sha256 } : {}),
  }
}

const notAPiece = (): DomainError =>
  new DomainError('upload.request', {
    zh: '上传请求不完整：需要文件大小，或带 Upload-Offset 的二进制内容。',
    en: 'The upload request is incomplete: a size, or bytes with Upload-Offset.',
    remedyZh: `内容类型用 ${OFFSET_TYPE}。`,
    remedyEn: `Send the bytes as ${OFFSET_TYPE}.`,
  })
