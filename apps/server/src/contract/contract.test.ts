import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { may, PERMISSIONS, type Permission, ROLE_NAMES, ROLES, type Role } from '@xinheng/core'
import { PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../app.ts'
import { signedInAs } from '../modules/access/testing.ts'
import { clientOf, type TestClient } from '../modules/clients/testing.ts'
import { addUnits } from '../modules/units/index.ts'
import { type TestHouse, testHouse } from '../platform/database/testing.ts'
import type { Access } from '../platform/http/access.ts'
import { type Contract, Known, type Made, type Operation, requests, type Schema } from './testing.ts'

const SEED = Number(process.env.CONTRACT_SEED ?? 20261125)
const ACTOR = { name: 'test', duty: 'centre' } as const
const SOURCE = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
/** Requests to an operation in each round, shared out among who may call it. */
const REQUESTS = Number(process.env.CONTRACT_REQUESTS ?? 14)
/** Where a password is hashed or letters go out. */
const SLOW = /sign-in|invitation|re-authenticate|\/password$|recovery-codes|\/test$/
const REQUESTS_OF_SLOW = 4
const ANSWERS_WITHIN_MS = 10_000

type Who = Role | 'anonymous'
interface Asked {
  readonly method: string
  readonly path: string
  readonly operation: Operation
  readonly who: Who
}

let house: TestHouse
let app: FastifyInstance
let unit: number
let client: TestClient
let contract: Contract
const known = new Known()
const ajv = new Ajv2020({ strict: false, validateFormats: false })
const compiled = new Map<Schema, ValidateFunction>()

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, ACTOR, [SOURCE])
  unit = (await house.superuser.query('SELECT unit_id FROM xh.unit')).rows[0].unit_id
  const path = join(house.folder, 'permits.csv')
  const row = (i: number) =>
    `示例市岚商贸有限公司,法人及非法人组织,${validUscc('91', '519902', 4711)},,,,,,周示例,,,准予许可决定书,示许〔2026〕${i}号,普通,,,许可内容第${i}项,2026/11/0${i},2026/11/01,2099/12/31,${SOURCE.name},${SOURCE.uscc},${i === 9 ? '7' : '1'},${SOURCE.name},${SOURCE.uscc},`
  writeFileSync(path, `${PERMIT_HEADER}\n${Array.from({ length: 9 }, (_, i) => row(i + 1)).join('\n')}\n`)
  await house.deliveries.import({
    path,
    item: 'permit-organisation',
    source: SOURCE.uscc,
    mode: 'increment',
    dryRun: false,
    actor: ACTOR,
  })
  app = await buildApp(house.house, house.catalogue, {
    city: '示例市',
    fictional: true,
    ratePerMinute: 1_000_000,
    wholeContract: true,
    screens: true,
  })
  contract = app.swagger() as unknown as Contract
  const scopes = (Object.keys(PERMISSIONS) as Permission[]).filter((one) => may('systemClient', one))
  client = await clientOf(house, { unit, scopes, requestsAMinute: 10_000 })
  known.add('item', 'permit-organisation')
  known.add('code', 'permit-organisation')
  known.add('uscc', SOURCE.uscc)
  known.add('day', '2026-11-24')
  known.add('unit', unit)
}, 120_000)
afterAll(async () => {
  await app?.close()
  await house?.close()
})

function callers(access: Access, path: string): Who[] {
  if (access === 'public') return ['anonymous']
  return ROLE_NAMES.filter(
    (role) =>
      path.startsWith('/api/console/') !== (role === 'systemClient') &&
      (access === 'signedIn' || may(role, access.may)),
  )
}

