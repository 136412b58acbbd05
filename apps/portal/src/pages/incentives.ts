import { html } from 'ghtml'
import { day, rowTable } from '../components/facts.ts'
import { count, languageInput, layout, official, say, to } from '../layout.ts'
import type { Frame, IncentiveMatterView, IncentivesView, IncentiveView, Words } from '../model.ts'
import { GROUND_WORDS } from '../vocabulary.ts'
import { WORDS } from '../words.ts'

/** What each commendation brings, where it is applied, and how often it was granted: by keyset pages, without a script. */
export function renderIncentives(frame: Frame, view: IncentivesView): string {
  const chosen = view.lists.filter(({ code }) => view.filter.list === '' || code === view.filter.list)
  const query = new URLSearchParams(
    Object.entries(view.filter).filter((entry): entry is [string, string] => entry[1] !== ''),
  )
  const address = (more: Readonly<Record<string, string>> = {}) => {
    const whole = new URLSearchParams([...query, ...Object.entries(more)]).toString()
    return to(frame, `/incentives${whole === '' ? '' : `?${whole}`}#matters`)
  }
  const clear =
    query.size === 0
      ? ''
      : html`<p class="no-print"><a href="${to(frame, '/incentives')}">${say(frame, WORDS.clear)}</a></p>`
  const first = view.isFirst
    ? ''
    : html`<a class="button quiet" href="${address()}">${say(frame, WORDS.first)}</a>`
  const next =
    view.next === undefined
      ? ''
      : html`<a class="button" rel="next" href="${address({ after: view.next })}">${say(frame, WORDS.next)}</a>`
  return layout(
    frame,
    say(frame, WORDS.incentives),
    html`<div class="wrap"><h1>${say(frame, WORDS.incentives)}</h1><p class="lead">${say(frame, WORDS.incentivesLead)}</p>
!${view.isFirst ? commendations(frame, chosen, view.incentives) : ''}
<h2 id="matters">${say(frame, WORDS.incentiveMatters)}</h2>
!${filterForm(frame, view)}
!${clear}
!${view.matters.length === 0 ? html`<p class="empty">${say(frame, WORDS.noMatters)}</p>` : matterTable(frame, view)}
!${first === '' && next === '' ? '' : html`<nav class="pager no-print" aria-label="${say(frame, WORDS.pages)}">!${first}!${next}</nav>`}
<p class="small soft files">${say(frame, WORDS.countsFor)} !${day(view.period.from)} ${say(frame, WORDS.until)} !${day(view.period.to)}${frame.language === 'zh' ? '。' : '. '}${say(frame, WORDS.countsMean)}</p><p class="small soft">${say(frame, WORDS.notReceived)}</p>
<p class="small soft no-print">${say(frame, WORDS.forMachines)} <a href="/api/v1/incentives">${say(frame, WORDS.incentive)} JSON</a> · <a href="/api/v1/incentives/matters">${say(frame, WORDS.matter)} JSON</a></p></div>`,
  )
}

/** Each list that brings something; those that bring nothing in one line. */
function commendations(
  frame: Frame,
  lists: IncentivesView['lists'],
  incentives: readonly IncentiveView[],
): string {
  const brings = ({ code }: IncentivesView['lists'][number]) =>
    incentives.some(({ grounds }) => grounds.some((ground) => ground.lists.includes(code)))
  const link = ({ code, title }: IncentivesView['lists'][number]) =>
    html`<a class="row-title" href="${to(frame, `/lists/${encodeURIComponent(code)}`)}">${say(frame, title)}</a>`
  const others = lists.filter((list) => !brings(list))
  return html`!${lists.filter(brings).map(
    (list) =>
      html`<section class="card" aria-labelledby="list-${list.code}"><h2 class="flush" id="list-${list.code}">!${link(list)}</h2><p class="meta">${say(frame, list.authority)}</p>
!${incentivesOfList(frame, list.code, incentives)}</section>`,
  )}!${others.length === 0 ? '' : html`<section class="card" aria-labelledby="nothing"><h2 class="flush of" id="nothing">${say(frame, WORDS.bringsNothing)}</h2><p>!${others.map(link).join(frame.language === 'zh' ? '、' : ', ')}</p></section>`}`
}

/** What a list of commendation brings: each measure with what it stands on and the way to its matters. */
export function incentivesOfList(frame: Frame, list: string, incentives: readonly IncentiveView[]): string {
  const brought = incentives.flatMap((one) => {
    const grounds = one.grounds.filter(({ lists }) => lists.includes(list))
    return grounds.length === 0 ? [] : [{ ...one, grounds }]
  })
  return brought.length === 0
    ? html`<p class="soft">${say(frame, WORDS.bringsNothing)}${frame.language === 'zh' ? '。' : '.'}</p>`
    : rowTable(
        brought.map((one) => [
          say(frame, one.title),
          html`!${one.grounds.map((ground) => basis(frame, ground))}!${where(frame, list, one)}`,
        ]),
      )
}

