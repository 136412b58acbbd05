import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { REJECTED_FILE_COLUMNS } from '@xinheng/core'
import { neverIssuedIdNumber, PERMIT_HEADER, validRegistrationNumber, validUscc } from '@xinheng/testkit'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import type { DeliveryResult } from '../deliveries/index.ts'
import { PublicRecords, RecordKeeping } from '../records/index.ts'
import { Reviews } from '../review/index.ts'
import { addUnits } from '../units/index.ts'
import { openInner } from './load/record-tuple.ts'

const ACTOR = { name: 'test', duty: 'centre' } as const
const SOURCE = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const OTHER = { uscc: validUscc('11', '519902', 2), name: '示例市青源区综合行政执法局' }
const company = (number: number) => ({
  uscc: validUscc('91', '519902', 1000 + number),
  name: `示例市第${number}号商贸有限公司`,
})

let house: TestHouse
let records: PublicRecords
let files = 0

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, ACTOR, [SOURCE, OTHER])
  records = new PublicRecords(house.house.database.pools.portal, house.catalogue, house.house.keys)
})
afterAll(() => house.close())

interface Permit {
  name: string
  uscc: string
  number: string
  decided?: string
  content?: string
  category?: string
  authority?: typeof SOURCE
  source?: typeof SOURCE
}

function permitLine({
  name,
  uscc,
  number,
  decided = '2026/11/02',
  content = '食品销售',
  category = '法人及非法人组织',
  authority = SOURCE,
  source = SOURCE,
}: Permit): string {
  return [
    name,
    category,
    uscc,
    '',
    '',
    '',
    '',
    '',
    '周示例',
    '',
    '',
    '准予许可决定书',
    number,
    '普通',
    '',
    '',
    content,
    decided,
    decided,
    '2099/12/31',
    authority.name,
    authority.uscc,
    '1',
    source.name,
    source.uscc,
    '',
  ].join(',')
}

function write(text: string | Buffer, name = `${++files}.csv`): string {
  const path = join(house.folder, name)
  writeFileSync(path, text)
  return path
}

function deliver(
  path: string,
  options: {
    item?: string
    source?: string
    clientId?: string
    mode?: 'increment' | 'snapshot'
    dryRun?: boolean
    rowsAPart?: number
  } = {},
): Promise<DeliveryResult> {
  return house.deliveries.import({
    path,
    item: options.item ?? 'permit-organisation',
    source: options.source ?? SOURCE.uscc,
    mode: options.mode ?? 'increment',
    dryRun: options.dryRun ?? false,
    actor: ACTOR,
    clientId: options.clientId,
    ...(options.rowsAPart === undefined ? {} : { rowsAPart: options.rowsAPart }),
  })
}

const permits = (...rows: Permit[]) => write(`${PERMIT_HEADER}\n${rows.map(permitLine).join('\n')}\n`)
const counts = ({ received, loaded, updated, unchanged, rejected, inReview }: DeliveryResult) => ({
  received,
  loaded,
  updated,
  unchanged,
  rejected,
  inReview,
})

