import { html } from 'ghtml'
import type { Case, CaseState } from './cases.ts'
import type { Desk } from './desk.ts'
import type { Words } from './systems.ts'

const w = (zh: string, en: string): Words => ({ zh, en })

const STATES: Readonly<Record<CaseState, Words & { tone: string }>> = {
  asked: { ...w('尚未核查', 'not yet checked'), tone: 'warn' },
  open: { ...w('办理中', 'in hand'), tone: '' },
  suspended: { ...w('已暂停', 'suspended'), tone: 'bad' },
  done: { ...w('已办结', 'done'), tone: 'good' },
  refused: { ...w('不予通过', 'refused'), tone: 'bad' },
}
const RESULTS: Readonly<Record<string, Words & { tone: string }>> = {
  clear: { ...w('未发现', 'clear'), tone: 'good' },
  remind: { ...w('提示', 'remind'), tone: 'warn' },
  warn: { ...w('警示', 'warn'), tone: 'warn' },
  intercept: { ...w('拦截', 'intercept'), tone: 'bad' },
  reward: { ...w('激励', 'reward'), tone: 'good' },
  toBeDecidedByAnOfficer: { ...w('由经办人员决定', 'an officer decides'), tone: 'warn' },
}
const DECISIONS: Readonly<Record<string, Words>> = {
  kept: w('维持拦截', 'intercept kept'),
  overridden: w('解除拦截（两人）', 'intercept lifted by two persons'),
  applied: w('实施措施', 'measure applied'),
  notApplied: w('不实施措施', 'measure not applied'),
}

const both = ({ zh, en }: Words): string => html`${zh} <span class="en" lang="en">${en}</span>`
const mark = (one: (Words & { tone: string }) | undefined, fallback = ''): string =>
  one === undefined
    ? html`<span class="mark">${fallback}</span>`
    : html`<span class="mark ${one.tone}">${one.zh} <span lang="en">${one.en}</span></span>`
const moment = (at: string): string =>
  new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Asia/Shanghai',
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(new Date(at))

function page(desk: Desk, title: Words, body: string, live = false): string {
  const { system, settings } = desk
  return html`<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
!${live ? '<script src="/live.js" defer></script>' : ''}
<title>${title.zh} · ${settings.city}${system.title.zh}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body class="${system.name}">
<header><p class="fictional" role="note">演示系统，${settings.city}和所有单位、企业均为虚构。 <span lang="en">A demonstration: the city, its units and all companies are fictional.</span></p><div><a class="name" href="/">${settings.city}${system.title.zh}</a> <span class="en" lang="en">${system.title.en}</span>
<nav aria-label="主导航"><a href="/apply">申请 <span lang="en">Apply</span></a><a href="/desk">经办 <span lang="en">Officer</span></a></nav></div></header>
<main><h1>!${both(title)}</h1>
!${body}
</main></body></html>`
}

export function homePage(desk: Desk): string {
  const { system, settings } = desk
  return page(
    desk,
    system.title,
    html`<p>!${both(system.lead)}</p>
<div class="two">
<section><h2>!${both(w('我是申请人', 'I apply'))}</h2><p>!${both(w('填写单位和事项，随时查看进度。', 'Name your organisation and the matter, and follow it.'))}</p><a class="button" href="/apply">申请 <span lang="en">Apply</span></a></section>
<section><h2>!${both(w('我是经办人员', 'I am the officer'))}</h2><p>!${both(w('查看核查结果，办理并反馈。', 'See the answers, act, tell back.'))}</p><a class="button" href="/desk">办件列表 <span lang="en">Cases</span></a></section>
</div>
<section><h2>!${both(w('信用核查由信衡平台作出', 'Credit checks come from the platform Xinheng'))}</h2>
<p>!${both(w('本系统只通过公开接口与其通信。', 'This system speaks to it by its public API alone.'))} <a href="${settings.platform}/">${settings.platform}</a></p></section>`,
  )
}

