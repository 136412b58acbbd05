import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Effect } from '@xinheng/core'
import { validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../app.ts'
import type { TestHouse } from '../../platform/database/testing.ts'
import { type SignedInForTest, signedInAs } from '../access/testing.ts'
import { clientOf, type TestClient } from '../clients/testing.ts'
import { deliverListings, type ListingRow } from '../lists/testing.ts'
import { importMatters } from '../measures/index.ts'
import { addUnits } from '../units/index.ts'

export const ACTOR = { name: 'test', duty: 'centre' } as const
const AUTHORITY = { uscc: validUscc('11', '519900', 1), name: '示例市人力资源和社会保障局' }
const UNIT = { uscc: validUscc('11', '519900', 2), name: '示例市公共资源交易管理局' }
const OTHER = { uscc: validUscc('11', '519900', 3), name: '示例市自然资源和规划局' }
export const MATTER = `${UNIT.uscc}2031000001000`
export const REWARDED = `${UNIT.uscc}2001000002000`
export const OTHERS_MATTER = `${OTHER.uscc}2035000001000`

export interface Company {
  readonly uscc: string
  readonly name: string
}

/** A unit with matters, measures bound and subscribed to by the people whose act it is, and a system that asks. */
export class JointActionForTest {
  readonly house: TestHouse
  readonly app: FastifyInstance
  readonly unit: number
  readonly other: number
  readonly clerk: SignedInForTest
  readonly reviewer: SignedInForTest
  readonly operator: SignedInForTest
  readonly centreReviewer: SignedInForTest
  readonly client: TestClient
  #companies = 0
  #documents = 0

  private constructor(
    house: TestHouse,
    app: FastifyInstance,
    units: { unit: number; other: number },
    people: Pick<JointActionForTest, 'clerk' | 'reviewer' | 'operator' | 'centreReviewer' | 'client'>,
  ) {
    this.house = house
    this.app = app
    this.unit = units.unit
    this.other = units.other
    this.clerk = people.clerk
    this.reviewer = people.reviewer
    this.operator = people.operator
    this.centreReviewer = people.centreReviewer
    this.client = people.client
  }

  static async open(house: TestHouse, day = '2026-11-24'): Promise<JointActionForTest> {
    await house.today(day)
    await addUnits(house.house.database.pools.app, ACTOR, [AUTHORITY, UNIT, OTHER])
    const { rows } = await house.superuser.query('SELECT unit_id FROM xh.unit ORDER BY unit_id')
    const units = { unit: rows[1].unit_id as number, other: rows[2].unit_id as number }
    const matters = join(house.folder, 'matters.csv')
    writeFileSync(
      matters,
      [
        '事项编码,事项名称,事项类型,实施主体统一社会信用代码',
        `${MATTER},工程建设项目投标资格审查,公共资源交易,${UNIT.uscc}`,
        `${REWARDED},建筑业企业资质许可,行政许可,${UNIT.uscc}`,
        `${OTHERS_MATTER},国有建设用地使用权转移登记,不动产登记,${OTHER.uscc}`,
        '',
      ].join('\n'),
    )
    await importMatters(house.house, ACTOR, matters)
    const app = await buildApp(house.house, house.catalogue, {
      city: '示例市',
      fictional: true,
      ratePerMinute: 1_000_000,
      screens: true,
    })
    const people = {
      clerk: await signedInAs(house, { role: 'departmentClerk', unit: units.unit }),
      reviewer: await signedInAs(house, { role: 'departmentReviewer', unit: units.unit }),
      operator: await signedInAs(house, { role: 'centreOperator' }),
      centreReviewer: await signedInAs(house, { role: 'centreReviewer' }),
      client: await clientOf(house, { unit: units.unit, scopes: ['check.ask'], requestsAMinute: 100_000 }),
    }
    return new JointActionForTest(house, app, units, people)
  }

  async close(): Promise<void> {
    await this.app.close()
    await this.house.close()
  }

  company(): Company {
    const number = ++this.#companies
    return { uscc: validUscc('91', '519902', 70_000 + number), name: `示例市岄湉第${number}建设有限公司` }
  }

  individualBusiness(): Company {
    const number = ++this.#companies
    return { uscc: validUscc('92', '519902', 70_000 + number), name: `青源区沅榭第${number}建材店` }
  }

  /** Puts organisations on a list, through the corridor. */
  async list(item: string, companies: readonly Company[], change: ListingRow = {}): Promise<string[]> {
    const numbers: string[] = []
    const rows = companies.map(({ name, uscc }) => {
      const number = `示人社列〔2026〕${++this.#documents}号`
      numbers.push(number)
      return {
        名称: name,
        统一社会信用代码: uscc,
        决定书文号: number,
        认定单位: AUTHORITY.name,
        认定单位统一社会信用代码: AUTHORITY.uscc,
        认定依据: '保障农民工工资支付条例第四十八条',
        列入原因: '拖欠农民工工资',
        列入日期: '2026-11-02',
        ...change,
      }
    })
    const result = await deliverListings(this.house, item, AUTHORITY.uscc, rows)
    if (result.loaded + result.updated !== companies.length)
      throw new Error(`delivered ${JSON.stringify(result)}`)
    return numbers
  }

  async call(method: 'GET' | 'POST', url: string, as: SignedInForTest, payload?: object) {
    const answer = await this.app.inject({
      method,
      url,
      headers: as.headers,
      ...(payload === undefined ? {} : { payload }),
    })
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
  }

  /** Binds a measure as two persons of the centre. */
  async bind(measure: string, binding: { matters?: string[]; rule?: string }): Promise<void> {
    const proposed = await this.call('POST', '/api/console/bindings', this.operator, {
      measure,
      ...binding,
      reason: '联合奖惩实施方案',
    })
    if (proposed.status !== 202) throw new Error(JSON.stringify(proposed.body))
    await this.approve(proposed.body.approval, this.centreReviewer)
  }

  /** Subscribes as two persons of the unit. */
  async subscribe(matter: string, measure: string, effect: Effect): Promise<void> {
    const proposed = await this.call('POST', '/api/console/subscriptions', this.clerk, {
      lines: [{ matter, measure, effect }],
      reason: '投标资格审查办法',
    })
    if (proposed.status !== 202) throw new Error(JSON.stringify(proposed.body))
    await this.approve(proposed.body.approval, this.reviewer)
  }

  async approve(id: number, by: SignedInForTest, decision: 'approve' | 'refuse' = 'approve') {
    const open = await this.call('GET', '/api/console/approvals', by)
    const one = open.body.approvals.find((each: { id: number }) => each.id === id)
    const decided = await this.call('POST', `/api/console/approvals/${id}/decision`, by, {
      decision,
      reason: '同意',
      payloadHash: one?.payloadHash ?? '0'.repeat(64),
    })
    if (decided.status !== 200) throw new Error(JSON.stringify(decided.body))
    return decided.body
  }

  question(company: Company, change: Record<string, unknown> = {}) {
    return {
      matter: MATTER,
      applicant: { kind: 'organisation', identifier: company.uscc, name: company.name },
      purpose: '投标资格审查',
      caseNumber: 'ZB-2026-0117',
      ...change,
    }
  }

  /** Asks as the unit's system does: signed, with a key of its own. */
  async ask(question: object, { key = randomUUID() as string, client = this.client } = {}) {
    const body = JSON.stringify(question)
    const answer = await this.app.inject({
      method: 'POST',
      url: '/api/v1/checks',
      remoteAddress: '127.0.0.1',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        ...client.headers({ method: 'POST', url: '/api/v1/checks', body }),
      },
      payload: body,
    })
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
  }

  /** Until the lists are in memory. */
  async loaded(): Promise<void> {
    for (let i = 0; i < 400; i++) {
      const { status } = await this.ask(this.question(this.company()))
      if (status !== 503) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('the lists are not loaded')
  }
}
