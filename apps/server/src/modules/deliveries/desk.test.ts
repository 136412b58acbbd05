import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { treeHash, verifyInclusion } from '@xinheng/core'
import { neverIssuedIdNumber, PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../app.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { type SignedInForTest, signedInAs } from '../access/testing.ts'
import { Sequencer } from '../ledger/index.ts'
import { addUnits } from '../units/index.ts'

const ACTOR = { name: 'test', duty: 'centre' } as const
const OWN = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const OTHER = { uscc: validUscc('11', '519902', 2), name: '示例市青源区综合行政执法局' }
const ITEM = 'permit-organisation'
const HEADER = PERMIT_HEADER.split(',')

let house: TestHouse
let app: FastifyInstance
let base: string
let clerk: SignedInForTest
let stranger: SignedInForTest
let centre: SignedInForTest
let auditor: SignedInForTest

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
  clerk = await signedInAs(house, { role: 'departmentClerk', unit: unitOf(OWN.uscc) })
  stranger = await signedInAs(house, { role: 'departmentClerk', unit: unitOf(OTHER.uscc) })
  centre = await signedInAs(house, { role: 'centreOperator' })
  auditor = await signedInAs(house, { role: 'auditor' })
})
afterAll(async () => {
  await app.close()
  await house.close()
})

let numbers = 0
/** A permit as cells; every call another document. */
function permit(change: Partial<Record<string, string>> = {}): string[] {
  numbers++
  const values: Record<string, string> = {
    XK_XDR_MC: `示例市第${numbers}号商贸有限公司`,
    XK_XDR_LB: '法人及非法人组织',
    XK_XDR_SHXYM: validUscc('91', '519902', 20_000 + numbers),
    XK_FRDB: '周示例',
    XK_XKWS: '准予许可决定书',
    XK_WSH: `示许〔2026〕${numbers}号`,
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

interface Asked {
  readonly as?: SignedInForTest
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

async function call(method: string, path: string, { as = clerk, body, headers = {} }: Asked = {}) {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      ...as.headers,
      host: new URL(base).host,
      origin: base,
      ...(body === undefined || body instanceof Uint8Array ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : { body: body instanceof Uint8Array ? (body as never) : JSON.stringify(body) }),
  })
  const text = await response.text()
  const json = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    body: json && text !== '' ? JSON.parse(text) : text,
  }
}

async function uploaded(content: Uint8Array, name = 'permits.csv'): Promise<string> {
  const begun = await call('POST', '/api/console/uploads', { body: { name, bytes: content.length } })
  expect(begun.status).toBe(201)
  const sent = await call('PATCH', `/api/console/uploads/${begun.body.upload}`, {
    body: content,
    headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
  })
  expect(sent.status).toBe(204)
  return begun.body.upload
}

const csv = (rows: string[][], header = HEADER): Buffer =>
  Buffer.from(
    [header, ...rows]
      .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
      .join('\n'),
  )

async function delivered(body: Record<string, unknown>, as = clerk) {
  const placed = await call('POST', '/api/console/deliveries', { as, body: { item: ITEM, ...body } })
  expect(placed.status, JSON.stringify(placed.body)).toBe(202)
  return ended(placed.body.delivery, as)
}

