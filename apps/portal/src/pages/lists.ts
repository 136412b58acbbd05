import { html } from 'ghtml'
import { empty, factTable, rowTable } from '../components/facts.ts'
import { layout, official, say, to } from '../layout.ts'
import type { Frame, ListDefinitionView, ListEntriesView, Words } from '../model.ts'
import { EXIT_WORDS, KIND_WORDS, LIST_CLASS_WORDS } from '../vocabulary.ts'
import { WORDS } from '../words.ts'
import { incentivesOfList } from './incentives.ts'
import { filterForm } from './list.ts'

const HEADS = {
  day: WORDS.listedOn,
  subject: WORDS.listedParty,
  matter: WORDS.listedFor,
  number: WORDS.listDocument,
}

const CLASSES = ['seriousDishonesty', 'abnormal', 'watch', 'commendation'] as const

/** What lists there are, by which law, and how one gets off. */
export function renderLists(frame: Frame, lists: readonly ListDefinitionView[]): string {
  const line = (list: ListDefinitionView) =>
    html`<li><a class="row-title" href="${listPath(frame, list.code)}">${say(frame, list.title)}</a><div>${say(frame, list.authority)}</div><div class="meta"><span>!${bases(frame, list)}</span><span>${say(frame, placeOf(list))}</span></div></li>`
  return layout(
    frame,
    say(frame, WORDS.lists),
    html`<div class="wrap"><h1>${say(frame, WORDS.lists)}</h1><p class="lead">${say(frame, WORDS.listsLead)}</p>
!${CLASSES.map((kind) => {
      const ofKind = lists.filter((list) => list.class === kind)
      return ofKind.length === 0
        ? ''
        : html`<section class="card" aria-labelledby="${kind}"><h2 class="flush" id="${kind}">${say(frame, LIST_CLASS_WORDS[kind] ?? WORDS.lists)}</h2>!${kind === 'commendation' ? html`<p><a href="${to(frame, '/incentives')}">${say(frame, WORDS.whatItBrings)} →</a></p>` : ''}<ul class="plain">!${ofKind.map(line)}</ul></section>`
    })}</div>`,
  )
}

