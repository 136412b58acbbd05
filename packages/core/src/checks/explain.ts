import type { Sentence } from '../catalogue/item.ts'
import type { AnswerInput, CheckResult, HitEffect, Match, StandingEntry } from './shapes.ts'

const EFFECTS: Readonly<Record<HitEffect, Sentence>> = {
  remind: { zh: '提示', en: 'a reminder' },
  warn: { zh: '警示', en: 'a warning' },
  intercept: {
    zh: '拦截：该事项中止办理，由经办人员决定维持或解除',
    en: 'an intercept: the matter rests until an officer keeps or lifts it',
  },
  reward: { zh: '激励', en: 'an incentive' },
  toBeDecidedByAnOfficer: {
    zh: '由工作人员决定，不自动处理',
    en: 'for an officer to decide; nothing is automatic',
  },
}

/** The answer in words: who, which list, which document, which law, what follows, until when. */
export function explain(
  input: AnswerInput,
  result: CheckResult,
  matches: readonly Match[],
  suspended: readonly StandingEntry[],
): Sentence {
  const zh: string[] = []
  const en: string[] = []
  const who =
    input.kind === 'person'
      ? { zh: '申请人', en: 'the applicant' }
      : { zh: `${input.name}（${input.identifier}）`, en: `${input.name} (${input.identifier})` }
  const at = instantInWords(input.at)
  if (result === 'clear') {
    const lists = covered(input)
    const names = (language: 'zh' | 'en') =>
      lists.map((list) => list[language]).join(language === 'zh' ? '、' : ', ')
    zh.push(
      `截至${at.zh}，就事项“${input.matter.name}”所订阅的措施，未发现${who.zh}在有效名单中。`,
      lists.length === 0 ? '' : `本次比对的名单：${names('zh')}。没有记录不等于没有违法失信。`,
    )
    en.push(
      `As of ${at.en}, none of the measures that the unit applies to “${input.matter.name}” meets ${who.en}.`,
      lists.length === 0 ? '' : `Lists compared: ${names('en')}. No record is no proof of good conduct.`,
    )
  } else zh.push(`截至${at.zh}，就事项“${input.matter.name}”：`)
  if (result !== 'clear') en.push(`As of ${at.en}, for “${input.matter.name}”:`)
  for (const { entry, measure, effect } of matches) {
    const { list, origin, ...fact } = entry
    const until = fact.until === null ? '无固定期限' : `至${dayInWords(fact.until)}`
    const from = origin === undefined ? '' : `（${origin.city}共享，按协议${origin.agreement}互认）`
    // A list without decisions of its own, such as a yearly rating, names neither.
    const decided = [fact.authority, fact.documentNumber].filter((part) => part !== '')
    const by = {
      zh: decided.length === 0 ? '' : `${decided.join(' ')}，`,
      en: decided.map((part) => `${part}, `).join(''),
    }
    zh.push(
      `${who.zh}在“${list.title.zh}”中${from}：${by.zh}${dayInWords(fact.listedOn)}列入，${until}${fact.reason === null ? '' : `，事由：${fact.reason}`}。依据《${measure.law}》${measure.article}，适用“${measure.title.zh}”——${EFFECTS[effect].zh}。`,
    )
    en.push(
      `${who.en} stands on the list “${list.title.en}”${origin === undefined ? '' : ` (shared by ${origin.city} under agreement ${origin.agreement})`}: ${by.en}listed on ${fact.listedOn}${fact.until === null ? ', without a fixed end' : `, until ${fact.until}`}. By ${measure.law}, ${measure.article}, “${measure.title.en}” applies: ${EFFECTS[effect].en}.`,
    )
  }
  if (suspended.length > 0) {
    const names = suspended.map(({ list }) => list.title)
    zh.push(`因在“${names.map((one) => one.zh).join('”“')}”中，激励措施暂停适用。`)
    en.push(`Incentives rest while it stands on ${names.map((one) => one.en).join(', ')}.`)
  }
  if (input.kind !== 'person' && input.resembling.length > 0) {
    zh.push(`另有${input.resembling.length}个名称相近的主体，仅供人工核对，不作为处理依据。`)
    en.push(
      `${input.resembling.length} names resemble it: for a person to look at, and no ground of anything.`,
    )
  }
  return { zh: zh.filter((one) => one !== '').join(''), en: en.filter((one) => one !== '').join(' ') }
}

function covered(input: AnswerInput): Sentence[] {
  return [...new Set(input.measures.flatMap(({ lists }) => lists))]
    .sort()
    .map((code) => input.lists[code] ?? { zh: code, en: code })
}

function dayInWords(day: string): string {
  const [year, month, date] = day.split('-')
  return `${Number(year)}年${Number(month)}月${Number(date)}日`
}

function instantInWords(at: number): Sentence {
  const local = new Date(at + 8 * 3_600_000).toISOString()
  return {
    zh: `${dayInWords(local.slice(0, 10))}${local.slice(11, 16)}`,
    en: `${local.slice(0, 10)} ${local.slice(11, 16)} (Asia/Shanghai)`,
  }
}