async function headersOf(who: Who, { method, made }: { method: string; made: Made }) {
  const own = { host: 'localhost', origin: 'http://localhost', 'sec-fetch-site': 'same-origin' }
  const type = made.contentType === undefined ? {} : { 'content-type': made.contentType }
  if (who === 'anonymous') return { ...own, ...type }
  if (who === 'systemClient')
    return {
      ...type,
      'idempotency-key': `key-${made.url.length}-${made.body?.length ?? 0}`,
      ...client.headers({ method, url: made.url, ...(made.body === undefined ? {} : { body: made.body }) }),
    }
  const { headers } = await signedInAs(house, {
    role: who,
    ...(ROLES[who].duty === 'department' ? { unit } : {}),
  })
  return { ...headers, ...type }
}

async function send(asked: Asked, made: Made): Promise<LightMyRequestResponse | undefined> {
  const method = asked.method.toUpperCase()
  const answer = app.inject({
    method: method as NonNullable<InjectOptions['method']>,
    url: made.url,
    remoteAddress: '127.0.0.1',
    headers: await headersOf(asked.who, { method, made }),
    ...(made.body === undefined ? {} : { payload: made.body }),
  })
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), ANSWERS_WITHIN_MS).unref()
  })
  return Promise.race([answer, late])
}

const isJson = (answer: LightMyRequestResponse): boolean =>
  /^application\/json/.test(String(answer.headers['content-type'])) && answer.body !== ''

const HAN = /\p{Script=Han}/u
/** What nobody outside needs to read: places in our sources, statements, the stack. */
const TELLS_TOO_MUCH =
  /\.ts:\d|node_modules|\bat \w+ \(|\bxh\.\w+|SELECT |INSERT |violates|relation "|column "|\/work\/|pg_/

/** The schema without room for what it does not name. */
function closed(schema: Schema): Schema {
  const inner = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(inner)
    if (typeof one !== 'object' || one === null) return one
    const members = Object.fromEntries(Object.entries(one).map(([name, value]) => [name, inner(value)]))
    const open = 'properties' in one && !('additionalProperties' in one) && !('patternProperties' in one)
    return open ? { ...members, additionalProperties: false } : members
  }
  return inner(schema) as Schema
}

const isOurFault = (answer: LightMyRequestResponse): boolean => answer.json().code !== 'check.not-checked'

/** What is wrong with an answer by the contract; undefined where nothing is. */
function faultOf(operation: Operation, answer: LightMyRequestResponse | undefined): string | undefined {
  if (answer === undefined) return 'no answer'
  const { statusCode: status } = answer
  // The lists are not in memory yet: told as the contract says, with when to ask again.
  const notYet = status === 503 && answer.headers['retry-after'] !== undefined && !isOurFault(answer)
  if (status >= 500 && !notYet) return `a ${status}`
  const type = String(answer.headers['content-type'] ?? '').split(';')[0] as string
  const declared = operation.responses[status]
  if (declared === undefined) return `${status} is not declared`
  if (answer.headers['x-content-type-options'] !== 'nosniff') return 'may be sniffed'
  if (status >= 400) {
    const fault = faultOfProblem(answer, type)
    if (fault !== undefined) return fault
  }
  const content = Object.entries(declared.content ?? {})
  if (answer.body === '' && type === 'application/json') return `${status} is no JSON: it is empty`
  // A file of lines may have none.
  if (answer.body === '' && type === 'application/x-ndjson') return undefined
  if (answer.body === '') return content.length === 0 || status === 304 ? undefined : `${status} has no body`
  if (content.length === 0) return undefined
  const schema = content.find(([one]) => one === type)?.[1].schema
  if (schema === undefined) return `${status} comes as ${type}, which is not declared`
  // Lines of JSON are no document.
  if (!type.endsWith('json') || type === 'application/x-ndjson') return undefined
  const validate = compiled.get(schema) ?? ajv.compile(closed(schema))
  compiled.set(schema, validate)
  if (validate(answer.json())) return undefined
  return `${status} is not as its schema says: ${ajv.errorsText(validate.errors)}`
}

