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

/** A link in the page's language. */
export function to(frame: Frame, path: string): string {
  return frame.language === 'en' ? `${path}${path.includes('?') ? '&' : '?'}lang=en` : path
}

function otherLanguage(frame: Frame): string {
  const url = new URL(frame.path, 'http://portal')
  if (frame.language === 'zh') url.searchParams.set('lang', 'en')
  else url.searchParams.delete('lang')
  return url.pathname + url.search
}

const NAVIGATION = [
  ['/', WORDS.home],
  ['/permits', WORDS.permits],
  ['/penalties', WORDS.penalties],
  ['/catalogue', WORDS.catalogue],
  ['/data', WORDS.openData],
  ['/help', WORDS.help],
] as const

/** A whole document. `body` is HTML made by a page. */
export function layout(frame: Frame, title: string, body: string): string {
  const path = new URL(frame.path, 'http://portal').pathname
  return html`<!doctype html>
<html lang="${frame.language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${say(frame, WORDS.siteOf)}${frame.city}</title>
<meta name="description" content="${say(frame, WORDS.description)}">
<link rel="stylesheet" href="${stylesheetPath}">
<link rel="icon" href="/assets/logo.svg" type="image/svg+xml">
<link rel="manifest" href="/assets/site.webmanifest">
<meta name="theme-color" content="#0b5c7d">
</head>
<body>
<a class="skip" href="#content">${say(frame, WORDS.skip)}</a>
!${frame.fictional ? html`<aside class="fiction" aria-label="${say(frame, WORDS.notice)}">${say(frame, WORDS.fictional)}</aside>` : ''}
<header class="site"><div class="wrap bar">
<a class="brand" href="${to(frame, '/')}">!${LOGO}<span>${say(frame, WORDS.brand)}${frame.city}<small>${say(frame, WORDS.tagline)}</small></span></a>
<nav class="site" aria-label="${say(frame, WORDS.navigation)}"><ul>
!${NAVIGATION.map(([link, words]) => html`<li><a href="${to(frame, link)}" !${link === path ? 'aria-current="page"' : ''}>${say(frame, words)}</a></li>`).join('')}
<li><a href="${otherLanguage(frame)}" lang="${frame.language === 'zh' ? 'en' : 'zh-CN'}" hreflang="${frame.language === 'zh' ? 'en' : 'zh-CN'}">${frame.language === 'zh' ? 'English' : '中文'}</a></li>
</ul></nav>
</div></header>
<main id="content" tabindex="-1">!${body}</main>
<footer class="site"><div class="wrap">
<ul><li><a href="${to(frame, '/help')}#objection">${say(frame, WORDS.objection)}</a></li><li><a href="${to(frame, '/help')}#repair">${say(frame, WORDS.repair)}</a></li><li><a href="${to(frame, '/help')}#persons">${say(frame, WORDS.persons)}</a></li><li><a href="/api/docs">API</a></li></ul>
<p>${say(frame, WORDS.footer)}</p>
<p class="only-print">${say(frame, WORDS.printed)} ${frame.today} · ${frame.path}</p>
</div></footer>
</body>
</html>`
}

/** The search box, in the hero and on the result page. */
export function searchForm(frame: Frame, query: string): string {
  return html`<form class="search" action="/search" method="get" role="search">
!${frame.language === 'en' ? '<input type="hidden" name="lang" value="en">' : ''}
<input type="search" name="q" value="${query}" aria-label="${say(frame, WORDS.searchLabel)}" placeholder="${say(frame, WORDS.searchHint)}" maxlength="100" autocomplete="off" required>
<button>${say(frame, WORDS.search)}</button></form>`
}