describe('a delivery', () => {
  test('makes clean rows public facts of their subjects', async () => {
    const one = company(1)
    const result = await deliver(permits({ ...one, number: '示许〔2026〕1号' }))
    expect(counts(result)).toEqual({
      received: 1,
      loaded: 1,
      updated: 0,
      unchanged: 0,
      rejected: 0,
      inReview: 0,
    })
    const subject = await records.subject(one.uscc)
    expect(subject).toMatchObject({ name: one.name, kind: 'organisation' })
    expect(subject?.facts[0]).toMatchObject({
      documentNumber: '示许〔2026〕1号',
      decidedOn: '2026-11-02',
      authority: SOURCE.name,
      publicUntil: null,
    })
    expect(subject?.facts[0]?.fields.find((field) => field.name === 'authorityUscc')?.value).toBe(SOURCE.uscc)
  })

  test('sent again is unchanged, changed is a new version, and both states can be read', async () => {
    const two = company(2)
    await deliver(permits({ ...two, number: '示许〔2026〕2号' }))
    expect(counts(await deliver(permits({ ...two, number: '示许〔2026〕2号' })))).toMatchObject({
      unchanged: 1,
      loaded: 0,
    })
    expect(
      counts(await deliver(permits({ ...two, number: '示许〔2026〕2号', content: '餐饮服务' }))),
    ).toMatchObject({ updated: 1 })
    const id = (await records.subject(two.uscc))?.facts[0]?.id as string
    const fact = await records.fact(id)
    expect(fact?.fact.fields.find((field) => field.name === 'permitContent')?.value).toBe('餐饮服务')
    expect(
      fact?.versions.map((version) => version.fields.find((field) => field.name === 'permitContent')?.value),
    ).toEqual(['食品销售'])
    expect(await records.subject(two.uscc, { knownAt: fact?.fact.recordedAt })).toBeDefined()
  })

  test('in GB18030, with titles above the header and Chinese headers, is understood and told', async () => {
    const three = company(3)
    const text = `行政许可报送表,,\r\n*行政相对人名称,行政相对人类别,行政相对人代码_1（统一社会信用代码）,法定代表人,行政许可决定文书名称,行政许可决定书文号,许可类别,许可内容,许可决定日期,有效期自,有效期至,许可机关,许可机关统一社会信用代码,当前状态,本单位内部编号\r\n${three.name},法人,${three.uscc.toLowerCase()},吴示例,许可决定书,示许〔2026〕3号,普通,"含,逗号与\n换行",2026年11月3日,2026.11.3,长期,${SOURCE.name},${SOURCE.uscc},有效,x\r\n,,,,\r\n`
    const result = await deliver(write(iconv.encode(text, 'gb18030')))
    expect(counts(result)).toMatchObject({ received: 1, loaded: 1 })
    expect(result.format).toMatchObject({ kind: 'csv', encoding: 'gb18030', headerPlace: 2 })
    expect(result.notes).toContainEqual({
      code: 'header.unknown',
      severity: 'warning',
      parameters: { column: '本单位内部编号' },
    })
    const fates = []
    for await (const fate of house.deliveries.fates(result.delivery)) fates.push(fate)
    expect(fates[0]?.repairs).toContainEqual({
      field: 'uscc',
      code: 'LOWER_CASE',
      raw: three.uscc.toLowerCase(),
    })
  })

  test('gives bad rows back with every fault, in a file that can be corrected and delivered as it is', async () => {
    const four = company(4)
    const path = permits(
      { ...four, number: '示许〔2026〕4号' },
      { name: '=HYPERLINK("x")', uscc: '91519902MA000000', number: '', decided: '2028/02/30' },
    )
    const result = await deliver(path)
    expect(counts(result)).toEqual({
      received: 2,
      loaded: 1,
      updated: 0,
      unchanged: 0,
      rejected: 1,
      inReview: 0,
    })
    const rejectedFile = result.rejectedFile as string
    expect(rejectedFile).toBe(`${path}.rejected.csv`)
    expect(statSync(rejectedFile).mode & 0o777).toBe(0o600)
    const text = readFileSync(rejectedFile, 'utf8')
    expect(text.startsWith('\ufeff')).toBe(true)
    expect(text).toContain(`"'=HYPERLINK(""x"")"`)
    for (const code of ['F05/uscc.length', 'F01', 'F04/day.impossible']) expect(text).toContain(code)
    const mended = text
      .replace(`"'=HYPERLINK(""x"")"`, four.name)
      .replace('91519902MA000000', four.uscc)
      .replace('准予许可决定书,,', '准予许可决定书,示许〔2026〕5号,')
      .replaceAll('2028/02/30', '2026/11/03')
    expect(counts(await deliver(write(mended)))).toEqual({
      received: 1,
      loaded: 1,
      updated: 0,
      unchanged: 0,
      rejected: 0,
      inReview: 0,
    })
  })

  test('under the deliverer’s own id returns the first result when it is sent again', async () => {
    const path = permits({ ...company(5), number: '示许〔2026〕6号' })
    const first = await deliver(path, { clientId: 'a-1' })
    expect(await deliver(path, { clientId: 'a-1' })).toMatchObject({ delivery: first.delivery, loaded: 1 })
  })

  test('tried only leaves nothing', async () => {
    const six = company(6)
    expect(
      counts(await deliver(permits({ ...six, number: '示许〔2026〕7号' }), { dryRun: true })),
    ).toMatchObject({ loaded: 1 })
    expect(await records.subject(six.uscc)).toBeUndefined()
  })

  test('of the same rows twice at once does no harm', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => ({
      ...company(100 + (i % 7)),
      number: `示许〔2026〕并发${i}号`,
    }))
    const results = await Promise.all([deliver(permits(...rows)), deliver(permits(...rows))])
    expect(results.map((result) => result.loaded).sort()).toEqual([0, 50])
    expect(results.map((result) => result.unchanged).sort()).toEqual([0, 50])
  })

  test('in several parts counts every row once', async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => ({
      ...company(200 + (i % 30)),
      number: `示许〔2026〕分段${i % 2400}号`,
    }))
    const result = await deliver(permits(...rows), { rowsAPart: 1000 })
    expect(counts(result)).toMatchObject({ received: 2500, rejected: 0 })
    const { rows: parts } = await house.superuser.query(
      'SELECT rows FROM xh.delivery_part WHERE delivery_id = $1 ORDER BY part',
      [result.delivery],
    )
    expect(parts.map((part) => part.rows)).toEqual([1000, 1000, 500])
  })

  test('that was interrupted between two parts goes on where it stopped', async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => ({
      ...company(300 + (i % 20)),
      number: `示许〔2026〕中断${i}号`,
    }))
    const whole = await deliver(permits(...rows), { rowsAPart: 1000 })
    // As a kill before the last part leaves it.
    await house.superuser.query('DELETE FROM xh.record WHERE delivery_id = $1 AND delivery_row > 2000', [
      whole.delivery,
    ])
    await house.superuser.query('DELETE FROM xh.delivery_part WHERE delivery_id = $1 AND part = 2', [
      whole.delivery,
    ])
    await house.superuser.query(
      "UPDATE xh.delivery SET state = 'processing', received = 2000, loaded = 2000 WHERE delivery_id = $1",
      [whole.delivery],
    )
    const [resumed] = await house.deliveries.resumeUnfinished(ACTOR)
    expect(resumed).toMatchObject({ delivery: whole.delivery, ...counts(whole) })
    const { rows: stored } = await house.superuser.query(
      'SELECT count(*)::int AS rows, count(DISTINCT delivery_row)::int AS places FROM xh.record WHERE delivery_id = $1',
      [whole.delivery],
    )
    expect(stored[0]).toEqual({ rows: 2500, places: 2500 })
  })

  test('that was interrupted gives back the bad rows of every part, in order, as if it had not been', async () => {
    const rows = Array.from({ length: 25 }, (_, i) => ({
      ...company(330 + (i % 3)),
      number: `示许〔2026〕断${i}号`,
      ...(i % 4 === 0 ? { decided: '2026/13/01' } : {}),
    }))
    const whole = await deliver(permits(...rows), { rowsAPart: 10 })
    expect(counts(whole)).toMatchObject({ received: 25, rejected: 7 })
    const before = readFileSync(whole.rejectedFile as string, 'utf8')
    expect(before.trim().split('\r\n')).toHaveLength(8)
    // As a kill in the second part leaves it.
    for (const sql of [
      'DELETE FROM xh.record WHERE delivery_id = $1 AND delivery_row > 10',
      'DELETE FROM xh.delivery_part WHERE delivery_id = $1 AND part > 0',
      'DELETE FROM xh.rejected_block WHERE delivery_id = $1 AND first_row > 10',
      `UPDATE xh.delivery SET state = 'processing', received = 10, loaded = 7, rejected = 3 WHERE delivery_id = $1`,
    ])
      await house.superuser.query(sql, [whole.delivery])
    const [resumed] = await house.deliveries.resumeUnfinished(ACTOR)
    expect(resumed).toMatchObject({ ...counts(whole) })
    expect(readFileSync(resumed?.rejectedFile as string, 'utf8')).toBe(before)
  })

  test('tried only in several parts finds what a real one finds', async () => {
    const path = permits(
      ...Array.from({ length: 25 }, (_, i) => ({
        ...company(400 + (i % 3)),
        number: `示许〔2026〕试${i}号`,
      })),
    )
    const tried = await deliver(path, { dryRun: true, rowsAPart: 10 })
    expect(counts(tried)).toMatchObject({ received: 25, loaded: 25 })
    expect(await records.subject(company(400).uscc)).toBeUndefined()
    expect(await house.deliveries.result(tried.delivery)).toBeUndefined()
    expect(counts(await deliver(path, { rowsAPart: 10 }))).toEqual(counts(tried))
  })

  test('that was interrupted is brought to its end by whoever sends it again under its id', async () => {
    const path = permits(
      ...Array.from({ length: 25 }, (_, i) => ({
        ...company(410 + (i % 3)),
        number: `示许〔2026〕续${i}号`,
      })),
    )
    const whole = await deliver(path, { rowsAPart: 10, clientId: 'interrupted' })
    // As a kill before the last part leaves it.
    await house.superuser.query('DELETE FROM xh.record WHERE delivery_id = $1 AND delivery_row > 20', [
      whole.delivery,
    ])
    await house.superuser.query('DELETE FROM xh.delivery_part WHERE delivery_id = $1 AND part = 2', [
      whole.delivery,
    ])
    await house.superuser.query(
      "UPDATE xh.delivery SET state = 'processing', received = 20, loaded = 20 WHERE delivery_id = $1",
      [whole.delivery],
    )
    // While another process works on it, nobody else does.
    await house.superuser.query('SELECT pg_advisory_lock(7261011, $1)', [whole.delivery])
    expect(await house.deliveries.resumeUnfinished(ACTOR)).toEqual([])
    await expect(deliver(path, { clientId: 'interrupted' })).rejects.toMatchObject({
      code: 'delivery.running',
    })
    await house.superuser.query('SELECT pg_advisory_unlock(7261011, $1)', [whole.delivery])
    expect(await deliver(path, { clientId: 'interrupted' })).toMatchObject({
      delivery: whole.delivery,
      ...counts(whole),
    })
  })

  test('whose rows stand under several headers gives them back each cell under its own', async () => {
    const one = company(430)
    const header = PERMIT_HEADER.split(',')
    const cells = (number: string, decided: string) =>
      permitLine({ ...one, number, decided, content: '带\u2028行' }).split(',')
    const object = (row: string[], more: Record<string, string> = {}) =>
      JSON.stringify({ ...Object.fromEntries(header.map((name, i) => [name, row[i] as string])), ...more })
    const path = write(
      [
        object(cells('示许〔2026〕头1号', '2028/02/30')),
        object(cells('示许〔2026〕头2号', '不是日期'), { 内部编号: '甲-1' }),
      ].join('\n'),
    )
    const result = await deliver(path)
    expect(counts(result)).toMatchObject({ received: 2, rejected: 2 })
    const text = readFileSync(result.rejectedFile as string, 'utf8')
    const [head, first, second, end] = text.split('\r\n') as [string, string, string, string]
    expect(head).toBe(`\ufeff${[...header, '内部编号', ...REJECTED_FILE_COLUMNS].join(',')}`)
    expect(first.split(',')[header.length]).toBe('')
    expect(second.split(',')[header.length]).toBe('甲-1')
    expect(first).toContain('带\u2028行')
    expect(end).toBe('')
    const mended = text.replaceAll('2028/02/30', '2026/11/03').replaceAll('不是日期', '2026/11/03')
    expect(counts(await deliver(write(mended)))).toMatchObject({ received: 2, loaded: 2 })
    expect(readdirSync(house.folder).filter((name) => name.startsWith('.'))).toEqual([])
  })

  test('whose cells run beyond the header shows them to whoever corrects the row', async () => {
    const path = write(
      `${PERMIT_HEADER}\n${permitLine({ ...company(431), number: '示许〔2026〕余1号' })},多,余\n`,
    )
    const result = await deliver(path)
    expect(counts(result)).toMatchObject({ rejected: 1 })
    expect(readFileSync(result.rejectedFile as string, 'utf8')).toMatch(/,多,余,read\.extra-cells,/)
  })

  test('with a name as long as names may be, or beside which nothing can be written, gives its rejected rows all the same', async () => {
    const bad = { ...company(420), number: '' }
    const long = permits(bad)
    const named = join(house.folder, `${'长'.repeat(83)}.csv`)
    renameSync(long, named)
    const result = await deliver(named)
    expect(counts(result)).toMatchObject({ rejected: 1 })
    expect(result.rejectedFile).toContain(join('rejected', `${result.delivery}-`))
    expect(readFileSync(result.rejectedFile as string, 'utf8')).toContain('F01')
    expect(statSync(result.rejectedFile as string).mode & 0o777).toBe(0o600)
  })

  test('that cannot be read is refused whole, with a code', async () => {
    for (const [content, code] of [
      ['', 'file.empty'],
      [Buffer.from([0, 1, 2, 3, 0, 0, 7, 8, 9]), 'file.not-text'],
      ['甲,乙\n1,2\n', 'file.no-header'],
      [`${PERMIT_HEADER}\n`, 'file.no-rows'],
      [Buffer.from('504b0304deadbeef', 'hex'), 'file.container-broken'],
    ] as const) {
      await expect(deliver(write(content as string))).rejects.toMatchObject({ code })
    }
  })

  test('of a cell of ten megabytes rejects that row and loads the others', async () => {
    const seven = company(7)
    const result = await deliver(
      permits(
        { ...seven, number: '示许〔2026〕8号', content: `"${'长'.repeat(10 << 20)}"` },
        { ...seven, number: '示许〔2026〕9号' },
      ),
    )
    expect(counts(result)).toEqual({
      received: 2,
      loaded: 1,
      updated: 0,
      unchanged: 0,
      rejected: 1,
      inReview: 0,
    })
  })
})

