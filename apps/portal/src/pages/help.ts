import { html } from 'ghtml'
import { rowTable } from '../components/facts.ts'
import { GUIDE } from '../guide.ts'
import { layout, official, say } from '../layout.ts'
import type { CentreView, Frame, Words } from '../model.ts'
import { WORDS } from '../words.ts'

/** How to object, how to have credit repaired, and what is never shown. */
export function renderHelp(frame: Frame, centre?: CentreView): string {
  const section = ({ id, title, paragraphs }: (typeof GUIDE)[number]) =>
    html`<section class="card" aria-labelledby="${id}"><h2 class="flush" id="${id}">${say(frame, title)}</h2>!${paragraphs.map((words) => html`<p>${say(frame, words)}</p>`)}</section>`
  return layout(
    frame,
    say(frame, WORDS.help),
    html`<div class="wrap narrow"><h1>${say(frame, WORDS.help)}</h1>!${GUIDE.map(section)}!${centre === undefined ? '' : contact(frame, centre)}</div>`,
  )
}

function contact(frame: Frame, centre: CentreView): string {
  const rows: [Words, string | undefined][] = [
    [WORDS.centre, centre.name],
    [WORDS.address, centre.address],
    [WORDS.telephone, centre.telephone],
    [WORDS.hours, centre.hours],
  ]
  return html`<section class="card" aria-labelledby="contact"><h2 class="flush" id="contact">${say(frame, WORDS.contact)}</h2>!${rowTable(
    rows.flatMap(([label, value]): [string, string][] =>
      value === undefined ? [] : [[say(frame, label), official(frame, value)]],
    ),
  )}</section>`
}