function faultOfProblem(answer: LightMyRequestResponse, type: string): string | undefined {
  if (type !== 'application/problem+json') return `${answer.statusCode} comes as ${type}`
  const { code, detail, detailEn, status } = answer.json()
  if (status !== answer.statusCode) return 'the problem tells another status'
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(code)) return `the code ${code}`
  if (!HAN.test(detail) || !/[a-z]{2}/i.test(detailEn)) return `${code} is not said in both languages`
  if (TELLS_TOO_MUCH.test(answer.body)) return `${code} tells too much: ${answer.body.slice(0, 300)}`
  return undefined
}

/** Reads, then acts, then reads of what the acts have made. */
function rounds(): Asked[] {
  const access = new Map(
    app.declaredRoutes.map((route) => [
      `${route.method.toLowerCase()} ${route.url.replace(/:(\w+)/g, '{$1}')}`,
      route.access,
    ]),
  )
  const all = Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const declared = access.get(`${method} ${path}`)
      if (declared === undefined) throw new Error(`${method} ${path} is in the contract and is no route`)
      return callers(declared, path).map((who) => ({ method, path, operation, who }))
    }),
  )
  const reads = all.filter(({ method }) => method === 'get')
  return [...reads, ...all.filter(({ method }) => method !== 'get'), ...reads]
}

/** Operations that answer with something of which the contract does not say what it is. */
function undescribed(): string[] {
  return Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]) => {
      const good = Object.entries(responses).filter(([status]) => status.startsWith('2'))
      const loose = good.filter(([status, { content }]) => {
        if (status === '204') return content !== undefined
        const schemas = Object.values(content ?? {}).map(({ schema }) => schema ?? {})
        return schemas.length === 0 || schemas.some((schema) => !SAYS_WHAT.some((word) => word in schema))
      })
      if (good.length === 0) return [`${method} ${path}: no answer`]
      return loose.map(([status]) => `${method} ${path}: ${status}`)
    }),
  )
}
const SAYS_WHAT = ['type', 'anyOf', 'oneOf', 'allOf', 'enum', '$ref']

test('the contract says of every answer that has a body what it is', () => {
  expect(undescribed()).toEqual([])
})

test('whatever is asked, by whoever may, is answered as the contract says and never by a fault of ours', {
  timeout: 300_000,
}, async () => {
  const faults = new Map<string, string>()
  const statuses = new Map<number, number>()
  const roundsToGo = rounds()
  const callersOf = Map.groupBy(roundsToGo, ({ method, path }) => `${method} ${path}`)
  for (const [index, asked] of roundsToGo.entries()) {
    const { method, path, operation, who } = asked
    const budget = SLOW.test(path) ? REQUESTS_OF_SLOW : REQUESTS
    const of = callersOf.get(`${method} ${path}`)?.length ?? 1
    const numRuns = Math.max(2, Math.ceil(budget / of))
    for (const made of fc.sample(requests(path, operation, known), { seed: SEED + index, numRuns })) {
      const answer = await send(asked, made)
      statuses.set(answer?.statusCode ?? 0, (statuses.get(answer?.statusCode ?? 0) ?? 0) + 1)
      const fault = faultOf(operation, answer)
      if (fault !== undefined)
        faults.set(
          `${method} ${path}: ${fault}`,
          `${who} ${made.url.slice(0, 200)} ${made.contentType ?? ''} ${made.body?.slice(0, 300) ?? ''}`,
        )
      else if (answer?.statusCode === 200 && isJson(answer)) known.learn(answer.json())
    }
  }
  if (process.env.CONTRACT_REPORT !== undefined)
    writeFileSync(
      process.env.CONTRACT_REPORT,
      JSON.stringify({ statuses: [...statuses], faults: [...faults], operations: callersOf.size }, null, 1),
    )
  expect([...faults].map(([what, by]) => `${what}\n    ${by}`)).toEqual([])
  // A run that is refused everywhere would prove nothing.
  expect(statuses.get(200)).toBeGreaterThan(400)
  expect(statuses.get(400)).toBeGreaterThan(200)
  expect(callersOf.size).toBeGreaterThan(150)
})
