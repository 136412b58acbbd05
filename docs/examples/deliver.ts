// Delivers a file and tells what became of it. Node 24 runs it as it is:
//   node deliver.ts https://credit.example.gov.cn oa-system key-1 client.key permit-organisation permits.csv batch-2026-001
import { createHash, createPrivateKey, randomBytes, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

const [base, client, key, keyFile, item, file, batch] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
]
const privateKey = createPrivateKey(readFileSync(keyFile))

async function call(
  method: string,
  path: string,
  query: string,
  body?: Buffer,
  more: Record<string, string> = {},
) {
  const digest = createHash('sha256')
    .update(body ?? '')
    .digest()
  const time = String(Math.floor(Date.now() / 1000))
  const nonce = randomBytes(18).toString('base64url')
  const sorted = query.split('&').filter(Boolean).sort().join('&')
  const lines = ['xinheng-request-v1', method, path, sorted, digest.toString('hex'), client, key, time, nonce]
  const signature = sign(null, Buffer.from(lines.join('\n')), privateKey).toString('base64url')
  const response = await fetch(`${base}${path}${query === '' ? '' : `?${query}`}`, {
    method,
    headers: {
      ...more,
      authorization: `Xinheng client="${client}", key="${key}", time="${time}", nonce="${nonce}", signature="${signature}"`,
      ...(body === undefined ? {} : { 'content-digest': `sha-256=:${digest.toString('base64')}:` }),
    },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return response
}

const query = `item=${item}&fileName=${encodeURIComponent(basename(file))}`
const placed = await call('POST', '/api/v1/deliveries', query, readFileSync(file), {
  'content-type': 'application/octet-stream',
  'idempotency-key': batch,
})
let delivery = await placed.json()
while (delivery.state !== 'done' && delivery.state !== 'refused') {
  await new Promise((resolve) => setTimeout(resolve, 500))
  delivery = await (await call('GET', `/api/v1/deliveries/${delivery.delivery}`, '')).json()
}
console.log(
  `${delivery.delivery} ${delivery.state} received ${delivery.received} loaded ${delivery.loaded} rejected ${delivery.rejected}`,
)
if (delivery.rejected > 0) {
  const path = `/api/v1/deliveries/${delivery.delivery}/rejected-rows`
  console.log(await (await call('GET', path, 'format=ndjson')).text())
}
