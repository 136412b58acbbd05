import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

export interface FakePlatform {
  readonly base: string
  readonly publicKey: string
  readonly privateKey: import('node:crypto').KeyObject
  readonly seen: Seen[]
  /** What is answered from now on. */
  answer: (
    seen: Seen,
  ) => { status: number; body: unknown; headers?: Record<string, string>; unsigned?: boolean } | 'cut'
  close(): Promise<void>
}

/** The other end of a line in tests of the client alone: signs replies as the platform does, decides nothing. */
export async function fakePlatform(): Promise<FakePlatform> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const platform: { -readonly [Name in keyof FakePlatform]: FakePlatform[Name] } = {
    base: '',
    publicKey: String(publicKey.export({ type: 'spki', format: 'pem' })),
    privateKey,
    seen: [],
    answer: () => ({ status: 503, body: { code: 'check.not-checked' } }),
    close: () => new Promise((done) => server.close(() => done())),
  }
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const seen = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }
      platform.seen.push(seen)
      const answer = platform.answer(seen)
      if (answer === 'cut') return request.socket.destroy()
      const body = JSON.stringify(answer.body)
      const time = String(Math.floor(Date.now() / 1000))
      const nonce = /nonce="([^"]*)"/.exec(seen.headers.authorization ?? '')?.[1] ?? ''
      const digest = createHash('sha256').update(body).digest('hex')
      const message = ['xinheng-reply-v1', String(answer.status), nonce, digest, time].join('\n')
      const signature = sign(null, Buffer.from(message), privateKey).toString('base64url')
      response.writeHead(answer.status, {
        'content-type': 'application/json',
        ...(answer.unsigned === true
          ? {}
          : { 'xinheng-reply-signature': `key="k", time="${time}", signature="${signature}"` }),
        ...answer.headers,
      })
      return response.end(body)
    })
  })
  server.keepAliveTimeout = 50
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  platform.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return platform
}