export function applyPage(
  desk: Desk,
  form: Readonly<Record<string, string | undefined>>,
  fault: Words | undefined,
): string {
  const { matters, examples } = desk.settings
  return page(
    desk,
    w('提交申请', 'Apply'),
    html`!${fault === undefined ? '' : html`<section class="fault" role="alert">!${both(fault)}</section>`}
<section><form method="post" action="/apply">
<label for="name">!${both(w('单位全称', 'Full name'))}</label><input id="name" name="name" required maxlength="200" autocomplete="organization" value="${form.name ?? ''}">
<label for="code">!${both(w('统一社会信用代码', 'Unified social credit code'))}</label><input id="code" name="code" required maxlength="18" autocomplete="off" value="${form.code ?? ''}">
<label for="matter">!${both(w('事项', 'Matter'))}</label><select id="matter" name="matter">!${matters
      .map(
        ({ code, name }) =>
          html`<option value="${code}" !${form.matter === code ? 'selected' : ''}>${name}</option>`,
      )
      .join('')}</select>
<button type="submit">提交 <span lang="en">Submit</span></button>
</form></section>
!${
      examples.length === 0
        ? ''
        : html`<section><h2>!${both(w('示例申请人', 'Fictional applicants to try'))}</h2><ul>!${examples
            .map(
              ({ name, code, note }) =>
                html`<li><a href="/apply?${new URLSearchParams({ name, code }).toString()}">${name}</a> <span class="mark">${note.zh} <span lang="en">${note.en}</span></span></li>`,
            )
            .join('')}</ul></section>`
    }`,
  )
}

/** What the applicant sees: where the case stands, and the way to the notice that says why. */
export function statusPage(desk: Desk, one: Case): string {
  const notice = one.answer?.notice.url ?? null
  return page(
    desk,
    w('办件进度', 'Where it stands'),
    html`<section class="${{ asked: 'wait', suspended: 'fault', refused: 'fault', done: 'fine', open: '' }[one.state]}" role="status">
<dl><dt>!${both(w('办件编号', 'Case'))}</dt><dd>${one.number}</dd>
<dt>!${both(w('申请人', 'Applicant'))}</dt><dd>${one.name}</dd>
<dt>!${both(w('事项', 'Matter'))}</dt><dd>${matterOf(desk, one)}</dd>
<dt>!${both(w('状态', 'State'))}</dt><dd>!${mark(STATES[one.state])}</dd></dl>
!${one.state === 'asked' ? html`<p>!${both(w('信用核查尚未完成，系统会自动再次核查。这不影响您的申请时间。', 'The credit check has not been made yet; it is asked again by itself. Your place in time is kept.'))}</p>` : ''}
!${one.state === 'suspended' ? html`<p>!${both(w('办件暂停，等待经办人员决定。', 'The case stands still until an officer has decided.'))}</p>` : ''}
!${
      notice === null
        ? ''
        : html`<p><a href="${desk.settings.platform}${notice}">查看告知：依据哪条信息、哪部法律，如何异议或修复 <span lang="en">Which fact, which law, how to object or repair</span></a></p>`
    }</section>`,
    one.state === 'asked' || one.state === 'suspended',
  )
}

export function deskPage(desk: Desk, cases: readonly Case[]): string {
  return page(
    desk,
    w('办件列表', 'Cases'),
    html`<section>!${
      cases.length === 0
        ? html`<p>!${both(w('还没有申请。', 'Nobody has applied yet.'))} <a href="/apply">申请 <span lang="en">Apply</span></a></p>`
        : html`<table><thead><tr><th scope="col">编号 <span lang="en">Case</span></th><th scope="col">申请人 <span lang="en">Applicant</span></th><th scope="col">时间 <span lang="en">Applied</span></th><th scope="col">核查 <span lang="en">Check</span></th><th scope="col">状态 <span lang="en">State</span></th></tr></thead><tbody>!${cases
            .map(
              (one) =>
                html`<tr><th scope="row"><a href="/desk/${one.number}">${one.number}</a></th><td data-label="申请人">${one.name}</td><td data-label="时间">${moment(one.appliedAt)}</td><td data-label="核查">!${one.answer === undefined ? mark(STATES.asked) : mark(RESULTS[one.answer.result], one.answer.result)}</td><td data-label="状态">!${mark(STATES[one.state])}</td></tr>`,
            )
            .join('')}</tbody></table>`
    }</section>`,
    true,
  )
}

