import { html } from 'ghtml'
import { layout, say, searchForm, to } from './layout.ts'
import type {
  CatalogueItemView,
  FactView,
  FieldView,
  Frame,
  ListView,
  SearchView,
  SubjectView,
  VersionView,
  Words,
} from './model.ts'
import { KIND_WORDS, SECTIONS, SHARING_WORDS, WORDS } from './words.ts'

const count = new Intl.NumberFormat('en')

export interface HomeView {
  readonly subjects: number
  readonly units: number
  readonly permitCount: number
  readonly penaltyCount: number
  readonly permits: readonly FactView[]
  readonly penalties: readonly FactView[]
}

export function renderHome(frame: Frame, view: HomeView): string {
  const latest = (
    title: Words,
    facts: readonly FactView[],
    link: string,
  ) => html`<section class="card"><h2 class="flush">${say(frame, title)}</h2>
!${facts.length === 0 ? empty(frame) : html`<ul class="plain">!${facts.map((fact) => factLine(frame, fact)).join('')}</ul>`}
<p><a href="${to(frame, link)}">${say(frame, WORDS.more)} →</a></p></section>`
  const figure = (label: Words, value: number) =>
    html`<div><dt>${say(frame, label)}</dt><dd>${count.format(value)}</dd></div>`
  return layout(
    frame,
    say(frame, WORDS.home),
    html`<div class="hero"><div class="wrap"><h1>${say(frame, WORDS.heroTitle)}</h1><p>${say(frame, WORDS.heroText)}</p>!${searchForm(frame, '')}</div></div>
<div class="wrap"><dl class="figures">!${figure(WORDS.subjects, view.subjects)}!${figure(WORDS.units, view.units)}!${figure(WORDS.permits, view.permitCount)}!${figure(WORDS.penalties, view.penaltyCount)}</dl>
<div class="two">!${latest(WORDS.latestPermits, view.permits, '/permits')}!${latest(WORDS.latestPenalties, view.penalties, '/penalties')}</div></div>`,
  )
}

function empty(frame: Frame): string {
  return html`<p class="empty">${say(frame, WORDS.nothing)}</p>`
}

function factLine(frame: Frame, fact: FactView): string {
  return html`<li><a class="row-title" href="${to(frame, `/facts/${fact.id}`)}">${fact.subject.name}</a>
<div>${fact.title}</div><div class="meta"><span>${fact.documentNumber ?? ''}</span><span>${fact.authority ?? fact.sourceUnit}</span><time datetime="${fact.decidedOn ?? ''}">${fact.decidedOn ?? ''}</time></div></li>`
}

export function renderSearch(frame: Frame, view: SearchView): string {
  const hit = (
    one: SearchView['hits'][number],
  ) => html`<li><a class="row-title" href="${to(frame, `/subjects/${one.uscc ?? ''}`)}">!${marked(one.name, view.query)}</a>
<div class="meta"><span>${say(frame, WORDS.code)} <code>${one.uscc ?? '—'}</code></span>!${one.current ? '' : html`<span class="tag">${say(frame, WORDS.formerly)}</span><span>${say(frame, WORDS.presently)}：${one.currentName}</span>`}</div></li>`
  return layout(
    frame,
    `${say(frame, WORDS.results)}：${view.query}`,
    html`<div class="wrap"><h1>${say(frame, WORDS.results)}</h1>!${searchForm(frame, view.query)}
<div class="results">!${view.hits.length === 0 ? html`<p class="empty">${say(frame, WORDS.noResults)}</p>` : html`!${view.understoodAs === 'similar' ? html`<p class="soft">${say(frame, WORDS.similar)}</p>` : ''}<div class="card"><ul class="plain">!${view.hits.map(hit).join('')}</ul></div>`}
!${view.next === undefined ? '' : html`<p class="pager"><a class="button" href="${to(frame, `/search?q=${encodeURIComponent(view.query)}&after=${encodeURIComponent(view.next)}`)}">${say(frame, WORDS.next)}</a></p>`}</div></div>`,
  )
}

