#!/usr/bin/env node
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Cosigner } from './signing.ts'
import { type Alarm, look, type Outcome } from './witness.ts'

const USAGE = `xinheng-witness --url https://… --state file
  独立见证人：保存账本的签名树头，核对一致性，历史改变、变短或沉默时报警。
  An independent witness: keeps the ledger's signed heads, checks that each begins the next, cries when it does not.

  --url URL        账本服务地址 address of the ledger's server
  --state FILE     状态文件 state file; FILE.key 为见证人密钥 holds the witness's own key
  --key KEY        账本公钥；不给则钉住首次所见 the ledger's key; without it the first is pinned
  --name NAME      见证人名称 name under which it signs (witness)
  --once           只看一次后退出 look once
  --every SECONDS  间隔 between two looks (60)
  --silent SECONDS 多久没有新树头算沉默 how old the newest head may be (7500)
  --port PORT      状态页端口；有警报时答复 503  serves its state; 503 while it cries
  --host HOST      (127.0.0.1)
  --webhook URL    报警时 POST 一行 JSON  one line of JSON is posted when it cries

  exit: 0 见证 witnessed · 3 警报 alarm · 2 用法 usage
`
const ALARM = 3

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    state: { type: 'string' },
    key: { type: 'string' },
    name: { type: 'string', default: 'witness' },
    once: { type: 'boolean', default: false },
    every: { type: 'string', default: '60' },
    silent: { type: 'string', default: '7500' },
    port: { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    webhook: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const numbers = [values.every, values.silent, values.port ?? '0'].map(Number)
if (
  values.help ||
  values.url === undefined ||
  !URL.canParse(values.url) ||
  values.state === undefined ||
  !/^[^\s+]{1,100}$/.test(values.name) ||
  numbers.some((number) => !Number.isFinite(number) || number < 0)
) {
  process.stderr.write(USAGE)
  process.exit(values.help ? 0 : 2)
}

const cosigner = Cosigner.open(values.name, `${values.state}.key`)
const options = {
  url: values.url.replace(/\/+$/, ''),
  statePath: values.state,
  cosigner,
  key: values.key,
  silentSeconds: Number(values.silent),
  now: () => Math.floor(Date.now() / 1000),
}
let latest: Outcome | undefined
/** What it has cried once it goes on crying until a person has looked: a history does not mend itself. */
let cried: Alarm | undefined

/** One line of JSON for each look that says something new. */
async function lookOnce(): Promise<Outcome> {
  const outcome = await look(options)
  const { note: _, ...said } = outcome
  if (outcome.alarm !== latest?.alarm || outcome.size !== latest?.size) {
    const line = JSON.stringify({
      at: new Date().toISOString(),
      url: options.url,
      witness: cosigner.key,
      ...said,
    })
    process.stdout.write(`${line}\n`)
    if (outcome.alarm !== undefined && values.webhook !== undefined) await tell(values.webhook, line)
  }
  latest = outcome
  return outcome
}

async function tell(url: string, line: string): Promise<void> {
  await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: line,
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
  }).catch((error) => process.stderr.write(`webhook: ${error}\n`))
}

if (values.once) {
  process.exitCode = (await lookOnce()).alarm === undefined ? 0 : ALARM
} else {
  const server =
    values.port === undefined
      ? undefined
      : createServer((_, response) => {
          response.statusCode =
            cried !== undefined || latest === undefined || latest.alarm !== undefined ? 503 : 200
          response.setHeader('content-type', 'application/json; charset=utf-8')
          response.end(`${JSON.stringify({ witness: cosigner.key, cried, ...latest })}\n`)
        }).listen(Number(values.port), values.host)
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort())
  while (!ending.signal.aborted) {
    const { alarm } = await lookOnce()
    if (alarm === 'rewritten' || alarm === 'shrunken') cried = alarm
    await wait(Number(values.every) * 1000, undefined, { signal: ending.signal }).catch(() => {})
  }
  server?.close()
  process.exitCode = cried === undefined ? 0 : ALARM
}
