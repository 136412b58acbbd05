import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { usccCheck } from '../identifiers/index.ts'
import {
  type ScreenedKind,
  Screening,
  ScreeningBuilder,
  type ScreeningChange,
  type ScreeningEntry,
} from './index.ts'

const TODAY = '2026-01-05'

function code(serial: number): string {
  const body = `91519902MA${String(serial).padStart(7, '0')}`
  return body + usccCheck(body)
}

function screening(...entries: ScreeningEntry[]): Screening {
  const builder = new ScreeningBuilder()
  for (const entry of entries) builder.add(entry)
  return new Screening(builder.finish())
}

function named(id: number, name: string): ScreeningEntry {
  return { id, name, kind: 'organisation' }
}

const ask = (name: string) => ({ kind: 'organisation', name }) as const

/** Enough names for the index to know what is common among them. */
const CROWD = ['示例市', '青源区', '云岭区', '澄湖区', '苍石县', '白鹭县', '松溪口县'].flatMap((region, r) =>
  ['金达', '华瑞', '天禾', '宏远', '佳杰', '恒丰', '明德', '瑞祥', '东升', '永兴', '启航', '博雅'].flatMap(
    (brand, b) =>
      ['科技', '商贸', '建筑工程', '物流', '食品'].map((trade, t) =>
        named(r * 1000 + b * 10 + t, `${region}${brand}${trade}有限公司`),
      ),
  ),
)

const entries = fc.uniqueArray(
  fc.record({
    id: fc.nat(40),
    serial: fc.option(fc.nat(15), { nil: undefined }),
    name: fc.constantFrom('示例市金达科技有限公司', '青源区华瑞商贸有限公司', '云岭区天禾食品厂', '𠮷野家'),
    from: fc.constantFrom(undefined, '2025-01-01', '2026-01-05', '2026-01-06'),
    until: fc.constantFrom(undefined, '2026-01-04', '2026-01-05', '2027-01-01'),
  }),
  { selector: ({ id }) => id, maxLength: 30 },
)

function entryOf({
  id,
  serial,
  name,
  from,
  until,
}: typeof entries extends fc.Arbitrary<(infer T)[]> ? T : never): ScreeningEntry {
  return {
    id,
    uscc: serial === undefined ? undefined : code(serial),
    name,
    kind: 'organisation',
    from,
    until,
  }
}

const countsOn =
  (day: string) =>
  ({ from, until }: ScreeningEntry) =>
    (from === undefined || from <= day) && (until === undefined || day <= until)

