import type { ItemFault } from '../catalogue/item-fault.ts'
import { isRealDay } from '../catalogue/real-day.ts'
import type { Measure, MeasureGround } from './measure.ts'

const TEXTS = {
  'measure.day': [
    '“{day}”不是真实的日期。',
    '“{day}” is no day.',
    '核对年、月、日。',
    'Check year, month and day.',
  ],
  'measure.without-law': [
    '没有法律依据的措施不能适用。',
    'A measure without a law cannot be applied.',
    '写明法律名称和条款；尚不清楚的写 state: withoutLaw。',
    'Name law and article, or write state: withoutLaw.',
  ],
  'measure.grounds-unused': [
    'withoutLaw 的措施不写依据。',
    'A measure that is withoutLaw has no grounds.',
    '删去 grounds，或改为 applicable。',
    'Remove the grounds or make it applicable.',
  ],
  'measure.free-choice': [
    'C 类措施由他人自行决定，平台不适用。',
    'Family C is the free choice of others and applied by nobody here.',
    '写 state: withoutLaw。',
    'Write state: withoutLaw.',
  ],
  'measure.intercept-family': [
    '只有 A 类措施可以拦截。',
    'Only family A may intercept.',
    '改为 remind 或 warn。',
    'Make it remind or warn.',
  ],
  'measure.intercept-object': [
    '拦截只对组织。',
    'Only organisations are intercepted.',
    '自然人另立一条依据，只写 remind 或 warn：由工作人员决定。',
    'Write a ground of its own for persons with remind or warn: an officer decides.',
  ],
  'measure.family-law': [
    'A 类措施须依法律、法规或司法解释，“{kind}”不够。',
    'Family A stands on law, regulation or judicial interpretation; “{kind}” is not enough.',
    '引用上位法，或归入 B 类。',
    'Cite the law, or make it family B.',
  ],
  'measure.reward-family': [
    '激励（reward）与 R 类须一致。',
    'reward and family R go together.',
    'R 类只写 reward，其他类别不写。',
    'Family R has reward alone, the others do not have it.',
  ],
  'measure.list-unknown': [
    '没有名单“{list}”。',
    'There is no list “{list}”.',
    '改用 policy/lists 下的名单代码。',
    'Use the code of a list under policy/lists.',
  ],
  'measure.reversed': [
    '止期早于起期。',
    'It ends before it begins.',
    '核对施行和废止日期。',
    'Check the days in force.',
  ],
} as const

const OF_LAW = ['law', 'regulation', 'judicialInterpretation', 'rule']

/**
 * What is wrong with a measure beyond its shape.
 * @param lists codes of the lists there are; undefined where they are not known
 */
export function findMeasureFaults(measure: Measure, lists: ReadonlySet<string> | undefined): ItemFault[] {
  const faults: ItemFault[] = []
  const add = (
    code: keyof typeof TEXTS,
    path: readonly (string | number)[],
    values: Record<string, string> = {},
  ) => {
    const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
    const [zh, en, remedyZh, remedyEn] = TEXTS[code]
    faults.push({
      path,
      code,
      zh: fill(zh),
      en: fill(en),
      remedyZh: fill(remedyZh),
      remedyEn: fill(remedyEn),
    })
  }
  if (!isRealDay(measure.inForceFrom)) add('measure.day', ['inForceFrom'], { day: measure.inForceFrom })
  if (measure.state === 'withoutLaw') {
    if (measure.grounds.length > 0) add('measure.grounds-unused', ['grounds'])
    return faults
  }
  if (measure.family === 'C') add('measure.free-choice', ['family'])
  if (measure.grounds.length === 0) add('measure.without-law', ['grounds'])
  measure.grounds.forEach((ground, index) => {
    const at = ['grounds', index] as const
    if (ground.law.trim() === '') add('measure.without-law', [...at, 'law'])
    if (ground.article.trim() === '') add('measure.without-law', [...at, 'article'])
    for (const member of ['from', 'until'] as const) {
      const day = ground[member]
      if (day !== undefined && !isRealDay(day)) add('measure.day', [...at, member], { day })
    }
    if (ground.until !== undefined && ground.until < ground.from) add('measure.reversed', [...at, 'until'])
    if (ground.effects.includes('intercept')) {
      if (measure.family !== 'A') add('measure.intercept-family', [...at, 'effects'])
      if (ground.objects.some((object) => object !== 'organisation'))
        add('measure.intercept-object', [...at, 'objects'])
    }
    if (measure.family === 'A' && !OF_LAW.includes(ground.kind))
      add('measure.family-law', [...at, 'kind'], { kind: ground.kind })
    if (!agreesOnReward(measure, ground)) add('measure.reward-family', [...at, 'effects'])
    ground.lists.forEach((list, place) => {
      if (lists !== undefined && !lists.has(list))
        add('measure.list-unknown', [...at, 'lists', place], { list })
    })
  })
  return faults
}

function agreesOnReward(measure: Measure, ground: MeasureGround): boolean {
  return measure.family === 'R'
    ? ground.effects.every((effect) => effect === 'reward')
    : !ground.effects.includes('reward')
}
