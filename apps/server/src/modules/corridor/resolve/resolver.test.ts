import type pg from 'pg'
import { expect, test } from 'vitest'
import { Resolver } from './resolver.ts'

/** A database of subjects 1…9, each under `u` and its number; counts what it is asked. */
function database() {
  const asked: string[] = []
  const rowsOf = ({ name, values }: { name: string; values: unknown[] }): unknown[] => {
    if (name === 'resolve identifiers') {
      const [type, named] = values as [string, string[]]
      asked.push(...named)
      return type === 'u' ? named.filter((one) => /^[1-9]$/.test(one)).map((one) => [one, Number(one)]) : []
    }
    const [ids] = values as [number[]]
    return ids.map((id) =>
      name === 'resolve subjects' ? [id, 'o', `第${id}公司`, null, true] : [id, `第${id}公司`],
    )
  }
  const query = async (what: string | Parameters<typeof rowsOf>[0]) => ({
    rows: typeof what === 'string' ? [] : rowsOf(what),
  })
  return { asked, pool: { query } as unknown as pg.Pool }
}

test('what stood before is forgotten when much is remembered, and found again; what this part adds stays', async () => {
  const { asked, pool } = database()
  const resolver = new Resolver(pool, () => '', 3)
  await resolver.lookUp(['u1', 'u2', 'u8', '-'])
  resolver.forgetStanding()
  expect(resolver.generation).toBe(0)
  const gains = resolver.find('u2')
  if (gains === undefined) throw new Error('subject 2 is known')
  resolver.introduce('r77', gains)
  resolver.introduce('u90', { ...gains, id: 90, before: false })
  resolver.forgetStanding()
  expect(resolver.generation).toBe(1)
  expect(['u1', 'u8'].map((one) => resolver.find(one))).toEqual([undefined, undefined])
  expect(['u2', 'r77', 'u90'].map((one) => resolver.find(one)?.id)).toEqual([2, 2, 90])
  await resolver.lookUp(['u1', 'u2'])
  expect(resolver.find('u1')?.name).toBe('第1公司')
  expect(asked.filter((one) => one === '1')).toHaveLength(2)
  expect(asked.filter((one) => one === '2')).toHaveLength(1)
  // Between parts everything is in the database.
  resolver.forgetIfMany()
  expect(resolver.find('u90')).toBeUndefined()
  expect(resolver.generation).toBe(2)
})
