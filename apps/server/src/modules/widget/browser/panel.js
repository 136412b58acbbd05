// The panel in which the officer asks, on the platform's own origin and by their own session. What the other site gets
// is told at the end: result, number, explanation; nothing else leaves this window.
const fragment = new URLSearchParams(location.hash.slice(1))
const origin = fragment.get('origin') ?? ''
const language = fragment.get('language') === 'en' ? 'en' : 'zh'
const say = (zh, en) => (language === 'en' ? en : zh)
const opener = window.opener
// The site's address is known from here on; a reload asks the site again.
const part = (id) => document.getElementById(id)

const WORDS = {
  title: ['信用核查', 'Credit check'],
  asks: ['申请来自', 'Asked from'],
  signIn: [
    '请先登录信用平台，再回到本窗口。',
    'Sign in to the platform first, then come back to this window.',
  ],
  signInLink: ['打开登录页', 'Open the sign-in page'],
  retry: ['我已登录，继续', 'I have signed in: go on'],
  matter: ['事项编码', 'Matter'],
  kind: ['申请人类别', 'Kind of applicant'],
  organisation: ['法人及非法人组织', 'Organisation'],
  individualBusiness: ['个体工商户', 'Individual business'],
  person: ['自然人', 'Natural person'],
  identifier: ['证件代码', 'Code or number'],
  name: ['名称或姓名', 'Name'],
  caseNumber: ['办件编号', 'Case number'],
  purpose: ['核查用途', 'Purpose of the check'],
  ground: ['核查自然人的依据', 'Ground to check a natural person'],
  consent: ['本人授权编号', 'Number of the consent'],
  consentUntil: ['授权有效期至', 'Consent valid until'],
  law: ['或：职责所依据的法律', 'Or: the law of your duty'],
  article: ['条款', 'Article'],
  ask: ['核查', 'Check'],
  result: ['结果', 'Result'],
  number: ['编号', 'Number'],
  validUntil: ['有效至', 'Valid until'],
  hand: ['交回业务页面并关闭', 'Hand back to the page and close'],
  again: ['重新填写', 'Fill in again'],
}
const RESULTS = {
  clear: ['未发现名单记录', 'Nothing found'],
  remind: ['提示', 'Reminder'],
  warn: ['警示', 'Warning'],
  intercept: ['暂缓办理，由经办人决定', 'Suspended: an officer decides'],
  reward: ['守信激励', 'Incentive'],
  toBeDecidedByAnOfficer: ['由经办人决定', 'An officer decides'],
}
document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN'
for (const one of document.querySelectorAll('[data-word]')) one.textContent = say(...WORDS[one.dataset.word])
document.title = `${say(...WORDS.title)} — ${document.title}`

const show = (id) => {
  for (const one of ['signed-out', 'question', 'answer', 'stopped']) part(one).hidden = one !== id
}
const alarm = (text) => {
  part('alarm').textContent = text
}

async function call(path, request) {
  let response
  try {
    response = await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...request })
  } catch {
    return { status: 0, body: {} }
  }
  const body = await response.json().catch(() => ({}))
  return { status: response.status, body }
}
const sentenceOf = ({ status, body }) => {
  if (status === 0)
    return say('连接不上信用平台，请检查网络后重试。', 'The platform cannot be reached; try again.')
  return (
    (language === 'en' ? body.detailEn : body.detail) ??
    say('服务出错，请稍后重试。', 'Something went wrong.')
  )
}

async function begin() {
  alarm('')
  const me = await call('/api/console/me')
  if (me.status === 401) return show('signed-out')
  if (me.status !== 200) {
    show('stopped')
    return alarm(sentenceOf(me))
  }
  part('who').textContent = me.body.unit?.name ?? me.body.name ?? ''
  if (!/^https?:\/\/[^/]+$/.test(origin)) {
    show('stopped')
    return alarm(say('请从业务页面打开核查窗口。', 'Open this window from your own system’s page.'))
  }
  const registered = await call(`/api/console/widget/origin?origin=${encodeURIComponent(origin)}`)
  if (registered.status !== 200) {
    show('stopped')
    return alarm(sentenceOf(registered))
  }
  part('origin').textContent = origin
  show('question')
  part('purpose').focus()
  // Delivered only where the window that opened us really is of that origin.
  opener?.postMessage({ type: 'xinheng.ready' }, origin)
}

window.addEventListener('message', (event) => {
  if (opener === null || event.source !== opener || event.origin !== origin) return
  const data = event.data
  if (typeof data !== 'object' || data === null || data.type !== 'xinheng.prefill') return
  for (const name of ['matter', 'identifier', 'name', 'caseNumber', 'purpose'])
    if (typeof data[name] === 'string' && data[name] !== '' && part(name).value === '')
      part(name).value = data[name].slice(0, 200)
  if (['organisation', 'individualBusiness', 'person'].includes(data.kind)) part('kind').value = data.kind
  showGround()
})

function showGround() {
  part('ground').hidden = part('kind').value !== 'person'
}
part('kind').addEventListener('change', showGround)

let key
let answer
const question = () => {
  const text = (id) => part(id).value.trim()
  const person = text('kind') === 'person'
  return {
    matter: text('matter'),
    applicant: { kind: text('kind'), identifier: text('identifier'), name: text('name') },
    purpose: text('purpose'),
    caseNumber: text('caseNumber'),
    ...(person && text('consent') !== ''
      ? { consent: { number: text('consent'), until: text('consentUntil') } }
      : {}),
    ...(person && text('law') !== '' ? { duty: { law: text('law'), article: text('article') } } : {}),
  }
}
let asked = ''
part('question').addEventListener('submit', async (event) => {
  event.preventDefault()
  alarm('')
  const body = JSON.stringify(question())
  // The same question asked again, because no answer came, is the same check.
  if (body !== asked) {
    key = crypto.randomUUID()
    asked = body
  }
  part('ask').disabled = true
  const reply = await call('/api/console/checks', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body,
  })
  part('ask').disabled = false
  if (reply.status === 401) {
    show('signed-out')
    return
  }
  if (reply.status !== 200) {
    alarm(sentenceOf(reply))
    return
  }
  answer = reply.body
  part('result').textContent = say(...RESULTS[answer.result])
  part('result').dataset.kind = answer.result
  part('explanation').textContent = answer.explanation[language]
  part('number').textContent = answer.number
  part('valid').textContent = answer.validUntil.slice(0, 16).replace('T', ' ')
  show('answer')
  part('answer-title').focus()
})

part('hand').addEventListener('click', () => {
  const { number, result, explanation } = answer
  opener?.postMessage({ type: 'xinheng.result', number, result, explanation }, origin)
  window.close()
})
part('again').addEventListener('click', () => {
  show('question')
  part('purpose').focus()
})
part('retry').addEventListener('click', begin)
await begin()
