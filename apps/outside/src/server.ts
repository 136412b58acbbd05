import Fastify, { type FastifyInstance } from 'fastify'
import type { Desk } from './desk.ts'
import { LIVE } from './live.ts'
import { applyPage, casePage, deskPage, homePage, messagePage, statusPage } from './pages.ts'
import { STYLE } from './style.ts'

type Form = Readonly<Record<string, string | undefined>>

const CODE = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/
const EFFECTS = ['拦截', '放行', '提示', '激励']

/** The pages of an outside system. They stand without script. */
export function outsideServer(desk: Desk): FastifyInstance {
  const app = Fastify({ bodyLimit: 64 << 10 })
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'content-security-policy':
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    // A form of another site must not act here.
    const site = request.headers['sec-fetch-site']
    if (request.method === 'POST' && site !== undefined && site !== 'same-origin')
      return reply
        .code(403)
        .type('text/plain; charset=utf-8')
        .send('来自其他网站的提交 a form of another site')
  })
  const html = (reply: { type(type: string): { send(body: string): unknown } }, body: string) =>
    reply.type('text/html; charset=utf-8').send(body)

  app.get('/style.css', async (_, reply) => reply.type('text/css; charset=utf-8').send(STYLE))
  app.get('/live.js', async (_, reply) => reply.type('text/javascript; charset=utf-8').send(LIVE))
  app.get('/', async (_, reply) => html(reply, homePage(desk)))
  app.get<{ Querystring: Form }>('/apply', async (request, reply) =>
    html(reply, applyPage(desk, request.query, undefined)),
  )
  app.post<{ Body: Form }>('/apply', async (request, reply) => {
    const form = request.body ?? {}
    const code = (form.code ?? '').normalize('NFKC').trim().toUpperCase()
    const name = (form.name ?? '').normalize('NFKC').trim()
    const matter = desk.settings.matters.find((one) => one.code === form.matter)
    if (!CODE.test(code) || name.length < 2 || name.length > 200 || matter === undefined) {
      reply.code(422)
      return html(
        reply,
        applyPage(desk, form, {
          zh: '请填写单位全称、18 位统一社会信用代码和事项。',
          en: 'Give the full name, the code of 18 characters and the matter.',
        }),
      )
    }
    // Codes of individual businesses begin with 92.
    const kind = code.startsWith('92') ? 'individualBusiness' : 'organisation'
    const number = await desk.apply({ name, code, kind, matter: matter.code })
    return reply.redirect(`/cases/${number}`, 303)
  })
  app.get<{ Params: { number: string } }>('/cases/:number', async (request, reply) => {
    const one = await desk.look(request.params.number)
    return one === undefined ? notFound(reply, desk) : html(reply, statusPage(desk, one))
  })
  app.get('/desk', async (_, reply) => html(reply, deskPage(desk, desk.cases.newest())))
  app.get<{ Params: { number: string } }>('/desk/:number', async (request, reply) => {
    const one = await desk.look(request.params.number)
    return one === undefined ? notFound(reply, desk) : html(reply, casePage(desk, one, undefined))
  })
  app.post<{ Params: { number: string }; Body: Form }>('/desk/:number/feedback', async (request, reply) => {
    const one = await desk.look(request.params.number)
    if (one?.answer === undefined) return notFound(reply, desk)
    const { effect = '', done = '', reason = '', granted = '', measure = '' } = request.body ?? {}
    const applied = effect === '放行' && one.answer.result !== 'clear' ? 'no' : 'yes'
    const fault = feedbackFault({ effect, done, reason, granted, applied }, one.state)
    if (fault !== undefined) {
      reply.code(422)
      return html(reply, casePage(desk, one, fault))
    }
    await desk.tellBack(one.number, {
      applied,
      effect,
      done: done.trim(),
      doneOn: new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10),
      ...(measure === '' ? {} : { measure }),
      ...(applied === 'no' ? { notAppliedReason: reason.trim() } : {}),
      ...(effect === '激励' ? { granted: granted.trim() } : {}),
    })
    return reply.redirect(`/desk/${one.number}`, 303)
  })
  app.setNotFoundHandler((_, reply) => notFound(reply, desk))
  return app
}

function feedbackFault(
  given: { effect: string; done: string; reason: string; granted: string; applied: string },
  state: string,
): { zh: string; en: string } | undefined {
  if (state === 'suspended')
    return {
      zh: '办件已暂停：请先由本单位人员在信用平台作出决定。',
      en: 'The matter stands still: first your unit decides at the credit platform.',
    }
  if (!EFFECTS.includes(given.effect)) return { zh: '请选择处理结果。', en: 'Choose what was done.' }
  if (given.done.trim().length < 2) return { zh: '请写明实际办理情况。', en: 'Say what was done.' }
  if (given.applied === 'no' && given.reason.trim().length < 2)
    return { zh: '未实施措施的，须说明原因。', en: 'What was not applied needs its reason.' }
  if (given.effect === '激励' && given.granted.trim().length < 2)
    return { zh: '请写明实际给予的便利。', en: 'Say what was really granted.' }
  return undefined
}

function notFound(
  reply: { code(status: number): { type(type: string): { send(body: string): unknown } } },
  desk: Desk,
): unknown {
  return reply
    .code(404)
    .type('text/html; charset=utf-8')
    .send(messagePage(desk, { zh: '没有这个页面。', en: 'There is no such page.' }))
}
