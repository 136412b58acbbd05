import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { neverIssuedIdNumber, PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../app.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { type SignedInForTest, signedInAs } from '../access/testing.ts'
import { addUnits } from '../units/index.ts'

const SOURCE = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const company = (index: number) => ({
  uscc: validUscc('91', '519902', 900 + index),
  name: `示例市第${index}号粮油有限公司`,
})
const TODAY = '2026-11-24'
let house: TestHouse
let app: FastifyInstance
let operator: SignedInForTest
let colleague: SignedInForTest
let reviewer: SignedInForTest
let clerk: SignedInForTest
let files = 0

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
const call = async (who: SignedInForTest, method: Method, url: string, body?: object) => {
  const response = await app.inject({
    method,
    url,
    headers: who.headers,
    ...(body === undefined ? {} : { payload: body }),
  })
  return {
    status: response.statusCode,
    body: response.body === '' ? undefined : response.json(),
  }
}
const permitRow = (
  { name, uscc }: { name: string; uscc: string },
  number: string,
  content = '食品销售',
  category = '法人及非法人组织',
) =>
  `${name},${category},${uscc},,,,,,周示例,,,准予许可决定书,${number},普通,,,${content},2026/11/02,2026/11/02,2099/12/31,${SOURCE.name},${SOURCE.uscc},1,${SOURCE.name},${SOURCE.uscc},`
function deliver(text: string, item = 'permit-organisation') {
  const path = join(house.folder, `${++files}.csv`)
  writeFileSync(path, text)
  return house.deliveries.import({
    path,
    item,
    source: SOURCE.uscc,
    mode: 'increment',
    dryRun: false,
    actor: { name: 'test', duty: 'centre' },
  })
}
const permits = (...rows: string[]) => `${PERMIT_HEADER}\n${rows.join('\n')}\n`
const openReviews = async () =>
  (await call(operator, 'GET', '/api/console/work/review')).body.items as {
    object: string
    title: string
    reason: string
  }[]
const entries = async (object: string) =>
  (
    await house.superuser.query(
      'SELECT act, actor, ground FROM xh.ledger_inbox WHERE object = $1 ORDER BY entry_id',
      [object],
    )
  ).rows as { act: string; actor: string; ground: string | null }[]
const approve = async (who: SignedInForTest, id: number) => {
  const { body } = await call(who, 'GET', '/api/console/approvals')
  const seen = body.approvals.find((one: { id: number }) => one.id === id)?.payloadHash ?? '0'.repeat(64)
  return call(who, 'POST', `/api/console/approvals/${id}/decision`, {
    decision: 'approve',
    reason: '已核对',
    payloadHash: seen,
  })
}

beforeAll(async () => {
  house = await testHouse()
  await house.today(TODAY)
  await addUnits(house.house.database.pools.app, { name: 'test', duty: 'centre' }, [SOURCE])
  app = await buildApp(house.house, house.catalogue, { city: '示例市', fictional: true, ratePerMinute: 2000 })
  operator = await signedInAs(house, { role: 'centreOperator' })
  colleague = await signedInAs(house, { role: 'centreOperator' })
  reviewer = await signedInAs(house, { role: 'centreReviewer' })
  clerk = await signedInAs(house, { role: 'departmentClerk', unit: 1 })
  await deliver(permits(permitRow(company(1), '示许〔2026〕1号'), permitRow(company(2), '示许〔2026〕2号')))
})
afterAll(async () => {
  await app.close()
  await house.close()
})

describe('a row whose name disagrees', () => {
  let object: string
  const wrong = { uscc: company(1).uscc, name: '示例市另一家粮油公司' }
  beforeAll(async () => {
    await deliver(
      permits(
        permitRow(wrong, '示许〔2026〕11号'),
        permitRow(wrong, '示许〔2026〕12号'),
        permitRow(wrong, '示许〔2026〕13号'),
      ),
    )
    await deliver(permits(permitRow({ uscc: company(2).uscc, name: '示例市别的公司' }, '示许〔2026〕14号')))
    object = (await openReviews())[0]?.object as string
  })

  test('stands in its queue with age, deadline in working days and the reason in words', async () => {
    const { body } = await call(operator, 'GET', '/api/console/work/review')
    expect(body.items).toHaveLength(4)
    expect(body.items[0]).toMatchObject({ reason: 'C01/name', title: company(1).name, claim: null })
    expect(body.items[0].says.zh).not.toBe('')
    // Two working days; today is what the database says, the row came by the real clock: the two need not agree.
    expect(body.items[0].dueOn).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    expect((await call(operator, 'GET', '/api/console/work')).body.queues).toMatchObject([
      { queue: 'review', open: 4, workingDays: 2 },
      { queue: 'held', workingDays: 3 },
      { queue: 'complaint', workingDays: 7 },
    ])
  })

  test('is shown beside the known subject, and who looked is in the ledger', async () => {
    const { body } = await call(operator, 'GET', `/api/console/work/review/${object}`)
    expect(body.delivered).toMatchObject({ name: wrong.name, identity: { type: 'uscc', code: wrong.uscc } })
    expect(body.known).toMatchObject({ name: company(1).name, uscc: company(1).uscc, factCount: 1 })
    expect(body.known.facts[0]).toMatchObject({ documentNumber: '示许〔2026〕1号', state: 'public' })
    expect(body.nameAgrees).toBe(false)
    expect(body.identical).toHaveLength(2)
    expect(await entries(`review:${object}`)).toMatchObject([
      { act: 'work.read', actor: operator.account.name, ground: 'review.read' },
    ])
  })

  test('is taken, and then no colleague decides it', async () => {
    expect((await call(operator, 'POST', `/api/console/work/review/${object}/take`, {})).status).toBe(204)
    expect((await call(colleague, 'POST', `/api/console/work/review/${object}/take`, {})).body.code).toBe(
      'work.taken',
    )
    const decision = { decision: 'accept', reason: '企业更名，材料齐全' }
    expect(
      (await call(colleague, 'POST', `/api/console/work/review/${object}/decide`, decision)).body.code,
    ).toBe('work.taken')
    expect(
      (
        await call(operator, 'POST', `/api/console/work/review/${object}/take`, {
          account: String(colleague.account.accountId),
        })
      ).status,
    ).toBe(204)
    expect((await call(colleague, 'POST', `/api/console/work/review/${object}/give-back`)).status).toBe(204)
    expect((await call(operator, 'POST', `/api/console/work/review/${object}/decide`, decision)).status).toBe(
      204,
    )
    expect((await entries(`review:${object}`)).map((entry) => entry.act)).toEqual([
      'work.read',
      'work.take',
      'work.assign',
      'work.giveBack',
      'review.decide',
    ])
    expect(
      (await call(operator, 'POST', `/api/console/work/review/${object}/decide`, decision)).body.code,
    ).toBe('review.decided')
  })

  test('and its identical like are decided together, each with an entry of its own, others not with them', async () => {
    const open = (await openReviews()).map((one) => one.object)
    expect(open).toHaveLength(3)
    const together = { decision: 'reject', reason: '名称与代码不符' }
    expect(
      (
        await call(operator, 'POST', '/api/console/work/review/decide-together', {
          ...together,
          objects: open,
        })
      ).body.code,
    ).toBe('work.not-identical')
    const same = open.slice(0, 2)
    expect(
      (
        await call(operator, 'POST', '/api/console/work/review/decide-together', {
          ...together,
          objects: same,
        })
      ).body,
    ).toEqual({ decided: 2 })
    for (const one of same)
      expect((await entries(`review:${one}`)).filter((entry) => entry.act === 'review.decide')).toMatchObject(
        [{ ground: together.reason, actor: operator.account.name }],
      )
    expect(await openReviews()).toHaveLength(1)
    const done = (await call(operator, 'GET', '/api/console/work/review?done=true')).body.items
    expect(done).toHaveLength(3)
    expect(done[0]).toMatchObject({ decidedBy: operator.account.name })
  })
})

describe('a row about a natural person', () => {
  const number = neverIssuedIdNumber('519902', '19900101')
  let objects: string[]
  beforeAll(async () => {
    const header =
      'XK_XDR_MC,XK_XDR_LB,XK_XDR_ZJLX,XK_XDR_ZJHM,XK_XKWS,XK_WSH,XK_XKLB,XK_NR,XK_JDRQ,XK_YXQZ,XK_YXQZI,XK_XKJG,XK_XKJGDM,XK_ZT,XK_LYDW,XK_LYDWDM'
    const row = (name: string, index: number) =>
      `${name},自然人,身份证,${number},准予许可决定书,示许〔2026〕8${index}号,普通,驾驶培训,2026/11/02,2026/11/02,2099/12/31,${SOURCE.name},${SOURCE.uscc},1,${SOURCE.name},${SOURCE.uscc}`
    const before = new Set((await openReviews()).map((one) => one.object))
    await deliver(`${header}\n${row('吴示例', 1)}\n`, 'permit-person')
    await deliver(`${header}\n${row('郑示例', 2)}\n${row('郑示例', 3)}\n`, 'permit-person')
    objects = (await openReviews()).map((one) => one.object).filter((one) => !before.has(one))
  })

  test('shows the number’s ends alone, and its name only in the case', async () => {
    expect(objects).toHaveLength(2)
    const list = JSON.stringify((await call(operator, 'GET', '/api/console/work/review')).body)
    expect(list).not.toMatch(/吴示例|郑示例/)
    const { body } = await call(operator, 'GET', `/api/console/work/review/${objects[0]}`)
    expect(body.delivered).toMatchObject({
      name: '郑示例',
      kind: 'person',
      identity: { type: 'person', code: '' },
    })
    expect(body.known).toMatchObject({ kind: 'person', name: '吴示例' })
    expect(JSON.stringify(body)).not.toContain(number)
    expect(JSON.stringify(body)).toContain(`${number.slice(0, 3)}*************${number.slice(-2)}`)
    expect((await entries(`review:${objects[0]}`)).map((entry) => entry.act)).toEqual(['work.read'])
  })

  test('is never decided together with another', async () => {
    const together = { objects, decision: 'accept', reason: '同一人' }
    expect(
      (await call(operator, 'POST', '/api/console/work/review/decide-together', together)).body.code,
    ).toBe('work.persons-one-by-one')
    expect(
      (
        await call(operator, 'POST', `/api/console/work/review/${objects[0]}/decide`, {
          decision: 'reject',
          reason: '姓名与证件不符',
        })
      ).status,
    ).toBe(204)
  })
})

describe('a document that moved, and one that two sources tell otherwise', () => {
  test('stands beside the fact as it is, with what differs', async () => {
    await deliver(permits(permitRow(company(3), '示许〔2026〕1号', '食品生产')))
    const moved = (await openReviews()).find((one) => one.reason === 'KEY_MOVED')
    const { body } = await call(operator, 'GET', `/api/console/work/review/${moved?.object}`)
    expect(body.other).toMatchObject({ name: company(1).name })
    expect(body.fact).toMatchObject({ documentNumber: '示许〔2026〕1号' })
    const content = body.compared.find((field: { name: string }) => field.name === 'permitContent')
    expect(content).toMatchObject({ delivered: '食品生产', known: '食品销售', same: false })
    expect(body.compared.find((field: { name: string }) => field.name === 'documentNumber').same).toBe(true)
  })
})

describe('a fact held back for personal data in its text', () => {
  const mobile = '13800001234'
  let fact: string
  beforeAll(async () => {
    await deliver(permits(permitRow(company(4), '示许〔2026〕30号', `联系人电话${mobile}`)))
    const { body } = await call(operator, 'GET', '/api/console/work/held')
    fact = body.items[0].object
  })

  test('shows where, masked, and is public only when a second person agrees', async () => {
    const { body } = await call(operator, 'GET', `/api/console/work/held/${fact}`)
    const content = body.fact.fields.find((field: { name: string }) => field.name === 'permitContent')
    expect(content.value).toBe('联系人电话138****1234')
    expect(content.marks).toEqual([{ from: 5, to: 16, kind: 'mobile' }])
    const release = { reason: '电话为单位公开电话' }
    const proposed = await call(operator, 'POST', `/api/console/work/held/${fact}/release`, release)
    expect(proposed.status).toBe(201)
    expect((await call(operator, 'POST', `/api/console/work/held/${fact}/release`, release)).body.code).toBe(
      'work.proposed',
    )
    expect((await app.inject(`/api/v1/facts/${fact}`)).statusCode).toBe(404)
    for (const who of [operator, colleague, clerk])
      expect((await approve(who, proposed.body.approval)).body.code).toBe('access.forbidden')
    expect((await approve(reviewer, proposed.body.approval)).status).toBe(200)
    expect((await app.inject(`/api/v1/facts/${fact}`)).statusCode).toBe(200)
    expect((await entries(`fact:${fact}`)).map((entry) => [entry.act, entry.actor])).toEqual([
      ['hold.release.propose', operator.account.name],
      ['hold.release.approve', reviewer.account.name],
    ])
  })
})

describe('a held fact that must not be public', () => {
  const [mobile, other] = ['13800001234', '13800004321']
  const row = (content: string) => permits(permitRow(company(5), '示许〔2026〕31号', content))
  const heldNow = async () =>
    (await call(reviewer, 'GET', '/api/console/work/held')).body.items.map(
      (one: { object: string }) => one.object,
    )

  test('is kept back by the reviewer, with a reason that its unit reads, until it is corrected', async () => {
    const before = await heldNow()
    await deliver(row(`联系人电话${mobile}`))
    const fact = (await heldNow()).find((one: string) => !before.includes(one)) as string
    const open = async () =>
      (await call(reviewer, 'GET', '/api/console/work')).body.queues.find(
        (one: { queue: string }) => one.queue === 'held',
      ).open
    const waiting = await open()
    const path = `/api/console/work/held/${fact}/keep-back`
    const reason = { reason: '内容中有经办人手机号，请删去后重新报送' }
    for (const who of [operator, clerk])
      expect((await call(who, 'POST', path, reason)).body.code).toBe('access.forbidden')
    expect((await call(reviewer, 'POST', path, reason)).status).toBe(204)
    expect((await call(reviewer, 'POST', path, reason)).body.code).toBe('work.unknown')
    expect(await open()).toBe(waiting - 1)
    expect(await heldNow()).not.toContain(fact)
    const done = (await call(reviewer, 'GET', '/api/console/work/held?done=true')).body.items
    expect(done[0]).toMatchObject({ object: fact, state: 'keptBack', decision: reason.reason })
    expect((await app.inject(`/api/v1/facts/${fact}`)).statusCode).toBe(404)
    const own = async () =>
      (await call(clerk, 'GET', '/api/console/facts?held=true')).body.facts.find(
        (one: { id: string }) => one.id === fact,
      )
    expect(await own()).toMatchObject({ state: 'held', keptBack: reason.reason })
    expect((await entries(`fact:${fact}`)).map((entry) => [entry.act, entry.actor])).toEqual([
      ['hold.keep', reviewer.account.name],
    ])
    // Another text that still holds a number is another question; one without is public.
    await deliver(row(`联系人电话${other}`))
    expect(await heldNow()).toContain(fact)
    expect((await own()).keptBack).toBeNull()
    await deliver(row('食品销售'))
    expect(await heldNow()).not.toContain(fact)
    expect((await app.inject(`/api/v1/facts/${fact}`)).statusCode).toBe(200)
  })
})

describe('a complaint of the public about a fact’s form', () => {
  let fact: string
  const send = (fields: Record<string, string>) =>
    app.inject({
      method: 'POST',
      url: `/facts/${fact}/complaint`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(fields).toString(),
      remoteAddress: `10.0.0.${++address}`,
    })
  let address = 1
  beforeAll(async () => {
    fact = (await app.inject('/api/v1/facts?item=permit-organisation&limit=1')).json().facts[0].id
  })

  test('is written without script, about form alone, and says so', async () => {
    expect((await app.inject(`/facts/${fact}`)).body).toContain(`/facts/${fact}/complaint`)
    const { body, headers } = await app.inject(`/facts/${fact}/complaint`)
    expect(body).toContain('本页只处理写法问题')
    expect(body).toContain('异议')
    expect(body).not.toContain('<script')
    expect(headers['cache-control']).toBe('no-store')
  })

  test('with personal data in it is refused, and what was typed is still there', async () => {
    const response = await send({ about: 'name', text: '<b>我的电话13800001234</b>', contact: '' })
    expect(response.statusCode).toBe(400)
    expect(response.body).toContain('个人信息')
    expect(response.body).toContain('&#60;b&#62;我的电话13800001234&#60;')
    expect((await send({ about: 'name', text: '嗯', contact: '' })).statusCode).toBe(400)
  })

  test('is kept encrypted, answered by the centre, and the answer is read by the receipt', async () => {
    const text = '许可内容第二行<script>alert(1)</script>多了一个字'
    const sent = await send({ about: 'content', text, contact: '邮箱 someone@example.org' })
    expect(sent.statusCode).toBe(201)
    const ticket = /complaints\/([\w-]{16})/.exec(sent.body)?.[1] as string
    const { rows } = await house.superuser.query('SELECT * FROM xh.complaint WHERE ticket = $1', [ticket])
    expect(JSON.stringify(rows[0])).not.toMatch(/多了一个字|example\.org/)
    expect(Buffer.from(rows[0].text_secret).includes(Buffer.from('多了一个字'))).toBe(false)
    const [item] = (await call(operator, 'GET', '/api/console/work/complaint')).body.items
    expect(item.title).toMatch(/粮油有限公司/)
    const { body } = await call(operator, 'GET', `/api/console/work/complaint/${item.object}`)
    expect(body).toMatchObject({
      about: 'content',
      text,
      contact: '邮箱 someone@example.org',
      fact: { id: fact },
    })
    expect(
      (
        await call(operator, 'POST', `/api/console/work/complaint/${item.object}/answer`, {
          state: 'mended',
          answer: '已请来源单位更正<i>',
        })
      ).status,
    ).toBe(204)
    const page = await app.inject(`/complaints/${ticket}`)
    expect(page.body).toContain('已请来源单位更正&#60;i&#62;')
    expect(page.body).not.toContain('多了一个字')
    expect((await app.inject('/complaints/AAAAAAAAAAAAAAAA')).statusCode).toBe(404)
    expect((await entries(`complaint:${item.object}`)).map((entry) => entry.act)).toEqual([
      'work.read',
      'complaint.answer',
    ])
    const { portal } = house.house.database.pools
    await expect(portal.query('SELECT text_secret FROM xh.complaint')).rejects.toMatchObject({
      code: '42501',
    })
  })

  test('comes not more than five times in ten minutes from one place', async () => {
    const from = () =>
      app.inject({
        method: 'POST',
        url: `/facts/${fact}/complaint`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'about=other&text=x',
        remoteAddress: '10.9.9.9',
      })
    const statuses: number[] = []
    for (let i = 0; i < 6; i++) statuses.push((await from()).statusCode)
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429])
  })
})