async function ended(delivery: number, as = clerk) {
  for (let i = 0; i < 600; i++) {
    const { body } = await call('GET', `/api/console/deliveries/${delivery}`, { as })
    if (body.state === 'done' || body.state === 'refused') return body
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the delivery did not end')
}

describe('an upload', () => {
  test('arrives in pieces, goes on where it stopped, and is checked at its end', async () => {
    const content = csv([permit(), permit()])
    const begun = await call('POST', '/api/console/uploads', {
      body: {
        name: '../../etc/许可<script>.csv',
        bytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
      },
    })
    expect(begun.status).toBe(201)
    expect(begun.body.name).toBe('许可script.csv')
    const path = `/api/console/uploads/${begun.body.upload}`
    const piece = { 'content-type': 'application/offset+octet-stream' }
    const first = await call('PATCH', path, {
      body: content.subarray(0, 100),
      headers: { ...piece, 'upload-offset': '0' },
    })
    expect(first.headers.get('upload-offset')).toBe('100')
    const wrong = await call('PATCH', path, {
      body: content.subarray(50),
      headers: { ...piece, 'upload-offset': '50' },
    })
    expect(wrong.status).toBe(409)
    expect(wrong.body.code).toBe('upload.offset')
    expect(wrong.headers.get('upload-offset')).toBe('100')
    const early = await call('POST', '/api/console/deliveries', {
      body: { item: ITEM, from: { upload: begun.body.upload } },
    })
    expect(early.body.code).toBe('upload.incomplete')
    const asked = await call('HEAD', path)
    expect(asked.headers.get('upload-offset')).toBe('100')
    expect(asked.headers.get('upload-length')).toBe(String(content.length))
    await call('PATCH', path, {
      body: content.subarray(100),
      headers: { ...piece, 'upload-offset': '100' },
    })
    expect((await call('GET', path)).body.complete).toBe(true)
    const stored = join(house.folder, 'uploads', begun.body.upload)
    expect(statSync(stored).mode & 0o777).toBe(0o600)
    expect(readFileSync(stored).includes(content.subarray(0, 20))).toBe(false)
    const done = await delivered({ from: { upload: begun.body.upload } })
    expect(done).toMatchObject({
      state: 'done',
      received: 2,
      loaded: 2,
      kind: 'file',
      fileName: '许可script.csv',
    })
    expect(existsSync(stored)).toBe(false)
    expect(existsSync(`${stored}.opened`)).toBe(false)
  })

  test('that was changed or moved where it lies is not read', async () => {
    const { SealedPieces } = await import('./sealed-pieces.ts')
    const path = join(house.folder, 'pieces')
    const pieces = new SealedPieces(house.house.keys, path, 'one')
    await pieces.create()
    const text = Buffer.from('许可决定文书号'.repeat(60_000))
    const chunks = async function* (from: number, to: number) {
      for (let at = from; at < to; at += 65_536) yield text.subarray(at, Math.min(to, at + 65_536))
    }
    const all = async (name = 'one') => {
      const blocks: Buffer[] = []
      for await (const block of new SealedPieces(house.house.keys, path, name).read()) blocks.push(block)
      return Buffer.concat(blocks)
    }
    await pieces.append(0, chunks(0, 700_001), 2 ** 31)
    // What was not acknowledged is written over.
    await pieces.append(700_001, chunks(0, 5000), 2 ** 31)
    expect(await pieces.append(700_001, chunks(700_001, text.length), 2 ** 31)).toMatchObject({
      written: text.length - 700_001,
      tooLong: false,
    })
    expect((await all()).equals(text)).toBe(true)
    await expect(all('another')).rejects.toThrow()
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.subarray(0, bytes.length - 7))
    await expect(all()).rejects.toThrow()
    bytes[500] = (bytes[500] as number) ^ 1
    writeFileSync(path, bytes)
    await expect(all()).rejects.toThrow()
  })

  test('whose end does not match its digest is emptied and told', async () => {
    const begun = await call('POST', '/api/console/uploads', {
      body: { name: 'a.csv', bytes: 3, sha256: 'a'.repeat(64) },
    })
    const path = `/api/console/uploads/${begun.body.upload}`
    const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' }
    const sent = await call('PATCH', path, { body: Buffer.from('abc'), headers })
    expect(sent.status).toBe(422)
    expect((await call('GET', path)).body).toMatchObject({ offset: 0, complete: false })
    const more = await call('PATCH', path, { body: Buffer.from('abcdef'), headers })
    expect(more.body.code).toBe('upload.too-long')
    expect((await call('DELETE', path)).status).toBe(204)
    expect((await call('GET', path)).status).toBe(404)
  })

  test('of another account does not exist, and takes pieces by the tus protocol', async () => {
    const begun = await call('POST', '/api/console/uploads', {
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': '10',
        'upload-metadata': `filename ${Buffer.from('名单.csv').toString('base64')}`,
      },
    })
    expect(begun.status).toBe(201)
    const path = begun.headers.get('location') as string
    expect(path).toBe(`/api/console/uploads/${begun.body.upload}`)
    expect(begun.body.name).toBe('名单.csv')
    for (const method of ['GET', 'HEAD', 'DELETE'])
      expect((await call(method, path, { as: stranger })).status, method).toBe(404)
    expect((await call('GET', path, { as: auditor })).status).toBe(403)
  })

  test('that nobody goes on with is cleared', async () => {
    const begun = await call('POST', '/api/console/uploads', { body: { name: 'a.csv', bytes: 3 } })
    const { Uploads } = await import('./uploads.ts')
    const uploads = new Uploads(house.house)
    await uploads.clearAbandoned()
    expect((await call('GET', `/api/console/uploads/${begun.body.upload}`)).status).toBe(200)
    await house.superuser.query(
      `UPDATE xh.upload SET touched_at = now() - interval '25 hours' WHERE upload_id = $1`,
      [begun.body.upload],
    )
    expect(await uploads.clearAbandoned()).toBe(1)
    expect(existsSync(join(house.folder, 'uploads', begun.body.upload))).toBe(false)
  })

  test('is written by one request at a time', async () => {
    const content = randomBytes(4 << 20)
    const begun = await call('POST', '/api/console/uploads', {
      body: { name: 'a.bin', bytes: content.length },
    })
    const path = `/api/console/uploads/${begun.body.upload}`
    const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' }
    const both = await Promise.all([1, 2].map(() => call('PATCH', path, { body: content, headers })))
    expect(both.map((one) => one.status).sort((a, b) => a - b)[0]).toBe(204)
    expect([409, 423]).toContain(Math.max(...both.map((one) => one.status)))
    expect((await call('GET', path)).body).toMatchObject({ offset: content.length, complete: true })
    await call('DELETE', path)
  })
})

