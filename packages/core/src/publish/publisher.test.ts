import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CatalogueItem } from '../catalogue/item.ts'
import {
  codesOf,
  deliver,
  judgeRow,
  madeUpUscc,
  releasedItem,
  releasedItems,
  releasedPublication,
  TODAY,
} from '../judge/released-policy.testing.ts'
import { addMonths, dayOfNumber } from '../standardise/day.ts'
import { describePublication } from './describe-publication.ts'
import { compilePublication } from './publisher.ts'

const NOT_SHOWN = { from: undefined, until: undefined, hold: undefined }
const penalty = (cells: Record<string, string> = {}, today = TODAY) =>
  judgeRow('penalty-organisation', cells, { today }).publication
const never = (code: string) => ({ ...NOT_SHOWN, rule: `penalty@1#${code}` })

describe('what is published, and how', () => {
  test('a permit of an organisation or an individual business, without an end', () => {
    const open = { from: TODAY, until: undefined, rule: 'permit@1#open', hold: undefined }
    expect(judgeRow('permit-organisation').publication).toEqual(open)
    const business = {
      uscc: madeUpUscc(3, '92'),
      counterpartyCategory: '个体工商户',
      subjectName: '青源区青青小吃店',
    }
    expect(judgeRow('permit-organisation', business).publication).toEqual(open)
    expect(judgeRow('permit-organisation', { state: '2' }).publication).toEqual(open)
  })

  test('a permit or a penalty of a natural person never', () => {
    expect(judgeRow('permit-person').publication).toEqual({ ...NOT_SHOWN, rule: 'sharing/G' })
    expect(judgeRow('penalty-person').publication).toEqual({ ...NOT_SHOWN, rule: 'sharing/R' })
  })

  test('a penalty of an organisation by the ordinary procedure, within its term', () => {
    expect(penalty()).toEqual({
      from: TODAY,
      until: '2027-11-02',
      rule: 'penalty@1#order-36-grade-unknown',
      hold: undefined,
    })
  })

  test('a penalty by the simple procedure never', () => {
    expect(penalty({ procedure: '当场处罚', fine: '0.1' })).toEqual(never('simple-procedure'))
  })

  test.each(['警告', '通报批评', '警告；通报批评', '通报批评、警告'])('%s alone never', (penaltyKinds) => {
    expect(penalty({ penaltyKinds, fine: '' })).toEqual(never('warning-only'))
  })

  test('a warning beside a fine is published with it', () => {
    expect(penalty({ penaltyKinds: '警告；罚款' }).from).toBe(TODAY)
  })

  test('what is withheld by law, with its ground, never', () => {
    expect(penalty({ notPublic: '是', notPublicGround: '商业秘密' })).toEqual(never('withheld'))
    expect(
      judgeRow('permit-organisation', { notPublic: '是', notPublicGround: '国家秘密' }).publication.rule,
    ).toBe('permit@1#withheld')
    expect(judgeRow('penalty-organisation', { notPublic: '是' }).rejected).toBe(true)
  })

  test('administrative detention and orders that are no penalties never', () => {
    expect(penalty({ penaltyKinds: '罚款；行政拘留' })).toEqual(never('detention'))
    expect(penalty({ penaltyKinds: '责令改正', fine: '' })).toEqual(never('not-a-penalty'))
  })

  test('a fact marked as not for the public never', () => {
    const listed = (publicationType: string) => judgeRow('serious-illegal', { publicationType }).publication
    expect(listed('不可公开')).toEqual({ ...NOT_SHOWN, rule: 'listing@1#marked' })
    expect(listed('特定范围内公开').from).toBeUndefined()
    expect(listed('可向社会公开').from).toBe(TODAY)
  })

  test('an abnormal listing, which is minor, never', () => {
    const item = releasedItem('abnormal-operation')
    const values = item.fields.map((field) =>
      field.name === item.roles.decidedOn ? '2026-05-01' : undefined,
    )
    const publish = compilePublication(releasedPublication('minor-listing'), item)
    expect(publish({ values, subjectKind: 'organisation', receivedOn: TODAY }).from).toBeUndefined()
  })
})