describe('an announcement', () => {
  const text = {
    title: '系统维护<img src=x>',
    body: '周六维护。\n<script>alert(1)</script>',
    audience: 'both',
    shownFrom: TODAY,
    shownUntil: '2026-11-30',
  }
  test('is shown when a second person approves, as text, until its last day or until it is withdrawn', async () => {
    const { body } = await call(operator, 'POST', '/api/console/announcements', text)
    const proposed = await call(operator, 'POST', `/api/console/announcements/${body.id}/propose`, {
      reason: '例行维护',
    })
    expect((await app.inject('/')).body).not.toContain('系统维护')
    expect((await approve(operator, proposed.body.approval)).status).toBe(403)
    // What is written into the row after it was proposed is not what was approved.
    await house.superuser.query("UPDATE xh.announcement SET title = '别的'")
    expect((await approve(reviewer, proposed.body.approval)).status).toBe(200)
    const home = (await app.inject('/')).body
    expect(home).toContain('系统维护&#60;img src&#61;x&#62;')
    expect(home).toContain('&#60;script&#62;alert(1)&#60;/script&#62;')
    expect((await call(clerk, 'GET', '/api/console/announcements/shown')).body.announcements).toMatchObject([
      { title: text.title },
    ])
    await house.today('2026-12-01')
    expect((await app.inject('/')).body).not.toContain('系统维护')
    await house.today(TODAY)
    await call(reviewer, 'POST', `/api/console/announcements/${body.id}/withdraw`, { reason: '维护取消' })
    expect((await app.inject('/')).body).not.toContain('系统维护')
    expect((await entries(`announcement:${body.id}`)).map((entry) => entry.act)).toEqual([
      'announcement.write',
      'announcement.publish.propose',
      'announcement.publish.approve',
      'announcement.withdraw',
    ])
  })
  test('with a mobile number is not kept', async () => {
    const refused = await call(operator, 'POST', '/api/console/announcements', {
      ...text,
      body: '请拨打13800001234',
    })
    expect(refused.body.code).toBe('announcement.personal-data')
  })
})