/** The name with the part that the question names. */
function marked(name: string, query: string): string {
  const at = query === '' ? -1 : name.indexOf(query)
  if (at < 0) return html`${name}`
  return html`${name.slice(0, at)}<mark>${query}</mark>${name.slice(at + query.length)}`
}

export function renderSubject(frame: Frame, subject: SubjectView, asOf: string | undefined): string {
  const registration = subject.facts.find((fact) => fact.item.catalogueClass === 1)
  const sections = SECTIONS.map((section) => ({
    ...section,
    facts: subject.facts.filter((fact) => section.classes.includes(fact.item.catalogueClass)),
  }))
  const body = sections
    .map(
      (
        section,
      ) => html`<section aria-labelledby="${section.id}"><h2 id="${section.id}">${say(frame, section.title)} <span class="soft small">${String(section.facts.length)}</span></h2>
!${section.facts.length === 0 ? empty(frame) : section.facts.map((fact) => (fact === registration ? registrationCard(frame, fact) : factCard(frame, fact))).join('')}</section>`,
    )
    .join('')
  return layout(
    frame,
    subject.name,
    html`<div class="wrap"><h1>${subject.name}</h1>
<p class="meta"><span>${say(frame, WORDS.code)} <code>${subject.uscc ?? '—'}</code></span><span>${say(frame, KIND_WORDS[subject.kind] ?? WORDS.kind)}</span><span>${subject.region ?? ''}</span>!${subject.formerNames.length === 0 ? '' : html`<span>${say(frame, WORDS.formerly)}：${subject.formerNames.join('、')}</span>`}</p>
<form class="asof no-print" method="get"><div class="filters">!${frame.language === 'en' ? '<input type="hidden" name="lang" value="en">' : ''}<div><label for="asOf">${say(frame, WORDS.asOf)}</label><input type="date" id="asOf" name="asOf" value="${asOf ?? ''}" max="${frame.today}"></div><button>${say(frame, WORDS.show)}</button></div></form>
!${asOf === undefined ? '' : html`<p class="card">${asOf} · ${say(frame, WORDS.asOfNote)}</p>`}
<h2>${say(frame, WORDS.overview)}</h2><ul class="cover">!${sections.map((section) => html`<li><a href="#${section.id}">${say(frame, section.title)}<b>${String(section.facts.length)}</b></a></li>`).join('')}</ul>
!${body}
!${objectionNote(frame)}</div>`,
  )
}

function objectionNote(frame: Frame): string {
  return html`<aside class="card no-print"><h2 class="flush">${say(frame, WORDS.wrong)}</h2><p>${say(frame, WORDS.wrongText)} <a href="${to(frame, '/help')}#objection">${say(frame, WORDS.objection)}</a> · <a href="${to(frame, '/help')}#repair">${say(frame, WORDS.repair)}</a></p></aside>`
}

function registrationCard(frame: Frame, fact: FactView): string {
  return html`<div class="card">!${fieldTable(frame, fact.fields)}!${termLine(frame, fact)}</div>`
}

function fieldTable(frame: Frame, fields: readonly FieldView[]): string {
  return html`<table class="fields"><tbody>!${fields.map((field) => html`<tr><th scope="row">${say(frame, field.label)}</th><td>${field.value}</td></tr>`).join('')}</tbody></table>`
}

const LINE_FIELDS = new Set([
  'subjectName',
  'uscc',
  'counterpartyCategory',
  'legalRepresentative',
  'authorityName',
  'authorityUscc',
  'sourceUnitName',
  'sourceUnitUscc',
  'documentNumber',
  'decidedOn',
  'regionCode',
])

function factCard(frame: Frame, fact: FactView): string {
  const more = fact.fields
    .filter((field) => !LINE_FIELDS.has(field.name) && field.value !== fact.title)
    .slice(0, 6)
  return html`<article class="fact !${fact.item.adverse ? 'adverse' : ''}"><h3><a class="row-title" href="${to(frame, `/facts/${fact.id}`)}">${fact.title}</a></h3>
<div class="meta"><span class="tag !${fact.item.adverse ? 'adverse' : ''}">${say(frame, fact.item.title)}!${fact.item.adverse ? html` · ${say(frame, WORDS.adverse)}` : ''}</span><span>${fact.documentNumber ?? ''}</span><span>${say(frame, WORDS.decidedOn)} ${fact.decidedOn ?? '—'}</span><span>${fact.authority ?? fact.sourceUnit}</span></div>
<dl>!${more.map((field) => html`<dt>${say(frame, field.label)}</dt><dd>${field.value}</dd>`).join('')}</dl>!${termLine(frame, fact)}</article>`
}