/** What the officer sees: the answer with its reasons, and what is to be done. */
export function casePage(desk: Desk, one: Case, fault: Words | undefined): string {
  const { answer } = one
  const waits = one.state === 'asked' || one.state === 'suspended'
  return page(
    desk,
    w(`办件 ${one.number}`, 'Case'),
    html`!${fault === undefined ? '' : html`<section class="fault" role="alert">!${both(fault)}</section>`}
<section><dl><dt>!${both(w('申请人', 'Applicant'))}</dt><dd>${one.name}<br>${one.code}</dd>
<dt>!${both(w('事项', 'Matter'))}</dt><dd>${matterOf(desk, one)}</dd>
<dt>!${both(w('申请时间', 'Applied'))}</dt><dd>${moment(one.appliedAt)}</dd>
<dt>!${both(w('状态', 'State'))}</dt><dd>!${mark(STATES[one.state])}</dd></dl></section>
!${one.fault === undefined ? '' : html`<section class="fault" role="alert"><h2>!${both(w('平台不受理', 'The platform refused'))}</h2><p>${one.fault}</p></section>`}
!${answer === undefined ? notChecked(one) : html`!${answerPart(one, answer)}!${nextPart(desk, one, answer)}`}`,
    waits && fault === undefined,
  )
}

function notChecked(one: Case): string {
  return one.fault !== undefined
    ? ''
    : html`<section class="wait" role="status"><h2>!${both(w('尚未核查', 'Not yet checked'))}</h2><p>!${both(w('暂时连不上信用平台。问题已保存，会自动再次核查；尚未核查不等于“未发现”。', 'The credit platform cannot answer now. The question is kept and asked again by itself; not checked is not “clear”.'))}</p></section>`
}

function answerPart(one: Case, answer: NonNullable<Case['answer']>): string {
  const effects: Readonly<Record<string, string>> = {
    remind: '提示',
    warn: '警示',
    intercept: '拦截',
    reward: '激励',
  }
  return html`<section class="${answer.result === 'intercept' ? 'fault' : answer.result === 'reward' || answer.result === 'clear' ? 'fine' : 'wait'}">
<h2>!${both(w('信用核查结果', 'Credit check'))} !${mark(RESULTS[answer.result], answer.result)}</h2>
!${answer.hits.length > 1 ? '' : inWords(answer)}
<dl><dt>!${both(w('核查编号', 'Number'))}</dt><dd>${answer.number}</dd><dt>!${both(w('核查时间', 'As of'))}</dt><dd>${moment(answer.asOf)}</dd><dt>!${both(w('有效至', 'Valid until'))}</dt><dd>${moment(answer.validUntil)}</dd></dl></section>
!${
    answer.hits.length === 0
      ? ''
      : html`<section><h2>!${both(w('依据', 'Grounds'))}</h2><table><thead><tr><th scope="col">名单和事实 <span lang="en">List and fact</span></th><th scope="col">措施 <span lang="en">Measure</span></th><th scope="col">法律或承诺 <span lang="en">Law or promise</span></th><th scope="col">效果 <span lang="en">Effect</span></th></tr></thead><tbody>!${answer.hits
          .map(
            ({ list, fact, measure, effect }) =>
              html`<tr><th scope="row">${list.title}<br><span class="en">${[fact.documentNumber, fact.authority, fact.until === null ? fact.listedOn : `${fact.listedOn} 至 ${fact.until}`].filter((part) => part !== '').join(' · ')}</span></th><td data-label="措施">${measure.title}</td><td data-label="依据">${measure.law} ${measure.article}</td><td data-label="效果">${effects[effect] ?? effect}</td></tr>`,
          )
          .join(
            '',
          )}</tbody></table>!${answer.hits.length > 1 ? html`<details><summary>!${both(w('文字说明', 'In words'))}</summary>!${inWords(answer)}</details>` : ''}</section>`
  }
!${
    answer.resembling.length === 0
      ? ''
      : html`<section class="wait"><h2>!${both(w('名称相近，供人工核对', 'Names that resemble: for a person to look at'))}</h2><p>!${both(w('不是任何处理的依据。', 'No ground for anything.'))}</p><ul>!${answer.resembling.map(({ name, uscc, score }) => html`<li>${name}（${uscc}，${score.toFixed(2)}）</li>`).join('')}</ul></section>`
  }
!${one.decision === undefined ? '' : html`<section><h2>!${both(w('本单位决定', 'Decided by the unit'))}</h2><p>!${both(DECISIONS[one.decision.decision] ?? w(one.decision.decision, ''))} · ${moment(one.decision.decidedAt)}</p></section>`}`
}

