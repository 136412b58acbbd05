import { type Frame, renderComplaintForm, renderComplaintTicket } from '@xinheng/portal'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { type AboutForm, type Complaints, SUBJECTS_OF_COMPLAINT } from '../complaints/index.ts'
import type { PublicRecords } from '../records/index.ts'

const FORM_BYTES = 16_384
/** More than this nobody finds in ten minutes; a program does. */
const COMPLAINTS = { max: 5, timeWindow: 600_000 } as const

interface Pages {
  readonly records: PublicRecords
  readonly complaints: Complaints
  frameOf(request: FastifyRequest): Promise<Frame>
  missing(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>
}

/** The form by which anyone says that a fact is written wrongly. It needs no script and asks for nobody's name. */
export function complaintPages(app: FastifyInstance, { records, complaints, frameOf, missing }: Pages): void {
  const schema = { hide: true }
  const html = (reply: FastifyReply, body: string) =>
    reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(body)
  app.get<{ Params: { id: string } }>(
    '/facts/:id/complaint',
    { schema, config: { access: 'public' } },
    async (request, reply) => {
      const found = await records.fact(request.params.id)
      if (found === undefined) return missing(request, reply)
      return html(reply, renderComplaintForm(await frameOf(request), found.fact, {}))
    },
  )
  app.get<{ Params: { ticket: string } }>(
    '/complaints/:ticket',
    { schema, config: { access: 'public', rateLimit: { max: 60, timeWindow: 60_000 } } },
    async (request, reply) => {
      const { ticket } = request.params
      const view = await complaints.byTicket(ticket)
      if (view === undefined) return missing(request, reply)
      return html(reply, renderComplaintTicket(await frameOf(request), ticket, view, false))
    },
  )
  // A scope of its own: forms are read here and nowhere else.
  app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_BYTES },
      (_, body, done) => done(null, new URLSearchParams(String(body))),
    )
    scope.post<{ Params: { id: string }; Body: unknown }>(
      '/facts/:id/complaint',
      { schema, config: { access: 'public', rateLimit: COMPLAINTS } },
      async (request, reply) => {
        const found = await records.fact(request.params.id)
        if (found === undefined) return missing(request, reply)
        const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
        const typed = (name: string) => (form.get(name) ?? '').slice(0, 2000)
        const language = form.get('lang') === 'en' ? 'en' : 'zh'
        const frame: Frame = { ...(await frameOf(request)), language }
        const [about, text, contact] = [typed('about'), typed('text'), typed('contact')]
        try {
          const known = SUBJECTS_OF_COMPLAINT.find((one) => one === about)
          const ticket = await complaints.submit({
            fact: found.fact.id,
            about: (known ?? 'other') satisfies AboutForm,
            text,
            contact,
          })
          const view = await complaints.byTicket(ticket)
          if (view === undefined) throw new Error('what was just taken in is there')
          return html(reply.status(201), renderComplaintTicket(frame, ticket, view, true))
        } catch (error) {
          if (!(error instanceof DomainError) || error.status !== 400) throw error
          const refusal = {
            zh: `${error.zh}${error.remedyZh}`,
            en: `${error.en} ${error.remedyEn}`.trimEnd(),
          }
          return html(
            reply.status(400),
            renderComplaintForm(frame, found.fact, { about, text, contact, refusal }),
          )
        }
      },
    )
  })
}
