import { Worker } from 'node:worker_threads'
import { RESEMBLES, Screening, ScreeningBuilder } from '../packages/core/src/index.ts'
import { Chance } from '../packages/testkit/src/index.ts'
import type { BenchOptions, BenchResult } from './run.ts'
import { comparedWithPeer } from './screen-peer.ts'
import { plainDatabase } from './screen-plain.ts'
import type { FirstAnswer } from './screen-thread.ts'
import { madeUpCode, type NameSet, nearlyPresent, screeningNames } from './screening-names.ts'
import { DISTORTIONS, Distorter, type ScreeningQuestion } from './screening-questions.ts'

const ROWS = 6_800_000
/** Costs and threshold were fitted on other seeds. */
const SEED = 20_261_125
const TODAY = '2026-01-05'
const EACH = 500
const THREADS = 2
const ROUNDS = 3
const LOOK_UPS = 1_000_000
/** Scores from here on make the curve. */
const LOWEST = 0.02
const CURVE = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]

/**
 * Screening over real and then generated names: by code and by resembling name, against PostgreSQL's look-up of the same
 * codes and pg_trgm's of the same names and questions.
 */
export async function run({ rows = ROWS }: BenchOptions): Promise<BenchResult> {
  say(`reading and making ${rows} names`)
  const names = screeningNames(rows, SEED)
  const { index, buildingMb, buildSeconds, buildCpuSeconds } = build(names)
  const indexMb = index.byteLength / 2 ** 20
  say(`built in ${buildSeconds.toFixed(1)} s, ${indexMb.toFixed(0)} MB`)
  const { questions, near } = ask(names)
  const threads = Array.from(
    { length: THREADS },
    () => new Worker(new URL('./screen-thread.ts', import.meta.url), { workerData: { index, today: TODAY } }),
  )
  const plain = await plainDatabase(names.present, madeUpCode)
  try {
    const screening = new Screening(index)
    const chance = new Chance(SEED)
    const codes = Array.from({ length: LOOK_UPS }, () => madeUpCode(chance.below(rows)))
    let fuzzyPerSecond = 0
    let fuzzyPerCpuSecond = 0
    let exactPerCpuSecond = 0
    let exactPerSecond = 0
    let plainExact = { single: 0, batched: 0 }
    let answers: FirstAnswer[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const before = process.cpuUsage()
      const begin = performance.now()
      let found = 0
      for (const code of codes) found += screening.exact(code, TODAY).length
      if (found < codes.length) throw new Error(`${codes.length - found} codes not found`)
      exactPerSecond = Math.max(exactPerSecond, (codes.length / (performance.now() - begin)) * 1000)
      exactPerCpuSecond = Math.max(exactPerCpuSecond, codes.length / cpuSeconds(before))
      const looked = await plain.lookUp(codes)
      plainExact = {
        single: Math.max(plainExact.single, looked.single),
        batched: Math.max(plainExact.batched, looked.batched),
      }
      const beforeFuzzy = process.cpuUsage()
      const fuzzy = await askThreads(
        threads,
        questions.map(({ text }) => text),
        RESEMBLES,
      )
      fuzzyPerSecond = Math.max(fuzzyPerSecond, fuzzy.perSecond)
      fuzzyPerCpuSecond = Math.max(fuzzyPerCpuSecond, questions.length / cpuSeconds(beforeFuzzy))
      say(
        `round ${round + 1}: ${fuzzy.perSecond.toFixed(0)} resembling, ${exactPerSecond.toFixed(0)} exact a second`,
      )
    }
    answers = (
      await askThreads(
        threads,
        questions.map(({ text }) => text),
        LOWEST,
      )
    ).answers
    const distorter = new Distorter(names.present.slice(0, Math.max(1, names.real)), SEED)
    const judged = judge(questions, near, answers, (question, answer) =>
      distorter.canBe(question, names.present[answer.id] as string),
    )
    const trgm = await plain.resembling(questions, near, (question, name) => distorter.canBe(question, name))
    return {
      name: 'screen',
      figures: {
        rows,
        realNames: names.real,
        questions: questions.length,
        absentNearlyPresent: near.size,
        fuzzyPerSecond,
        fuzzyPerCpuSecond,
        exactPerSecond,
        exactPerCpuSecond,
        buildSeconds,
        buildCpuSeconds,
        indexMb,
        buildingMb,
        peakMb: process.resourceUsage().maxRSS / 1024,
        ...judged,
        plainExactPerSecond: plainExact.single,
        plainExactBatchedPerSecond: plainExact.batched,
        ...trgm,
        ...comparedWithPeer(names, TODAY, SEED),
      },
      ratios: {
        exactToPlain: exactPerSecond / plainExact.single,
        exactToPlainBatched: exactPerSecond / plainExact.batched,
        fuzzyToTrgm: fuzzyPerSecond / trgm.trgmPerSecond,
      },
    }
  } finally {
    await plain.close()
    await Promise.all(threads.map((thread) => thread.terminate()))
  }
}