describe('resolving', () => {
  test('a name that disagrees waits for a person, who can accept it', async () => {
    const eight = company(8)
    await deliver(permits({ ...eight, number: '示许〔2026〕10号' }))
    const result = await deliver(
      permits({ ...eight, name: '完全不同的名称有限公司', number: '示许〔2026〕11号' }),
    )
    expect(counts(result)).toMatchObject({ inReview: 1, loaded: 0 })
    const reviews = new Reviews(house.house, house.catalogue)
    const open = (await reviews.list()).find((one) => one.delivery === result.delivery)
    expect(open).toMatchObject({ reason: 'C01/name', subject: eight.name })
    await reviews.decide(open?.review as number, 'accept', '已与单位核实', ACTOR)
    expect(counts((await house.deliveries.result(result.delivery)) as DeliveryResult)).toEqual({
      received: 1,
      loaded: 1,
      updated: 0,
      unchanged: 0,
      rejected: 0,
      inReview: 0,
    })
    expect((await records.subject(eight.uscc))?.facts.map((fact) => fact.documentNumber).sort()).toEqual([
      '示许〔2026〕10号',
      '示许〔2026〕11号',
    ])
    await expect(reviews.decide(open?.review as number, 'accept', '再次', ACTOR)).rejects.toMatchObject({
      code: 'review.decided',
    })
  })

  test('the registrar’s new name becomes the name, the old one is former and still agrees', async () => {
    const nine = company(9)
    const register = (name: string) =>
      deliver(write(`企业名称,统一社会信用代码,成立日期\n${name},${nine.uscc},2020-01-01\n`), {
        item: 'enterprise-registration',
      })
    await register(nine.name)
    expect(counts(await register('示例市新名称科技有限公司'))).toMatchObject({ updated: 1 })
    expect(await records.subject(nine.uscc)).toMatchObject({
      name: '示例市新名称科技有限公司',
      formerNames: [nine.name],
    })
    expect(counts(await deliver(permits({ ...nine, number: '示许〔2026〕12号' })))).toMatchObject({
      loaded: 1,
    })
  })

  test('the same document under another company waits: the wrong one would stay published', async () => {
    const [first, second] = [company(10), company(11)]
    await deliver(permits({ ...first, number: '示许〔2026〕13号' }))
    const result = await deliver(permits({ ...second, number: '示许〔2026〕13号' }))
    expect(counts(result)).toMatchObject({ inReview: 1 })
    const reviews = new Reviews(house.house, house.catalogue)
    const open = (await reviews.list()).find((one) => one.delivery === result.delivery)
    expect(open?.reason).toBe('KEY_MOVED')
    await reviews.decide(open?.review as number, 'accept', '原报送对象有误', ACTOR)
    expect((await records.subject(first.uscc))?.facts).toEqual([])
    expect((await records.subject(second.uscc))?.facts).toHaveLength(1)
  })

  test('a registration number in the code’s place makes a subject only with the registrar', async () => {
    const number = validRegistrationNumber('519902', 77)
    expect(
      counts(await deliver(permits({ name: '老企业', uscc: number, number: '示许〔2026〕14号' }))),
    ).toMatchObject({ inReview: 1 })
    expect(
      counts(
        await deliver(write(`企业名称,统一社会信用代码,成立日期\n示例市老厂,${number},1998-01-01\n`), {
          item: 'enterprise-registration',
        }),
      ),
    ).toMatchObject({ loaded: 1 })
  })

  test('two sources that disagree: the deciding authority’s own word stands', async () => {
    const twelve = company(12)
    await deliver(permits({ ...twelve, number: '示许〔2026〕15号' }))
    const other = await deliver(
      permits({ ...twelve, number: '示许〔2026〕15号', content: '另一说', source: OTHER }),
      { source: OTHER.uscc },
    )
    expect(counts(other)).toMatchObject({ unchanged: 1 })
  })
})

