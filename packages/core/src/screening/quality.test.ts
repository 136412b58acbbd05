import { expect, test } from 'vitest'
import { nearlyPresent, screeningNames } from '../../../../bench/screening-names.ts'
import { DISTORTIONS, Distorter, type ScreeningQuestion } from '../../../../bench/screening-questions.ts'
import { Chance } from '../../../testkit/src/index.ts'
import { RESEMBLES, Screening, ScreeningBuilder } from './index.ts'

const NAMES = 15_000
const EACH = 40
const SEED = 77
const TODAY = '2026-01-05'

/** The benchmark's set in small: what was measured there must not be lost by a change. */
test('miswritten names are found, and names of others are not taken for them', { timeout: 30_000 }, () => {
  const { present, absent } = screeningNames(NAMES, SEED)
  const builder = new ScreeningBuilder({ expected: present.length })
  for (let id = 0; id < present.length; id++)
    builder.add({ id, name: present[id] as string, kind: 'organisation' })
  const screening = new Screening(builder.finish())
  const distorter = new Distorter(present, SEED)
  const chance = new Chance(SEED)
  const isRight = (question: ScreeningQuestion) => {
    const [answer] = screening.resembling({ kind: 'organisation', name: question.text }, TODAY, { limit: 1 })
    if (answer === undefined) return undefined
    expect(answer.score).toBeGreaterThanOrEqual(RESEMBLES)
    return distorter.canBe(question, present[answer.id] as string)
  }
  let asked = 0
  let answered = 0
  let right = 0
  for (const kind of DISTORTIONS) {
    // Brackets are rare among names that are made up.
    for (let made = 0, tries = 0; made < EACH && tries < 20_000; tries++) {
      const question = distorter.question(kind, chance.pick(present))
      if (question === undefined) continue
      made++
      asked++
      const answer = isRight(question)
      if (answer !== undefined) answered++
      if (answer === true) right++
    }
  }
  const near = nearlyPresent(absent, present)
  const nobody = absent.filter((_, index) => !near.has(index)).slice(0, asked)
  const claimed = nobody.filter((text) => isRight({ kind: 'absent', text, way: 0 }) !== undefined).length
  expect(right / asked).toBeGreaterThanOrEqual(0.97)
  expect(right / (answered + (claimed * asked) / nobody.length)).toBeGreaterThanOrEqual(0.95)
})
