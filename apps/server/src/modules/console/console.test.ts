import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { httpServer } from '../../platform/http/server.ts'
import { consoleRoutes } from './routes.ts'

const folder = mkdtempSync(join(tmpdir(), 'xinheng-console-'))
let app: FastifyInstance
let unbuilt: FastifyInstance

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'assets', 'index-1a2b.js'), 'export {}')
  writeFileSync(
    join(folder, 'index.html'),
    '<meta name="city" content="__city__"><script nonce="__nonce__" src="/console/assets/index-1a2b.js"></script>',
  )
  app = await httpServer({ logLevel: 'silent' })
  consoleRoutes(app, { city: '示例"市<', fictional: true, folder })
  await app.ready()
  unbuilt = await httpServer({ logLevel: 'silent' })
  consoleRoutes(unbuilt, { city: '示例市', fictional: true, folder: join(folder, 'none') })
  await unbuilt.ready()
})

afterAll(async () => {
  await app?.close()
  await unbuilt?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('each page has a nonce of its own, is stored nowhere and allows nothing inline', async () => {
  const [one, two] = await Promise.all(['/console/', '/console/deliveries/41'].map((url) => app.inject(url)))
  const nonceOf = (body: string) => /nonce="([^"]+)"/.exec(body)?.[1] ?? ''
  for (const page of [one, two]) {
    expect(page?.statusCode).toBe(200)
    expect(page?.headers['cache-control']).toBe('no-store')
    const policy = String(page?.headers['content-security-policy'])
    expect(policy).toContain(`'nonce-${nonceOf(page?.body ?? '')}'`)
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toContain('unsafe')
  }
  expect(nonceOf(one?.body ?? '')).not.toBe(nonceOf(two?.body ?? ''))
  expect(one?.body).toContain('content="示例&quot;市&lt;"')
})

test('hashed files are kept for ever; one that is not there is not answered with a page', async () => {
  const file = await app.inject('/console/assets/index-1a2b.js')
  expect(file.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  for (const url of [
    '/console/assets/index-old.js',
    '/console/favicon.ico',
    '/console/assets/../index.html',
  ]) {
    const answer = await app.inject(url)
    expect(`${url} ${answer.statusCode}`).toBe(`${url} 404`)
  }
})

test('a console that was not built says what to do', async () => {
  const answer = await unbuilt.inject('/console/')
  expect(answer.statusCode).toBe(503)
  expect(answer.json()).toMatchObject({
    code: 'console.not-built',
    detail: expect.stringContaining('npm start'),
  })
})
