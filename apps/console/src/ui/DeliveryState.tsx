import type { DeliveryLine } from '../deliveries.ts'
import { type Sentence, useSay } from '../language.ts'
import { Mark, type Tone } from './Mark.tsx'

const STATES: Readonly<Record<string, { tone: Tone; words: Sentence }>> = {
  waiting: { tone: 'quiet', words: { zh: '排队中', en: 'waiting' } },
  processing: { tone: 'busy', words: { zh: '处理中', en: 'at work' } },
  done: { tone: 'good', words: { zh: '已完成', en: 'done' } },
  refused: { tone: 'bad', words: { zh: '整批退回', en: 'refused' } },
}
const TO_MEND = { tone: 'warn' as const, words: { zh: '有退回待改', en: 'rows to mend' } }

/** Where a delivery stands, in a word. */
export function DeliveryState({ delivery }: { delivery: Pick<DeliveryLine, 'state' | 'stillRejected'> }) {
  const s = useSay()
  const known = delivery.state === 'done' && delivery.stillRejected > 0 ? TO_MEND : STATES[delivery.state]
  return known === undefined ? null : <Mark tone={known.tone}>{s(known.words)}</Mark>
}

/** Colours of outcomes in lists. */
export const OUTCOME_TONES: Readonly<Record<string, Tone>> = {
  loaded: 'good',
  updated: 'busy',
  unchanged: 'quiet',
  rejected: 'bad',
  inReview: 'warn',
}

export const OUTCOMES: Readonly<Record<string, Sentence>> = {
  loaded: { zh: '新入库', en: 'loaded' },
  updated: { zh: '已更新', en: 'updated' },
  unchanged: { zh: '无变化', en: 'unchanged' },
  rejected: { zh: '退回', en: 'rejected' },
  inReview: { zh: '待审', en: 'in review' },
}