const inWords = ({ explanation }: NonNullable<Case['answer']>): string =>
  html`<p>${explanation.zh}</p><p class="en" lang="en">${explanation.en}</p>`

function nextPart(desk: Desk, one: Case, answer: NonNullable<Case['answer']>): string {
  if (one.feedback !== undefined)
    return html`<section class="${one.fedBack ? 'fine' : 'wait'}" role="status"><h2>!${both(one.fedBack ? w('已反馈', 'Fed back') : w('反馈已保存，等待平台签收', 'Feedback kept, not yet acknowledged'))}</h2><dl><dt>!${both(w('处理结果', 'What was done'))}</dt><dd>${one.feedback.effect}：${one.feedback.done}</dd>!${one.feedback.granted === undefined ? '' : html`<dt>!${both(w('实际给予', 'Granted'))}</dt><dd>${one.feedback.granted}</dd>`}</dl></section>`
  if (one.state === 'suspended')
    return html`<section class="fault"><h2>!${both(w('办件已暂停', 'The case stands still'))}</h2><p>!${both(w('拦截须由本单位人员在信用平台维持，或由两人解除；决定后本页自动更新。', 'An officer of your unit keeps the intercept at the platform, or two lift it; this page follows.'))}</p><a class="button" href="${desk.settings.platform}/console/supervision/cases/${answer.number}">到信用平台决定 <span lang="en">Decide at the platform</span></a></section>`
  const chosen = suggested(one, answer)
  // Of several measures the feedback is about the whole answer: it names none.
  const measures = [...new Set(answer.hits.map(({ measure }) => measure.code))]
  return html`<section><h2>!${both(w('办理并反馈', 'Act and tell back'))}</h2><form method="post" action="/desk/${one.number}/feedback">
<label for="effect">!${both(w('处理结果', 'What was done'))}</label><select id="effect" name="effect">!${['放行', '提示', '拦截', '激励'].map((effect) => html`<option !${effect === chosen ? 'selected' : ''}>${effect}</option>`).join('')}</select>
!${measures.length === 1 ? html`<input type="hidden" name="measure" value="${measures[0]}">` : ''}
<label for="done">!${both(w('实际办理情况', 'In words'))}</label><textarea id="done" name="done" required maxlength="1000"></textarea>
<label for="reason">!${both(w('未实施措施的原因（放行而有命中时必填）', 'Why no measure was applied, where something was found'))}</label><input id="reason" name="reason" maxlength="1000">
!${desk.system.greenChannel ? html`<label for="granted">!${both(w('实际给予的便利（激励时必填）', 'What was really granted, of a reward'))}</label><input id="granted" name="granted" maxlength="500">` : ''}
<button type="submit">反馈 <span lang="en">Tell back</span></button></form></section>`
}

function suggested(one: Case, answer: NonNullable<Case['answer']>): string {
  if (answer.result === 'reward') return '激励'
  if (one.decision?.decision === 'kept' || one.decision?.decision === 'applied') return '拦截'
  if (answer.result === 'remind' || answer.result === 'warn') return '提示'
  return '放行'
}

export function messagePage(desk: Desk, message: Words): string {
  return page(desk, message, html`<p><a href="/">返回首页 <span lang="en">Home</span></a></p>`)
}

const matterOf = (desk: Desk, one: Case): string =>
  desk.settings.matters.find(({ code }) => code === one.matter)?.name ?? one.matter