describe('the same document again', () => {
  const one = company(440)
  const number = '示许〔2026〕重1号'
  const outcomesOf = async (...rows: Permit[]) => counts(await deliver(permits(...rows)))

  test('in one file and equal is unchanged (U01), in a later one as well (U02), changed is a new version (U03)', async () => {
    expect(await outcomesOf({ ...one, number }, { ...one, number })).toMatchObject({
      loaded: 1,
      unchanged: 1,
    })
    expect(await outcomesOf({ ...one, number })).toMatchObject({ loaded: 0, unchanged: 1 })
    expect(await outcomesOf({ ...one, number, content: '餐饮服务' })).toMatchObject({ updated: 1 })
    const fact = (await records.subject(one.uscc))?.facts.find((each) => each.documentNumber === number)
    expect((await records.fact(fact?.id as string))?.versions).toHaveLength(1)
  })

  test('for several companies is usual for permits and told for penalties (U04)', async () => {
    const shared = '示罚〔2026〕共1号'
    const header =
      'CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_FRDB,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_YXQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM,适用程序'
    const line = ({ name, uscc }: { name: string; uscc: string }) =>
      `${name},法人及非法人组织,${uscc},周示例,${shared},违法,事实,《法》,罚款,罚款,5,2026/11/02,2099/12/31,${SOURCE.name},${SOURCE.uscc},${SOURCE.name},${SOURCE.uscc},普通`
    const result = await deliver(
      write(`${header}\n${[441, 442].map((i) => line(company(i))).join('\n')}\n`),
      {
        item: 'penalty-organisation',
      },
    )
    const codes = []
    for await (const fate of house.deliveries.fates(result.delivery))
      codes.push(...fate.findings.map((finding) => finding.code))
    expect(counts(result)).toMatchObject({ received: 2, rejected: 0 })
    expect(codes).toEqual(['U04'])
    expect(
      await outcomesOf(
        { ...company(441), number: '示许〔2026〕共2号' },
        { ...company(442), number: '示许〔2026〕共2号' },
      ),
    ).toMatchObject({ received: 2, rejected: 0 })
  })
})

