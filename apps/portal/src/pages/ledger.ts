import { html } from 'ghtml'
import { rowTable } from '../components/facts.ts'
import { layout, say } from '../layout.ts'
import type { Frame, LedgerView, Words } from '../model.ts'
import { w } from '../words.ts'

const TITLE = w('审计账本', 'The audit ledger')
const LEAD = w(
  '谁在何时、依据什么、对什么做了什么或查阅了什么，都记入一本只增不减的账本。这里公布的是它的指纹：任何人都可据此核验，过去的任何一条都没有被改动、删除、插入或调换。',
  'Who did or read what, when, on what ground: all of it stands in a ledger that only grows. Published here is its fingerprint, by which anyone can check that nothing of the past was changed, removed, put in between or moved.',
)
const NO_HEAD = w(
  '账本尚无签名的树头，请稍后再来。',
  'The ledger has no signed head yet. Please come back in a minute.',
)
const NEWEST = w('最新签名的树头', 'The newest signed head')
const ENTRIES = w('条目数', 'Entries')
const SIGNED_AT = w('签名时间', 'Signed at')
const ROOT = w('树根（SHA-256）', 'Root (SHA-256)')
const LEDGER = w('账本名称', 'Name of the ledger')
const KEYS = w('签名公钥', 'Keys that sign')
const NOTE = w('签名原文', 'The signed text')
const EARLIER = w('此前的树头', 'Earlier heads')
const CHECK = w('怎样核验', 'How to check')
const STEPS: readonly Words[] = [
  w(
    '抄下或保存今天的树头（条目数、树根、签名）。过些日子再来，取“一致性证明”：它证明当时的账本正是今天账本的开头。',
    'Keep today’s head: size, root, signature. Come back later and ask for the consistency proof: it proves that the ledger of today begins with the ledger of then.',
  ),
  w(
    '手里有某一条目的序号或哈希，可取“包含证明”：它证明该条目就在账本之中。',
    'With the number or hash of an entry, ask for the inclusion proof: it proves that the entry stands in the ledger.',
  ),
  w(
    '全部条目的哈希是公开的，可以自己重建整棵树，算出同样的树根。哈希不透露条目内容。',
    'The hashes of all entries are public: rebuild the whole tree and come to the same root. A hash tells nothing of its entry.',
  ),
  w(
    '运行独立的见证程序 xinheng-witness：它在别处保存树头，一旦历史改变、缩短或账本沉默就报警。',
    'Run the independent program xinheng-witness: it keeps the heads elsewhere and cries when history changes, shrinks or the ledger falls silent.',
  ),
]
const HOW = w(
  '树的算法见 RFC 9162（与证书透明度相同），树头为 C2SP tlog-checkpoint 格式，签名为 Ed25519。公钥请另存一份，不要每次从本站取。',
  'The tree is that of RFC 9162, as in certificate transparency; a head is a C2SP tlog-checkpoint, signed by Ed25519. Keep the key yourself rather than taking it from here each time.',
)

/** The public head of the ledger, and how anyone checks it. */
export function renderLedger(frame: Frame, ledger: LedgerView | undefined): string {
  const steps = html`<section class="card" aria-labelledby="check"><h2 class="flush" id="check">${say(frame, CHECK)}</h2><ol>!${STEPS.map((words) => html`<li>${say(frame, words)}</li>`)}</ol><pre tabindex="0" role="region" aria-label="curl">${commands(frame.baseUrl ?? '', ledger)}</pre><p class="soft small">${say(frame, HOW)}</p></section>`
  return layout(
    frame,
    say(frame, TITLE),
    html`<div class="wrap"><h1>${say(frame, TITLE)}</h1><p class="lead">${say(frame, LEAD)}</p>!${ledger === undefined ? html`<p class="empty">${say(frame, NO_HEAD)}</p>` : head(frame, ledger)}!${steps}</div>`,
  )
}

function head(frame: Frame, ledger: LedgerView): string {
  const { newest, earlier, keys } = ledger
  const rows: [string, string][] = [
    [say(frame, ENTRIES), html`<strong>${String(newest.size)}</strong>`],
    [say(frame, SIGNED_AT), html`<time datetime="${newest.signedAt}">${newest.signedAtText}</time>`],
    [say(frame, ROOT), html`<code>${newest.root}</code>`],
    [say(frame, LEDGER), html`<code>${newest.origin}</code>`],
    [say(frame, KEYS), html`!${keys.map((key) => html`<code>${key}</code> `)}`],
  ]
  return html`<section class="card" aria-labelledby="head"><h2 class="flush" id="head">${say(frame, NEWEST)}</h2>!${rowTable(rows)}<details><summary>${say(frame, NOTE)}</summary><pre tabindex="0" role="region" aria-label="${say(frame, NOTE)}">${newest.note}</pre></details>!${
    earlier.length === 0
      ? ''
      : html`<details><summary>${say(frame, EARLIER)} (${String(earlier.length)})</summary><ul class="plain">!${earlier.map((one) => html`<li><time datetime="${one.signedAt}">${one.signedAtText}</time> · ${String(one.size)} · <code>${one.root}</code></li>`)}</ul></details>`
  }</section>`
}

function commands(base: string, ledger: LedgerView | undefined): string {
  const size = String(ledger?.newest.size ?? 1)
  return [
    `curl '${base}/api/v1/ledger/head'`,
    `curl '${base}/api/v1/ledger/proof/consistency?first=${size}'`,
    `curl '${base}/api/v1/ledger/proof/inclusion?index=0'`,
    `curl '${base}/api/v1/ledger/entries/hashes?from=0&limit=1000'`,
    `npx xinheng-witness --url ${base === '' ? 'https://…' : base} --state witness.json`,
  ].join('\n')
}