function build({ present }: NameSet): {
  index: SharedArrayBuffer
  buildingMb: number
  buildSeconds: number
  buildCpuSeconds: number
} {
  const codes = present.map((_, index) => madeUpCode(index))
  const begin = performance.now()
  const before = process.cpuUsage()
  const builder = new ScreeningBuilder({ expected: present.length })
  for (let id = 0; id < present.length; id++)
    builder.add({ id, uscc: codes[id], name: present[id] as string, kind: 'organisation', from: TODAY })
  const index = builder.finish()
  const buildingMb = process.memoryUsage().arrayBuffers / 2 ** 20
  return {
    index,
    buildingMb,
    buildSeconds: (performance.now() - begin) / 1000,
    buildCpuSeconds: cpuSeconds(before),
  }
}

function ask({ present, absent, real }: NameSet): { questions: ScreeningQuestion[]; near: Set<number> } {
  const asked = present.slice(0, real === 0 ? present.length : real)
  const distorter = new Distorter(asked, SEED)
  const chance = new Chance(SEED + 1)
  const questions: ScreeningQuestion[] = []
  for (const kind of DISTORTIONS) {
    for (let made = 0; made < EACH; ) {
      const question = distorter.question(kind, chance.pick(asked))
      if (question === undefined) continue
      questions.push(question)
      made++
    }
  }
  const distorted = questions.length
  for (let i = 0; i < Math.min(distorted, absent.length); i++)
    questions.push({ kind: 'absent', text: absent[i] as string, way: 0 })
  for (let i = questions.length - 1; i > 0; i--) {
    const other = chance.below(i + 1)
    ;[questions[i], questions[other]] = [
      questions[other] as ScreeningQuestion,
      questions[i] as ScreeningQuestion,
    ]
  }
  say('looking for absent names that are one edit from a present one')
  const places = questions.flatMap(({ kind }, place) => (kind === 'absent' ? [place] : []))
  const near = nearlyPresent(
    places.map((place) => (questions[place] as ScreeningQuestion).text),
    present,
  )
  return { questions, near: new Set([...near].map((index) => places[index] as number)) }
}

async function askThreads(
  threads: readonly Worker[],
  texts: readonly string[],
  atLeast: number,
): Promise<{ answers: FirstAnswer[]; perSecond: number }> {
  const share = Math.ceil(texts.length / threads.length)
  const begin = performance.now()
  const parts = await Promise.all(
    threads.map(
      (thread, index) =>
        new Promise<FirstAnswer[]>((resolve, reject) => {
          thread.once('error', reject)
          thread.once('message', ({ answers }: { answers: FirstAnswer[] }) => resolve(answers))
          thread.postMessage({ texts: texts.slice(index * share, (index + 1) * share), atLeast })
        }),
    ),
  )
  return { answers: parts.flat(), perSecond: (texts.length / (performance.now() - begin)) * 1000 }
}

/** Absent names that are no namesakes count as many as the distorted ones, whatever their number. */
function judge(
  questions: readonly ScreeningQuestion[],
  near: ReadonlySet<number>,
  answers: readonly FirstAnswer[],
  isRight: (question: ScreeningQuestion, answer: FirstAnswer) => boolean,
): Record<string, number> {
  const judged = questions.map((question, place) => {
    const answer = answers[place] as FirstAnswer
    return {
      kind: near.has(place) ? 'nearlyPresent' : question.kind,
      score: answer.score,
      right: answer.id >= 0 && question.name !== undefined && isRight(question, answer),
    }
  })
  const distorted = judged.filter(({ kind }) => kind !== 'absent' && kind !== 'nearlyPresent')
  const absent = judged.filter(({ kind }) => kind === 'absent')
  const at = (threshold: number) => {
    const answered = distorted.filter(({ score }) => score >= threshold)
    const right = answered.filter((each) => each.right).length
    const claimed =
      (absent.filter(({ score }) => score >= threshold).length * distorted.length) /
      Math.max(1, absent.length)
    return {
      recall: right / distorted.length,
      precision: right / Math.max(1, answered.length + claimed),
    }
  }
  const figures: Record<string, number> = { ...at(RESEMBLES), threshold: RESEMBLES }
  for (const kind of [...DISTORTIONS, 'absent', 'nearlyPresent']) {
    const of = judged.filter((each) => each.kind === kind)
    const answered = of.filter(({ score }) => score >= RESEMBLES)
    if (kind === 'absent' || kind === 'nearlyPresent') {
      figures[`${kind}Claimed`] = answered.length / Math.max(1, of.length)
      continue
    }
    const right = answered.filter((each) => each.right).length
    figures[`${kind}First`] = of.filter((each) => each.right).length / Math.max(1, of.length)
    figures[`${kind}Recall`] = right / Math.max(1, of.length)
    figures[`${kind}Precision`] = right / Math.max(1, answered.length)
  }
  for (const threshold of CURVE) {
    const { recall, precision } = at(threshold)
    figures[`recallAt${threshold}`] = recall
    figures[`precisionAt${threshold}`] = precision
  }
  return figures
}

/** Of all threads of this process: what else the machine does is not in it. */
function cpuSeconds(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