function termLine(frame: Frame, fact: FactView): string {
  return html`<p class="term">${say(frame, WORDS.source)}：${fact.sourceUnit} · ${say(frame, WORDS.publicFrom)} ${fact.publicFrom} · ${say(frame, WORDS.publicUntil)} ${fact.publicUntil ?? say(frame, WORDS.open)}!${fact.ruleBasis === '' ? '' : html` · ${fact.ruleBasis}`} · <a href="${to(frame, `/facts/${fact.id}`)}">${say(frame, WORDS.details)}</a></p>`
}

export function renderFact(frame: Frame, fact: FactView, versions: readonly VersionView[]): string {
  const rows: [string, string][] = [
    [say(frame, WORDS.source), fact.sourceUnit],
    [say(frame, WORDS.delivery), `${fact.source.delivery} · ${say(frame, WORDS.row)} ${fact.source.row}`],
    [say(frame, WORDS.knownFrom), fact.recordedAt],
    [say(frame, WORDS.publicFrom), fact.publicFrom],
    [say(frame, WORDS.publicUntil), fact.publicUntil ?? say(frame, WORDS.open)],
    [say(frame, WORDS.rule), `${fact.ruleBasis}（${fact.rule}）`],
  ]
  let newer = fact.fields
  const history = versions.map((version) => {
    const before = new Map(version.fields.map((field) => [field.name, field.value]))
    const labels = new Map([...version.fields, ...newer].map((field) => [field.name, field.label]))
    const now = new Map(newer.map((field) => [field.name, field.value]))
    const changed = [...labels].filter(([name]) => before.get(name) !== now.get(name))
    newer = version.fields
    return html`<article class="fact"><h3>${say(frame, WORDS.knownFrom)} ${version.recordedFrom} — ${say(frame, WORDS.replaced)} ${version.recordedTo ?? ''}</h3><p class="soft small">${say(frame, WORDS.changed)} · ${say(frame, WORDS.delivery)} ${String(version.source.delivery)}</p>
<dl>!${changed.map(([name, label]) => html`<dt>${say(frame, label)}</dt><dd>${before.get(name) ?? '—'}</dd>`).join('')}</dl></article>`
  })
  return layout(
    frame,
    `${fact.title} · ${fact.subject.name}`,
    html`<div class="wrap"><p class="meta"><span class="tag !${fact.item.adverse ? 'adverse' : ''}">${say(frame, fact.item.title)}</span><span>${fact.documentNumber ?? ''}</span></p><h1>${fact.title}</h1>
<p><a href="${to(frame, `/subjects/${fact.subject.uscc ?? ''}`)}">${fact.subject.name}</a></p>
<div class="card">!${fieldTable(frame, fact.fields)}</div>
<h2>${say(frame, WORDS.provenance)}</h2><div class="card"><table class="fields"><tbody>!${rows.map(([label, value]) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`).join('')}</tbody></table></div>
<h2>${say(frame, WORDS.versions)}</h2>!${history.length === 0 ? html`<p class="empty">${say(frame, WORDS.noVersions)}</p>` : history.join('')}
<p class="no-print"><a href="/api/v1/facts/${fact.id}">JSON</a></p>!${objectionNote(frame)}</div>`,
  )
}

export function renderList(frame: Frame, view: ListView): string {
  const title = view.kind === 'permits' ? WORDS.permits : WORDS.penalties
  const path = `/${view.kind}`
  const query = new URLSearchParams(Object.entries(view.filter).filter(([, value]) => value !== ''))
  const tab = (link: string, words: Words, current: boolean) =>
    html`<li><a href="${to(frame, link)}" !${current ? 'aria-current="page"' : ''}>${say(frame, words)}</a></li>`
  const option = (value: string, label: string, chosen: string) =>
    html`<option value="${value}" !${value === chosen ? 'selected' : ''}>${label}</option>`
  const next = new URLSearchParams(query)
  if (view.next !== undefined) next.set('after', view.next)
  return layout(
    frame,
    say(frame, title),
    html`<div class="wrap"><h1>${say(frame, title)}</h1><ul class="tabs">!${tab('/permits', WORDS.permits, view.kind === 'permits')}!${tab('/penalties', WORDS.penalties, view.kind === 'penalties')}</ul>
