import { html } from 'ghtml'
import { layout, say } from '../layout.ts'
import type { Frame, OpenDataFile } from '../model.ts'
import { WORDS } from '../words.ts'

/** What to type to ask by program. */
function commands(base: string): string {
  return [
    `curl -G '${base}/api/v1/search' --data-urlencode 'q=示例'`,
    `curl '${base}/api/v1/facts?item=penalty-organisation&from=2026-01-01'`,
    `curl -fOJ '${base}/data/permit-organisation.csv'`,
  ].join('\n')
}

/** The files of what is public today, and how a program asks. */
export function renderOpenData(frame: Frame, files: readonly OpenDataFile[]): string {
  const row = (file: OpenDataFile) => {
    const address = `/data/${encodeURIComponent(file.code)}`
    const shown = (file.fields ?? []).filter((field) => field.visibility === 'public')
    return html`<li><span class="row-title">${say(frame, file.title)}</span>
<div class="actions"><a href="!${address}.csv" download aria-label="${say(frame, file.title)} CSV">CSV</a> <a href="!${address}.ndjson" download aria-label="${say(frame, file.title)} NDJSON">NDJSON</a></div>
!${shown.length === 0 ? '' : html`<details><summary>${say(frame, WORDS.fields)} (${String(shown.length)})</summary><p class="soft small">${shown.map((field) => say(frame, field.title)).join(frame.language === 'zh' ? '、' : ', ')}</p></details>`}</li>`
  }
  return layout(
    frame,
    say(frame, WORDS.openData),
    html`<div class="wrap"><h1>${say(frame, WORDS.openData)}</h1><p class="lead">${say(frame, WORDS.openDataLead)}</p>
<section class="card" aria-labelledby="files"><h2 class="flush" id="files">${say(frame, WORDS.files)}</h2>!${files.length === 0 ? html`<p class="empty">${say(frame, WORDS.noFiles)}</p>` : html`<ul class="plain">!${files.map(row)}</ul>`}</section>
<section class="card" aria-labelledby="terms"><h2 class="flush" id="terms">${say(frame, WORDS.termsOfUse)}</h2><ul><li>${say(frame, WORDS.licence)}</li><li>${say(frame, WORDS.howOften)}</li><li>${say(frame, WORDS.fileForm)}</li><li>${say(frame, WORDS.keepCurrent)}</li></ul></section>
<section class="card" aria-labelledby="api"><h2 class="flush" id="api">${say(frame, WORDS.byProgram)}</h2><pre tabindex="0" role="region" aria-label="curl">${commands(frame.baseUrl ?? '')}</pre><p><a href="/api/docs">${say(frame, WORDS.apiDocs)} (OpenAPI) →</a></p></section></div>`,
  )
}
