import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'

/** A load from a thread of its own: as fast as it goes, or so many a second whatever the answers take. */
export interface Load {
  readonly port: number
  readonly path: string
  readonly client: string
  readonly key: string
  readonly secret: string
  readonly matter: string
  readonly codes: readonly string[]
  readonly names: readonly string[]
  readonly seconds: number
  readonly atOnce: number
  /** Requests a second; absent: as many as are answered. */
  readonly rate?: number
}

export interface LoadResult {
  readonly answered: number
  readonly failed: number
  readonly seconds: number
  readonly p50: number
  readonly p99: number
}

const load = workerData as Load
const agent = new Agent({ keepAlive: true, maxSockets: load.atOnce })
const secret = Buffer.from(load.secret, 'base64url')
let count = 0

function once(): Promise<boolean> {
  const at = count++ % load.codes.length
  const body = JSON.stringify({
    matter: load.matter,
    applicant: { kind: 'organisation', identifier: load.codes[at], name: load.names[at] },
    purpose: '投标资格审查',
    caseNumber: `ZB-${count}`,
  })
  const digest = createHash('sha256').update(body).digest()
  const time = String(Math.floor(Date.now() / 1000))
  const nonce = randomBytes(18).toString('base64url')
  const message = [
    'xinheng-request-v1',
    'POST',
    load.path,
    '',
    digest.toString('hex'),
    load.client,
    load.key,
    time,
    nonce,
  ].join('\n')
  const signature = createHmac('sha256', secret).update(message).digest('base64url')
  return new Promise((resolve) => {
    const outgoing = request(
      {
        agent,
        port: load.port,
        path: load.path,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'content-digest': `sha-256=:${digest.toString('base64')}:`,
          'idempotency-key': randomUUID(),
          authorization: `Xinheng client="${load.client}", key="${load.key}", time="${time}", nonce="${nonce}", signature="${signature}"`,
        },
      },
      (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode === 200))
      },
    )
    outgoing.on('error', () => resolve(false))
    outgoing.end(body)
  })
}

const times: number[] = []
let failed = 0
const began = performance.now()
const end = began + load.seconds * 1000
async function timed(from: number): Promise<void> {
  const good = await once()
  times.push(performance.now() - from)
  if (!good) failed++
}
if (load.rate === undefined)
  await Promise.all(
    Array.from({ length: load.atOnce }, async () => {
      while (performance.now() < end) await timed(performance.now())
    }),
  )
else {
  // What is late counts from when it was due: a stall is not left out of the figures.
  const all: Promise<void>[] = []
  for (let n = 0; n < load.rate * load.seconds; n++) {
    const due = began + (n * 1000) / load.rate
    const wait = due - performance.now()
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
    all.push(timed(due))
  }
  await Promise.all(all)
}
const seconds = (performance.now() - began) / 1000
times.sort((a, b) => a - b)
agent.destroy()
parentPort?.postMessage({
  answered: times.length - failed,
  failed,
  seconds,
  p50: times[Math.floor(times.length * 0.5)] ?? 0,
  p99: times[Math.floor(times.length * 0.99)] ?? 0,
} satisfies LoadResult)