describe('the holidays of a newly announced year', () => {
  const notice = {
    year: 2027,
    document: '国务院办公厅关于2027年部分节假日安排的通知（示例）',
    holidays: ['2027-01-01', '2027-01-02', '2027-01-03', '2027-02-05', '2027-02-08'],
    makeUpDays: ['2027-02-14'],
  }
  test('count once a second person agrees: deadlines that could not be told are told', async () => {
    await house.superuser.query(
      "UPDATE xh.review SET created_at = '2026-12-30 10:00+08' WHERE state = 'open'",
    )
    const due = async () => (await call(operator, 'GET', '/api/console/work/review')).body.items[0].dueOn
    expect(await due()).toBeNull()
    const wrong = { ...notice, holidays: ['2027-05-01'], makeUpDays: ['2027-02-15'] }
    expect((await call(operator, 'POST', '/api/console/calendar', wrong)).body.code).toBe('calendar.notice')
    const proposed = await call(operator, 'POST', '/api/console/calendar', notice)
    expect((await approve(operator, proposed.body.approval)).status).toBe(403)
    expect((await approve(reviewer, proposed.body.approval)).status).toBe(200)
    // 31 December is a Thursday; the first three days of January are holidays, 4 January is a Monday.
    expect(await due()).toBe('2027-01-04')
    const { body } = await call(clerk, 'GET', '/api/console/calendar?from=2026')
    expect(body.years.map((one: { notice: object | null }) => one.notice !== null)).toEqual([
      true,
      true,
      false,
    ])
    expect(body.notices).toMatchObject([{ year: 2027, edition: 1, approvedBy: reviewer.account.name }])
  })
})

