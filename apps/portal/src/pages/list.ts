import { html } from 'ghtml'
import { empty, factTable } from '../components/facts.ts'
import { languageInput, layout, say, to } from '../layout.ts'
import type { Choice, Frame, ListView, Words } from '../model.ts'
import { WORDS } from '../words.ts'

/**
 * 双公示: permits or penalties, newest first, by keyset pages.
 * @see 国办发〔2015〕51号
 */
export function renderList(frame: Frame, view: ListView): string {
  const title = view.kind === 'permits' ? WORDS.permits : WORDS.penalties
  const path = `/${view.kind}`
  const query = new URLSearchParams(
    Object.entries(view.filter).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
  const address = (more: Readonly<Record<string, string>> = {}) => {
    const whole = new URLSearchParams([...query, ...Object.entries(more)]).toString()
    return to(frame, whole === '' ? path : `${path}?${whole}`)
  }
  const tab = (link: string, words: Words) =>
    html`<li><a href="${to(frame, link)}" !${link === path ? 'aria-current="page"' : ''}>${say(frame, words)}</a></li>`
  const first = view.isFirst
    ? ''
    : html`<a class="button quiet" href="${address()}">${say(frame, WORDS.first)}</a>`
  const next =
    view.next === undefined
      ? ''
      : html`<a class="button" rel="next" href="${address({ after: view.next })}">${say(frame, WORDS.next)}</a>`
  return layout(
    frame,
    say(frame, title),
    html`<div class="wrap"><h1>${say(frame, title)}</h1><p class="lead">${say(frame, WORDS.listLead)}</p>
<nav aria-label="${say(frame, WORDS.doublePublicity)}"><ul class="tabs">!${tab('/permits', WORDS.permits)}!${tab('/penalties', WORDS.penalties)}</ul></nav>
!${filterForm(frame, view, path)}
!${view.facts.length === 0 ? html`!${empty(frame)}!${query.size === 0 ? '' : html`<p><a href="${to(frame, path)}">${say(frame, WORDS.clear)}</a></p>`}` : factTable(frame, view.facts, say(frame, title))}
!${first === '' && next === '' ? '' : html`<nav class="pager no-print" aria-label="${say(frame, WORDS.pages)}">!${first}!${next}</nav>`}
!${downloads(frame, view)}</div>`,
    { robots: 'noarchive' },
  )
}

/** A form without script: what is asked for stands in the address. */
export function filterForm(
  frame: Frame,
  view: Pick<ListView, 'units' | 'regions' | 'categories' | 'filter'>,
  path: string,
): string {
  const select = (name: string, label: Words, all: Words, choices: readonly Choice[], chosen: string) =>
    html`<div><label for="${name}">${say(frame, label)}</label><select id="${name}" name="${name}"><option value="">${say(frame, all)}</option>!${choices.map((choice) => html`<option value="${choice.value}" !${choice.value === chosen ? 'selected' : ''} !${frame.language === 'en' ? 'lang="zh-CN"' : ''}>${choice.label}</option>`)}</select></div>`
  const date = (name: 'from' | 'to', label: Words) =>
    html`<div><label for="${name}">${say(frame, label)}</label><input type="date" id="${name}" name="${name}" value="${view.filter[name]}" max="${frame.today}"></div>`
  return html`<form class="card filters no-print" method="get" action="${path}" aria-label="${say(frame, WORDS.filter)}">!${languageInput(frame)}
!${select(
    'unit',
    WORDS.authority,
    WORDS.allUnits,
    view.units.map((unit) => ({ value: unit.uscc, label: unit.name })),
    view.filter.unit,
  )}
!${
    view.regions.length === 0
      ? ''
      : select(
          'region',
          WORDS.region,
          WORDS.allRegions,
          view.regions.map((region) => ({ value: region.code, label: region.name })),
          view.filter.region,
        )
  }
!${view.categories === undefined ? '' : select('category', WORDS.category, WORDS.allCategories, view.categories, view.filter.category ?? '')}
!${date('from', WORDS.from)}!${date('to', WORDS.to)}
<button>${say(frame, WORDS.filter)}</button></form>`
}

function downloads(frame: Frame, view: ListView): string {
  const code = view.itemCode ?? view.facts[0]?.item.code
  if (code === undefined) return ''
  const file = encodeURIComponent(code)
  return html`<p class="small soft no-print">${say(frame, WORDS.wholeFile)} <a href="/data/${file}.csv" download>CSV</a> <a href="/data/${file}.ndjson" download>NDJSON</a> · <a href="${to(frame, `/catalogue/${file}`)}">${say(frame, WORDS.whatIsCollected)}</a></p>`
}