<form class="card filters no-print" method="get" action="${path}">!${frame.language === 'en' ? '<input type="hidden" name="lang" value="en">' : ''}
<div class="whole"><label for="unit">${say(frame, WORDS.authority)}</label><select id="unit" name="unit">!${option('', say(frame, WORDS.allUnits), view.filter.unit)}!${view.units.map((unit) => option(String(unit.unitId), unit.name, view.filter.unit)).join('')}</select></div>
<div class="whole"><label for="region">${say(frame, WORDS.region)}</label><select id="region" name="region">!${option('', say(frame, WORDS.allRegions), view.filter.region)}!${view.regions.map((region) => option(region.code, region.name, view.filter.region)).join('')}</select></div>
<div><label for="from">${say(frame, WORDS.from)}</label><input type="date" id="from" name="from" value="${view.filter.from}"></div>
<div><label for="to">${say(frame, WORDS.to)}</label><input type="date" id="to" name="to" value="${view.filter.to}"></div>
<button>${say(frame, WORDS.filter)}</button></form>
!${view.facts.length === 0 ? empty(frame) : html`<div class="card"><ul class="plain">!${view.facts.map((fact) => factLine(frame, fact)).join('')}</ul></div>`}
<p class="pager no-print">!${view.isFirst ? '' : html`<a class="button" href="${to(frame, `${path}?${query}`)}">${say(frame, WORDS.first)}</a>`}!${view.next === undefined ? '' : html`<a class="button" href="${to(frame, `${path}?${next}`)}">${say(frame, WORDS.next)}</a>`}</p></div>`,
  )
}

export function renderCatalogue(frame: Frame, items: readonly CatalogueItemView[]): string {
  return layout(
    frame,
    say(frame, WORDS.catalogue),
    html`<div class="wrap"><h1>${say(frame, WORDS.catalogue)}</h1><p class="lead">${say(frame, WORDS.catalogueLead)}</p><div class="card"><ul class="plain">!${items.map((item) => html`<li><a class="row-title" href="${to(frame, `/catalogue/${item.code}`)}">${say(frame, item.title)}</a><div class="meta"><span>${say(frame, SHARING_WORDS[item.sharing] ?? WORDS.sharing)}</span><span>${item.legalBasis.map((basis) => `${basis.document}${basis.article ?? ''}`).join('；')}</span></div></li>`).join('')}</ul></div></div>`,
  )
}

export function renderCatalogueItem(frame: Frame, item: CatalogueItemView): string {
  const visibility: Readonly<Record<string, Words>> = {
    public: { zh: '公开', en: 'public' },
    internal: { zh: '政务内部', en: 'government' },
    secret: { zh: '加密保存，不公开', en: 'encrypted, never public' },
  }
  return layout(
    frame,
    say(frame, item.title),
    html`<div class="wrap"><p class="meta"><code>${item.code}</code><span>v${String(item.version)}</span></p><h1>${say(frame, item.title)}</h1>