describe('units', () => {
  const name = '示例市市场监督管理局（新）'
  test('are renamed and put under another since a day; what one was called stays, and stays good', async () => {
    const add = { uscc: validUscc('11', '519900', 77), name: '示例市人民政府' }
    expect((await call(operator, 'POST', '/api/console/units', add)).status).toBe(204)
    const change = { since: TODAY, name, parent: 2, region: 519900, ground: '机构改革' }
    expect((await call(clerk, 'POST', '/api/console/units/1/changes', change)).status).toBe(403)
    expect(
      (await call(operator, 'POST', '/api/console/units/1/changes', { ...change, since: '2027-01-01' })).body
        .code,
    ).toBe('unit.day')
    expect((await call(operator, 'POST', '/api/console/units/1/changes', change)).status).toBe(204)
    const circle = { ...change, name: add.name, parent: 1 }
    expect((await call(operator, 'POST', '/api/console/units/2/changes', circle)).body.code).toBe(
      'unit.circle',
    )
    const { units } = (await call(clerk, 'GET', '/api/console/units')).body
    expect(units[0]).toMatchObject({
      name,
      formerNames: [SOURCE.name],
      parent: { id: 2, name: add.name },
      since: TODAY,
    })
    // Its earlier name still agrees in what it delivers.
    expect(await deliver(permits(permitRow(company(6), '示许〔2026〕60号')))).toMatchObject({ loaded: 1 })
    expect((await entries('unit:1')).map((entry) => [entry.act, entry.ground])).toEqual([
      ['unit.change', '机构改革'],
    ])
  })
  test('end once, with the one that took over', async () => {
    const third = { uscc: validUscc('11', '519900', 78), name: '示例市工商行政管理局' }
    await call(operator, 'POST', '/api/console/units', third)
    const ending = { endedOn: TODAY, mergedInto: 1, ground: '并入市场监督管理局' }
    expect((await call(operator, 'POST', '/api/console/units/3/end', ending)).status).toBe(204)
    expect((await call(operator, 'POST', '/api/console/units/3/end', ending)).body.code).toBe('unit.ended')
    const { units } = (await call(clerk, 'GET', '/api/console/units')).body
    expect(units[2].ended).toMatchObject({ on: TODAY, mergedInto: name })
  })
})

