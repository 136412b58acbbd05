import type { Words } from './model.ts'
import { w } from './words.ts'

/**
 * The guide's parts.
 * @see 信用修复管理办法 (NDRC Order 36) 12–18, 26; 个人信息保护法 44–50
 */
export const GUIDE: readonly {
  readonly id: string
  readonly title: Words
  readonly paragraphs: readonly Words[]
}[] = [
  {
    id: 'objection',
    title: w('异议申诉', 'Objections'),
    paragraphs: [
      w(
        '认为公示的信息有错误、遗漏，或公示期限不对的，可以向信用中心或作出决定的单位提出异议，并提供证明材料。',
        'If a published fact is wrong, incomplete or shown too long, object at the credit centre or the deciding unit with proof.',
      ),
      w(
        '异议在1个工作日内转交，受理后7个工作日内核查完毕；核查期间该信息会标注“异议处理中”。确有错误的，更正或删除，并告知取得过该信息的单位。',
        'Objections are passed on within one working day and examined within seven working days of acceptance; the fact is marked meanwhile. What is wrong is corrected or removed, and whoever received it is told.',
      ),
      w(
        '提出时请附上信息页面的永久链接。不收取任何费用。',
        'Please give the lasting link of the fact. It is free.',
      ),
    ],
  },
  {
    id: 'repair',
    title: w('信用修复', 'Credit repair'),
    paragraphs: [
      w(
        '最短公示期届满、违法行为已纠正、义务已履行的，可以申请信用修复：提交履行义务的证明材料和信用承诺书。',
        'When the minimum term is over, the fault corrected and all duties performed, you may apply for credit repair with proof of performance and a letter of commitment.',
      ),
      w(
        '由认定失信信息的单位办理：3个工作日内决定是否受理，受理后7个工作日内作出决定（情况复杂的可延长10个工作日）。不收取任何费用。',
        'The unit that found the fact decides: three working days to accept, seven to decide (ten more if complex). It is free.',
      ),
      w(
        '依据：信用修复管理办法（国家发展改革委令第36号，2026年4月1日起施行）。',
        'Basis: Measures for Credit Repair (NDRC Order 36, in force from 1 April 2026).',
      ),
    ],
  },
  {
    id: 'terms',
    title: w('公示多久', 'How long a fact is shown'),
    paragraphs: [
      w(
        '行政处罚的公示期自作出决定之日起算，由失信程度决定：轻微的原则上不公示，确需公示的不超过3个月；一般的3个月至1年；严重的1年至3年。每条信息都写明截止日期和所依据的规则。',
        'The term of a penalty runs from the decision and follows its gravity: minor ones are in principle not published, or at most three months; ordinary ones three months to a year; grave ones one to three years. Every fact names its last day and its rule.',
      ),
      w(
        '公示期满的信息在次日零时自动从页面、接口和数据文件中撤下。',
        'What has ended leaves pages, interface and files by itself at midnight.',
      ),
    ],
  },
  {
    id: 'persons',
    title: w('个人信息保护', 'Personal data'),
    paragraphs: [
      w(
        '本站不公示自然人的行政许可、行政处罚和失信信息，不对自然人评分、分级或排名。',
        'Nothing about natural persons is published here; nobody is scored, graded or ranked.',
      ),
      w(
        '身份证件号码加密保存，任何页面、接口、文件都不会出现；手机号码、银行账号不予公示。',
        'Identity numbers are encrypted and appear on no page, in no interface and no file; telephone and account numbers are not published.',
      ),
      w(
        '适用简易程序的处罚、仅警告或者通报批评的处罚、涉及未成年人的信息和依法不予公开的信息不公示。',
        'Penalties by the simple procedure, warnings and circulated criticism alone, facts about minors and what the law withholds are not published.',
      ),
    ],
  },
]
