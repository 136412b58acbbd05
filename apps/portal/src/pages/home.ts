import { html } from 'ghtml'
import { empty, factLine } from '../components/facts.ts'
import { count, layout, official, say, searchForm, to } from '../layout.ts'
import type { AnnouncementView, FactView, Frame, HomeView, Words } from '../model.ts'
import { WORDS } from '../words.ts'

/** The front page: the question, the city's figures, what is newest. */
export function renderHome(frame: Frame, view: HomeView): string {
  const latest = (title: Words, facts: readonly FactView[], link: string) =>
    html`<section class="card"><div class="head"><h2 class="flush">${say(frame, title)}</h2><a href="${to(frame, link)}">${say(frame, WORDS.more)} →</a></div>
!${facts.length === 0 ? empty(frame) : html`<ul class="plain">!${facts.map((fact) => factLine(frame, fact))}</ul>`}</section>`
  const figure = (label: Words, value: number) =>
    html`<div><dt>${say(frame, label)}</dt><dd>${count(value)}</dd></div>`
  return layout(
    frame,
    say(frame, WORDS.home),
    html`<div class="hero"><div class="wrap"><h1>${say(frame, WORDS.heroTitle)}</h1><p>${say(frame, WORDS.heroText)}</p>!${searchForm(frame, '')}<p class="small">${say(frame, WORDS.searchHelp)}</p></div></div>
<div class="wrap"><dl class="figures" aria-label="${say(frame, WORDS.figures)}">!${figure(WORDS.subjects, view.subjects)}!${figure(WORDS.units, view.units)}!${figure(WORDS.publicPermits, view.permitCount)}!${figure(WORDS.publicPenalties, view.penaltyCount)}</dl>
!${announcements(frame, view.announcements ?? [])}
<div class="two">!${latest(WORDS.latestPermits, view.permits, '/permits')}!${latest(WORDS.latestPenalties, view.penalties, '/penalties')}</div></div>`,
  )
}

/** Each opens where it stands; nothing is loaded. */
function announcements(frame: Frame, shown: readonly AnnouncementView[]): string {
  if (shown.length === 0) return ''
  const paragraphs = (text: string) =>
    text
      .split(/\r?\n+/)
      .filter((line) => line.trim() !== '')
      .map((line) => html`<p>!${official(frame, line)}</p>`)
      .join('')
  return html`<section class="card announcements" aria-labelledby="announcements"><h2 class="flush" id="announcements">${say(frame, WORDS.announcements)}</h2>!${shown.map((one) => html`<details><summary>!${official(frame, one.title)} <time class="soft" datetime="${one.shownFrom}">${one.shownFrom}</time></summary>!${paragraphs(one.body)}</details>`)}</section>`
}