function basis(frame: Frame, ground: IncentiveView['grounds'][number]): string {
  return html`<div>!${official(frame, `${ground.law} ${ground.article}`)} <span class="tag">${say(frame, GROUND_WORDS[ground.kind] ?? WORDS.basis)}</span></div>`
}

function where(frame: Frame, list: string, { code, matters }: IncentiveView): string {
  return matters === 0
    ? html`<div class="small soft">${say(frame, WORDS.appliesNowhere)}</div>`
    : html`<div class="small"><a href="${incentivesPath(frame, list, code)}">${say(frame, WORDS.mattersBefore)}${count(matters)} →</a></div>`
}

/** The matters at which what a list brings is applied. */
export function incentivesPath(frame: Frame, list: string, measure?: string): string {
  const query = new URLSearchParams({ list, ...(measure === undefined ? {} : { measure }) })
  return to(frame, `/incentives?${query}${measure === undefined ? '' : '#matters'}`)
}

function filterForm(frame: Frame, { lists, incentives, units, filter }: IncentivesView): string {
  const select = (
    name: 'unit' | 'list' | 'measure',
    label: Words,
    all: Words,
    choices: readonly (readonly [value: string, label: string])[],
  ) =>
    html`<div class="${name === 'measure' ? 'whole' : ''}"><label for="${name}">${say(frame, label)}</label><select id="${name}" name="${name}"><option value="">${say(frame, all)}</option>!${choices.map(([value, text]) => html`<option value="${value}" !${value === filter[name] ? 'selected' : ''} !${name === 'unit' && frame.language === 'en' ? 'lang="zh-CN"' : ''}>${text}</option>`)}</select></div>`
  const titled = (of: { readonly code: string; readonly title: Words }) =>
    [of.code, say(frame, of.title)] as const
  return html`<form class="card filters no-print" method="get" action="/incentives#matters" aria-label="${say(frame, WORDS.filter)}">!${languageInput(frame)}
<div><label for="matter">${say(frame, WORDS.matterSought)}</label><input type="text" id="matter" name="matter" value="${filter.matter}" maxlength="100" autocomplete="off"></div>
!${select(
    'unit',
    WORDS.applyingUnit,
    WORDS.allApplying,
    units.map(({ uscc, name }) => [uscc, name]),
  )}
!${select('list', WORDS.commendation, WORDS.allCommendations, lists.map(titled))}
!${select('measure', WORDS.incentive, WORDS.allIncentives, incentives.map(titled))}
<button>${say(frame, WORDS.filter)}</button></form>`
}

function matterTable(frame: Frame, view: IncentivesView): string {
  const titles = new Map(view.lists.map(({ code, title }) => [code, title]))
  const cell = (label: Words, body: string, name = '') =>
    html`<td role="cell" class="${name}" data-label="${say(frame, label)}"><div>!${body}</div></td>`
  const head = (label: Words, name = '') =>
    html`<th role="columnheader" scope="col" class="${name}">${say(frame, label)}</th>`
  const line = ({
    matter,
    unit,
    measure,
    lists,
    since,
    promised,
    granted,
    notGranted,
  }: IncentiveMatterView) =>
    html`<tr role="row">!${cell(WORDS.matter, html`<b>!${official(frame, matter.name)}</b><div class="meta"><span>!${official(frame, matter.kind)}</span><code>${matter.code}</code></div>`, 'wide')}
!${cell(WORDS.applyingUnit, official(frame, unit.name))}
!${cell(WORDS.incentive, html`${say(frame, measure.title)}<div class="meta"><span>${say(frame, WORDS.since)} !${day(since)}</span></div>`)}
!${cell(
      WORDS.commendation,
      html`${lists
        .flatMap((code) => {
          const title = titles.get(code)
          return title === undefined ? [] : say(frame, title)
        })
        .join(frame.language === 'zh' ? '、' : ', ')}`,
    )}
!${cell(WORDS.promised, html`${count(promised)}`, 'number')}!${cell(WORDS.granted, html`${count(granted)}`, 'number')}!${cell(WORDS.notGranted, html`${count(notGranted)}`, 'number')}</tr>`
  return html`<table class="cards" role="table"><caption class="unseen">${say(frame, WORDS.incentiveMatters)}</caption><thead role="rowgroup"><tr role="row">!${head(WORDS.matter)}!${head(WORDS.applyingUnit)}!${head(WORDS.incentive)}!${head(WORDS.commendation)}!${head(WORDS.promised, 'number')}!${head(WORDS.granted, 'number')}!${head(WORDS.notGranted, 'number')}</tr></thead><tbody role="rowgroup">
!${view.matters.map(line)}</tbody></table>`
}
