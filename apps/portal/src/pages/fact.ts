import { html } from 'ghtml'
import {
  day,
  fieldTable,
  kindTag,
  lastDay,
  objectionMark,
  objectionNote,
  rowTable,
} from '../components/facts.ts'
import { factPath, layout, official, say, subjectPath } from '../layout.ts'
import type { FactView, FieldView, Frame, SourceView, VersionView, Words } from '../model.ts'
import { WORDS } from '../words.ts'

/**
 * All that is public of one fact, with its source, its term and what it said before.
 * @param versions earlier states, newest first
 */
export function renderFact(frame: Frame, fact: FactView, versions: readonly VersionView[]): string {
  const subject = official(frame, fact.subject.name)
  const api = `/api/v1/facts/${encodeURIComponent(fact.id)}`
  const address = `${frame.baseUrl ?? ''}/facts/${encodeURIComponent(fact.id)}`
  return layout(
    frame,
    `${fact.title} · ${fact.subject.name}`,
    html`<div class="wrap"><p class="meta">!${kindTag(frame, fact)}!${fact.documentNumber === null ? '' : html`<span>!${official(frame, fact.documentNumber)}</span>`}</p><h1>!${official(frame, fact.title)}</h1>
<p class="of">!${fact.subject.uscc === null ? subject : html`<a href="${subjectPath(frame, fact.subject.uscc)}">!${subject}</a> <code>${fact.subject.uscc}</code>`}</p>
!${objectionMark(frame, fact)}
<section aria-labelledby="content-of"><h2 id="content-of">${say(frame, WORDS.content)}</h2><div class="card">!${fieldTable(
      frame,
      fact.fields.filter((field) => field.value !== ''),
    )}</div></section>
<section aria-labelledby="term"><h2 id="term">${say(frame, WORDS.provenance)}</h2><div class="card">!${rowTable(
      [
        [say(frame, WORDS.publicFrom), day(fact.publicFrom)],
        [
          say(frame, WORDS.publicUntil),
          html`!${lastDay(frame, fact)}!${fact.publicUntil === null ? '' : html` <span class="soft">${say(frame, WORDS.leavesAfter)}</span>`}`,
        ],
        [
          say(frame, WORDS.rule),
          html`!${official(frame, fact.ruleBasis)} <code class="soft">${fact.rule}</code>`,
        ],
        [say(frame, WORDS.source), official(frame, fact.sourceUnit)],
        [say(frame, WORDS.delivery), deliveredAs(frame, fact.source)],
        [say(frame, WORDS.knownFrom), html`${fact.recordedAt}`],
        [say(frame, WORDS.stableLink), html`<a href="${factPath(frame, fact.id)}">${address}</a>`],
        [say(frame, WORDS.forMachines), html`<a href="${api}">JSON</a>`],
      ],
    )}</div></section>
<section aria-labelledby="versions"><h2 id="versions">${say(frame, WORDS.versions)}</h2>!${history(frame, fact, versions)}</section>
!${objectionNote(frame, fact.id)}</div>`,
    // What has to leave this site leaves the search engines' too.
    {
      robots: fact.publicUntil === null ? 'noarchive' : `noarchive, unavailable_after: ${fact.publicUntil}`,
    },
  )
}

function deliveredAs(frame: Frame, source: SourceView): string {
  if (source.receivedOn === null) return '—'
  return frame.language === 'zh'
    ? html`!${day(source.receivedOn)} 收到的文件，第 ${String(source.row)} 行`
    : html`row ${String(source.row)} of the file received on !${day(source.receivedOn)}`
}

/** Each earlier state with what was changed when it was replaced. */
function history(frame: Frame, fact: FactView, versions: readonly VersionView[]): string {
  if (versions.length === 0) return html`<p class="empty">${say(frame, WORDS.noVersions)}</p>`
  let newer = fact.fields
  return versions
    .map((version) => {
      const changes = changedFields(version.fields, newer)
      newer = version.fields
      return html`<article class="card"><h3>${say(frame, WORDS.knownFrom)} ${version.recordedFrom} — ${say(frame, WORDS.replaced)} ${version.recordedTo ?? '—'}</h3>
<p class="soft small">!${deliveredAs(frame, version.source)}!${version.heldFrom === null && version.heldTo === null ? '' : html` · ${say(frame, WORDS.held)} !${day(version.heldFrom)} ${say(frame, WORDS.until)} !${day(version.heldTo)}`}</p>
!${changes.length === 0 ? html`<p class="soft">${say(frame, WORDS.sameContent)}</p>` : changeTable(frame, changes)}</article>`
    })
    .join('')
}

interface Change {
  readonly label: Words
  readonly before: string
  readonly after: string
}

function changedFields(older: readonly FieldView[], newer: readonly FieldView[]): Change[] {
  const before = new Map(older.map((field) => [field.name, field.value]))
  const after = new Map(newer.map((field) => [field.name, field.value]))
  const labels = new Map([...older, ...newer].map((field) => [field.name, field.label]))
  return [...labels].flatMap(([name, label]) => {
    const [was, is] = [before.get(name) ?? '', after.get(name) ?? '']
    return was === is ? [] : [{ label, before: was, after: is }]
  })
}

function changeTable(frame: Frame, changes: readonly Change[]): string {
  const value = (text: string) =>
    text === '' ? html`<span class="soft">${say(frame, WORDS.absent)}</span>` : official(frame, text)
  const row = ({ label, before, after }: Change) =>
    html`<tr role="row"><th role="rowheader" scope="row">${say(frame, label)}</th><td role="cell" data-label="${say(frame, WORDS.before)}"><del>!${value(before)}</del></td><td role="cell" data-label="${say(frame, WORDS.after)}"><ins>!${value(after)}</ins></td></tr>`
  return html`<table class="cards changes" role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">${say(frame, WORDS.field)}</th><th role="columnheader" scope="col">${say(frame, WORDS.before)}</th><th role="columnheader" scope="col">${say(frame, WORDS.after)}</th></tr></thead><tbody role="rowgroup">!${changes.map(row)}</tbody></table>`
}
