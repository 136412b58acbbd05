import { execFile, spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../app.ts'
import { PROJECT } from '../../platform/config/settings.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { clientOf, type Signer, type TestClient } from '../clients/testing.ts'
import { addUnits } from '../units/index.ts'

const ACTOR = { name: 'test', duty: 'centre' } as const
const OWN = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const OTHER = { uscc: validUscc('11', '519902', 2), name: '示例市青源区综合行政执法局' }
const ITEM = 'permit-organisation'
const HEADER = PERMIT_HEADER.split(',')
const run = promisify(execFile)

let house: TestHouse
let app: FastifyInstance
let base: string
let client: TestClient
let stranger: TestClient
let reader: TestClient
let keyFile: string

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, ACTOR, [OWN, OTHER])
  app = await buildApp(house.house, house.catalogue, {
    city: '示例市',
    fictional: true,
    ratePerMinute: 1_000_000,
  })
  base = await app.listen({ host: '127.0.0.1', port: 0 })
  const { rows } = await house.superuser.query('SELECT unit_id, uscc FROM xh.unit')
  const unitOf = (uscc: string) => rows.find((row) => row.uscc === uscc).unit_id
  const signer = signerWithFile()
  client = await clientOf(house, { unit: unitOf(OWN.uscc), signer })
  stranger = await clientOf(house, { unit: unitOf(OTHER.uscc) })
  reader = await clientOf(house, { unit: unitOf(OWN.uscc), scopes: ['delivery.read'] })
})
afterAll(async () => {
  await app.close()
  await house.close()
})

/** A key pair whose private half lies in a file, as a department's software has it. */
function signerWithFile(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  keyFile = join(house.folder, 'client.key')
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  return {
    algorithm: 'ed25519',
    publicKey: String(publicKey.export({ type: 'spki', format: 'pem' })),
    sign: (message) => signWith(privateKey, message),
  }
}

function signWith(key: KeyObject, message: string): string {
  return sign(null, Buffer.from(message), key).toString('base64url')
}

let numbers = 0
function permit(change: Record<string, string> = {}): string[] {
  numbers++
  const values: Record<string, string> = {
    XK_XDR_MC: `示例市第${numbers}号商贸有限公司`,
    XK_XDR_LB: '法人及非法人组织',
    XK_XDR_SHXYM: validUscc('91', '519902', 60_000 + numbers),
    XK_FRDB: '周示例',
    XK_XKWS: '准予许可决定书',
    XK_WSH: `示许〔2026〕机${numbers}号`,
    XK_XKLB: '普通',
    XK_NR: '食品销售',
    XK_JDRQ: '2026/11/20',
    XK_YXQZ: '2026/11/20',
    XK_YXQZI: '2099/12/31',
    XK_XKJG: OWN.name,
    XK_XKJGDM: OWN.uscc,
    XK_ZT: '1',
    XK_LYDW: OWN.name,
    XK_LYDWDM: OWN.uscc,
    ...change,
  }
  return HEADER.map((code) => values[code] ?? '')
}
const csv = (rows: string[][]): Buffer =>
  Buffer.from(`${PERMIT_HEADER}\n${rows.map((cells) => cells.join(',')).join('\n')}\n`)

async function call(
  method: string,
  url: string,
  {
    as = client,
    body,
    headers = {},
  }: { as?: TestClient; body?: Buffer; headers?: Record<string, string> } = {},
) {
  const response = await fetch(`${base}${url}`, {
    method,
    headers: {
      ...as.headers({ method, url, ...(body === undefined ? {} : { body }) }),
      ...(body === undefined ? {} : { 'content-type': 'application/octet-stream' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: body as never }),
  })
  const text = await response.text()
  const json = /application\/(?:problem\+)?json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    body: json && text !== '' ? JSON.parse(text) : text,
  }
}

const post = (body: Buffer, key: string, query = `item=${ITEM}`, as = client) =>
  call('POST', `/api/v1/deliveries?${query}`, { as, body, headers: { 'idempotency-key': key } })