describe('a delivery', () => {
  test('of a file tells how it was read and what became of every row', async () => {
    const bad = permit({ XK_XDR_SHXYM: '91519902MA00000000' })
    const rows = [permit(), bad, permit({ XK_JDRQ: '2026年11月20日' }), permit({ XK_JDRQ: '2026-13-40' })]
    const done = await delivered({ from: { upload: await uploaded(csv(rows)) } })
    expect(done).toMatchObject({ state: 'done', received: 4, loaded: 2, rejected: 2, stillRejected: 2 })
    expect(done.format).toMatchObject({ kind: 'csv', encoding: 'utf-8' })
    expect(done.received).toBe(done.loaded + done.updated + done.unchanged + done.rejected + done.inReview)
    expect(done.reasons.map((reason: { code: string }) => reason.code)).toContain('F04/day.impossible')
    expect(done.repairs).toContainEqual(
      expect.objectContaining({ code: 'DATE_FORM', field: 'decidedOn', rows: 1 }),
    )
    const listed = await call('GET', '/api/console/deliveries?rejected=true')
    expect(listed.body.deliveries[0]).toMatchObject({ delivery: done.delivery, rejected: 2 })
  })

  test('shows its rejected rows as delivered, each fault at its cell', async () => {
    const bad = permit({
      XK_XDR_MC: '=HYPERLINK("http://example.test","<script>alert(1)</script>")',
      XK_JDRQ: '2026-13-40',
      XK_XKLB: '普同',
    })
    const done = await delivered({ from: { header: HEADER, rows: [permit(), bad] } })
    const { body } = await call('GET', `/api/console/deliveries/${done.delivery}/rejected-rows`)
    expect(body).toMatchObject({ total: 1, next: null })
    expect(body.rows[0]).toMatchObject({ row: 2, place: 3, mended: null })
    expect(body.rows[0].cells).toEqual(bad)
    const day = HEADER.indexOf('XK_JDRQ')
    const fault = body.rows[0].faults.find((one: { column: number }) => one.column === day)
    expect(body.texts[fault.text].code).toBe('F04/day.impossible')
    expect(body.texts[fault.text].message.zh).toContain('许可决定日期')
    expect(body.columns[day]).toMatchObject({ header: 'XK_JDRQ', field: 'decidedOn', must: true })
    expect(body.columns[HEADER.indexOf('XK_XKLB')].values).toContain('普通')
  })

  test('gives its rejected rows as files that load when they are mended', async () => {
    const done = await delivered({
      from: { header: HEADER, rows: [permit({ XK_XDR_MC: '=1+1公司', XK_JDRQ: '坏' })] },
    })
    const { body, headers } = await call('GET', `/api/console/deliveries/${done.delivery}/rejected-rows.csv`)
    expect(headers.get('content-disposition')).toContain('attachment')
    expect(body).toContain("'=1+1公司")
    expect(body).toContain('问题说明')
    const mended = Buffer.from(body.replace('坏', '2026/11/20'))
    const again = await delivered({ from: { upload: await uploaded(mended) }, mends: done.delivery })
    expect(again).toMatchObject({ loaded: 1, rejected: 0, mends: done.delivery })
    const first = await call('GET', `/api/console/deliveries/${done.delivery}`)
    expect(first.body).toMatchObject({ stillRejected: 0, mendedBy: [again.delivery] })
    const { default: ExcelJS } = await import('exceljs')
    const book = new ExcelJS.Workbook()
    const response = await fetch(`${base}/api/console/deliveries/${done.delivery}/rejected-rows.xlsx`, {
      headers: { ...clerk.headers, host: new URL(base).host },
    })
    await book.xlsx.load((await response.arrayBuffer()) as never)
    const cell = book.worksheets[0]?.getRow(2).getCell(HEADER.indexOf('XK_XDR_MC') + 1)
    expect(cell?.type).toBe(ExcelJS.ValueType.String)
    expect(cell?.value).toBe('=1+1公司')
    expect(cell?.numFmt).toBe('@')
    const sheet = book.worksheets[0]
    const at = (code: string) => HEADER.indexOf(code) + 1
    if (sheet !== undefined) {
      sheet.getRow(2).getCell(at('XK_JDRQ')).value = '2026/11/19'
      sheet.getRow(2).getCell(at('XK_WSH')).value = '示许〔2026〕再9号'
    }
    const workbook = new Uint8Array(await book.xlsx.writeBuffer())
    const third = await delivered({ from: { upload: await uploaded(workbook, '退回.xlsx') } })
    expect(third).toMatchObject({ received: 1, loaded: 1, rejected: 0 })
  })

  test('is mended in the grid, and its history follows each row into the later delivery', async () => {
    const rows = [permit(), permit({ XK_JDRQ: '坏' }), permit({ XK_XKLB: '' }), permit({ XK_NR: '' })]
    const first = await delivered({ from: { header: HEADER, rows } })
    expect(first).toMatchObject({ loaded: 1, rejected: 3 })
    const grid = (await call('GET', `/api/console/deliveries/${first.delivery}/rejected-rows`)).body
    const header = grid.columns.map((column: { header: string }) => column.header)
    const [a, b] = grid.rows
    a.cells[HEADER.indexOf('XK_JDRQ')] = '2026/11/18'
    const checked = await call('POST', '/api/console/deliveries/check', {
      body: { item: ITEM, header, rows: [a.cells, b.cells] },
    })
    expect(checked.body.rows.map((row: { ok: boolean }) => row.ok)).toEqual([true, false])
    await call('PUT', `/api/console/drafts/mend-${first.delivery}`, {
      body: { item: ITEM, delivery: first.delivery, content: { cells: { 2: a.cells } } },
    })
    const second = await delivered({
      from: { header, rows: [a.cells, b.cells] },
      kind: 'mend',
      mends: first.delivery,
      origins: [a.row, b.row],
      draft: `mend-${first.delivery}`,
    })
    expect(second).toMatchObject({ received: 2, loaded: 1, rejected: 1, kind: 'mend' })
    expect((await call('GET', `/api/console/drafts/mend-${first.delivery}`)).status).toBe(404)
    const history = await call('GET', `/api/console/deliveries/${first.delivery}/rows`)
    expect(history.body.rows.map((row: { outcome: string }) => row.outcome)).toEqual([
      'loaded',
      'rejected',
      'rejected',
      'rejected',
    ])
    expect(history.body.rows[1].mended).toEqual({ delivery: second.delivery, row: 1 })
    expect(history.body.rows[3].mended).toBeNull()
    expect((await call('GET', `/api/console/deliveries/${first.delivery}`)).body.stillRejected).toBe(2)
    const twice = await call('POST', '/api/console/deliveries', {
      body: { item: ITEM, from: { header, rows: [a.cells] }, mends: first.delivery, origins: [a.row] },
    })
    expect(twice.body.code).toBe('delivery.origins')
  })

  test('is mended elsewhere and dropped again, and each row is found in the later delivery by its natural key', async () => {
    const broken = [
      permit({ XK_JDRQ: '坏' }),
      permit(),
      permit({ XK_XKLB: '' }),
      permit({ XK_XKLB: '无此类' }),
    ]
    const first = await delivered({ from: { header: HEADER, rows: broken } })
    expect(first).toMatchObject({ loaded: 1, rejected: 3 })
    const mend = (row: string[] | undefined, code: string, value: string): string[] =>
      (row ?? []).map((cell, column) => (HEADER[column] === code ? value : cell))
    const lines = [
      HEADER,
      permit(),
      mend(broken[2], 'XK_XKLB', '普通'),
      broken[3] ?? [],
      mend(broken[0], 'XK_JDRQ', '2026/11/18'),
    ]
    const file = Buffer.from(lines.map((line) => line.join(',')).join('\n'))
    const second = await delivered({ from: { upload: await uploaded(file) } })
    expect(second).toMatchObject({ loaded: 3, rejected: 1, mends: null })
    const mended = async () =>
      (await call('GET', `/api/console/deliveries/${first.delivery}/rows`)).body.rows.map(
        (row: { mended: unknown }) => row.mended,
      )
    // What comes back unmended in a delivery that does not say what it mends stays to be mended where it was.
    expect(await mended()).toEqual([
      { delivery: second.delivery, row: 4 },
      null,
      { delivery: second.delivery, row: 2 },
      null,
    ])
    expect((await call('GET', `/api/console/deliveries/${first.delivery}`)).body.stillRejected).toBe(1)
    const grid = await call('GET', `/api/console/deliveries/${first.delivery}/rejected-rows?after=1`)
    expect(grid.body.rows.map((row: { mended: unknown }) => row.mended)).toEqual([
      { delivery: second.delivery, row: 2 },
      null,
    ])
    const again = Buffer.from([HEADER, broken[3] ?? []].map((line) => line.join(',')).join('\n'))
    const third = await delivered({ from: { upload: await uploaded(again) }, mends: first.delivery })
    expect((await mended())[3]).toEqual({ delivery: third.delivery, row: 1 })
  })

  test('that comes again under its own number is the first one; another content is refused', async () => {
    const rows = [permit()]
    const body = { item: ITEM, from: { header: HEADER, rows }, clientId: 'batch-1' }
    const both = await Promise.all([1, 2].map(() => call('POST', '/api/console/deliveries', { body })))
    expect(both.map((one) => one.status).sort()).toEqual([200, 202])
    expect(both[0]?.body.delivery).toBe(both[1]?.body.delivery)
    await ended(both[0]?.body.delivery)
    const other = await call('POST', '/api/console/deliveries', {
      body: { ...body, from: { header: HEADER, rows: [permit()] } },
    })
    expect(other.status).toBe(409)
    expect(other.body.code).toBe('delivery.key-used')
  })

  test('that is refused as a whole says why, and frees its number', async () => {
    const upload = await uploaded(Buffer.from('只有一行没有表头'))
    const refused = await delivered({ from: { upload }, clientId: 'batch-2' })
    expect(refused).toMatchObject({ state: 'refused', received: 0 })
    expect(refused.refusal.code).toBe('file.no-header')
    expect(refused.refusal.remedy.zh).not.toBe('')
    const good = await delivered({ from: { header: HEADER, rows: [permit()] }, clientId: 'batch-2' })
    expect(good.state).toBe('done')
  })

  test('pasted from a spreadsheet is read as a table', async () => {
    const pasted = [HEADER, permit(), permit({ XK_NR: '两行\n内容' })]
      .map((cells) => cells.map((cell) => (cell.includes('\n') ? `"${cell}"` : cell)).join('\t'))
      .join('\r\n')
    const done = await delivered({ from: { pasted } })
    expect(done).toMatchObject({ kind: 'paste', received: 2, loaded: 2 })
    const empty = await call('POST', '/api/console/deliveries', {
      body: { item: ITEM, from: { pasted: '  ' } },
    })
    expect(empty.body.code).toBe('delivery.empty')
  })

  test('tells its progress as it goes', async () => {
    const placed = await call('POST', '/api/console/deliveries', {
      body: { item: ITEM, from: { header: HEADER, rows: Array.from({ length: 2000 }, () => permit()) } },
    })
    const { body, headers } = await call('GET', `/api/console/deliveries/${placed.body.delivery}/progress`)
    expect(headers.get('content-type')).toContain('text/event-stream')
    const events = body
      .split('\n')
      .filter((line: string) => line.startsWith('data: '))
      .map((line: string) => JSON.parse(line.slice(6)))
    expect(events.at(-1)).toEqual({ state: 'done', part: 1, rows: 2000 })
  })
})