describe('an old record without a code', () => {
  const old = (organisationCode: string, number: string) => {
    const cells = permitLine({ ...company(450), uscc: '', number, decided: '2017/05/08' }).split(',')
    cells[PERMIT_HEADER.split(',').indexOf('XK_XDR_ZZJG')] = organisationCode
    return write(`${PERMIT_HEADER}\n${cells.join(',')}\n`)
  }

  test('finds its company by the organisation code inside the company’s, or waits unidentified', async () => {
    const inside = company(450).uscc.slice(8, 17)
    expect(counts(await deliver(old(inside, '示许〔2017〕1号')))).toMatchObject({ inReview: 1 })
    const reviews = await new Reviews(house.house, house.catalogue).list()
    expect(reviews.map((review) => review.reason)).toContain('L06/unidentified')
    await deliver(permits({ ...company(450), number: '示许〔2026〕450号' }))
    expect(counts(await deliver(old(inside, '示许〔2017〕2号')))).toMatchObject({ loaded: 1 })
    const found = (await records.subject(company(450).uscc))?.facts.map((fact) => fact.documentNumber)
    expect(found).toContain('示许〔2017〕2号')
  })
})

describe('a snapshot', () => {
  test('ends what it no longer holds, and what it holds again is true again', async () => {
    const rows = [1, 2, 3].map((i) => `示例市快照${i}有限公司,${validUscc('91', '519903', 7000 + i)},2020,A`)
    const header = '纳税人名称,统一社会信用代码,评价年度,信用等级\n'
    const send = (lines: string[]) =>
      deliver(write(header + lines.join('\n')), { item: 'class-a-taxpayer', mode: 'snapshot' })
    expect(await send(rows)).toMatchObject({ loaded: 3, ended: 0 })
    expect(await send(rows.slice(0, 2))).toMatchObject({ unchanged: 2, ended: 1 })
    expect((await records.subject(validUscc('91', '519903', 7003)))?.facts).toEqual([])
    expect(await send(rows)).toMatchObject({ unchanged: 2, updated: 1 })
    expect((await records.subject(validUscc('91', '519903', 7003)))?.facts).toHaveLength(1)
  })
})

