import { html } from 'ghtml'
import { factPath, official, say, subjectPath, to } from '../layout.ts'
import type { FactView, FieldView, Frame, Words } from '../model.ts'
import { WORDS } from '../words.ts'

export function empty(frame: Frame): string {
  return html`<p class="empty">${say(frame, WORDS.nothing)}</p>`
}

/** A legal day, or a dash. */
export function day(value: string | null): string {
  return value === null || value === '' ? '—' : html`<time datetime="${value}">${value}</time>`
}

/** Public until, in words where there is no end. */
export function lastDay(frame: Frame, fact: FactView): string {
  return fact.publicUntil === null ? html`${say(frame, WORDS.open)}` : day(fact.publicUntil)
}

/** What kind of fact this is, and whether it tells against its subject: by words and shape, not by colour alone. */
export function kindTag(frame: Frame, fact: FactView): string {
  return fact.item.adverse
    ? html`<span class="tag adverse"><span aria-hidden="true">▲</span> ${say(frame, fact.item.title)} · ${say(frame, WORDS.adverse)}</span>`
    : html`<span class="tag">${say(frame, fact.item.title)}</span>`
}

/** @see 社会信用条例, 异议: the fact is marked wherever it is shown while it is examined */
export function objectionMark(frame: Frame, fact: FactView): string {
  return fact.underObjection === undefined
    ? ''
    : html`<p class="objected"><b>${say(frame, WORDS.underObjection)}</b> ${say(frame, WORDS.since)} !${day(fact.underObjection.since)} · <a href="${to(frame, '/help#objection')}">${say(frame, WORDS.objection)}</a></p>`
}

/** A fact in a few lines, for the newest on the front page. */
export function factLine(frame: Frame, fact: FactView): string {
  return html`<li><a class="row-title" href="${factPath(frame, fact.id)}">!${official(frame, fact.subject.name)}</a>
<div>!${official(frame, fact.title)}</div><div class="meta">!${fact.decidedOn === null ? '' : day(fact.decidedOn)}!${some(frame, fact.authority ?? fact.sourceUnit)}!${some(frame, fact.documentNumber)}</div></li>`
}

function some(frame: Frame, text: string | null): string {
  return text === null || text === '' ? '' : html`<span>!${official(frame, text)}</span>`
}

/** What the columns are called: of decisions, unless it is said. */
export interface FactHeads {
  readonly day: Words
  readonly subject: Words
  readonly matter: Words
  readonly number: Words
}

const FACT_HEADS: FactHeads = {
  day: WORDS.decidedOn,
  subject: WORDS.subject,
  matter: WORDS.matter,
  number: WORDS.number,
}

/** A table of lists; every cell names its column, so that a narrow page shows each row as a card. */
export function factTable(
  frame: Frame,
  facts: readonly FactView[],
  caption: string,
  {
    ofOneSubject = false,
    words = FACT_HEADS,
  }: { readonly ofOneSubject?: boolean; readonly words?: FactHeads } = {},
): string {
  const cell = (label: Words, body: string) =>
    html`<td role="cell" data-label="${say(frame, label)}"><div>!${body}</div></td>`
  const head = [
    words.day,
    ...(ofOneSubject ? [] : [words.subject]),
    words.matter,
    words.number,
    WORDS.authority,
    WORDS.publicUntil,
  ].map((label) => html`<th role="columnheader" scope="col">${say(frame, label)}</th>`)
  return html`<table class="cards" role="table"><caption class="unseen">${caption}</caption><thead role="rowgroup"><tr role="row">!${head}</tr></thead><tbody role="rowgroup">
!${facts.map(
    (fact) => html`<tr role="row">!${cell(words.day, day(fact.decidedOn))}
!${ofOneSubject ? '' : cell(words.subject, fact.subject.uscc === null ? official(frame, fact.subject.name) : html`<a href="${subjectPath(frame, fact.subject.uscc)}">!${official(frame, fact.subject.name)}</a>`)}
!${cell(words.matter, html`<a class="row-title" href="${factPath(frame, fact.id)}">!${official(frame, fact.title)}</a>!${objectionMark(frame, fact)}`)}
!${cell(words.number, official(frame, fact.documentNumber ?? '—'))}
!${cell(WORDS.authority, official(frame, fact.authority ?? fact.sourceUnit))}
!${cell(WORDS.publicUntil, lastDay(frame, fact))}</tr>`,
  )}</tbody></table>`
}

