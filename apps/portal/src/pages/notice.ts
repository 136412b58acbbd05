import { html } from 'ghtml'
import { layout, official, say, to } from '../layout.ts'
import type { Frame, Words } from '../model.ts'
import { w } from '../words.ts'

export interface NoticeFact {
  readonly list: string
  readonly documentNumber: string
  readonly authority: string
  readonly listedOn: string
  readonly until: string | null
  readonly measure: string
  readonly law: string
  readonly article: string
  readonly effect: string
  /** Whether the entry still stands today. */
  readonly stands: boolean
  /** The fact's own public page, where it has one. */
  readonly page: string | null
}

/** What an applicant reads about their own application: which fact, which law, what now. */
export interface NoticeView {
  readonly number: string
  readonly unit: string
  readonly matter: string
  readonly askedAt: string
  readonly decision: { readonly kind: string; readonly at: string } | null
  readonly facts: readonly NoticeFact[]
  /** Of a natural person: what the officer says, and nothing else. */
  readonly message: { readonly text: string; readonly at: string } | null
}

const WORDS = {
  title: w('关于您的申请的告知', 'About your application'),
  lead: w(
    '您申请办理的事项在信用核查中有下列结果。本页只有持此链接的人能看到，不会出现在搜索结果中。',
    'The credit check of your application found what follows. Only who holds this link sees this page; no search engine does.',
  ),
  matter: w('事项', 'Matter'),
  unit: w('办理单位', 'Unit'),
  asked: w('核查时间', 'Checked at'),
  number: w('核查编号', 'Number'),
  state: w('目前状态', 'State'),
  list: w('名单', 'List'),
  document: w('决定文书', 'Document'),
  authority: w('认定单位', 'Authority'),
  term: w('列入与期限', 'Listed, until'),
  law: w('适用措施的依据', 'Law'),
  effect: w('处理', 'What follows'),
  open: w('待经办人员决定', 'Waits for an officer'),
  noEnd: w('无固定期限', 'without a fixed end'),
  ended: w(
    '该名单信息现已不再有效。您可以要求办理单位重新核查。',
    'This entry is no longer in force. You may ask the unit to check again.',
  ),
  see: w('查看该信息', 'See the fact'),
  wayOut: w('您可以怎么做', 'What you can do'),
  objection: w(
    '认为名单信息不实、不应列入或期限有误：向认定单位或信用中心提出异议申诉，7个工作日内核实；异议期间该信息会标注。',
    'If the entry is untrue, wrong or too long: object with the authority or the credit centre; it is examined within seven working days and marked meanwhile.',
  ),
  repair: w(
    '已经改正、履行义务：向认定单位申请信用修复，免费办理；修复后本次处理即失去依据。',
    'If you have put it right: apply to the authority for credit repair, free of charge; once repaired, this measure has lost its ground.',
  ),
  hearing: w(
    '对办理单位的处理不服：向该单位陈述申辩，或者依法申请行政复议、提起行政诉讼。',
    'Against the unit’s decision: state your case to it, or seek administrative reconsideration or suit.',
  ),
  guide: w('异议和修复的办理指南', 'How objections and repair work'),
  said: w('经办人员的告知', 'What the officer tells you'),
  personal: w(
    '对自然人，本平台不自动作出任何不利决定；由工作人员决定并告知。您有权知道谁查询过您的信息、依据什么，并可以提出异议。',
    'No adverse decision about a natural person is automatic: an officer decides and tells you. You may know who asked about you and by what right, and object.',
  ),
} as const

const DECISIONS: Readonly<Record<string, Words>> = {
  kept: w('经办人员已维持该处理', 'An officer has kept it'),
  overridden: w('已由两名工作人员解除，事项继续办理', 'Lifted by two officers: your application goes on'),
  applied: w('工作人员已决定适用', 'An officer has decided to apply it'),
  notApplied: w('工作人员已决定不适用', 'An officer has decided not to apply it'),
}
const EFFECTS: Readonly<Record<string, Words>> = {
  remind: w('提示：办理时予以注意', 'A reminder to who handles it'),
  warn: w('警示：从严审核', 'A warning: closer examination'),
  intercept: w('中止办理，由工作人员决定', 'It rests until an officer decides'),
  toBeDecidedByAnOfficer: w('由工作人员决定，不自动处理', 'An officer decides; nothing is automatic'),
}

/** Readable without a script, printable, and for nobody's index. */
export function renderNotice(frame: Frame, view: NoticeView): string {
  const row = (label: Words, value: string) =>
    html`<tr><th scope="row">${say(frame, label)}</th><td>!${value}</td></tr>`
  const state =
    view.decision === null ? say(frame, WORDS.open) : say(frame, DECISIONS[view.decision.kind] ?? WORDS.open)
  const facts = view.facts.map(
    (fact) =>
      html`<div class="card"><h2 class="flush">!${official(frame, fact.list)}</h2>!${fact.stands ? '' : html`<p class="objected">${say(frame, WORDS.ended)}</p>`}<table class="fields"><tbody>!${row(WORDS.document, official(frame, fact.documentNumber))}!${row(WORDS.authority, official(frame, fact.authority))}!${row(WORDS.term, html`<time>${fact.listedOn}</time> — !${fact.until === null ? html`${say(frame, WORDS.noEnd)}` : html`<time>${fact.until}</time>`}`)}!${row(WORDS.law, official(frame, `《${fact.law}》${fact.article}：${fact.measure}`))}!${row(WORDS.effect, html`${say(frame, EFFECTS[fact.effect] ?? WORDS.open)}`)}</tbody></table>!${fact.page === null ? '' : html`<p><a href="${to(frame, fact.page)}">${say(frame, WORDS.see)} →</a></p>`}</div>`,
  )
  return layout(
    frame,
    say(frame, WORDS.title),
    html`<div class="wrap narrow"><h1>${say(frame, WORDS.title)}</h1><p class="lead">${say(frame, view.message === null ? WORDS.lead : WORDS.personal)}</p>
<div class="card"><table class="fields"><tbody>!${row(WORDS.matter, official(frame, view.matter))}!${row(WORDS.unit, official(frame, view.unit))}!${row(WORDS.asked, html`<time>${view.askedAt}</time>`)}!${row(WORDS.number, html`<code>${view.number}</code>`)}!${row(WORDS.state, html`${state}`)}</tbody></table></div>
!${view.message === null ? facts : html`<div class="card"><h2 class="flush">${say(frame, WORDS.said)}</h2><p>!${official(frame, view.message.text)}</p><p class="soft small"><time>${view.message.at}</time></p></div>`}
<h2>${say(frame, WORDS.wayOut)}</h2><ul><li>${say(frame, WORDS.objection)}</li><li>${say(frame, WORDS.repair)}</li><li>${say(frame, WORDS.hearing)}</li></ul>
<p><a href="${to(frame, '/help#objection')}">${say(frame, WORDS.guide)} →</a></p></div>`,
    { robots: 'noindex, nofollow, noarchive' },
  )
}