describe('a hostile or clumsy delivery', () => {
  test('of a cell of ten megabytes rejects that row alone, and the grid stays small', async () => {
    const huge = permit({ XK_NR: '长'.repeat(3_500_000) })
    const done = await delivered({ from: { upload: await uploaded(csv([permit(), huge])) } })
    expect(done).toMatchObject({ received: 2, loaded: 1, rejected: 1 })
    const page = await call('GET', `/api/console/deliveries/${done.delivery}/rejected-rows`)
    expect(JSON.stringify(page.body).length).toBeLessThan(400_000)
    expect(page.body.texts.map((one: { code: string }) => one.code)).toContain('read.cell-too-long')
  })

  test('of a spreadsheet of a million empty rows ends soon, with the rows that are none left out', async () => {
    const { default: ExcelJS } = await import('exceljs')
    const path = join(house.folder, 'empty.xlsx')
    const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path })
    const sheet = book.addWorksheet('许可')
    sheet.addRow(HEADER).commit()
    for (let i = 0; i < 1_000_000; i++) {
      if (i === 500_000) sheet.addRow(permit()).commit()
      else sheet.addRow(['']).commit()
    }
    await book.commit()
    const upload = await uploaded(readFileSync(path), '空行.xlsx')
    const began = performance.now()
    const done = await delivered({ from: { upload } })
    expect(done).toMatchObject({ state: 'done', received: 1, loaded: 1 })
    expect(performance.now() - began).toBeLessThan(90_000)
  }, 240_000)

  test('with markup and formulas keeps them as text, in the grid and in every exported sheet', async () => {
    const payload = '<img src=x onerror=alert(1)>'
    const done = await delivered({
      from: {
        header: HEADER,
        rows: [permit({ XK_NR: payload, BZ: '@SUM(1+1)*cmd|"/c calc"!A0', XK_JDRQ: '坏' })],
      },
    })
    const page = await call('GET', `/api/console/deliveries/${done.delivery}/rejected-rows`)
    expect(page.headers.get('content-type')).toContain('application/json')
    expect(page.body.rows[0].cells).toContain(payload)
    const file = await call('GET', `/api/console/deliveries/${done.delivery}/rejected-rows.csv`)
    expect(file.headers.get('x-content-type-options')).toBe('nosniff')
    expect(file.body).toContain(`"'@SUM`)
  })

  test('of ten thousand rejected rows is shown in one answer, and a thousand are checked at once', async () => {
    const rows = Array.from({ length: 10_000 }, () => permit({ XK_JDRQ: '坏', XK_XKLB: '普同' }))
    const done = await delivered({ from: { upload: await uploaded(csv(rows)) } })
    expect(done.rejected).toBe(10_000)
    const began = performance.now()
    const page = await call('GET', `/api/console/deliveries/${done.delivery}/rejected-rows?limit=20000`)
    const shown = performance.now() - began
    expect(page.body.rows).toHaveLength(10_000)
    expect(page.body.texts.length).toBeLessThan(10)
    const body = { item: ITEM, header: HEADER, rows: rows.slice(0, 1000) }
    await call('POST', '/api/console/deliveries/check', { body })
    const checking = performance.now()
    const checked = await call('POST', '/api/console/deliveries/check', { body })
    const judged = performance.now() - checking
    expect(checked.body.rows.every((row: { ok: boolean }) => !row.ok)).toBe(true)
    process.stderr.write(
      `10,000 rejected rows in ${Math.round(shown)} ms, 1,000 checked in ${Math.round(judged)} ms\n`,
    )
    // Generous: the machine that tests may be busy. Alone it is a tenth of it.
    expect(shown).toBeLessThan(15_000)
    expect(judged).toBeLessThan(5_000)
  })
})

