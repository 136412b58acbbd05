import { mkdtempSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Delivery, FileJournal, Receiver } from '@xinheng/client/machine'
import { validUscc } from '@xinheng/testkit'
import type { TestHouse } from '../../platform/database/testing.ts'
import { addUnits } from '../units/index.ts'

/** A receiver of its own, as a department writes it with the client. */
export interface TestReceiver {
  readonly url: string
  readonly port: number
  readonly taken: Delivery[]
  /** Ids of everything that arrived, also what was not taken, in order. */
  readonly arrived: string[]
  /** What it answers instead of taking, from now on. */
  answer: ((id: string) => { status: number; headers?: Record<string, string> } | undefined) | undefined
  subscriptions: string[]
  close(): Promise<void>
}

export async function receiverFor(platformKey: string, port = 0): Promise<TestReceiver> {
  const taken: Delivery[] = []
  const subscriptions: string[] = []
  const journal = new FileJournal(join(mkdtempSync(join(tmpdir(), 'xinheng-receiver-')), 'journal'))
  const receiver = new Receiver({
    platformKeys: [platformKey],
    subscriptions,
    journal,
    handle: (delivery) => void taken.push(delivery),
  })
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', async () => {
      const body = Buffer.concat(chunks)
      const id = JSON.parse(body.toString('utf8')).message.messageId
      one.arrived.push(id)
      const other = one.answer?.(id)
      if (other !== undefined) return response.writeHead(other.status, other.headers ?? {}).end()
      const reply = await receiver.receive({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body,
      })
      return response.writeHead(reply.status, reply.headers).end(reply.body)
    })
  })
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  const { port: got } = server.address() as AddressInfo
  const one: TestReceiver = {
    url: `http://127.0.0.1:${got}/hook?from=xinheng`,
    port: got,
    taken,
    arrived: [],
    answer: undefined,
    subscriptions,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => void journal.close().then(done))
      }),
  }
  return one
}

export const REGULATOR = { uscc: validUscc('11', '519900', 700), name: '示例市市场监督管理局' }

export async function unitNumber(house: TestHouse, unit: { uscc: string; name: string }): Promise<number> {
  await addUnits(house.house.database.pools.app, { name: 'test', duty: 'centre' }, [unit])
  const { rows } = await house.superuser.query('SELECT unit_id FROM xh.unit WHERE uscc = $1', [unit.uscc])
  return rows[0].unit_id
}
