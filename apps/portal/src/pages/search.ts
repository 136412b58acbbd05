import { html } from 'ghtml'
import { layout, official, say, searchForm, subjectPath, to } from '../layout.ts'
import type { Frame, SearchHit, SearchView } from '../model.ts'
import { UNDERSTANDING_WORDS } from '../vocabulary.ts'
import { WORDS } from '../words.ts'

/** Answers to a question; an empty one says how to ask otherwise. */
export function renderSearch(frame: Frame, view: SearchView): string {
  const understood = UNDERSTANDING_WORDS[view.understoodAs]
  const found =
    view.hits.length === 0
      ? noAnswer(frame, view)
      : html`<p class="soft" role="status">${understood === undefined ? '' : say(frame, understood)}</p><div class="card"><ul class="plain">!${view.hits.map((hit) => line(frame, hit, view.query))}</ul></div>`
  return layout(
    frame,
    view.query === '' ? say(frame, WORDS.search) : `${view.query} · ${say(frame, WORDS.results)}`,
    html`<div class="wrap"><h1>${say(frame, view.query === '' ? WORDS.search : WORDS.results)}</h1>!${searchForm(frame, view.query)}
<div class="results">!${view.query === '' ? advice(frame) : html`!${meant(frame, view)}!${found}`}
!${view.next === undefined ? '' : nextPage(frame, view.query, view.next)}</div></div>`,
    { robots: 'noindex' },
  )
}

function nextPage(frame: Frame, query: string, next: string): string {
  const address = `/search?${new URLSearchParams({ q: query, after: next })}`
  return html`<nav class="pager" aria-label="${say(frame, WORDS.pages)}"><a class="button" rel="next" href="${to(frame, address)}">${say(frame, WORDS.next)}</a></nav>`
}

function meant(frame: Frame, view: SearchView): string {
  if (view.didYouMean === undefined) return ''
  const address = `/search?${new URLSearchParams({ q: view.didYouMean })}`
  return html`<p>${say(frame, WORDS.didYouMean)} <a class="row-title" href="${to(frame, address)}">!${official(frame, view.didYouMean)}</a></p>`
}

function noAnswer(frame: Frame, view: SearchView): string {
  return html`<div class="empty" role="status"><p><b>${say(frame, WORDS.noResults)}</b> !${official(frame, view.query)}</p></div>!${advice(frame)}`
}

function advice(frame: Frame): string {
  return html`<section class="card" aria-labelledby="advice"><h2 class="flush" id="advice">${say(frame, WORDS.howToSearch)}</h2><ul>!${[WORDS.adviceName, WORDS.adviceCode, WORDS.adviceInitials, WORDS.advicePersons].map((words) => html`<li>${say(frame, words)}</li>`)}</ul></section>`
}

function line(frame: Frame, hit: SearchHit, query: string): string {
  const name = marked(frame, hit, query)
  const former = hit.current
    ? ''
    : html`<span class="tag">${say(frame, WORDS.formerly)}</span><span>${say(frame, WORDS.presently)} !${official(frame, hit.currentName)}</span>`
  return html`<li>!${hit.uscc === null ? html`<span class="row-title">!${name}</span>` : html`<a class="row-title" href="${subjectPath(frame, hit.uscc)}">!${name}</a>`}
<div class="meta"><span>${say(frame, WORDS.code)} <code>${hit.uscc ?? '—'}</code></span>!${former}</div></li>`
}

/** The name with the parts that the question means. */
function marked(frame: Frame, hit: SearchHit, query: string): string {
  const parts = [...(hit.matched ?? wordsIn(hit.name, query))].sort(([a], [b]) => a - b)
  let at = 0
  let body = ''
  for (const [from, until] of parts) {
    if (from < at || until <= from || until > hit.name.length) continue
    body += html`${hit.name.slice(at, from)}<mark>${hit.name.slice(from, until)}</mark>`
    at = until
  }
  body += html`${hit.name.slice(at)}`
  return frame.language === 'zh' ? body : html`<span lang="zh-CN">!${body}</span>`
}

/** Where each word of the question stands in the name, letters in either case. */
function wordsIn(name: string, query: string): [from: number, to: number][] {
  const lower = name.toLowerCase()
  // A letter whose lower case is longer would shift what follows.
  if (lower.length !== name.length) return []
  return query
    .toLowerCase()
    .split(/\s+/)
    .flatMap((word): [number, number][] => {
      const at = word === '' ? -1 : lower.indexOf(word)
      return at < 0 ? [] : [[at, at + word.length]]
    })
}