describe('the fate of a row', () => {
  test('is proved by the public tree of the ledger, and every reading of rejected rows is in it', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => permit(i === 2222 ? { XK_JDRQ: '坏' } : {}))
    const { delivery } = await delivered({ from: { header: HEADER, rows } })
    await call('GET', `/api/console/deliveries/${delivery}/rejected-rows`)
    const { body: waiting } = await call('GET', `/api/console/deliveries/${delivery}/rows/2223`)
    expect(waiting).toMatchObject({ row: 2223, outcome: 'rejected', proof: { ledger: null } })
    const { Sequencer } = await import('../ledger/index.ts')
    const sequencer = new Sequencer(house.house)
    await sequencer.catchUp()
    await sequencer.close()
    const { body } = await call('GET', `/api/console/deliveries/${delivery}/rows/2223`)
    const { proof } = body
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
    const hash = treeHash(sha256)
    const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
    const outcomes = bytes(proof.leaf.outcomes)
    expect(proof.meaning[outcomes[2223 - proof.leaf.firstRow] as number]).toBe('rejected')
    const leaf = hash.leaf(
      Buffer.concat([Buffer.from(`${delivery}/${proof.leaf.firstRow}\n`), Buffer.from(outcomes)]),
    )
    const root = new Uint8Array(Buffer.from(proof.root, 'hex'))
    const claim = { index: proof.leaf.index, size: proof.leaf.of, leaf, root }
    expect(proof.leaf.of).toBe(3)
    expect(verifyInclusion(hash, claim, proof.path.map(bytes))).toBe(true)
    expect(verifyInclusion(hash, { ...claim, index: 0 }, proof.path.map(bytes))).toBe(false)
    // The entry holds the root, and its hash stands in the tree that anyone may ask.
    expect(JSON.parse(proof.ledger.text)).toMatchObject({
      act: 'delivery.outcome',
      object: `delivery:${delivery}/0`,
      result: proof.root,
    })
    const inclusion = await call('GET', `/api/v1/ledger/proof/inclusion?index=${proof.ledger.index}`)
    expect(inclusion.status, JSON.stringify(inclusion.body)).toBe(200)
    expect(inclusion.body.leaf).toBe(
      Buffer.from(hash.leaf(Buffer.from(proof.ledger.text))).toString('base64'),
    )
    // What was delivered in the row stands in the ledger too: the digest of its text and its neighbours'.
    const { cells } = body
    const at = 2223 - cells.rows.first
    expect(at).toBeGreaterThanOrEqual(0)
    expect(at).toBeLessThan(cells.rows.count)
    const digestOf = (delivered: string[][]) =>
      sha256(Buffer.from([HEADER, ...delivered].map((line) => line.join('\u001f')).join('\n'), 'utf16le'))
        .subarray(0, 16)
        .toString('hex')
    const own = rows.slice(cells.rows.first - 1, cells.rows.first - 1 + cells.rows.count)
    expect(digestOf(own)).toBe(cells.digest)
    const changed = own.map((line, i) => (i === at ? line.map((cell) => cell.replace('坏', '好')) : line))
    expect(digestOf(changed)).not.toBe(cells.digest)
    const entries = bytes(cells.leaf.entries)
    expect(Buffer.from(entries).toString('hex')).toContain(
      `${cells.rows.count.toString(16).padStart(2, '0')}${cells.digest}`,
    )
    const cellLeaf = hash.leaf(
      Buffer.concat([Buffer.from(`${delivery}/${cells.leaf.firstRow}\n`), Buffer.from(entries)]),
    )
    const cellClaim = {
      index: cells.leaf.index,
      size: cells.leaf.of,
      leaf: cellLeaf,
      root: new Uint8Array(Buffer.from(cells.root, 'hex')),
    }
    expect(verifyInclusion(hash, cellClaim, cells.path.map(bytes))).toBe(true)
    expect(JSON.parse(cells.ledger.text)).toMatchObject({
      act: 'delivery.cells',
      object: `delivery:${delivery}/0`,
      result: cells.root,
    })
    expect((await call('GET', `/api/console/deliveries/${delivery}/rows/9999`)).body.code).toBe(
      'delivery.row-unknown',
    )
    const read = await house.superuser.query(
      `SELECT actor FROM xh.ledger_leaf WHERE act = 'delivery.rejected.read' AND object = $1`,
      [`delivery:${delivery}`],
    )
    expect(read.rows).toEqual([{ actor: clerk.account.name }])
  })
})