describe('another role', () => {
  test.each([
    ['GET', '/api/console/work'],
    ['GET', '/api/console/work/review'],
    ['GET', '/api/console/work/review/1'],
    ['POST', '/api/console/work/review/1/take'],
    ['POST', '/api/console/work/review/1/decide'],
    ['GET', '/api/console/subjects/merges'],
    ['POST', '/api/console/subjects/merges'],
    ['GET', '/api/console/catalogue/drafts'],
    ['POST', '/api/console/catalogue/drafts'],
    ['POST', '/api/console/announcements'],
    ['POST', '/api/console/calendar'],
  ] as const)('may not: %s %s', async (method, url) => {
    expect((await call(clerk, method, url, method === 'POST' ? {} : undefined)).body.code).toBe(
      'access.forbidden',
    )
    expect((await app.inject({ method, url })).statusCode).toBe(method === 'POST' ? 403 : 401)
  })
  test('and a reviewer does not propose what a reviewer approves', async () => {
    expect(
      (
        await call(reviewer, 'POST', '/api/console/subjects/merges', {
          kept: 'x'.repeat(18),
          merged: 'y'.repeat(18),
          ground: '同一',
        })
      ).status,
    ).toBe(403)
    expect(
      (await call(reviewer, 'POST', '/api/console/catalogue/drafts', { kind: 'item', code: 'honour' }))
        .status,
    ).toBe(403)
  })
})
