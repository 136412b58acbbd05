import type { CaseFault, DomainFault } from '@xinheng/core'
import { DomainError } from '../../../platform/errors/domain-error.ts'

interface Words {
  readonly zh: string
  readonly en: string
  readonly remedyZh: string
  readonly remedyEn: string
}

const WORDS: Readonly<Record<CaseFault, Words>> = {
  'listing-case.stage': {
    zh: '案件现在的阶段不能做这一步。',
    en: 'The case does not stand where this step can be taken.',
    remedyZh: '刷新页面查看案件进度。',
    remedyEn: 'Load the page again to see where it stands.',
  },
  'listing-case.defence-open': {
    zh: '陈述申辩期未满，不能提出或作出决定。',
    en: 'The time for the defence is not over: nothing may be decided yet.',
    remedyZh: '期满次日起再办理。',
    remedyEn: 'Go on from the day after its end.',
  },
  'listing-case.defence-over': {
    zh: '收到日期晚于陈述申辩期限。',
    en: 'It was received after the time for the defence.',
    remedyZh: '核对收到日期；逾期意见可在处理意见中说明。',
    remedyEn: 'Check the day; what came late can be answered in the opinion.',
  },
  'listing-case.own-act': {
    zh: '提出的人不能作出决定。',
    en: 'Who proposed it does not decide it.',
    remedyZh: '请本单位另一位审核员决定。',
    remedyEn: 'Let another reviewer of the unit decide.',
  },
  'listing-case.served-later': {
    zh: '送达日期不能早于提出日期，也不能晚于今天。',
    en: 'The notice cannot be served before the proposal, nor after today.',
    remedyZh: '按送达回证填写日期。',
    remedyEn: 'Enter the day of the receipt.',
  },
  'listing-case.term': {
    zh: '期限超过该名单法定期限。',
    en: 'The term is longer than the list’s law allows.',
    remedyZh: '按名单规定的月数填写。',
    remedyEn: 'Keep to the months of the list.',
  },
  'listing-case.exit': {
    zh: '该名单没有这种移出情形。',
    en: 'The list knows no such way off.',
    remedyZh: '从名单规定的移出情形中选择。',
    remedyEn: 'Choose one of those of the list.',
  },
  'listing-case.too-early': {
    zh: '未满该名单规定的最短期限，不能以此理由移出。',
    en: 'The shortest time before such a delisting is not over.',
    remedyZh: '满最短期限后再提出；决定有误的，以撤销移出。',
    remedyEn: 'Propose it later; where the decision was wrong, delist as revoked.',
  },
}

export function caseFault(code: CaseFault): DomainError {
  return new DomainError(code, { ...WORDS[code], status: 409 })
}

export const unknownCase = (): DomainError =>
  new DomainError('listing-case.unknown', {
    zh: '没有这个案件。',
    en: 'There is no such case.',
    remedyZh: '从案件列表中打开。',
    remedyEn: 'Open it from the list of cases.',
    status: 404,
  })

export const notThisUnits = (list: string): DomainError =>
  new DomainError('listing-case.not-the-authority', {
    zh: `本单位不是“${list}”的认定机关，或该名单不在本平台认定。`,
    en: `Your unit is not the authority of “${list}”, or it is decided elsewhere.`,
    remedyZh: '只能列入本单位有权认定的名单；在他处决定的，按目录项报送。',
    remedyEn: 'List where your unit is the authority; what was decided elsewhere is delivered.',
    status: 403,
  })

export const notAnObject = (): DomainError =>
  new DomainError('listing-case.not-an-object', {
    zh: '代码不对，或该主体不属于这个名单的对象。',
    en: 'The code is not right, or the list does not concern such a subject.',
    remedyZh: '核对18位统一社会信用代码和名单的对象。自然人不在本平台列入。',
    remedyEn: 'Check the 18 characters and whom the list concerns. Natural persons are not listed here.',
  })

export const standsAlready = (): DomainError =>
  new DomainError('listing-case.stands', {
    zh: '该主体在这个名单上已有未结的案件。',
    en: 'There is an open case of this subject and list.',
    remedyZh: '打开已有的案件继续办理。',
    remedyEn: 'Go on with that case.',
    status: 409,
  })

export const yearUnknown = (fault: DomainFault): DomainError =>
  new DomainError(fault.code, {
    zh: fault.zh,
    en: fault.en,
    remedyZh: '请信用中心先录入该年度节假日安排，再送达告知。',
    remedyEn: 'Let the credit centre enter the holidays of that year first.',
    status: 409,
  })

export const wordsNeeded = (): DomainError =>
  new DomainError('listing-case.words', {
    zh: '请写明列入原因、事实和依据。',
    en: 'Reason, facts and law have to be stated.',
    remedyZh: '三项都须填写，不能只有空格。',
    remedyEn: 'Fill in all three; spaces alone are not enough.',
  })