describe('what belongs to another unit does not exist', () => {
  test('a delivery, its rows, its files, its progress', async () => {
    const done = await delivered({ from: { header: HEADER, rows: [permit({ XK_JDRQ: '坏' })] } })
    for (const rest of [
      '',
      '/progress',
      '/rejected-rows',
      '/rejected-rows.csv',
      '/rejected-rows.xlsx',
      '/rows',
      '/rows/1',
    ]) {
      const path = `/api/console/deliveries/${done.delivery}${rest}`
      const answer = await call('GET', path, { as: stranger })
      expect(answer.status, rest).toBe(404)
      expect(answer.body.code, rest).toBe('delivery.unknown')
      expect((await call('GET', path, { as: auditor })).status, rest).toBe(403)
      expect((await call('GET', path, { as: centre })).status, rest).toBe(200)
    }
    expect((await call('GET', '/api/console/deliveries', { as: stranger })).body.deliveries).toEqual([])
    const mend = await call('POST', '/api/console/deliveries', {
      as: stranger,
      body: { item: ITEM, from: { header: HEADER, rows: [permit()] }, mends: done.delivery, origins: [1] },
    })
    expect(mend.body.code).toBe('delivery.mends-unknown')
  })

  test('and a query that forgets the unit finds nothing of it', async () => {
    const pool = house.house.database.pools.app
    const { asActor } = await import('../../platform/database/actor.ts')
    const unit = stranger.account.unitId as number
    const actor = {
      name: 'x',
      duty: 'department',
      unitId: unit,
      accountId: stranger.account.accountId,
    } as const
    for (const table of [
      'delivery',
      'delivery_order',
      'delivery_part',
      'rejected_block',
      'upload',
      'draft',
    ]) {
      const seen = await asActor(pool, actor, async (client) => client.query(`SELECT FROM xh.${table}`))
      expect(seen.rowCount, table).toBe(0)
      expect((await pool.query(`SELECT FROM xh.${table}`)).rowCount, table).toBe(0)
    }
  })
})