describe('by identifier', () => {
  test('the index answers what reading all entries answers', () => {
    fc.assert(
      fc.property(entries, fc.nat(15), (made, serial) => {
        const all = made.map(entryOf)
        const expected = all.filter(countsOn(TODAY)).filter(({ uscc }) => uscc === code(serial))
        expect(
          screening(...all)
            .exact(code(serial), TODAY)
            .map(({ id }) => id)
            .sort(),
        ).toEqual(expected.map(({ id }) => id).sort())
      }),
    )
  })

  test('ids beyond 32 bits and both kinds come back as they were', () => {
    for (const id of [0, 0xffffffff, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      for (const kind of ['organisation', 'publicBody'] as const) {
        const index = screening({ id, uscc: code(1), name: '示例市金达科技有限公司', kind })
        expect(index.exact(code(1), TODAY)).toEqual([{ ground: 'identifier', id, kind, uscc: code(1) }])
        expect(index.resembling(ask('示例市金达科技有限公司'), TODAY)[0]).toMatchObject({
          id,
          kind,
          uscc: code(1),
        })
        index.apply({ change: 'remove', id })
        expect(index.exact(code(1), TODAY)).toEqual([])
      }
    }
  })

  test('what is no canonical code finds nothing', () => {
    const index = screening({ ...named(1, '示例市金达科技有限公司'), uscc: code(1) })
    for (const text of [
      '',
      code(1).toLowerCase(),
      ` ${code(1)}`,
      code(1).slice(0, 17),
      '𠮷'.repeat(9),
      '示'.repeat(18),
    ])
      expect(index.exact(text, TODAY)).toEqual([])
  })
})

describe('changes', () => {
  const change = fc.oneof(
    entries.map((made): ScreeningChange[] =>
      made.map((each) => ({ change: 'update', entry: entryOf(each) })),
    ),
    fc.array(
      fc.nat(40).map((id): ScreeningChange => ({ change: 'remove', id })),
      { maxLength: 10 },
    ),
  )

  test('a changed index answers what a rebuilt one answers', () => {
    fc.assert(
      fc.property(entries, fc.array(change, { maxLength: 4 }), (made, changes) => {
        const changed = screening(...made.map(entryOf))
        const held = new Map(made.map((each) => [each.id, entryOf(each)]))
        for (const each of changes.flat()) {
          changed.apply(each)
          if (each.change === 'remove') held.delete(each.id)
          else held.set(each.entry.id, each.entry)
        }
        const rebuilt = screening(...held.values())
        for (let serial = 0; serial < 16; serial++) {
          const ids = (index: Screening) =>
            index
              .exact(code(serial), TODAY)
              .map(({ id }) => id)
              .sort()
          expect(ids(changed)).toEqual(ids(rebuilt))
        }
        for (const name of ['示例市金达科技有限公司', '云岭区天禾食品厂', '𠮷野家']) {
          const ids = (index: Screening) =>
            index
              .resembling(ask(name), TODAY, { limit: 100 })
              .filter(({ score }) => score === 1)
              .map(({ id }) => id)
              .sort()
          expect(ids(changed)).toEqual(ids(rebuilt))
        }
      }),
    )
  })

  test('what is removed is found by no thread, at once', () => {
    const builder = new ScreeningBuilder()
    for (const entry of CROWD) builder.add(entry)
    const index = builder.finish()
    const [here, there] = [new Screening(index), new Screening(index)]
    const [gone] = CROWD as [ScreeningEntry]
    expect(there.resembling(ask(gone.name), TODAY)[0]?.id).toBe(gone.id)
    here.apply({ change: 'remove', id: gone.id })
    for (const each of [here, there])
      expect(each.resembling(ask(gone.name), TODAY, { atLeast: 0.01 }).map(({ id }) => id)).not.toContain(
        gone.id,
      )
  })

  test('a rebuilt index takes over with the changes made meanwhile', () => {
    const index = screening(...CROWD)
    const builder = new ScreeningBuilder()
    for (const entry of CROWD) builder.add(entry)
    const late = named(90_001, '示例市新立橡胶有限公司')
    index.swap(builder.finish(), [
      { change: 'add', entry: late },
      { change: 'remove', id: 0 },
    ])
    expect(index.resembling(ask('示例市新立橡胶有限公司'), TODAY)[0]).toMatchObject({ id: 90_001, score: 1 })
    expect(index.resembling(ask(CROWD[0]?.name ?? ''), TODAY).map(({ id }) => id)).not.toContain(0)
  })

  test('another memory is no index', () => {
    expect(() => new Screening(new SharedArrayBuffer(1024))).toThrow('screening.not-an-index')
  })
})

describe('by name', () => {
  const index = screening(
    ...CROWD,
    named(90_001, '泸州老窖股份有限公司'),
    named(90_002, '示例市银泰物业管理有限公司'),
    named(90_004, '中国建设银行股份有限公司示例市分行'),
    named(90_003, '澄湖区川流（集团）机械制造有限责任公司'),
  )
  const first = (name: string) => index.resembling(ask(name), TODAY)[0]

  test.each([
    ['泸州老窖', 90_001],
    ['泸州老窖股份有限公司', 90_001],
    ['瀘州老窖股份有限公司', 90_001],
    ['沪州老窖股份有限公司', 90_001],
    ['泸州老窑股份有限公司', 90_001],
    ['示例市银泰物业管理', 90_002],
    ['示例市银太物业管理有限公司', 90_002],
    ['示例市泰银物业管理有限公司', 90_002],
    ['澄湖区川流〔集团〕机械制造有限责任公司', 90_003],
    ['澄湖区川流集团机械制造有限公司', 90_003],
    ['建行示例市分行', 90_004],
  ])('%s means entry %i', (text, id) => {
    expect(first(text)?.id).toBe(id)
  })

  test.each(['重庆永川火凤凰娱乐有限公司', '示例市北辰眼科医院', '有限公司'])('%s means nobody', (text) => {
    expect(first(text)).toBeUndefined()
  })

  test('an answer says which parts match and differ, and is never more than to be checked', () => {
    expect(first('示例市银太物业管理')).toMatchObject({
      ground: 'name',
      verdict: 'toBeChecked',
      differences: [
        { step: 'homophone', question: '太', entry: '泰' },
        { step: 'formLeftOut', question: '', entry: '有限公司' },
      ],
    })
    expect(
      first('示例市银太物业管理')
        ?.parts.filter(({ same }) => !same)
        .map(({ part }) => part),
    ).toContain('form')
  })

  test('the same text has score 1, any other less', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CROWD), fc.nat(30), (entry, at) => {
        const answers = index.resembling(ask(entry.name), TODAY)
        expect(answers[0]).toMatchObject({ id: entry.id, score: 1, differences: [] })
        const characters = [...entry.name]
        characters.splice(at % characters.length, 1)
        for (const answer of index.resembling(ask(characters.join('')), TODAY, { atLeast: 0.01 })) {
          expect(answer.score).toBeLessThan(1)
          expect(answer.score).toBeGreaterThan(0)
        }
      }),
    )
  })

  test('no text breaks it', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom(
        '',
        '\ud800',
        '\udc00公司',
        '😀😀😀',
        'شركة',
        '﷽'.repeat(300),
        '公司'.repeat(5_000),
        '(((',
        '\u0000',
        '有'.repeat(10_000),
      ),
    )
    fc.assert(
      fc.property(hostile, (name) => {
        for (const { score } of index.resembling(ask(name), TODAY, { atLeast: 0.01 })) {
          expect(score).toBeGreaterThan(0)
          expect(score).toBeLessThanOrEqual(1)
        }
        expect(() => screening(named(1, name)).resembling(ask(name), TODAY)).not.toThrow()
      }),
    )
  })
})

