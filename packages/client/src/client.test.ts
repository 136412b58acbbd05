import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient as generate } from '@hey-api/openapi-ts'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../../../apps/server/src/app.ts'
import { type TestHouse, testHouse } from '../../../apps/server/src/platform/database/testing.ts'
import { generation } from '../openapi-ts.config.ts'
import { createClient, getApiV1Catalogue, getApiV1SubjectsByUscc } from './index.ts'

const GENERATED = join(import.meta.dirname, 'generated')
let house: TestHouse
let app: FastifyInstance

beforeAll(async () => {
  house = await testHouse()
  app = await buildApp(house.house, house.catalogue, { city: '示例市', fictional: true, wholeContract: true })
  await app.listen({ host: '127.0.0.1', port: 0 })
})

afterAll(async () => {
  await app?.close()
  await house?.close()
})

test('the generated client is what the server’s own document gives today (else: npm run client)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'xinheng-client-'))
  const document = join(folder, 'openapi.json')
  writeFileSync(document, JSON.stringify(app.swagger()))
  await generate(generation(document, join(folder, 'generated')))
  expect(filesOf(join(folder, 'generated'))).toEqual(filesOf(GENERATED))
  rmSync(folder, { recursive: true, force: true })
})

test('a call is typed, and a refusal comes back as the problem that it is', async () => {
  const client = createClient({ baseUrl: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}` })
  const { data } = await getApiV1Catalogue({ client })
  expect(data?.items.map((item) => item.code)).toContain('penalty-organisation')
  const { error, response } = await getApiV1SubjectsByUscc({ client, path: { uscc: '91519999MA00000000' } })
  expect(response?.status).toBe(404)
  expect(error).toMatchObject({ code: expect.any(String), detail: expect.any(String) })
})

function filesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]),
  )
}
