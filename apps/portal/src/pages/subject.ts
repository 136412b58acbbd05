import { html } from 'ghtml'
import {
  empty,
  factCard,
  fieldTable,
  objectionMark,
  objectionNote,
  rowTable,
  termLine,
} from '../components/facts.ts'
import { languageInput, layout, official, say, subjectPath } from '../layout.ts'
import type { FactView, Frame, SubjectView } from '../model.ts'
import { KIND_WORDS, SECTIONS } from '../vocabulary.ts'
import { WORDS } from '../words.ts'

/** Class of the base catalogue that holds registration. */
const REGISTRATION = 1

interface Section {
  readonly id: string
  readonly title: (typeof SECTIONS)[number]['title']
  readonly facts: readonly FactView[]
}

/**
 * An organisation in the sections of a public credit report.
 * @param asOf the ISO day that was asked for; undefined for today
 */
export function renderSubject(frame: Frame, subject: SubjectView, asOf: string | undefined): string {
  const sections: Section[] = SECTIONS.map(({ id, title, classes }) => ({
    id,
    title,
    facts: subject.facts.filter((fact) => classes.includes(fact.item.catalogueClass)),
  }))
  return layout(
    frame,
    subject.name,
    html`<div class="wrap"><p class="only-print">${say(frame, WORDS.report)}</p><h1>!${official(frame, subject.name)}</h1>
!${asOf === undefined ? '' : pastNote(frame, subject, asOf)}
<div class="report"><section class="card" aria-labelledby="identity"><h2 class="flush" id="identity">${say(frame, WORDS.identity)}</h2>!${identity(frame, subject)}
!${asOfForm(frame, asOf)}</section>
<section class="card" aria-labelledby="overview"><h2 class="flush" id="overview">${say(frame, WORDS.overview)}</h2>!${cover(frame, sections)}</section></div>
!${sections.map((section) => sectionBody(frame, section))}
!${objectionNote(frame)}</div>`,
    { robots: 'noarchive' },
  )
}

function identity(frame: Frame, subject: SubjectView): string {
  const rows: [string, string][] = [
    [
      say(frame, WORDS.code),
      subject.uscc === null ? '—' : html`<code class="official">${subject.uscc}</code>`,
    ],
    [say(frame, WORDS.kind), html`${say(frame, KIND_WORDS[subject.kind] ?? WORDS.otherKind)}`],
  ]
  if (subject.region !== null) rows.push([say(frame, WORDS.region), official(frame, subject.region)])
  if (subject.formerNames.length > 0)
    rows.push([say(frame, WORDS.formerly), official(frame, subject.formerNames.join('、'))])
  if (subject.formerCodes !== undefined && subject.formerCodes.length > 0)
    rows.push([say(frame, WORDS.formerCodes), html`<code>${subject.formerCodes.join('、')}</code>`])
  if (subject.registered === false)
    rows.push([say(frame, WORDS.registration), html`${say(frame, WORDS.unregistered)}`])
  return rowTable(rows)
}

function asOfForm(frame: Frame, asOf: string | undefined): string {
  return html`<form class="asof no-print" method="get">!${languageInput(frame)}<label for="asOf">${say(frame, WORDS.asOf)}</label><div class="together"><input type="date" id="asOf" name="asOf" value="${asOf ?? ''}" max="${frame.today}"><button>${say(frame, WORDS.show)}</button></div></form>`
}

function pastNote(frame: Frame, subject: SubjectView, asOf: string): string {
  return html`<div class="card past" role="note"><p><b>${say(frame, WORDS.asOfTitle)} <time datetime="${asOf}">${asOf}</time></b></p><p>${say(frame, WORDS.asOfNote)} !${subject.uscc === null ? '' : html`<a class="no-print" href="${subjectPath(frame, subject.uscc)}">${say(frame, WORDS.backToToday)}</a>`}</p></div>`
}

/** @see the cover of Credit China's report: how many facts each section holds */
function cover(frame: Frame, sections: readonly Section[]): string {
  const row = ({ id, title, facts }: Section) => {
    const adverse = facts.filter((fact) => fact.item.adverse).length
    return html`<tr><th scope="row"><a href="#${id}">${say(frame, title)}</a></th><td class="number">${String(facts.length)}</td><td class="number">!${adverse === 0 ? '0' : html`<b class="warn"><span aria-hidden="true">▲</span> ${String(adverse)}</b>`}</td></tr>`
  }
  return html`<table class="cover"><thead><tr><th scope="col">${say(frame, WORDS.section)}</th><th scope="col" class="number">${say(frame, WORDS.facts)}</th><th scope="col" class="number">${say(frame, WORDS.ofWhichAdverse)}</th></tr></thead><tbody>!${sections.map(row)}</tbody></table>`
}

function sectionBody(frame: Frame, { id, title, facts }: Section): string {
  const items = [...Map.groupBy(facts, (fact) => fact.item.code).values()]
  const group = (ofItem: readonly FactView[]) =>
    html`<h3>!${ofItem[0] === undefined ? '' : html`${say(frame, ofItem[0].item.title)}`} <span class="soft small">${String(ofItem.length)}</span></h3>
!${ofItem.map((fact) => (fact.item.catalogueClass === REGISTRATION ? registrationCard(frame, fact) : factCard(frame, fact)))}`
  // What is not there takes a line: eight empty boxes would hide what is.
  return html`<section class="${items.length === 0 ? 'nothing' : 'held'}" aria-labelledby="${id}"><h2 id="${id}">${say(frame, title)} <span class="soft small">${String(facts.length)}</span></h2>
!${items.length === 0 ? empty(frame) : items.map(group).join('')}</section>`
}

function registrationCard(frame: Frame, fact: FactView): string {
  return html`<div class="card">!${objectionMark(frame, fact)}!${fieldTable(
    frame,
    fact.fields.filter((field) => field.value !== ''),
  )}!${termLine(frame, fact)}</div>`
}