describe('grades', () => {
  test('a delivered grade prevails over the kinds', () => {
    expect(penalty({ grade: '严重' })).toMatchObject({
      until: '2029-11-02',
      rule: 'penalty@1#order-36-serious',
    })
    expect(penalty({ penaltyKinds: '罚款；责令停产停业', grade: '一般' })).toMatchObject({
      until: '2027-11-02',
    })
    expect(penalty({ grade: '轻微' })).toEqual(never('not-published-minor'))
  })

  test.each([
    '暂扣许可证',
    '降低资质等级',
    '吊销营业执照',
    '限制开展生产经营活动',
    '责令停产停业',
    '责令关闭',
    '限制从业',
  ])('%s is serious, and of several kinds the longest term counts', (kind) => {
    const cells = { penaltyKinds: `罚款；${kind}`, certificateWithheld: '食品经营许可证' }
    expect(penalty(cells)).toMatchObject({ until: '2029-11-02', rule: 'penalty@1#order-36-serious' })
  })

  test('confiscated goods are general; where no standard says, 一般 at most and marked as unknown', () => {
    expect(penalty({ penaltyKinds: '没收非法财物', fine: '', confiscated: '1' }).rule).toBe(
      'penalty@1#order-36-general',
    )
    expect(penalty({ penaltyKinds: '没收违法所得', fine: '', confiscated: '1' })).toMatchObject({
      until: '2027-11-02',
      rule: 'penalty@1#order-36-grade-unknown',
    })
    expect(penalty({ penaltyKinds: '其他-责令退还', fine: '' }).rule).toBe('penalty@1#order-36-grade-unknown')
  })
})

describe('held back', () => {
  test('procedure not stated and a fine up to 3,000 yuan: perhaps simple, the unit is asked', () => {
    expect(penalty({ procedure: '', fine: '0.3' })).toMatchObject({
      from: TODAY,
      until: '2027-11-02',
      hold: 'PROCEDURE_UNKNOWN',
    })
    expect(penalty({ procedure: '', fine: '0.300001' }).hold).toBeUndefined()
    expect(penalty({ procedure: '', fine: '0.3', penaltyKinds: '警告；罚款' }).hold).toBe('PROCEDURE_UNKNOWN')
    expect(penalty({ procedure: '普通', fine: '0.3' }).hold).toBeUndefined()
    expect(
      penalty({ procedure: '', fine: '0.3', penaltyKinds: '罚款；没收违法所得', confiscated: '1' }).hold,
    ).toBeUndefined()
  })

  test.each([
    ['facts', '当事人雇用的驾驶员，电话13800138000。'],
    ['penaltyContent', '身份证号１１０１０５１９４９１２３１００２Ｘ'],
    ['remarks', '卡号4111 1111 1111 1111'],
  ])('personal data in %s', (field, text) => {
    expect(penalty({ [field]: text })).toMatchObject({ from: TODAY, hold: 'PERSONAL_DATA_IN_TEXT' })
  })

  test('personal data in the name of an individual business', () => {
    const cells = {
      uscc: madeUpUscc(4, '92'),
      counterpartyCategory: '个体工商户',
      subjectName: '青源区小吃店13800138000',
    }
    expect(judgeRow('permit-organisation', cells).publication.hold).toBe('PERSONAL_DATA_IN_TEXT')
  })

  test('what is never public is not held for anything', () => {
    expect(penalty({ procedure: '简易', facts: '电话13800138000' }).hold).toBeUndefined()
  })

  test('an adverse fact about a business that bears its operator’s name', () => {
    const cells = {
      uscc: madeUpUscc(4, '92'),
      counterpartyCategory: '个体工商户',
      subjectName: '示范丙',
      legalRepresentative: '示范丙',
    }
    expect(penalty(cells).hold).toBe('PERSONS_NAME')
    expect(penalty({ ...cells, subjectName: '青源区丙记小吃店' }).hold).toBeUndefined()
    const listed = { uscc: cells.uscc, subjectName: cells.subjectName, legalRepresentative: '示范丙' }
    expect(judgeRow('serious-illegal', listed).publication.hold).toBe('PERSONS_NAME')
    expect(judgeRow('permit-organisation', cells).publication.hold).toBeUndefined()
  })
})