async function ended(delivery: number) {
  for (let i = 0; i < 600; i++) {
    const { body } = await call('GET', `/api/v1/deliveries/${delivery}`)
    if (body.state === 'done' || body.state === 'refused') return body
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the delivery did not end')
}

describe('a machine delivers', () => {
  test('a file as a stream, asks for its state, and gets the rejected rows with every fault', async () => {
    const placed = await post(csv([permit(), permit({ XK_JDRQ: '2026/13/40' })]), 'machine-1')
    expect(placed.status, JSON.stringify(placed.body)).toBe(202)
    expect(placed.headers.get('location')).toBe(`/api/v1/deliveries/${placed.body.delivery}`)
    const done = await ended(placed.body.delivery)
    expect(done).toMatchObject({ state: 'done', kind: 'machine', received: 2, loaded: 1, rejected: 1 })
    const path = `/api/v1/deliveries/${done.delivery}/rejected-rows`
    const page = await call('GET', path)
    expect(page.body.next).toBeNull()
    expect(page.body.rows[0]).toMatchObject({ row: 2, place: 3 })
    expect(page.body.rows[0].cells.XK_JDRQ).toBe('2026/13/40')
    expect(page.body.rows[0].faults).toContainEqual(
      expect.objectContaining({ code: 'F04/day.impossible', field: 'decidedOn', header: 'XK_JDRQ' }),
    )
    const lines = await call('GET', `${path}?format=ndjson`)
    expect(JSON.parse(lines.body.split('\n')[0])).toEqual(page.body.rows[0])
    expect((await call('GET', `${path}?format=csv`)).body).toContain('问题说明')
  })

  test('again under the same number: the same content is the first delivery, another is refused', async () => {
    const content = csv([permit()])
    const both = await Promise.all([post(content, 'machine-2'), post(content, 'machine-2')])
    expect(both.map((one) => one.status).sort()).toEqual([200, 202])
    expect(both[0].body.delivery).toBe(both[1].body.delivery)
    await ended(both[0].body.delivery)
    expect((await post(content, 'machine-2')).status).toBe(200)
    expect((await post(csv([permit()]), 'machine-2')).body.code).toBe('delivery.key-used')
    expect((await call('POST', `/api/v1/deliveries?item=${ITEM}`, { body: content })).body.code).toBe(
      'delivery.key-needed',
    )
  })

  test('a large file in pieces', async () => {
    const content = csv([permit(), permit()])
    const asked = Buffer.from(
      JSON.stringify({
        name: 'permits.csv',
        bytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
      }),
    )
    const begun = await call('POST', '/api/v1/uploads', {
      body: asked,
      headers: { 'content-type': 'application/json' },
    })
    expect(begun.status, JSON.stringify(begun.body)).toBe(201)
    const path = `/api/v1/uploads/${begun.body.upload}`
    for (const [from, to] of [
      [0, 300],
      [300, content.length],
    ] as const) {
      const sent = await call('PATCH', path, {
        body: content.subarray(from, to),
        headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(from) },
      })
      expect(sent.status, sent.body).toBe(204)
    }
    const placed = await call('POST', `/api/v1/deliveries?item=${ITEM}&upload=${begun.body.upload}`, {
      headers: { 'idempotency-key': 'machine-3' },
    })
    expect(placed.status, JSON.stringify(placed.body)).toBe(202)
    expect(await ended(placed.body.delivery)).toMatchObject({ loaded: 2, fileName: 'permits.csv' })
  })

  test('only what its signature covers, for its own unit, with the permission it was given', async () => {
    const content = csv([permit()])
    const url = `/api/v1/deliveries?item=${ITEM}`
    const tampered = await fetch(`${base}${url}`, {
      method: 'POST',
      headers: {
        ...client.headers({ method: 'POST', url, body: content }),
        'idempotency-key': 'machine-4',
        'content-type': 'text/csv',
      },
      body: Buffer.from(content.toString().replace('食品销售', '食品生产')) as never,
    })
    expect(await tampered.json()).toMatchObject({ code: 'client.body' })
    const { rowCount } = await house.superuser.query(`SELECT FROM xh.delivery WHERE client_id = 'machine-4'`)
    expect(rowCount).toBe(0)
    expect((await post(content, 'machine-4', `item=${ITEM}`, reader)).body.code).toBe('access.scope')
    const placed = await post(content, 'machine-4')
    const { delivery } = await ended(placed.body.delivery)
    for (const rest of ['', '/rejected-rows', '/rejected-rows?format=ndjson', '/rejected-rows?format=csv'])
      expect((await call('GET', `/api/v1/deliveries/${delivery}${rest}`, { as: stranger })).status).toBe(404)
    expect((await call('GET', `/api/v1/deliveries/${delivery}`, { as: reader })).status).toBe(200)
    expect((await fetch(`${base}/api/v1/deliveries/${delivery}`)).status).toBe(401)
  })

  test('and a connection that breaks in the middle leaves nothing', async () => {
    const content = csv([permit()])
    const url = `/api/v1/deliveries?item=${ITEM}`
    const before = readdirSync(join(house.folder, 'uploads')).length
    await new Promise<void>((resolve) => {
      const outgoing = httpRequest(`${base}${url}`, {
        method: 'POST',
        headers: {
          ...client.headers({ method: 'POST', url, body: content }),
          'idempotency-key': 'machine-5',
          'content-length': content.length,
        },
      })
      outgoing.on('error', () => resolve())
      outgoing.on('close', () => resolve())
      outgoing.write(content.subarray(0, 200), () => setTimeout(() => outgoing.destroy(), 100))
    })
    for (let i = 0; i < 100 && readdirSync(join(house.folder, 'uploads')).length > before; i++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    expect(readdirSync(join(house.folder, 'uploads')).length).toBe(before)
    const placed = await post(content, 'machine-5')
    expect(placed.status).toBe(202)
    await ended(placed.body.delivery)
  })
})

describe('the examples of the documentation', () => {
  const folder = join(PROJECT, 'docs/examples')
  const found = (command: string, ...args: string[]) => spawnSync(command, args).status === 0
  const examples: [string, string, string[], boolean][] = [
    ['TypeScript', process.execPath, [join(folder, 'deliver.ts')], true],
    ['curl', 'sh', [join(folder, 'deliver.sh')], true],
    ['Java', 'java', [join(folder, 'Deliver.java')], found('java', '--version')],
    ['Python', 'python3', [join(folder, 'deliver.py')], found('python3', '--version')],
  ]

  test('run: each delivers a file and prints what became of it', async () => {
    const ran: string[] = []
    for (const [language, command, args, present] of examples) {
      if (!present) {
        process.stderr.write(`${language} is not installed here: its example was not run\n`)
        continue
      }
      const file = join(house.folder, `例子 ${language}.csv`)
      writeFileSync(file, csv([permit(), permit({ XK_JDRQ: '坏' })]))
      const { stdout } = await run(
        command,
        [...args, base, client.code, client.keyId, keyFile, ITEM, file, `example-${language}`],
        { timeout: 60_000 },
      ).catch((error) => {
        throw new Error(`${language}: ${error.stderr}${error.stdout}`)
      })
      expect(stdout, language).toMatch(/^\d+ done received 2 loaded 1 rejected 1$/m)
      const line = stdout.split('\n').find((one) => one.startsWith('{')) as string
      expect(JSON.parse(line).faults[0].header, language).toBe('XK_JDRQ')
      ran.push(language)
    }
    expect(ran).toEqual(examples.filter((one) => one[3]).map((one) => one[0]))
    expect(ran).toEqual(expect.arrayContaining(['TypeScript', 'curl']))
  }, 180_000)

  test('are the ones that the documentation shows', async () => {
    const contract = (await (await fetch(`${base}/api/docs/json`)).json()) as {
      paths: Record<string, { post: { description: string } }>
    }
    const { description } = contract.paths['/api/v1/deliveries']?.post ?? { description: '' }
    for (const file of readdirSync(folder).filter((name) => /^deliver\./i.test(name))) {
      expect(existsSync(join(folder, file))).toBe(true)
      expect(description).toContain(`docs/examples/${file}`)
    }
    expect(description).toContain('xinheng-request-v1')
  })
})