<div class="card"><table class="fields"><tbody><tr><th scope="row">${say(frame, WORDS.basis)}</th><td>${item.legalBasis.map((basis) => `${basis.document}${basis.article ?? ''}`).join('；')}</td></tr><tr><th scope="row">${say(frame, WORDS.sharing)}</th><td>${say(frame, SHARING_WORDS[item.sharing] ?? WORDS.sharing)}</td></tr>!${item.reporting === undefined ? '' : html`<tr><th scope="row">${say(frame, WORDS.deadline)}</th><td>${String(item.reporting.workingDays)} ${say(frame, WORDS.workingDays)}</td></tr>`}</tbody></table></div>
<h2>${say(frame, WORDS.fields)}</h2><div class="card scroll" tabindex="0" role="region" aria-label="${say(frame, WORDS.fields)}"><table><thead><tr><th scope="col">${say(frame, WORDS.fields)}</th><th scope="col">${say(frame, WORDS.required)}</th><th scope="col">${say(frame, WORDS.visibility)}</th></tr></thead><tbody>!${item.fields.map((field) => html`<tr><td>${say(frame, field.title)}</td><td>${field.required ? say(frame, WORDS.required) : ''}</td><td>${say(frame, visibility[field.visibility] ?? WORDS.visibility)}</td></tr>`).join('')}</tbody></table></div></div>`,
  )
}

export function renderOpenData(
  frame: Frame,
  files: readonly { readonly title: Words; readonly code: string }[],
): string {
  return layout(
    frame,
    say(frame, WORDS.openData),
    html`<div class="wrap"><h1>${say(frame, WORDS.openData)}</h1><p class="lead">${say(frame, WORDS.openDataLead)}</p><div class="card"><ul class="plain">!${files.map((file) => html`<li><span class="row-title">${say(frame, file.title)}</span><div class="meta"><a href="/data/${file.code}.csv" download>CSV</a><a href="/data/${file.code}.ndjson" download>NDJSON</a></div></li>`).join('')}</ul></div><h2>API</h2><pre tabindex="0" role="region" aria-label="API">curl "/api/v1/search?q=…"
curl "/api/v1/subjects/{uscc}"
curl "/api/v1/facts?item=penalty-organisation&amp;from=2026-01-01"</pre><p><a href="/api/docs">API</a></p></div>`,
  )
}

export function renderHelp(frame: Frame): string {
  const zh = frame.language === 'zh'
  const part = (id: string, title: Words, paragraphs: readonly string[]) =>
    html`<section class="card" aria-labelledby="${id}"><h2 class="flush" id="${id}">${say(frame, title)}</h2>!${paragraphs.map((text) => html`<p>${text}</p>`).join('')}</section>`
  return layout(
    frame,
    say(frame, WORDS.help),
    html`<div class="wrap"><h1>${say(frame, WORDS.help)}</h1>
!${part('objection', WORDS.objection, zh ? ['认为公示的信息有错误、遗漏，或公示期限不对的，可以向信用中心或作出决定的单位提出异议，并提供证明材料。', '异议在1个工作日内转交，受理后7个工作日内核查完毕；核查期间该信息会标注“异议处理中”。不收取任何费用。'] : ['If a published fact is wrong, incomplete or shown too long, object at the credit centre or the deciding unit with proof.', 'Objections are passed on within one working day and examined within seven working days of acceptance; the fact is marked meanwhile. It is free.'])}
!${part('repair', WORDS.repair, zh ? ['最短公示期届满、违法行为已纠正、义务已履行的，可以申请信用修复：提交履行证明和信用承诺书。', '由作出决定的单位审核，3个工作日内决定是否受理，受理后7个工作日内作出决定（复杂的可延长10个工作日）。依据：信用修复管理办法（国家发展改革委令第36号）。'] : ['When the minimum term is over, the fault corrected and all duties performed, you may apply for credit repair with proof and a commitment.', 'The deciding unit accepts within three working days and decides within seven (ten more if complex). Basis: NDRC Order 36.'])}
!${part('persons', WORDS.persons, zh ? ['本站不公示自然人的行政许可、行政处罚和失信信息，不对自然人评分、分级或排名。', '身份证件号码加密保存，任何页面、接口、文件都不会出现。'] : ['Nothing about natural persons is published here; nobody is scored, graded or ranked.', 'Identity numbers are encrypted and appear on no page, in no interface and no file.'])}</div>`,
  )
}

export function renderError(frame: Frame, kind: 'notFound' | 'tooMany' | 'failed'): string {
  const text = { notFound: WORDS.notFoundText, tooMany: WORDS.tooManyText, failed: WORDS.failedText }[kind]
  return layout(
    frame,
    say(frame, WORDS[kind]),
    html`<div class="wrap"><h1>${say(frame, WORDS[kind])}</h1><p class="lead">${say(frame, text)}</p>!${searchForm(frame, '')}</div>`,
  )
}