describe('ends', () => {
  test('a delivered end that is earlier is used, a later one is warned of and not used', () => {
    expect(penalty({ publishedUntil: '2027/02/02' })).toMatchObject({
      until: '2027-02-02',
      rule: 'penalty@1#order-36-grade-unknown+publishedUntil',
    })
    const late = judgeRow('penalty-organisation', { publishedUntil: '2027/11/03' })
    expect(late.publication.until).toBe('2027-11-02')
    expect(codesOf(late)).toEqual(['publishedUntil.later'])
    expect(codesOf(judgeRow('penalty-organisation', { publishedUntil: '2027/11/02' }))).toEqual([])
  })

  test('a list entry ends by its own term, never after three years, and not on the day of removal', () => {
    const listed = (cells: Record<string, string>) => judgeRow('serious-illegal', cells)
    expect(listed({}).publication.until).toBe('2029-10-08')
    expect(listed({ termEnd: '2028-10-07' }).publication.until).toBe('2028-10-07')
    const late = listed({ termEnd: '2030-01-01' })
    expect(late.publication.until).toBe('2029-10-08')
    expect(codesOf(late)).toEqual(['publishedUntil.later'])
    expect(
      listed({ termEnd: '2028-10-07', delistedOn: '2026-12-01', delistReason: '信用修复' }).publication,
    ).toMatchObject({
      until: '2026-11-30',
      rule: 'listing@1#order-36-serious+delistedOn',
    })
  })

  test('what was over before it came is never shown', () => {
    expect(penalty({ decidedOn: '2020/03/05', facts: '电话13800138000' })).toEqual({
      from: undefined,
      until: '2021-03-05',
      rule: 'penalty@1#circular-527-grade-unknown',
      hold: undefined,
    })
  })

  test('a fact received under the old regime and one received later end on the same day', () => {
    const cells = { decidedOn: '2025/06/10' }
    expect(penalty(cells, '2025-06-12')).toMatchObject({ from: '2025-06-12', until: '2026-06-10' })
    expect(penalty(cells, '2026-05-01')).toMatchObject({ from: '2026-05-01', until: '2026-06-10' })
  })

  test('published again from its stored values, a fact gets the same answer', () => {
    for (const code of ['permit-organisation', 'penalty-organisation', 'serious-illegal']) {
      const row = judgeRow(code)
      const item = releasedItem(code)
      const publish = compilePublication(releasedPublication(item.publication as string), item)
      const fact = { values: row.values, subjectKind: row.subjectKind, receivedOn: TODAY }
      expect(publish(fact)).toEqual(row.publication)
      expect(publish({ ...fact, subjectKind: 'person' }).from).toBeUndefined()
    }
  })
})

