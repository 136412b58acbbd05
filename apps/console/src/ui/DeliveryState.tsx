import { Tag } from 'antd'
import type { DeliveryLine } from '../deliveries.ts'
import { type Sentence, useSay } from '../language.ts'

const STATES: Readonly<Record<string, { colour: string; words: Sentence }>> = {
  waiting: { colour: 'default', words: { zh: '排队中', en: 'waiting' } },
  processing: { colour: 'processing', words: { zh: '处理中', en: 'at work' } },
  done: { colour: 'success', words: { zh: '已完成', en: 'done' } },
  refused: { colour: 'error', words: { zh: '整批退回', en: 'refused' } },
}
const TO_MEND = { colour: 'warning', words: { zh: '有退回待改', en: 'rows to mend' } }

/** Where a delivery stands, in a word. */
export function DeliveryState({ delivery }: { delivery: Pick<DeliveryLine, 'state' | 'stillRejected'> }) {
  const s = useSay()
  const known = delivery.state === 'done' && delivery.stillRejected > 0 ? TO_MEND : STATES[delivery.state]
  return known === undefined ? null : <Tag color={known.colour}>{s(known.words)}</Tag>
}

export const OUTCOMES: Readonly<Record<string, Sentence>> = {
  loaded: { zh: '新入库', en: 'loaded' },
  updated: { zh: '已更新', en: 'updated' },
  unchanged: { zh: '无变化', en: 'unchanged' },
  rejected: { zh: '退回', en: 'rejected' },
  inReview: { zh: '待审', en: 'in review' },
}
