import { html } from 'ghtml'
import { factPath, languageInput, layout, official, say, to } from '../layout.ts'
import type { ComplaintView, FactView, Frame, TicketView, Words } from '../model.ts'
import { w } from '../words.ts'

const WORDS = {
  title: w('这条信息写错了？', 'Is something written wrongly?'),
  lead: w(
    '发现错别字、日期、链接、重复公示，或者信息挂错了主体，都可以在这里告诉信用中心。七个工作日内答复。',
    'Tell the credit centre of wrong characters, days or links, of a fact shown twice or under the wrong organisation. You get an answer within seven working days.',
  ),
  notThis: w(
    '本页只处理写法问题。认为事实本身不实、不应公示或公示期限不对的，属于异议申诉，请向作出决定的单位或信用中心提出；网上异议渠道将另行开通。提交本页不影响公示，也不代替异议。',
    'This page is for matters of form alone. Whether the fact is true, may be published, or for how long, is an objection: raise it with the deciding unit or the credit centre; the online way for objections will open separately. What you send here neither changes what is published nor takes the place of an objection.',
  ),
  about: w('哪里写错了', 'What is wrong'),
  text: w('请具体说明', 'Say what exactly'),
  textHint: w(
    '例如：许可内容第二行“食品销”应为“食品销售”。请勿填写证件号码、手机号等个人信息。',
    'For instance: line two of the content lacks a character. Please leave out identity and telephone numbers.',
  ),
  contact: w('联系方式（可不填）', 'Contact (may stay empty)'),
  contactHint: w(
    '只用于答复您，加密保存，只有办理人员能看到。不填也能凭回执查看答复。',
    'Used to answer you and nothing else, kept encrypted, seen only by who handles this. Without it you read the answer by your receipt.',
  ),
  send: w('提交', 'Send'),
  ofFact: w('所指信息', 'About'),
  back: w('返回该信息', 'Back to the fact'),
  failed: w('没有提交成功', 'It was not sent'),
  received: w('已收到', 'Received'),
  receivedText: w(
    '请保存下面的回执编号，凭它查看办理结果。本站不记录您是谁，编号丢失后无法找回。',
    'Keep the receipt below: it shows the outcome. We do not record who you are; a lost receipt cannot be found again.',
  ),
  ticket: w('回执编号', 'Receipt'),
  state: w('办理情况', 'State'),
  receivedOn: w('收到日期', 'Received on'),
  answeredOn: w('答复日期', 'Answered on'),
  answer: w('答复', 'Answer'),
  none: w('尚未答复', 'Not answered yet'),
} as const

export const COMPLAINT_SUBJECTS: Readonly<Record<string, Words>> = {
  name: w('名称或文字有误', 'A name or a word'),
  content: w('内容不完整或乱码', 'Content incomplete or garbled'),
  day: w('日期或金额写错', 'A day or an amount'),
  subject: w('信息挂错了主体', 'Under the wrong organisation'),
  duplicate: w('重复公示', 'Shown twice'),
  other: w('其他写法问题', 'Another matter of form'),
}
const STATES: Readonly<Record<TicketView['state'], Words>> = {
  open: w('正在办理', 'Being handled'),
  mended: w('已更正', 'Put right'),
  unfounded: w('经核对无误', 'Checked and found right'),
  elsewhere: w('不属于写法问题，已告知办理途径', 'No matter of form; told where to turn'),
}

/** The form about one fact; filled in again with what was typed when it was refused. */
export function renderComplaintForm(frame: Frame, fact: FactView, view: ComplaintView): string {
  const chosen = view.about ?? ''
  return layout(
    frame,
    say(frame, WORDS.title),
    html`<div class="wrap narrow"><h1>${say(frame, WORDS.title)}</h1><p class="lead">${say(frame, WORDS.lead)}</p>
!${view.refusal === undefined ? '' : html`<div class="card warned" role="alert"><h2 class="flush">${say(frame, WORDS.failed)}</h2><p>${say(frame, view.refusal)}</p></div>`}
<p class="soft">${say(frame, WORDS.ofFact)}：<a href="${factPath(frame, fact.id)}">!${official(frame, fact.title)}</a> · !${official(frame, fact.subject.name)}</p>
<form class="card complaint" method="post" action="/facts/${encodeURIComponent(fact.id)}/complaint">!${languageInput(frame)}
<fieldset><legend>${say(frame, WORDS.about)}</legend>!${Object.entries(COMPLAINT_SUBJECTS).map(([value, words]) => html`<label class="choice"><input type="radio" name="about" value="${value}" required !${value === chosen ? 'checked' : ''}> <span>${say(frame, words)}</span></label>`)}</fieldset>
<p><label for="text">${say(frame, WORDS.text)}</label><span class="soft small" id="text-hint">${say(frame, WORDS.textHint)}</span><textarea id="text" name="text" rows="5" minlength="4" maxlength="1000" required aria-describedby="text-hint">${view.text ?? ''}</textarea></p>
<p><label for="contact">${say(frame, WORDS.contact)}</label><span class="soft small" id="contact-hint">${say(frame, WORDS.contactHint)}</span><input type="text" id="contact" name="contact" maxlength="100" autocomplete="off" aria-describedby="contact-hint" value="${view.contact ?? ''}"></p>
<p class="actions"><button>${say(frame, WORDS.send)}</button> <a href="${factPath(frame, fact.id)}">${say(frame, WORDS.back)}</a></p></form>
<p class="soft small">${say(frame, WORDS.notThis)}</p></div>`,
    { robots: 'noindex' },
  )
}

/** The receipt, and later the answer. */
export function renderComplaintTicket(
  frame: Frame,
  ticket: string,
  view: TicketView,
  isNew: boolean,
): string {
  const title = isNew ? WORDS.received : WORDS.state
  const row = (label: Words, value: string) =>
    html`<tr><th scope="row">${say(frame, label)}</th><td>!${value}</td></tr>`
  return layout(
    frame,
    say(frame, title),
    html`<div class="wrap narrow"><h1>${say(frame, title)}</h1>!${isNew ? html`<p class="lead">${say(frame, WORDS.receivedText)}</p>` : ''}
<div class="card"><table class="fields"><tbody>!${row(WORDS.ticket, html`<a href="${to(frame, `/complaints/${ticket}`)}"><code>${ticket}</code></a>`)}!${row(WORDS.state, html`${say(frame, STATES[view.state])}`)}!${row(WORDS.receivedOn, html`${view.receivedOn}`)}!${view.answeredOn === null ? '' : row(WORDS.answeredOn, html`${view.answeredOn}`)}!${row(WORDS.answer, view.answer === null ? html`<span class="soft">${say(frame, WORDS.none)}</span>` : official(frame, view.answer))}</tbody></table></div>
<p><a href="${factPath(frame, view.fact)}">${say(frame, WORDS.back)} →</a></p></div>`,
    { robots: 'noindex' },
  )
}
