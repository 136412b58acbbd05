import { html } from 'ghtml'
import { layout, official, say, to } from '../layout.ts'
import type { Frame, Words } from '../model.ts'
import { WORDS as COMMON, w } from '../words.ts'

/** Why a fact that stood at this address was taken back: without its content, and without whom it was about. */
export interface WithdrawnView {
  readonly reason: 'revoked' | 'changed' | 'heldUnlawful'
  /** The deciding unit's words, where it has any for the public. */
  readonly ground: string | undefined
  readonly unit: string | undefined
  /** ISO day. */
  readonly withdrawnOn: string
}

const REASONS: Readonly<Record<WithdrawnView['reason'], Words>> = {
  revoked: w('该决定已被依法撤销', 'The decision was revoked'),
  changed: w('该决定已被依法变更', 'The decision was changed'),
  heldUnlawful: w('该决定已被依法确认违法或无效', 'The decision was held unlawful or void'),
}
const WORDS = {
  title: w('本信息已撤回公示', 'This fact was taken back'),
  reason: w('原因', 'Reason'),
  ground: w('说明', 'In words'),
  unit: w('撤回单位', 'By'),
  day: w('撤回日期', 'On'),
  law: w(
    '依照《行政处罚法》第四十八条公开说明理由。已保存、转载该信息的，请同步删除或更正。',
    'Said in public under Article 48 of the Law on Administrative Penalties. Whoever keeps a copy should delete or correct it.',
  ),
}

export function renderWithdrawn(frame: Frame, view: WithdrawnView): string {
  const row = (name: Words, value: string | undefined) =>
    value === undefined
      ? ''
      : html`<tr><th scope="row">${say(frame, name)}</th><td>!${official(frame, value)}</td></tr>`
  return layout(
    frame,
    say(frame, WORDS.title),
    html`<div class="wrap narrow"><h1>${say(frame, WORDS.title)}</h1><div class="card"><table class="fields"><tbody><tr><th scope="row">${say(frame, WORDS.reason)}</th><td>${say(frame, REASONS[view.reason])}</td></tr>!${row(WORDS.ground, view.ground)}!${row(WORDS.unit, view.unit)}!${row(WORDS.day, view.withdrawnOn)}</tbody></table></div><p class="soft">${say(frame, WORDS.law)}</p><p class="actions"><a href="${to(frame, '/')}">${say(frame, COMMON.home)} →</a> <a href="${to(frame, '/help')}">${say(frame, COMMON.help)} →</a></p></div>`,
    { robots: 'noindex' },
  )
}
