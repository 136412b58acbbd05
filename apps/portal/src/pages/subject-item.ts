import { html } from 'ghtml'
import { empty, factTable } from '../components/facts.ts'
import { count, layout, official, say, subjectItemPath, subjectPath, to } from '../layout.ts'
import type { Frame, SubjectItemView, SubjectView } from '../model.ts'
import { WORDS } from '../words.ts'

/** All facts of one item of an organisation, newest first, by keyset pages. `subject.facts` is the page. */
export function renderSubjectItem(frame: Frame, subject: SubjectView, view: SubjectItemView): string {
  const uscc = subject.uscc ?? ''
  const all = subject.counts?.find(({ item }) => item.code === view.code)?.facts ?? subject.facts.length
  const title = say(frame, view.title)
  const own = (after?: string) => subjectItemPath(frame, uscc, view.code, view.asOf, after)
  const first = view.isFirst
    ? ''
    : html`<a class="button quiet" href="${own()}">${say(frame, WORDS.first)}</a>`
  const next =
    subject.next === undefined
      ? ''
      : html`<a class="button" rel="next" href="${own(subject.next)}">${say(frame, WORDS.next)}</a>`
  const back = `/subjects/${encodeURIComponent(uscc)}${view.asOf === undefined ? '' : `?asOf=${view.asOf}`}`
  const file = `/subjects/${encodeURIComponent(uscc)}/${encodeURIComponent(view.code)}`
  const asked = view.asOf === undefined ? '' : `?asOf=${view.asOf}`
  return layout(
    frame,
    `${title} · ${subject.name}`,
    html`<div class="wrap"><p class="meta"><a href="${to(frame, back)}">← ${say(frame, WORDS.backToSubject)}</a></p><h1>${title}</h1>
<p class="of"><a href="${subjectPath(frame, uscc)}">!${official(frame, subject.name)}</a> <code>${uscc}</code></p>
<p class="lead">${frame.language === 'zh' ? `共 ${count(all)} 条，按决定日期由近到远排列。` : `${count(all)} in all, newest decision first.`}!${view.asOf === undefined ? '' : html` <b>${say(frame, WORDS.asOfTitle)} <time datetime="${view.asOf}">${view.asOf}</time></b>`}</p>
!${subject.facts.length === 0 ? empty(frame) : factTable(frame, subject.facts, title, { ofOneSubject: true })}
!${first === '' && next === '' ? '' : html`<nav class="pager" aria-label="${say(frame, WORDS.pages)}">!${first}!${next}</nav>`}
<p class="small soft no-print">${say(frame, WORDS.wholeFile)} <a href="${file}.csv${asked}" download>CSV</a> <a href="${file}.ndjson${asked}" download>NDJSON</a></p></div>`,
    { robots: 'noarchive' },
  )
}
