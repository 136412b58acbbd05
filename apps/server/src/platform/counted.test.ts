import { expect, test } from 'vitest'
import { Counted } from './counted.ts'

/** Counts one more each time. */
const counter = () => {
  let count = 0
  return async () => ++count
}
const DAY = '2026-11-24'

test('a count stands for as long as it is fresh, and no longer than its day', async () => {
  const counted = new Counted(counter())
  expect(await counted.value(DAY, false)).toBeUndefined()
  expect(await counted.value(DAY, true)).toBe(1)
  expect(await counted.value(DAY, true)).toBe(1)
  expect(await counted.value('2026-11-25', true)).toBe(2)
})

test('a count of no freshness is made anew for whoever waits', async () => {
  const counted = new Counted(counter(), () => 0)
  expect(await counted.value(DAY, true)).toBe(1)
  expect(await counted.value(DAY, true)).toBe(2)
})

test('who comes together shares one count, and how long it took says how long it stands', async () => {
  const took: number[] = []
  let go = () => {}
  let count = 0
  const counted = new Counted(
    async () => {
      await new Promise<void>((resolve) => {
        go = resolve
      })
      return ++count
    },
    (ms) => {
      took.push(ms)
      return 60_000
    },
  )
  const both = [counted.value(DAY, true), counted.value(DAY, true)]
  go()
  expect(await Promise.all(both)).toEqual([1, 1])
  expect(took).toHaveLength(1)
  expect(took[0]).toBeGreaterThanOrEqual(0)
  expect(await counted.value(DAY, true)).toBe(1)
})