describe('publication', () => {
  const penaltyHeader =
    'CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_FRDB,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_YXQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM,适用程序'
  const penalise = (
    one: { name: string; uscc: string },
    number: string,
    decided: string,
    facts = '销售过期食品',
    fine = '1',
  ) =>
    deliver(
      write(
        `${penaltyHeader}\n${one.name},法人及非法人组织,${one.uscc},吴示例,${number},过期食品,${facts},《食品安全法》,罚款,罚款,${fine},${decided},2099/12/31,${SOURCE.name},${SOURCE.uscc},${SOURCE.name},${SOURCE.uscc},普通\n`,
      ),
      { item: 'penalty-organisation' },
    )

  test('a penalty leaves page, API and list the day after its term, without any job', async () => {
    const thirteen = company(13)
    await house.today('2026-05-10')
    await penalise(thirteen, '示罚〔2026〕1号', '2026/05/05')
    const shown = async () => (await records.subject(thirteen.uscc))?.facts.length
    expect(await shown()).toBe(1)
    await house.today('2027-05-05')
    expect(await shown()).toBe(1)
    await house.today('2027-05-06')
    expect(await shown()).toBe(0)
    const list = await records.list(house.catalogue.item('penalty-organisation', '2027-05-06'), {
      limit: 100,
    })
    expect(list.facts.filter((fact) => fact.subject.uscc === thirteen.uscc)).toEqual([])
    await house.today('2026-11-24')
  })

  test('personal data in the text holds the loaded fact back until a person releases it', async () => {
    const fourteen = company(14)
    expect(
      counts(
        await penalise(
          fourteen,
          '示罚〔2026〕2号',
          '2026/11/05',
          `经办人${neverIssuedIdNumber('519902', '19850312')}`,
        ),
      ),
    ).toMatchObject({ loaded: 1 })
    expect((await records.subject(fourteen.uscc))?.facts).toEqual([])
    const keeping = new RecordKeeping(house.house)
    const held = (await keeping.held()).find((one) => one.documentNumber === '示罚〔2026〕2号')
    expect(held?.hold).toBe('PERSONAL_DATA_IN_TEXT')
    await keeping.release(held?.id as string, '经复核可公示', ACTOR)
    expect((await records.subject(fourteen.uscc))?.facts).toHaveLength(1)
  })

  test('the operator of an individual business is a person: the public sees the registered name alone', async () => {
    const shop = { uscc: validUscc('92', '519902', 8001), name: '示例市青源区翎汀小吃店' }
    await deliver(permits({ ...shop, number: '示许〔2026〕个体1号', category: '个体工商户' }))
    const facts = (await records.subject(shop.uscc))?.facts
    expect(facts).toHaveLength(1)
    expect(facts?.[0]?.fields.map((field) => field.name)).not.toContain('legalRepresentative')
    expect(facts?.[0]?.fields.find((field) => field.name === 'permitContent')?.value).toBe('食品销售')
    const open = await house.house.database.pools.portal.query(
      "SELECT content FROM xh.public_fact WHERE document_number = '示许〔2026〕个体1号'",
    )
    expect(JSON.stringify(open.rows)).not.toContain('周示例')
  })

  test('a fact taken back is gone at once and stays gone when it is delivered again', async () => {
    const fifteen = company(15)
    await penalise(fifteen, '示罚〔2026〕3号', '2026/11/05')
    const id = (await records.subject(fifteen.uscc))?.facts[0]?.id as string
    await new RecordKeeping(house.house).withdraw(id, 'revoked', '行政复议撤销', ACTOR)
    expect(await records.fact(id)).toBeUndefined()
    expect(counts(await penalise(fifteen, '示罚〔2026〕3号', '2026/11/05'))).toMatchObject({ unchanged: 1 })
    expect(await records.fact(id)).toBeUndefined()
  })

  test('a person’s permit is kept encrypted, found by keyed hash, and never public', async () => {
    const number = neverIssuedIdNumber('519902', '19900101')
    const header =
      'XK_XDR_MC,XK_XDR_LB,XK_XDR_ZJLX,XK_XDR_ZJHM,XK_XKWS,XK_WSH,XK_XKLB,XK_NR,XK_JDRQ,XK_YXQZ,XK_YXQZI,XK_XKJG,XK_XKJGDM,XK_ZT'
    const result = await deliver(
      write(
        `${header}\n郑示例,自然人,身份证,${number},资格决定书,示人许〔2026〕1号,认可,准予执业,2026/11/02,2026/11/02,2099/12/31,${SOURCE.name},${SOURCE.uscc},1\n`,
      ),
      { item: 'permit-person' },
    )
    expect(counts(result)).toMatchObject({ loaded: 1 })
    const dump = await house.superuser.query(
      "SELECT r::text AS row FROM xh.record r WHERE subject_kind = 'p' UNION ALL SELECT s::text FROM xh.subject s WHERE kind = 'p' UNION ALL SELECT i::text FROM xh.identifier i WHERE type = 'p'",
    )
    const sealed = (
      await house.superuser.query("SELECT key, inner_content FROM xh.record WHERE subject_kind = 'p'")
    ).rows[0]
    const inner = openInner(
      sealed.inner_content,
      3,
      Buffer.from(sealed.key.replaceAll('-', ''), 'hex'),
      (bytes, context) => house.house.keys.decrypt(bytes, context),
    )
    expect(inner.split('\u001f')).toContain(number)
    const text = JSON.stringify(dump.rows)
    expect(dump.rows.length).toBeGreaterThanOrEqual(3)
    expect(text).not.toContain(number)
    expect(text).not.toContain(Buffer.from(number).toString('hex'))
    expect(text).not.toContain('郑示例')
    await expect(
      house.superuser.query("UPDATE xh.record SET public_from = '2026-01-01' WHERE subject_kind = 'p'"),
    ).rejects.toThrow(/no_person_is_public/)
  })
})

