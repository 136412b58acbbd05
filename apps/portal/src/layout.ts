import { html } from 'ghtml'
import type { Frame, Words } from './model.ts'
import { stylesheetPath } from './style.ts'
import { WORDS } from './words.ts'

export const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" aria-hidden="true"><rect width="48" height="48" rx="11" fill="#0b5c7d"/><path d="M24 9v27M12 16h24M15 16l-5 11h10zM33 16l-5 11h10zM16 38h16" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/></svg>'

/** A sentence in the page's language. */
export function say(frame: Frame, words: Words): string {
  return words[frame.language]
}

/** Official text, escaped: it stays Chinese on an English page, and says so to a screen reader. */
export function official(frame: Frame, text: string): string {
  return frame.language === 'zh' || text === '' ? html`${text}` : html`<span lang="zh-CN">${text}</span>`
}

/** A link in the page's language. `path` may end in a fragment. */
export function to(frame: Frame, path: string): string {
  if (frame.language === 'zh') return path
  const [address = '', fragment] = path.split('#')
  const english = `${address}${address.includes('?') ? '&' : '?'}lang=en`
  return fragment === undefined ? english : `${english}#${fragment}`
}

export function subjectPath(frame: Frame, uscc: string): string {
  return to(frame, `/subjects/${encodeURIComponent(uscc)}`)
}

/** All facts of one item of a subject, page by page. */
export function subjectItemPath(
  frame: Frame,
  uscc: string,
  item: string,
  asOf?: string,
  after?: string,
): string {
  const query = new URLSearchParams()
  if (asOf !== undefined) query.set('asOf', asOf)
  if (after !== undefined) query.set('after', after)
  const asked = query.size === 0 ? '' : `?${query}`
  return to(frame, `/subjects/${encodeURIComponent(uscc)}/${encodeURIComponent(item)}${asked}`)
}

const GROUPED = new Intl.NumberFormat('en')

/** A number as people read it: 20,000. */
export function count(value: number): string {
  return GROUPED.format(value)
}

export function factPath(frame: Frame, id: string): string {
  return to(frame, `/facts/${encodeURIComponent(id)}`)
}

/** Keeps a form's answer in the page's language. */
export function languageInput(frame: Frame): string {
  return frame.language === 'en' ? '<input type="hidden" name="lang" value="en">' : ''
}

/** The address asked for, on this host whatever was asked: `//elsewhere` in a link would leave it. */
function ownAddress(path: string): URL {
  const url = new URL('http://portal/')
  const [address = '', ...query] = path.split('?')
  url.pathname = address
  url.pathname = url.pathname.replace(/^\/+/, '/')
  url.search = query.join('?')
  return url
}

function otherLanguage(frame: Frame): string {
  const url = ownAddress(frame.path)
  if (frame.language === 'zh') url.searchParams.set('lang', 'en')
  else url.searchParams.delete('lang')
  return url.pathname + url.search
}

const NAVIGATION = [
  ['/', WORDS.home],
  ['/permits', WORDS.permits],
  ['/penalties', WORDS.penalties],
  ['/lists', WORDS.lists],
  ['/incentives', WORDS.incentives],
  ['/catalogue', WORDS.catalogue],
  ['/data', WORDS.openData],
  ['/help', WORDS.help],
] as const

export interface PageOptions {
  /** For robots, e.g. the day on which a fact has to leave their copies too. */
  readonly robots?: string
  readonly description?: string
}

/** A whole document. `body` is HTML made by a page. */
export function layout(frame: Frame, title: string, body: string, options: PageOptions = {}): string {
  const path = ownAddress(frame.path).pathname
  const other = frame.language === 'zh' ? 'en' : 'zh-CN'
  const section = NAVIGATION.find(([link]) => link !== '/' && path.startsWith(`${link}/`))?.[0]
  const current = (link: string) =>
    link === path ? 'aria-current="page"' : link === section ? 'aria-current="true"' : ''
  const address = html`${frame.baseUrl ?? ''}${frame.path}`
  return html`<!doctype html>
<html lang="${frame.language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${say(frame, WORDS.siteOf)}${frame.city}</title>
<meta name="description" content="${options.description ?? say(frame, WORDS.description)}">
!${options.robots === undefined ? '' : html`<meta name="robots" content="${options.robots}">`}
<link rel="stylesheet" href="${stylesheetPath}">
<link rel="icon" href="/assets/logo.svg" type="image/svg+xml">
<link rel="manifest" href="/assets/site.webmanifest">
<link rel="alternate" hreflang="${other}" href="${frame.baseUrl ?? ''}${otherLanguage(frame)}">
<meta name="theme-color" content="#0b5c7d">
</head>
<body>
<a class="skip" href="#content">${say(frame, WORDS.skip)}</a>
!${frame.fictional ? html`<aside class="fiction" aria-label="${say(frame, WORDS.notice)}">${say(frame, WORDS.fictional)}</aside>` : ''}
<header class="site"><div class="wrap bar">
<a class="brand" href="${to(frame, '/')}">!${LOGO}<span>${say(frame, WORDS.brand)}!${official(frame, frame.city)}<small>${say(frame, WORDS.tagline)}</small></span></a>
<p class="only-print printed">!${frame.today === '' ? '' : html`${say(frame, WORDS.printed)} ${frame.today}<br>`}!${address}</p>
<nav class="site" aria-label="${say(frame, WORDS.navigation)}"><ul>
!${NAVIGATION.map(([link, words]) => html`<li><a href="${to(frame, link)}" !${current(link)}>${say(frame, words)}</a></li>`).join('')}
<li><a href="${otherLanguage(frame)}" lang="${other}" hreflang="${other}">${frame.language === 'zh' ? 'English' : '中文'}</a></li>
</ul></nav>
</div></header>
<main id="content" tabindex="-1">!${body}</main>
<footer class="site"><div class="wrap">
<ul><li><a href="${to(frame, '/help#objection')}">${say(frame, WORDS.objection)}</a></li><li><a href="${to(frame, '/help#repair')}">${say(frame, WORDS.repair)}</a></li><li><a href="${to(frame, '/help#persons')}">${say(frame, WORDS.persons)}</a></li><li><a href="${to(frame, '/ledger')}">${say(frame, WORDS.ledger)}</a></li><li><a href="/api/docs">${say(frame, WORDS.apiDocs)}</a></li></ul>
<p>${say(frame, WORDS.footer)}</p>
!${frame.version === undefined ? '' : html`<p class="no-print small">Xinheng ${frame.version}</p>`}
</div></footer>
</body>
</html>`
}

/** The search box, in the hero and on the result page. */
export function searchForm(frame: Frame, query: string): string {
  return html`<form class="search" action="/search" method="get" role="search">
!${languageInput(frame)}
<input type="search" name="q" value="${query}" aria-label="${say(frame, WORDS.searchLabel)}" placeholder="${say(frame, WORDS.searchHint)}" maxlength="100" autocomplete="off" autocapitalize="off" spellcheck="false" required>
<button>${say(frame, WORDS.search)}</button></form>`
}
