import { html } from 'ghtml'
import { layout, say, searchForm, to } from '../layout.ts'
import type { ErrorKind, Frame } from '../model.ts'
import { ERROR_WORDS } from '../vocabulary.ts'
import { WORDS } from '../words.ts'

/**
 * What went wrong, in words, with its code and what to do.
 * @param status the HTTP status, where it says more than the kind does
 */
export function renderError(frame: Frame, kind: ErrorKind, status?: number): string {
  const { title, text, code } = ERROR_WORDS[kind]
  return layout(
    frame,
    say(frame, title),
    html`<div class="wrap narrow"><p class="soft">${say(frame, WORDS.errorCode)} <code>${String(status ?? code)}</code></p><h1>${say(frame, title)}</h1><p class="lead">${say(frame, text)}</p>!${kind === 'notFound' ? searchForm(frame, '') : ''}<p class="actions"><a href="${to(frame, '/')}">${say(frame, WORDS.home)} →</a> <a href="${to(frame, '/help')}">${say(frame, WORDS.help)} →</a></p></div>`,
    { robots: 'noindex' },
  )
}
