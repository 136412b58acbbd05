// npm run bench -- screen-fit [--rows N]: fits what packages/core/src/screening/costs.ts holds, on a seed of its own.
// Alignments depend on the costs: put the fitted ones in and run again until they stay.
import { ScreeningBuilder } from '../packages/core/src/index.ts'
import { REGION_ADDED, STEPS } from '../packages/core/src/screening/align.ts'
import { Reader } from '../packages/core/src/screening/reader.ts'
import { idOf } from '../packages/core/src/screening/record.ts'
import { Chance } from '../packages/testkit/src/index.ts'
import type { BenchOptions, BenchResult } from './run.ts'
import { nearlyPresent, screeningNames } from './screening-names.ts'
import { DISTORTIONS, Distorter, type ScreeningQuestion } from './screening-questions.ts'

const SEED = 1
const EACH = 700
const ROWS = 3_000_000
/** Alignments that cost more are no answers. */
const MOST = 14
/** Keeps what is never seen near zero. */
const RIDGE = 1
const ROUNDS = 30

const FEATURES = [...STEPS.slice(1), 'addedSurprise', 'surprise', 'end', 'length', 'rivals', 'bias'] as const

export async function run({ rows = ROWS }: BenchOptions): Promise<BenchResult> {
  const names = screeningNames(rows, SEED)
  const builder = new ScreeningBuilder({ expected: rows })
  for (let id = 0; id < rows; id++)
    builder.add({ id, name: names.present[id] as string, kind: 'organisation' })
  const reader = new Reader(builder.finish())
  const real = names.present.slice(0, names.real)
  const distorter = new Distorter(real, SEED)
  const chance = new Chance(SEED)
  const questions: ScreeningQuestion[] = []
  for (const kind of DISTORTIONS) {
    for (let made = 0; made < EACH; ) {
      const question = distorter.question(kind, chance.pick(real))
      if (question === undefined) continue
      questions.push(question)
      made++
    }
  }
  const absent = names.absent.slice(0, questions.length)
  const near = nearlyPresent(absent, names.present)
  absent.forEach((text, index) => {
    if (!near.has(index)) questions.push({ kind: 'absent', text, way: 0 })
  })
  const seen: { features: number[]; right: boolean }[] = []
  for (const question of questions) {
    const first = firstAnswer(reader, question.text)
    if (first === undefined) continue
    const { sections } = reader
    const id = idOf(sections.record, sections.firstOfName[first.row] as number)
    seen.push({ features: first.features, right: distorter.canBe(question, names.present[id] as string) })
  }
  const weights = fitted(seen)
  const figures: Record<string, number> = { questions: questions.length, answered: seen.length }
  FEATURES.forEach((feature, index) => {
    figures[feature] = weights[index] as number
  })
  return { name: 'screen-fit', figures, ratios: {} }
}

function firstAnswer(reader: Reader, text: string): { row: number; features: number[] } | undefined {
  reader.ask(text)
  reader.findCandidates()
  const found: { row: number; cost: number }[] = []
  for (let k = 0; k < reader.candidateCount; k++) {
    const row = reader.candidates[k] as number
    const cost = reader.align(row, MOST)
    if (cost <= MOST) found.push({ row, cost })
  }
  found.sort((one, other) => one.cost - other.cost)
  const [first] = found
  // The same text is the same name; there is nothing to learn from it.
  if (first === undefined || first.cost === 0) return undefined
  reader.align(first.row, Number.POSITIVE_INFINITY)
  const features = new Array<number>(FEATURES.length).fill(0)
  const add = (feature: (typeof FEATURES)[number], value: number) => {
    const index = FEATURES.indexOf(feature)
    features[index] = (features[index] as number) + value
  }
  const { surprise, spelling } = reader
  reader.alignment.walk((step, from, to) => {
    if (step === 0) return
    add(STEPS[step] as (typeof FEATURES)[number], 1)
    if (step >= REGION_ADDED) for (let at = from; at < to; at++) add('addedSurprise', surprise[at] as number)
  })
  for (let at = 0; at <= spelling.length; at++) add('surprise', surprise[at] as number)
  add('end', surprise[spelling.length] as number)
  add('length', spelling.length)
  add('rivals', Math.log(found.filter(({ cost }) => cost < first.cost + 1).length))
  add('bias', 1)
  return { row: first.row, features }
}

/** Logistic regression by Newton's method with a ridge. */
function fitted(seen: readonly { features: readonly number[]; right: boolean }[]): number[] {
  const size = FEATURES.length
  const weights = new Array<number>(size).fill(0)
  for (let round = 0; round < ROUNDS; round++) {
    const slope = weights.map((weight) => -RIDGE * weight)
    const bend = weights.map((_, i) => weights.map((__, k) => (i === k ? RIDGE : 0)))
    for (const { features, right } of seen) {
      let z = 0
      for (let i = 0; i < size; i++) z += (weights[i] as number) * (features[i] as number)
      const likely = 1 / (1 + Math.exp(-z))
      const worth = likely * (1 - likely)
      for (let i = 0; i < size; i++) {
        const one = features[i] as number
        if (one === 0) continue
        slope[i] = (slope[i] as number) + one * ((right ? 1 : 0) - likely)
        const row = bend[i] as number[]
        for (let k = 0; k < size; k++) row[k] = (row[k] as number) + worth * one * (features[k] as number)
      }
    }
    solved(bend, slope).forEach((step, i) => {
      weights[i] = (weights[i] as number) + step
    })
  }
  return weights
}

/** Gauss's elimination; the matrix is positive definite. */
function solved(matrix: number[][], right: number[]): number[] {
  const size = right.length
  for (let column = 0; column < size; column++) {
    const pivot = matrix[column] as number[]
    for (let row = column + 1; row < size; row++) {
      const other = matrix[row] as number[]
      const share = (other[column] as number) / (pivot[column] as number)
      for (let k = column; k < size; k++) other[k] = (other[k] as number) - share * (pivot[k] as number)
      right[row] = (right[row] as number) - share * (right[column] as number)
    }
  }
  const answer = new Array<number>(size).fill(0)
  for (let row = size - 1; row >= 0; row--) {
    const held = matrix[row] as number[]
    let rest = right[row] as number
    for (let k = row + 1; k < size; k++) rest -= (held[k] as number) * (answer[k] as number)
    answer[row] = rest / (held[row] as number)
  }
  return answer
}