describe('a draft', () => {
  test('is kept sealed, is its writer’s alone, and is not written over unseen', async () => {
    const path = '/api/console/drafts/mend-1'
    const content = { cells: [['未公开的草稿内容']] }
    const saved = await call('PUT', path, { body: { item: ITEM, content } })
    expect(saved.status).toBe(200)
    expect((await call('GET', path)).body.content).toEqual(content)
    expect((await call('GET', path, { as: stranger })).status).toBe(404)
    const { rows } = await house.superuser.query('SELECT content FROM xh.draft')
    expect(rows[0].content.toString('latin1')).not.toContain(Buffer.from('未公开').toString('latin1'))
    const newer = await call('PUT', path, {
      body: { item: ITEM, content, savedBefore: saved.body.savedAt },
    })
    expect(newer.status).toBe(200)
    const stale = await call('PUT', path, {
      body: { item: ITEM, content: {}, savedBefore: saved.body.savedAt },
    })
    expect(stale.body.code).toBe('draft.newer')
    await house.superuser.query(`UPDATE xh.draft SET saved_at = now() - interval '8 days'`)
    const { Drafts } = await import('./drafts.ts')
    expect(await new Drafts(house.house).clearOld()).toBe(1)
    expect(readdirSync(join(house.folder, 'uploads')).length).toBeLessThan(10)
  })
})