describe('the walls', () => {
  test('the portal’s login reads the public views and nothing else', async () => {
    const { portal } = house.house.database.pools
    await expect(portal.query('SELECT FROM xh.record')).rejects.toThrow(/permission denied/)
    await expect(portal.query('SELECT FROM xh.identifier')).rejects.toThrow(/permission denied/)
    await expect(portal.query('SELECT FROM xh.subject_person')).rejects.toThrow(/permission denied/)
  })
  test('the server’s login sees nothing without an actor, and no person with one', async () => {
    const client = await house.house.database.pools.app.connect()
    try {
      expect((await client.query('SELECT FROM xh.record')).rowCount).toBe(0)
      await client.query("BEGIN; SET LOCAL app.duty = 'centre'")
      expect((await client.query('SELECT FROM xh.record')).rowCount).toBeGreaterThan(0)
      expect((await client.query("SELECT FROM xh.record WHERE subject_kind = 'p'")).rowCount).toBe(0)
      await client.query('ROLLBACK')
    } finally {
      client.release()
    }
  })
  test('the loader’s login may insert and supersede, not read, change or delete facts', async () => {
    const { load } = house.house.database.pools
    for (const statement of [
      'SELECT FROM xh.record',
      'DELETE FROM xh.record_2',
      'UPDATE xh.record_version SET hold = NULL',
      'TRUNCATE xh.ledger_inbox',
    ]) {
      await expect(load.query(statement)).rejects.toThrow(/permission denied/)
    }
  })
  test('every delivery and decision left its entry for the ledger, without identity numbers', async () => {
    const { rows } = await house.superuser.query('SELECT act, detail::text AS detail FROM xh.ledger_inbox')
    for (const act of [
      'unit.add',
      'delivery.part',
      'delivery.refuse',
      'review.decide',
      'record.withdraw',
      'record.release',
    ])
      expect(rows.map((row) => row.act)).toContain(act)
    expect(JSON.stringify(rows)).not.toMatch(/\d{17}[\dX]/)
  })
})
