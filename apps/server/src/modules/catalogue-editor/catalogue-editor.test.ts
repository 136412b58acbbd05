import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROJECT } from '../../platform/config/settings.ts'
import type { Actor } from '../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { signedInAs } from '../access/testing.ts'
import { Approvals } from '../approvals/index.ts'
import { checkPolicy, openCatalogue } from '../catalogue/index.ts'
import { addUnits } from '../units/index.ts'
import { CatalogueEditor } from './index.ts'

const SOURCE = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const TODAY = '2026-11-24'
let house: TestHouse
let approvals: Approvals
let editor: CatalogueEditor
let operator: Actor
let reviewer: Actor
let files = 0

const company = (index: number) => ({
  uscc: validUscc('91', '519902', 800 + index),
  name: `示例市第${index}号餐饮有限公司`,
})
/** Every third permit names no certificate, every fourth speaks of wine. */
const permits = (count: number) =>
  `${PERMIT_HEADER}\n${Array.from({ length: count }, (_, index) => {
    const { name, uscc } = company(index)
    const content = index % 4 === 0 ? '酒类销售' : '食品销售'
    return `${name},法人及非法人组织,${uscc},,,,,,周示例,身份证,51990219900101000X,准予许可决定书,示许〔2026〕${100 + index}号,普通,${index % 3 === 0 ? '' : '食品经营许可证'},${index % 3 === 0 ? '' : `许${index}`},${content},2026/11/02,2026/11/02,2099/12/31,${SOURCE.name},${SOURCE.uscc},1,${SOURCE.name},${SOURCE.uscc},`
  }).join('\n')}\n`

function deliver(text: string) {
  const path = join(house.folder, `${++files}.csv`)
  writeFileSync(path, text)
  return house.deliveries.import({
    path,
    item: 'permit-organisation',
    source: SOURCE.uscc,
    mode: 'increment',
    dryRun: false,
    actor: { name: 'test', duty: 'centre' },
  })
}

const RULE = `
  - code: "X01"
    severity: "error"
    fields: ["permitContent"]
    violatedWhen: "permitContent.contains('酒')"
    message: { zh: "酒类许可须另行报送。", en: "Permits for wine are delivered apart." }
    remedy: { zh: "按酒类目录项报送。", en: "Deliver them under their own item." }
`
/** The draft's text with something changed. */
async function rewrite(id: number, change: (source: string) => string): Promise<void> {
  const { source } = await editor.draft(operator, id)
  const changed = change(source)
  expect(changed).not.toBe(source)
  await editor.change(operator, id, { source: changed })
}
const inForceFrom = (day: string) => (source: string) =>
  source.replace(/inForceFrom: .*/, `inForceFrom: "${day}"`)
async function tried(id: number) {
  await editor.try(operator, id)
  await editor.settled()
  const [result] = await editor.trialResult(operator, id)
  return result
}

beforeAll(async () => {
  house = await testHouse()
  await house.today(TODAY)
  await addUnits(house.house.database.pools.app, { name: 'test', duty: 'centre' }, [SOURCE])
  approvals = new Approvals(house.house)
  editor = new CatalogueEditor(house.house, house.catalogue, approvals)
  const actor = async (role: 'centreOperator' | 'centreReviewer'): Promise<Actor> => {
    const { account } = await signedInAs(house, { role })
    return { name: account.name, duty: account.duty, accountId: account.accountId }
  }
  ;[operator, reviewer] = [await actor('centreOperator'), await actor('centreReviewer')]
  expect((await deliver(permits(60))).loaded).toBe(60)
})
afterAll(() => house.close())