test('who looks at rejected rows of persons is found by each of them', async () => {
  const header = [...HEADER, 'XK_XDR_ZJLX', 'XK_XDR_ZJHM']
  const [shown, other] = ['19900101', '19910101'].map((day) => neverIssuedIdNumber('519902', day)) as [
    string,
    string,
  ]
  const faulty = [
    ...permit({ XK_XDR_LB: '自然人', XK_XDR_SHXYM: '', XK_FRDB: '', XK_XKLB: '' }),
    '身份证',
    shown,
  ]
  const good = [...permit({ XK_XDR_LB: '自然人', XK_XDR_SHXYM: '', XK_FRDB: '' }), '身份证', other]
  const upload = await uploaded(csv([faulty, good], header))
  const done = await delivered({ item: 'permit-person', from: { upload } })
  expect(done).toMatchObject({ rejected: 1, loaded: 1 })
  const rows = await call('GET', `/api/console/deliveries/${done.delivery}/rejected-rows`)
  expect(JSON.stringify(rows.body)).toContain(shown)
  await call('GET', `/api/console/deliveries/${done.delivery}/rejected-rows.csv`)
  const sequencer = new Sequencer(house.house)
  await sequencer.catchUp()
  await sequencer.close()
  const readersOf = async (number: string) => {
    const found = await call('POST', '/api/console/ledger/readers', {
      as: auditor,
      body: { document: { type: '身份证', number } },
    })
    return found.body.entries.filter((entry: { act: string }) => entry.act === 'delivery.rejected.read')
  }
  expect(await readersOf(shown)).toHaveLength(2)
  expect(await readersOf(other)).toHaveLength(0)
})