describe('whatever a fact holds', () => {
  const kinds = ['organisation', 'publicBody', 'individualBusiness', 'person'] as const
  const anyDay = fc.integer({ min: 14_000, max: 21_500 }).map(dayOfNumber)
  const items = releasedItems().filter((item) => item.publication !== undefined)

  /** Values of the right form, any of them absent. */
  const anyValues = (item: CatalogueItem) =>
    fc.tuple(
      ...item.fields.map((field) => {
        const listed = (field.values ?? []).map(({ value }) => value)
        const value =
          field.type === 'day'
            ? anyDay
            : field.type === 'money' || field.type === 'integer' || field.type === 'decimal'
              ? fc.integer({ min: 0, max: 10_000_000_000 }).map(String)
              : field.name === 'penaltyKinds'
                ? fc.constantFrom('罚款', '警告', '警告；罚款', '责令关闭', '行政拘留', '没收违法所得')
                : listed.length > 0
                  ? fc.constantFrom(...listed)
                  : fc.constantFrom('示范', '示例市青源食品有限公司', '电话13800138000')
        return fc.option(value, { nil: undefined })
      }),
    )
  const anyFact = fc.constantFrom(...items).chain((item) =>
    fc.record({
      item: fc.constant(item),
      values: anyValues(item),
      subjectKind: fc.constantFrom(...kinds),
      receivedOn: anyDay,
    }),
  )
  const published = new Map(
    items.map((item) => [
      item.code,
      compilePublication(releasedPublication(item.publication as string), item),
    ]),
  )
  const publicationOf = ({
    item,
    ...fact
  }: {
    item: CatalogueItem
    values: (string | undefined)[]
    subjectKind: (typeof kinds)[number]
    receivedOn: string
  }) => (published.get(item.code) as ReturnType<typeof compilePublication>)(fact)

  test('no natural person ever gets a first public day', () => {
    fc.assert(
      fc.property(anyFact, (fact) => publicationOf({ ...fact, subjectKind: 'person' }).from === undefined),
    )
  })

  test('every adverse public fact has an end, not before its beginning', () => {
    fc.assert(
      fc.property(anyFact, (fact) => {
        const { from, until } = publicationOf(fact)
        if (!fact.item.adverse || from === undefined) return true
        return until !== undefined && until >= from
      }),
      { numRuns: 500 },
    )
  })

  test('no adverse fact is shown for longer than the longest term of any regime', () => {
    fc.assert(
      fc.property(anyFact, (fact) => {
        if (!fact.item.adverse) return true
        const { until } = publicationOf(fact)
        const decidedOn =
          fact.values[fact.item.fields.findIndex((field) => field.name === fact.item.roles.decidedOn)]
        return until === undefined || decidedOn === undefined || until <= addMonths(decidedOn, 36)
      }),
      { numRuns: 500 },
    )
  })

  test('the reason is told in both languages', () => {
    fc.assert(
      fc.property(anyFact, (fact) => {
        const rules = releasedPublication(fact.item.publication as string)
        const { words } = describePublication(publicationOf(fact), rules)
        return words.zh.length > 0 && words.en.length > 0
      }),
    )
  })
})

describe('the reason', () => {
  const rules = releasedPublication('penalty')

  test('names the law that ends the publication', () => {
    expect(describePublication(penalty(), rules)).toEqual({
      words: { zh: '公示至2027-11-02（含当日）。', en: 'Published up to and including 2027-11-02.' },
      basis: { document: '信用修复管理办法（国家发展改革委令第36号）', article: '第十二条' },
    })
    const old = penalty({ decidedOn: '2025/06/10' }, '2025-06-12')
    expect(describePublication(old, rules).basis?.document).toContain('第36号')
  })

  test('names the law by which a fact is not shown', () => {
    expect(describePublication(penalty({ procedure: '简易' }), rules)).toMatchObject({
      words: { zh: '适用简易程序的处罚不公示' },
      basis: { document: '国家发展改革委令第36号' },
    })
    expect(describePublication(penalty({ grade: '轻微' }), rules).basis?.document).toContain('第36号')
    expect(describePublication(judgeRow('penalty-person').publication, undefined).words.zh).toContain(
      '不是“公示”',
    )
  })
})

test('a rule that cannot be worked out publishes nothing', () => {
  const item = { ...releasedItem('permit-organisation'), publication: 'permit' }
  const broken = {
    ...releasedPublication('permit'),
    rules: [
      {
        code: 'broken',
        when: 'validTo > decidedOn',
        effect: 'never',
        words: { zh: '甲', en: 'a' },
        basis: { document: '示例' },
      },
    ],
  } as const
  const row = deliver(
    item,
    { subjectName: '示例', validTo: '长期', decidedOn: '2026-01-01' },
    { publication: broken },
  )
  const publish = compilePublication(broken, item)
  expect(publish({ values: row.values, subjectKind: 'organisation', receivedOn: TODAY })).toEqual({
    ...NOT_SHOWN,
    rule: 'permit@1#rule-failed',
  })
})
