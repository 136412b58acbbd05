import { html } from 'ghtml'
import { rowTable } from '../components/facts.ts'
import { layout, official, say, to } from '../layout.ts'
import type { BasisView, CatalogueItemView, Frame, Words } from '../model.ts'
import {
  CLASS_WORDS,
  FIELD_TYPE_WORDS,
  KIND_WORDS,
  SHARING_WORDS,
  UNIT_PREFIX_WORDS,
  VISIBILITY_WORDS,
} from '../vocabulary.ts'
import { WORDS } from '../words.ts'

/** What is collected, and by which law: nothing else may be. */
export function renderCatalogue(frame: Frame, items: readonly CatalogueItemView[]): string {
  const classes = [...Map.groupBy(items, (item) => item.catalogueClass)].sort(([a], [b]) => a - b)
  const line = (item: CatalogueItemView) =>
    html`<li><a class="row-title" href="${to(frame, `/catalogue/${encodeURIComponent(item.code)}`)}">${say(frame, item.title)}</a><div class="meta"><span class="tag">${say(frame, SHARING_WORDS[item.sharing] ?? WORDS.sharing)}</span><span>!${bases(frame, item.legalBasis)}</span></div></li>`
  return layout(
    frame,
    say(frame, WORDS.catalogue),
    html`<div class="wrap"><h1>${say(frame, WORDS.catalogue)}</h1><p class="lead">${say(frame, WORDS.catalogueLead)}</p>
!${classes.map(([number, ofClass]) => html`<section class="card" aria-labelledby="class-${String(number)}"><h2 class="flush" id="class-${String(number)}">${className(frame, number)}</h2><ul class="plain">!${ofClass.map(line)}</ul></section>`)}</div>`,
  )
}

function className(frame: Frame, number: number): string {
  const words = CLASS_WORDS[number - 1]
  return words === undefined ? String(number) : say(frame, words)
}

function bases(frame: Frame, list: readonly BasisView[]): string {
  return official(frame, list.map((basis) => `${basis.document}${basis.article ?? ''}`).join('；'))
}

export function renderCatalogueItem(frame: Frame, item: CatalogueItemView): string {
  const open = item.publication !== undefined && item.sharing === 'P'
  return layout(
    frame,
    say(frame, item.title),
    html`<div class="wrap"><p class="meta"><a href="${to(frame, '/catalogue')}">${say(frame, WORDS.catalogue)}</a><span>${className(frame, item.catalogueClass)}</span></p><h1>${say(frame, item.title)}</h1>
<div class="card">!${rowTable(facts(frame, item))}</div>
!${open ? html`<p class="no-print"><a href="/data/${encodeURIComponent(item.code)}.csv" download>CSV</a> · <a href="/data/${encodeURIComponent(item.code)}.ndjson" download>NDJSON</a></p>` : ''}
<h2>${say(frame, WORDS.fields)} <span class="soft small">${String(item.fields.length)}</span></h2>!${fields(frame, item)}</div>`,
  )
}

function facts(frame: Frame, item: CatalogueItemView): (readonly [string, string])[] {
  const text = (words: Words) => html`${say(frame, words)}`
  const rows: [Words, string][] = [
    [WORDS.basis, bases(frame, item.legalBasis)],
    [WORDS.sharing, text(SHARING_WORDS[item.sharing] ?? WORDS.sharing)],
  ]
  if (item.subjectKinds !== undefined)
    rows.push([
      WORDS.about,
      html`${item.subjectKinds.map((kind) => say(frame, KIND_WORDS[kind] ?? WORDS.otherKind)).join(frame.language === 'zh' ? '、' : ', ')}`,
    ])
  if (item.sourceUnits !== undefined)
    rows.push([WORDS.deliveredBy, html`${deliverers(frame, item.sourceUnits)}`])
  if (item.reporting !== undefined) {
    const { workingDays, basis } = item.reporting
    rows.push([
      WORDS.deadline,
      html`${say(frame, WORDS.deadlineBefore)}${String(workingDays)}${say(frame, WORDS.deadlineAfter)}!${basis === undefined ? '' : html` <span class="soft">!${bases(frame, [basis])}</span>`}`,
    ])
  }
  rows.push([
    WORDS.publication,
    text(
      item.publication !== undefined && item.sharing === 'P' ? WORDS.publishedByRule : WORDS.neverPublished,
    ),
  ])
  rows.push([
    WORDS.itemVersion,
    html`<code>${item.code}</code> v${String(item.version)}!${item.inForceFrom === undefined ? '' : html` · ${say(frame, WORDS.inForceFrom)} <time datetime="${item.inForceFrom}">${item.inForceFrom}</time>`}`,
  ])
  return rows.map(([label, body]) => [say(frame, label), body])
}

function deliverers(frame: Frame, prefixes: readonly string[]): string {
  if (prefixes.length === 0) return say(frame, WORDS.everyUnit)
  return prefixes
    .map((prefix) => {
      const words = UNIT_PREFIX_WORDS[prefix]
      return words === undefined ? `${prefix}…` : say(frame, words)
    })
    .join(frame.language === 'zh' ? '、' : ', ')
}

function fields(frame: Frame, item: CatalogueItemView): string {
  const heads = [WORDS.field, WORDS.fieldCode, WORDS.type, WORDS.required, WORDS.visibility]
  const row = (field: CatalogueItemView['fields'][number]) => {
    const type = FIELD_TYPE_WORDS[field.type]
    const cells = [
      html`${say(frame, field.title)}`,
      html`<code>${field.code ?? '—'}</code>`,
      html`${type === undefined ? field.type : say(frame, type)}!${field.length === undefined ? '' : html` <span class="soft">≤ ${String(field.length)}</span>`}`,
      html`${say(frame, field.required === true ? WORDS.yes : WORDS.no)}`,
      html`${say(frame, VISIBILITY_WORDS[field.visibility] ?? WORDS.visibility)}`,
    ]
    return html`<tr role="row">!${cells.map((body, i) => html`<td role="cell" data-label="${say(frame, heads[i] ?? WORDS.field)}"><div>!${body}</div></td>`)}</tr>`
  }
  return html`<table class="cards" role="table"><caption class="unseen">${say(frame, WORDS.fields)}</caption><thead role="rowgroup"><tr role="row">!${heads.map((words) => html`<th role="columnheader" scope="col">${say(frame, words)}</th>`)}</tr></thead><tbody role="rowgroup">!${item.fields.map(row)}</tbody></table>`
}
