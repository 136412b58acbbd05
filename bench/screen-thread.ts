import { parentPort, workerData } from 'node:worker_threads'
import { Screening } from '../packages/core/src/index.ts'

/** What the thread tells of each question: the first answer alone, at any score. */
export interface FirstAnswer {
  readonly id: number
  readonly score: number
}

const { index, today } = workerData as { index: SharedArrayBuffer; today: string }
const screening = new Screening(index)
const NOBODY: FirstAnswer = { id: -1, score: 0 }

parentPort?.on('message', ({ texts, atLeast }: { texts: readonly string[]; atLeast: number }) => {
  const options = { atLeast, limit: 1 }
  const begin = performance.now()
  const answers = texts.map((name): FirstAnswer => {
    const [first] = screening.resembling({ kind: 'organisation', name }, today, options)
    return first === undefined ? NOBODY : { id: first.id, score: first.score }
  })
  parentPort?.postMessage({ answers, ms: performance.now() - begin })
})