describe('a new version', () => {
  let id: number
  beforeAll(async () => {
    id = await editor.begin(operator, { kind: 'item', code: 'permit-organisation' })
  })

  test('begins as the text of the newest one, with the next number and from tomorrow', async () => {
    const draft = await editor.draft(operator, id)
    expect(draft).toMatchObject({
      code: 'permit-organisation',
      version: 3,
      inForceFrom: '2026-11-25',
      faults: [],
    })
    expect(draft.source).toContain('#')
    expect(draft.differences.map((one) => one.place).sort()).toEqual(['inForceFrom', 'version'])
  })

  test('is checked as a file is: line, sentence and remedy', async () => {
    await rewrite(id, (source) => source.replace('sharing: "P"', 'sharing: "X"'))
    const draft = await editor.draft(operator, id)
    const line = draft.source.split('\n').findIndex((text) => text.includes('sharing: "X"')) + 1
    expect(draft.faults).toMatchObject([{ code: 'file.enum', line }])
    expect(draft.faults[0]?.remedyZh).not.toBe('')
    await expect(editor.try(operator, id)).rejects.toMatchObject({ code: 'draft.faulty' })
    await expect(editor.propose(operator, id, '测试')).rejects.toMatchObject({ code: 'draft.faulty' })
    await rewrite(id, (source) => source.replace('sharing: "X"', 'sharing: "P"'))
  })

  test.each(['当事人宗教信仰', '基因信息', '指纹', '血型', '既往病史'])(
    'that would collect what may never be collected is refused: %s',
    async (title) => {
      const { source } = await editor.draft(operator, id)
      await editor.change(operator, id, { source: source.replace('zh: "许可内容"', `zh: "${title}"`) })
      expect((await editor.draft(operator, id)).faults.map((fault) => fault.code)).toContain('item.forbidden')
      await editor.change(operator, id, { source })
    },
  )

  test('tried on what was delivered tells which rows would fare otherwise, both ways, and shows no secret', async () => {
    await expect(editor.propose(operator, id, '酒类另行报送')).rejects.toMatchObject({
      code: 'draft.not-tried',
    })
    await rewrite(id, (source) => source.replace(/\nrules:\n/, `\nrules:${RULE}`))
    const result = await tried(id)
    expect(result).toMatchObject({ rows: 60, deliveries: 1, cut: false, rejected: { before: 0, after: 15 } })
    expect(result?.changes.map(({ change, rows }) => [change, rows])).toEqual([['newlyRejected', 15]])
    const [change] = result?.changes ?? []
    expect(change?.findings).toMatchObject([
      { code: 'X01', field: 'permitContent', rows: 15, comes: true, message: { zh: '酒类许可须另行报送。' } },
    ])
    expect(change?.samples).toHaveLength(15)
    expect(change?.samples[0]?.cells.find((cell) => cell.field === 'permitContent')?.value).toBe('酒类销售')
    expect(JSON.stringify(result)).not.toContain('51990219900101000X')
    // Neither does the table hold a delivered word, nor a file stay behind.
    const { rows } = await house.superuser.query('SELECT result_secret FROM xh.policy_trial')
    for (const row of rows) expect(row.result_secret.includes(Buffer.from('酒类销售'))).toBe(false)
    expect(readdirSync(join(house.folder, 'tmp')).filter((name) => name.startsWith('trial-'))).toEqual([])
  })

  test('that asks for more finds rows that would not come in any longer', async () => {
    const more = await editor.begin(operator, { kind: 'item', code: 'permit-organisation' })
    await rewrite(more, (source) => source.replace(/(name: "permitContent"[\s\S]*?length: )\d+/, '$12'))
    const result = await tried(more)
    expect(result?.rejected).toEqual({ before: 0, after: 60 })
    await editor.discard(operator, more)
    await expect(editor.change(operator, more, { source: 'code: x' })).rejects.toMatchObject({
      code: 'draft.closed',
    })
  })

  test('is released by a second person alone, who is not its proposer', async () => {
    await rewrite(id, inForceFrom(TODAY))
    await expect(editor.propose(operator, id, '酒类另行报送')).rejects.toMatchObject({
      code: 'draft.not-tried',
    })
    await tried(id)
    const approval = await editor.propose(operator, id, '酒类另行报送')
    await expect(approvals.decide(operator, approval, 'approve', '')).rejects.toMatchObject({
      code: 'approval.own-act',
    })
    const otherOperator = (await signedInAs(house, { role: 'centreOperator' })).account
    await expect(
      approvals.decide(
        { name: otherOperator.name, duty: 'centre', accountId: otherOperator.accountId },
        approval,
        'approve',
        '',
      ),
    ).rejects.toMatchObject({ code: 'approval.forbidden' })
    await expect(editor.change(operator, id, { source: 'code: x' })).rejects.toMatchObject({
      code: 'draft.closed',
    })
    await approvals.decide(reviewer, approval, 'approve', '试算结果清楚')
    const versions = (await editor.versions(operator)).filter((one) => one.code === 'permit-organisation')
    expect(versions).toMatchObject([
      { version: 3, judges: true, proposedBy: operator.name, approvedBy: reviewer.name },
      { version: 2, judges: false },
      { version: 1, judges: false },
    ])
  })

  test('judges what comes from its day on, also in a process that was running before', async () => {
    expect(await deliver(permits(60))).toMatchObject({ received: 60, rejected: 15 })
    const { migratorUrl, pools } = house.house.database
    const other = await openCatalogue(migratorUrl, house.house.settings.policyFolder, pools.job, pools.load)
    await other.refresh(true)
    expect(other.item('permit-organisation', TODAY).version).toBe(3)
    expect(other.item('permit-organisation', '2026-11-23').version).toBe(2)
  })

  test('never changes: no login may, and no second version has its number', async () => {
    const { app, load, job } = house.house.database.pools
    for (const pool of [app, load, job])
      await expect(pool.query("UPDATE xh.policy_version SET hash = 'x'")).rejects.toMatchObject({
        code: '42501',
      })
    await expect(
      app.query(
        "INSERT INTO xh.policy_version (kind, code, version, hash, body, in_force_from) VALUES ('item', 'x', 1, 'x', '{}', '2026-01-01')",
      ),
    ).rejects.toMatchObject({ code: '42501' })
    const again = await editor.begin(operator, { kind: 'item', code: 'permit-organisation' })
    await rewrite(again, (source) => source.replace('version: 4', 'version: 3'))
    expect((await editor.draft(operator, again)).faults.map((fault) => fault.code)).toContain(
      'file.version-repeated',
    )
    await rewrite(again, (source) => source.replace('version: 3', 'version: 4'))
    // Before the day of the version that judges now: the check already says so.
    await rewrite(again, inForceFrom('2026-11-23'))
    await expect(editor.propose(operator, again, '倒签')).rejects.toMatchObject({ code: 'draft.faulty' })
    // Without the rule the rows that it sent back would come in.
    await rewrite(again, inForceFrom(TODAY))
    await rewrite(again, (source) => source.replace("contains('酒')", "contains('毒')"))
    const result = await tried(again)
    expect(result).toMatchObject({ rows: 120, deliveries: 2, rejected: { before: 30, after: 0 } })
    expect(result?.changes.map(({ change, rows }) => [change, rows])).toEqual([['newlyAccepted', 30]])
    await house.today('2026-11-26')
    await expect(editor.propose(operator, again, '倒签')).rejects.toMatchObject({ code: 'draft.backdated' })
    await house.today(TODAY)
    await editor.discard(operator, again)
  })

  test('comes out as the file that it is: loads as it stands, and the check finds nothing', async () => {
    const { name, text } = await editor.file(operator, 'item', 'permit-organisation', 3)
    expect(name).toBe('policy/items/permit-organisation/3.yaml')
    expect(text).toBe((await editor.draft(operator, id)).source)
    const path = join(house.folder, '2.yaml')
    writeFileSync(path, text)
    expect(checkPolicy(path)).toEqual([])
  })

  test('is in the ledger with who and what, step by step', async () => {
    const { rows } = await house.superuser.query(
      'SELECT act, actor FROM xh.ledger_inbox WHERE object = $1 ORDER BY entry_id',
      [`draft:${id}`],
    )
    const acts = rows.map((row) => row.act)
    for (const act of [
      'catalogue.draft',
      'catalogue.write',
      'catalogue.try',
      'catalogue.trial.read',
      'catalogue.release.propose',
      'catalogue.release.approve',
    ])
      expect(acts).toContain(act)
    expect(rows.find((row) => row.act === 'catalogue.release.approve')?.actor).toBe(reviewer.name)
  })
})

