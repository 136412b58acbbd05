import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Screening, ScreeningBuilder } from '../packages/core/src/index.ts'
import { Chance } from '../packages/testkit/src/index.ts'
import { bestOf, type Judged } from './screen-judged.ts'
import { type NameSet, nearlyPresent } from './screening-names.ts'
import { DISTORTIONS, Distorter, type ScreeningQuestion } from './screening-questions.ts'

const PEER = fileURLToPath(new URL('./peers/with_nomenklatura.py', import.meta.url))
const NAMES = 20_000
const EACH = 40
const LOWEST = 0.02
const MOST_OUTPUT = 64 * 2 ** 20

interface PeerAnswers {
  readonly version: string
  readonly seconds: number
  /** By its own blocker, and of the candidates that ours found. */
  readonly answers: readonly (readonly [index: number, score: number])[]
  readonly scored: readonly (readonly [index: number, score: number])[]
}

/**
 * nomenklatura and ours, one thread each, over the same 20,000 names with the same questions; nothing where
 * XINHENG_PEER_PYTHON names no Python that has it.
 */
export function comparedWithPeer(
  { present, absent, real }: NameSet,
  today: string,
  seed: number,
): Record<string, number | string> {
  const python = process.env.XINHENG_PEER_PYTHON
  if (python === undefined) return {}
  const names = present.slice(0, Math.min(NAMES, real))
  const distorter = new Distorter(names, seed)
  const chance = new Chance(seed + 2)
  const distorted: ScreeningQuestion[] = []
  for (const kind of DISTORTIONS) {
    for (let made = 0; made < EACH; ) {
      const question = distorter.question(kind, chance.pick(names))
      if (question === undefined) continue
      distorted.push(question)
      made++
    }
  }
  const some = absent.slice(0, distorted.length * 2)
  const near = nearlyPresent(some, names)
  const nobody = some
    .filter((_, index) => !near.has(index))
    .slice(0, distorted.length)
    .map((text): ScreeningQuestion => ({ kind: 'absent', text, way: 0 }))
  const questions = [...distorted, ...nobody]
  const judged = (answers: readonly (readonly [number, number])[]): Judged[] =>
    answers.map(([index, score], place) => ({
      score,
      right: index >= 0 && distorter.canBe(questions[place] as ScreeningQuestion, names[index] as string),
    }))

  const builder = new ScreeningBuilder({ expected: names.length })
  for (let id = 0; id < names.length; id++)
    builder.add({ id, name: names[id] as string, kind: 'organisation' })
  const screening = new Screening(builder.finish())
  const answer = ({ text }: ScreeningQuestion): readonly [number, number] => {
    const [first] = screening.resembling({ kind: 'organisation', name: text }, today, {
      atLeast: LOWEST,
      limit: 1,
    })
    return first === undefined ? [-1, 0] : [first.id, first.score]
  }
  questions.map(answer)
  const begin = performance.now()
  const ours = questions.map(answer)
  const perSecond = (questions.length / (performance.now() - begin)) * 1000

  const candidates = questions.map(({ text }) =>
    screening
      .resembling({ kind: 'organisation', name: text }, today, { atLeast: LOWEST })
      .map(({ id }) => id),
  )
  const { stdout, status, stderr } = spawnSync(python, [PEER], {
    input: JSON.stringify({ names, questions: questions.map(({ text }) => text), candidates }),
    encoding: 'utf8',
    maxBuffer: MOST_OUTPUT,
  })
  if (status !== 0) throw new Error(`the peer did not answer: ${stderr.slice(-500)}`)
  const peer = JSON.parse(stdout) as PeerAnswers
  const oursBest = bestOf(judged(ours), distorted.length)
  const peerBest = bestOf(judged(peer.answers), distorted.length)
  const peerScored = bestOf(judged(peer.scored), distorted.length)
  return {
    peer: `nomenklatura ${peer.version}`,
    peerNames: names.length,
    peerQuestions: questions.length,
    peerRecall: peerBest.recall,
    peerPrecision: peerBest.precision,
    peerThreshold: peerBest.threshold,
    peerScoringOursRecall: peerScored.recall,
    peerScoringOursPrecision: peerScored.precision,
    peerPerSecond: questions.length / peer.seconds,
    besidePeerRecall: oursBest.recall,
    besidePeerPrecision: oursBest.precision,
    besidePeerPerSecond: perSecond,
  }
}
