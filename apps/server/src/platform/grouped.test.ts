import { expect, test } from 'vitest'
import { Grouped } from './grouped.ts'

/** Groups as they set out, each held back until it is let go. */
function heldBack(most = 4) {
  const groups: { items: readonly number[]; kind: string; go(fault?: Error): void }[] = []
  const grouped = new Grouped<number, number>(
    (items, kind) =>
      new Promise((resolve, reject) => {
        groups.push({
          items,
          kind,
          go: (fault) =>
            fault === undefined
              ? resolve(
                  items.map((item) =>
                    item < 0
                      ? { status: 'rejected', reason: new Error(`refused ${item}`) }
                      : { status: 'fulfilled', value: item * 10 },
                  ),
                )
              : reject(fault),
        })
      }),
    most,
  )
  return { grouped, groups }
}
const itemsOf = (groups: ReturnType<typeof heldBack>['groups']) => groups.map(({ items }) => items)

test('what comes alone goes at once; what comes meanwhile goes together, in order, and no more than fits', async () => {
  const { grouped, groups } = heldBack()
  const answers = [1, 2, 3, 4, 5, 6, 7].map((item) => grouped.do('a', item))
  expect(itemsOf(groups)).toEqual([[1]])
  groups[0]?.go()
  expect(await answers[0]).toBe(10)
  expect(itemsOf(groups)).toEqual([[1], [2, 3, 4, 5]])
  groups[1]?.go()
  expect(await answers[4]).toBe(50)
  expect(itemsOf(groups)).toEqual([[1], [2, 3, 4, 5], [6, 7]])
  groups[2]?.go()
  expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50, 60, 70])
  const later = grouped.do('a', 8)
  groups[3]?.go()
  expect(await later).toBe(80)
})

test('kinds do not wait for one another, and each has its own groups', () => {
  const { grouped, groups } = heldBack()
  for (const item of [1, 2, 3]) void grouped.do('a', item)
  void grouped.do('b', 9)
  expect(groups.map(({ items, kind }) => `${kind}${items}`)).toEqual(['a1', 'b9'])
})

test('an item has its own outcome; a fault of the whole is everyone’s, and the next group goes on', async () => {
  const { grouped, groups } = heldBack(2)
  const outcomes = Promise.allSettled([1, 2, -3, 4].map((item) => grouped.do('a', item)))
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  groups[0]?.go(new Error('away'))
  await turn()
  groups[1]?.go()
  await turn()
  groups[2]?.go()
  expect(
    (await outcomes).map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason))),
  ).toEqual(['Error: away', 20, 'Error: refused -3', 40])
})