test('a draft made of parts becomes a file of the same meaning', async () => {
  const id = await editor.begin(operator, { kind: 'item', code: 'honour' })
  const before = await editor.draft(operator, id)
  await editor.change(operator, id, { body: before.body as object })
  const after = await editor.draft(operator, id)
  expect(after.faults).toEqual([])
  expect(after.body).toEqual(before.body)
})

test.each([
  ['code-list', 'penalty-kind'],
  ['publication', 'penalty'],
  ['evaluation-method', 'double-publicity'],
  ['alarm-rule', 'alarms'],
] as const)('every kind of policy has a next version: %s', async (kind, code) => {
  const id = await editor.begin(operator, { kind, code })
  expect(await editor.draft(operator, id)).toMatchObject({ kind, code, faults: [], previous: 1 })
  await editor.discard(operator, id)
})

test('a refused proposal is a draft again', async () => {
  const id = await editor.begin(operator, { kind: 'item', code: 'honour' })
  const approval = await editor.propose(operator, id, '例行更新')
  await approvals.decide(reviewer, approval, 'refuse', '理由不足')
  expect((await editor.draft(operator, id)).state).toBe('draft')
})

test('a new item from a file gets its tables, and is delivered at once', async () => {
  const source = `code: harvest-award
number: 1001
version: 1
inForceFrom: "2026-01-01"
title: { zh: 丰收奖, en: Harvest award }
catalogueClass: 11
legalBasis: [{ document: 示例市丰收奖办法 }]
sourceUnits: []
subjectKinds: [organisation]
sharing: P
adverse: false
publication: honour
roles: { subjectName: holder, uscc: code, decidedOn: givenOn, title: crop }
naturalKey: [crop]
conflict: latest
change: correction
fields:
  - { name: holder, title: { zh: 获奖单位, en: Holder }, type: text, length: 100, required: true, visibility: public }
  - { name: code, title: { zh: 信用代码, en: Code }, type: uscc, required: true, visibility: public }
  - { name: crop, title: { zh: 作物, en: Crop }, type: text, required: true, visibility: public }
  - { name: givenOn, title: { zh: 颁奖日期, en: Given on }, type: day, required: true, visibility: public }
rules: []
`
  const id = await editor.begin(operator, { kind: 'item', source })
  expect((await editor.draft(operator, id)).faults).toEqual([])
  await approvals.decide(reviewer, await editor.propose(operator, id, '新增目录项'), 'approve', '依据充分')
  const path = join(house.folder, 'awards.csv')
  writeFileSync(
    path,
    `获奖单位,信用代码,作物,颁奖日期\n示例市丰收公司,${validUscc('91', '519921', 1)},水稻,2026-10-01\n`,
  )
  expect(
    await house.deliveries.import({
      path,
      item: 'harvest-award',
      source: SOURCE.uscc,
      mode: 'increment',
      dryRun: false,
      actor: { name: 'test', duty: 'centre' },
    }),
  ).toMatchObject({ loaded: 1 })
})

