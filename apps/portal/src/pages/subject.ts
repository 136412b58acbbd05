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
import { count, languageInput, layout, official, say, subjectItemPath, subjectPath } from '../layout.ts'
import type { FactView, Frame, SubjectView, Words } from '../model.ts'
import { KIND_WORDS, SECTIONS } from '../vocabulary.ts'
import { WORDS } from '../words.ts'
import { incentivesPath } from './incentives.ts'

/** Class of the base catalogue that holds registration. */
const REGISTRATION = 1

interface Group {
  readonly code: string
  readonly title: Words
  readonly adverse: boolean
  /** How many there are, of which `shown` are the newest. */
  readonly count: number
  readonly shown: readonly FactView[]
}

interface Section {
  readonly id: string
  readonly title: Words
  readonly groups: readonly Group[]
}

/**
 * An organisation in the sections of a public credit report.
 * @param asOf the ISO day that was asked for; undefined for today
 */
export function renderSubject(frame: Frame, subject: SubjectView, asOf: string | undefined): string {
  const sections: Section[] = SECTIONS.map(({ id, title, classes }) => ({
    id,
    title,
    groups: groupsOf(subject, classes),
  }))
  return layout(
    frame,
    subject.name,
    html`<div class="wrap"><p class="only-print">${say(frame, WORDS.report)}</p><h1>!${official(frame, subject.name)}</h1>
!${asOf === undefined ? '' : pastNote(frame, subject, asOf)}
<div class="report"><section class="card" aria-labelledby="identity"><h2 class="flush" id="identity">${say(frame, WORDS.identity)}</h2>!${identity(frame, subject)}
!${asOfForm(frame, asOf)}</section>
<section class="card" aria-labelledby="overview"><h2 class="flush" id="overview">${say(frame, WORDS.overview)}</h2>!${cover(frame, sections)}</section></div>
!${sections.map((section) => sectionBody(frame, subject, section, asOf))}
!${files(frame, subject)}
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

function groupsOf(subject: SubjectView, classes: readonly number[]): Group[] {
  const shown = Map.groupBy(subject.facts, (fact) => fact.item.code)
  const counts =
    subject.counts ??
    [...shown.values()].flatMap((facts) =>
      facts[0] === undefined ? [] : [{ item: facts[0].item, facts: facts.length }],
    )
  return counts
    .filter(({ item }) => classes.includes(item.catalogueClass))
    .map(({ item, facts }) => ({
      code: item.code,
      title: item.title,
      adverse: item.adverse,
      count: facts,
      shown: shown.get(item.code) ?? [],
    }))
}

const sum = (groups: readonly Group[]) => groups.reduce((total, group) => total + group.count, 0)

/** @see the cover of Credit China's report: how many facts each section holds */
function cover(frame: Frame, sections: readonly Section[]): string {
  const row = ({ id, title, groups }: Section) => {
    const adverse = sum(groups.filter((group) => group.adverse))
    return html`<tr><th scope="row"><a href="#${id}">${say(frame, title)}</a></th><td class="number">${count(sum(groups))}</td><td class="number">!${adverse === 0 ? '0' : html`<b class="warn"><span aria-hidden="true">▲</span> ${count(adverse)}</b>`}</td></tr>`
  }
  return html`<table class="cover"><thead><tr><th scope="col">${say(frame, WORDS.section)}</th><th scope="col" class="number">${say(frame, WORDS.facts)}</th><th scope="col" class="number">${say(frame, WORDS.ofWhichAdverse)}</th></tr></thead><tbody>!${sections.map(row)}</tbody></table>`
}

function sectionBody(
  frame: Frame,
  subject: SubjectView,
  { id, title, groups }: Section,
  asOf: string | undefined,
): string {
  const group = ({ code, title: of, count: all, shown }: Group) =>
    html`<h3>${say(frame, of)} <span class="soft small">${count(all)}</span></h3>
!${asOf === undefined ? brings(frame, subject, code) : ''}
!${all > shown.length && subject.uscc !== null ? more(frame, subject.uscc, { code, all, shown: shown.length }, asOf) : ''}
!${shown.map((fact) => (fact.item.catalogueClass === REGISTRATION ? registrationCard(frame, fact) : factCard(frame, fact)))}`
  // What is not there takes a line: eight empty boxes would hide what is.
  return html`<section class="${groups.length === 0 ? 'nothing' : 'held'}" aria-labelledby="${id}"><h2 id="${id}">${say(frame, title)} <span class="soft small">${count(sum(groups))}</span></h2>
!${groups.length === 0 ? empty(frame) : groups.map(group).join('')}</section>`
}

/** Where a fact is an entry on a list of commendation: what that list brings. */
function brings(frame: Frame, subject: SubjectView, item: string): string {
  const list = subject.commendations?.[item]
  return list === undefined
    ? ''
    : html`<p class="no-print"><a href="${incentivesPath(frame, list)}">${say(frame, WORDS.whatListBrings)} →</a></p>`
}

/** Says that these are not all, and where all are: in print by the address. */
function more(
  frame: Frame,
  uscc: string,
  { code, all, shown }: { code: string; all: number; shown: number },
  asOf: string | undefined,
): string {
  const path = subjectItemPath(frame, uscc, code, asOf)
  const [few, many] = [count(shown), count(all)]
  return html`<p class="partly" role="note">${frame.language === 'zh' ? `共 ${many} 条，以下为最近的 ${few} 条。` : `${many} in all; the newest ${few} follow.`} <a href="${path}">${say(frame, WORDS.seeAll)} →</a><span class="only-print"> ${frame.baseUrl ?? ''}${path}</span></p>`
}

function files(frame: Frame, subject: SubjectView): string {
  if (subject.uscc === null || subject.facts.length === 0) return ''
  return html`<p class="small soft no-print files">${say(frame, WORDS.wholeSubject)} <a href="/subjects/${subject.uscc}/facts.ndjson" download>NDJSON</a> · <a href="/api/v1/subjects/${subject.uscc}">JSON</a></p>`
}

function registrationCard(frame: Frame, fact: FactView): string {
  return html`<div class="card">!${objectionMark(frame, fact)}!${fieldTable(
    frame,
    fact.fields.filter((field) => field.value !== ''),
  )}!${termLine(frame, fact)}</div>`
}
