import { parentPort } from 'node:worker_threads'
import { Screening } from '@xinheng/core'
import type { NameQuestion, Proposal, ThreadOrder, ThreadReply } from './messages.ts'

// Answers by name from the set that all threads share; changes are told to each.
let screening: Screening | undefined

parentPort?.on('message', (order: ThreadOrder) => {
  if ('swap' in order) {
    if (screening === undefined) {
      screening = new Screening(order.swap)
      for (const change of order.since) screening.apply(change)
    } else screening.swap(order.swap, order.since)
    return
  }
  if ('apply' in order) {
    for (const change of order.apply) screening?.apply(change)
    return
  }
  const { ask, today, questions } = order
  const answers = questions.map((question) => {
    try {
      return proposalsFor(question, today)
    } catch (error) {
      return { fault: String(error) }
    }
  })
  parentPort?.postMessage({ asked: ask, answers } satisfies ThreadReply)
})

function proposalsFor({ name, options }: NameQuestion, today: string): Proposal[] {
  if (screening === undefined) throw new Error('the set is not loaded')
  return screening.resembling({ kind: 'organisation', name }, today, options).map(({ id, score, parts }) => ({
    listing: id,
    score: Math.round(score * 1000) / 1000,
    matches: parts
      .filter(({ same, entry }) => same && entry !== '')
      .map(({ part, entry }) => `${part}:${entry}`),
    differs: parts
      .filter(({ same }) => !same)
      .map(({ part, question, entry }) => `${part}:${question || '—'}→${entry || '—'}`),
  }))
}