export function fieldTable(frame: Frame, fields: readonly FieldView[]): string {
  return rowTable(
    fields.map((field) => [say(frame, field.label), official(frame, field.value === '' ? '—' : field.value)]),
  )
}

/** @param rows label as text, value as HTML */
export function rowTable(rows: readonly (readonly [label: string, body: string])[]): string {
  return html`<table class="fields"><tbody>!${rows.map(([label, body]) => html`<tr><th scope="row">${label}</th><td>!${body}</td></tr>`)}</tbody></table>`
}

/** Shown in the card's own lines already. */
const LINE_FIELDS = new Set([
  'subjectName',
  'uscc',
  'counterpartyCategory',
  'legalRepresentative',
  'authorityName',
  'authorityUscc',
  'sourceUnitName',
  'sourceUnitUscc',
  'documentNumber',
  'decidedOn',
  'regionCode',
])
const CARD_FIELDS = 6

/** A fact on its subject's page; all of it stands on its own page. */
export function factCard(frame: Frame, fact: FactView): string {
  const more = fact.fields
    .filter((field) => !LINE_FIELDS.has(field.name) && field.value !== fact.title && field.value !== '')
    .slice(0, CARD_FIELDS)
  return html`<article class="fact !${fact.item.adverse ? 'adverse' : ''}"><h4><a class="row-title" href="${factPath(frame, fact.id)}">!${official(frame, fact.title)}</a></h4>
<div class="meta">!${kindTag(frame, fact)}!${some(frame, fact.documentNumber)}<span>${say(frame, WORDS.decidedOn)} !${day(fact.decidedOn)}</span>!${some(frame, fact.authority ?? fact.sourceUnit)}</div>
!${objectionMark(frame, fact)}
!${more.length === 0 ? '' : html`<dl>!${more.map((field) => html`<dt>${say(frame, field.label)}</dt><dd>!${official(frame, field.value)}</dd>`)}</dl>`}!${termLine(frame, fact)}</article>`
}

/** Who delivered it, how long it is shown, by which law, and where the rest stands. */
export function termLine(frame: Frame, fact: FactView): string {
  return html`<p class="term">${say(frame, WORDS.source)} !${official(frame, fact.sourceUnit)} · ${say(frame, WORDS.shown)} !${day(fact.publicFrom)} ${say(frame, WORDS.until)} !${lastDay(frame, fact)}!${fact.ruleBasis === '' ? '' : html` · ${say(frame, WORDS.rule)} !${official(frame, fact.ruleBasis)}`} <a class="no-print" href="${factPath(frame, fact.id)}">${say(frame, WORDS.details)}</a></p>`
}

/** How to have a fact put right. @param id of the fact, where the page is about one */
export function objectionNote(frame: Frame, id?: string): string {
  return html`<aside class="card no-print" aria-labelledby="wrong"><h2 class="flush" id="wrong">${say(frame, WORDS.wrong)}</h2><p>${say(frame, WORDS.wrongText)}</p><p class="actions">!${id === undefined ? '' : html`<a href="${to(frame, `/facts/${encodeURIComponent(id)}/complaint`)}">${say(frame, WORDS.writtenWrongly)} →</a> `}<a href="${to(frame, '/help#objection')}">${say(frame, WORDS.objection)} →</a> <a href="${to(frame, '/help#repair')}">${say(frame, WORDS.repair)} →</a></p></aside>`
}