describe('whom it is not for', () => {
  test.each(['person', 'individualBusiness'])('a %s is neither listed nor asked for', (kind) => {
    // @ts-expect-error the types have no place for them
    const kindOfNobody: ScreenedKind = kind as 'person' | 'individualBusiness'
    const refused = 'screening.not-an-organisation'
    expect(() => screening({ id: 1, name: '示例市金达科技有限公司', kind: kindOfNobody })).toThrow(refused)
    expect(() => screening().resembling({ kind: kindOfNobody, name: '金达' }, TODAY)).toThrow(refused)
    expect(() =>
      screening().apply({ change: 'add', entry: { id: 1, name: '金达', kind: kindOfNobody } }),
    ).toThrow(refused)
  })

  test('an individual business is not let in under another kind', () => {
    const body = '92519902MA0000001'
    expect(() => screening({ ...named(1, '示例市金达小吃店'), uscc: body + usccCheck(body) })).toThrow(
      'screening.not-an-organisation',
    )
  })

  test('a wrong code, day or id is told, and leaves nothing behind', () => {
    const builder = new ScreeningBuilder()
    const entry = named(1, '示例市金达科技有限公司')
    expect(() => builder.add({ ...entry, uscc: '91519902MA00000000' })).toThrow('screening.uscc')
    expect(() => builder.add({ ...entry, from: '5.1.2026' })).toThrow('screening.day')
    expect(() => builder.add({ ...entry, id: -1 })).toThrow('screening.id')
    expect(() => builder.add({ ...entry, id: 1.5 })).toThrow('screening.id')
    expect(new Screening(builder.finish()).resembling(ask(entry.name), TODAY)).toEqual([])
    expect(() => screening().exact(code(1), 'today')).toThrow('screening.day')
  })
})