test('outside the demo city what is laid into the policy folder waits for two signatures once the centre has people', async () => {
  const folder = join(house.folder, 'laid')
  for (const name of ['items/honour', 'code-lists', 'publication'])
    mkdirSync(join(folder, name), { recursive: true })
  const { text } = await editor.file(operator, 'item', 'honour', 1)
  writeFileSync(join(folder, 'items/honour/2.yaml'), text.replace('version: 1', 'version: 2'))
  const { migratorUrl, pools } = house.house.database
  const open = () => openCatalogue(migratorUrl, folder, pools.job, pools.load)
  // The demo city's own codes are what tells it apart.
  await house.superuser.query('UPDATE xh.unit SET region = 510500')
  await open()
  await open()
  await house.catalogue.refresh(true)
  expect(house.catalogue.item('honour', TODAY).version).toBe(1)
  const waiting = (await editor.list(operator)).filter((one) => one.origin === 'folder')
  expect(waiting).toMatchObject([{ code: 'honour', version: 2, writtenBy: 'program:policy' }])
  const id = waiting[0]?.id as number
  await editor.change(operator, id, {
    source: (await editor.draft(operator, id)).source.replace(/inForceFrom: .*/, `inForceFrom: "${TODAY}"`),
  })
  await approvals.decide(reviewer, await editor.propose(operator, id, '随程序发布'), 'approve', '已核对')
  await house.catalogue.refresh(true)
  expect(house.catalogue.item('honour', TODAY).version).toBe(2)
  expect(join(PROJECT, 'policy')).not.toBe(folder)
})