/** A list with its law, its procedure and its entries that are public here; no natural person is among them. */
export function renderListEntries(frame: Frame, list: ListDefinitionView, view: ListEntriesView): string {
  const path = `/lists/${encodeURIComponent(list.code)}`
  const query = new URLSearchParams(
    Object.entries(view.filter).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
  const address = (more: Readonly<Record<string, string>> = {}) => {
    const whole = new URLSearchParams([...query, ...Object.entries(more)]).toString()
    return to(frame, whole === '' ? path : `${path}?${whole}`)
  }
  const first = view.isFirst
    ? ''
    : html`<a class="button quiet" href="${address()}">${say(frame, WORDS.first)}</a>`
  const next =
    view.next === undefined
      ? ''
      : html`<a class="button" rel="next" href="${address({ after: view.next })}">${say(frame, WORDS.next)}</a>`
  const pager =
    first === '' && next === ''
      ? ''
      : html`<nav class="pager no-print" aria-label="${say(frame, WORDS.pages)}">!${first}!${next}</nav>`
  return layout(
    frame,
    say(frame, list.title),
    html`<div class="wrap"><p class="meta"><a href="${to(frame, '/lists')}">${say(frame, WORDS.lists)}</a><span>${say(frame, LIST_CLASS_WORDS[list.class] ?? WORDS.lists)}</span></p><h1>${say(frame, list.title)}</h1>
<section class="card" aria-labelledby="about"><h2 class="flush" id="about">${say(frame, WORDS.aboutList)}</h2>!${about(frame, list)}</section>
!${view.incentives === undefined ? '' : html`<section class="card" aria-labelledby="brings"><h2 class="flush" id="brings">${say(frame, WORDS.whatItBrings)}</h2>!${incentivesOfList(frame, list.code, view.incentives)}</section>`}
<h2 id="entries">${say(frame, WORDS.entries)}</h2>
!${list.publication.where === 'here' ? entries(frame, list, view, path, pager, query.size > 0) : elsewhere(frame, list)}</div>`,
    { robots: 'noarchive' },
  )
}

function entries(
  frame: Frame,
  list: ListDefinitionView,
  view: ListEntriesView,
  path: string,
  pager: string,
  filtered: boolean,
): string {
  const clear = filtered ? html`<p><a href="${to(frame, path)}">${say(frame, WORDS.clear)}</a></p>` : ''
  const file = encodeURIComponent(list.code)
  return html`!${filterForm(frame, view, path)}
!${view.facts.length === 0 ? html`!${empty(frame)}!${clear}` : factTable(frame, view.facts, say(frame, list.title), { words: HEADS })}
!${pager}
<p class="small soft no-print">${say(frame, WORDS.wholeFile)} <a href="/lists/${file}.csv" download>CSV</a> · <a href="${to(frame, `/catalogue/${encodeURIComponent(view.itemCode)}`)}">${say(frame, WORDS.whatIsCollected)}</a></p>`
}

/** Where the law has somebody else publish it, the page leads there. */
function elsewhere(frame: Frame, list: ListDefinitionView): string {
  const { site, words } = list.publication
  const link =
    site === undefined
      ? ''
      : site.url === undefined
        ? html`<p>${say(frame, site.name)}</p>`
        : html`<p class="actions"><a href="${site.url}" rel="external noopener">${say(frame, site.name)} →</a></p>`
  return html`<div class="card" role="note"><p><b>${say(frame, WORDS.notPublicHere)}</b></p><p>${say(frame, words)}</p>!${link}</div>`
}

function about(frame: Frame, list: ListDefinitionView): string {
  const plain = (words: Words) => html`${say(frame, words)}`
  const joint = frame.language === 'zh' ? '、' : ', '
  const { defence, priorNotice, words } = list.procedure
  const procedure = [
    ...(priorNotice ? [say(frame, WORDS.priorNotice)] : []),
    ...(defence === undefined
      ? []
      : [
          `${say(frame, WORDS.defenceBefore)}${defence.workingDays}${say(frame, WORDS.defenceAfter)}${defence.basis === undefined ? '' : `（${defence.basis.document}${defence.basis.article ?? ''}）`}`,
        ]),
    ...(words === undefined ? [] : [say(frame, words)]),
  ]
  return rowTable([
    [say(frame, WORDS.listAuthority), plain(list.authority)],
    [say(frame, WORDS.listBasis), bases(frame, list)],
    [
      say(frame, WORDS.listObjects),
      html`${list.objects.map((kind) => say(frame, KIND_WORDS[kind] ?? WORDS.otherKind)).join(joint)}`,
    ],
    [
      say(frame, WORDS.criteria),
      html`<ul class="plain">!${list.criteria.map((one) => html`<li>${say(frame, one.words)}!${one.basis === undefined ? '' : html` <span class="soft">!${official(frame, `${one.basis.document}${one.basis.article ?? ''}`)}</span>`}</li>`)}</ul>`,
    ],
    ...(procedure.length === 0
      ? []
      : ([
          [say(frame, WORDS.procedure), html`${procedure.join(frame.language === 'zh' ? '；' : '; ')}`],
        ] as const)),
    [say(frame, WORDS.listTerm), plain(list.term.words)],
    ...(list.exits.length === 0
      ? []
      : ([
          [
            say(frame, WORDS.howOff),
            html`<ul class="plain">!${list.exits.map((exit) => html`<li><b>${say(frame, EXIT_WORDS[exit.kind] ?? WORDS.howOff)}</b> ${say(frame, exit.words)}!${exit.basis === undefined ? '' : html` <span class="soft">!${official(frame, `${exit.basis.document}${exit.basis.article ?? ''}`)}</span>`}</li>`)}</ul>`,
          ],
        ] as const)),
    [say(frame, WORDS.publication), plain(list.publication.words)],
  ])
}

function placeOf(list: ListDefinitionView): Words {
  return list.publication.where === 'here'
    ? WORDS.listPublicHere
    : list.publication.where === 'authority'
      ? WORDS.listPublicThere
      : WORDS.listPublicNowhere
}

function bases(frame: Frame, list: ListDefinitionView): string {
  return official(frame, list.legalBasis.map((one) => `${one.document}${one.article ?? ''}`).join('；'))
}

export function listPath(frame: Frame, code: string): string {
  return to(frame, `/lists/${encodeURIComponent(code)}`)
}
