import type { LegalBasis, Sentence } from '../catalogue/item.ts'
import type { Publication } from '../judge/judged-row.ts'
import type { PublicationRules, Regime } from './rule-set.ts'

/** Why a fact is shown, until when, or why not; with the law that says so. */
export interface PublicationText {
  readonly words: Sentence
  readonly basis?: LegalBasis
}

const say = (zh: string, en: string): Sentence => ({ zh, en })
const NOT_SHOWN: Readonly<Record<string, Sentence>> = {
  person: say('自然人的信息不公示。', 'Facts about natural persons are not published.'),
  undated: say(
    '没有决定日期，无法计算公示期，不公示。',
    'Without a day of decision there is no term: not published.',
  ),
  rejected: say('问题数据，已退回，不公示。', 'Returned to its source, not published.'),
  unidentified: say('主体未能确定，不公示。', 'Its subject is not identified: not published.'),
  'rule-failed': say(
    '公示规则无法求值，不公示；请检查规则。',
    'A rule of publication could not be worked out: not published.',
  ),
}

/**
 * The reason behind a publication, read from its rule.
 * @param rules the rule set that decided, in the version that the rule names; undefined where none applies
 */
export function describePublication(
  publication: Publication,
  rules: PublicationRules | undefined,
): PublicationText {
  const { rule, until } = publication
  if (rule.startsWith('sharing/')) {
    return {
      words: say(
        '共享类别不是“公示”，只在政务内部使用。',
        'Its sharing class is not public: for government use alone.',
      ),
    }
  }
  const code = rule.includes('#') ? rule.slice(rule.indexOf('#') + 1) : rule
  const fixed = NOT_SHOWN[code]
  if (fixed !== undefined) return { words: fixed }
  const decided = rules?.rules.find((one) => one.code === code)
  if (decided !== undefined) return { words: decided.words, basis: decided.basis }
  if (code.startsWith('not-published-')) {
    const silent = rules?.regimes?.find((one) => Object.values(one.terms).includes('never'))
    return {
      words: say('该失信程度的信息原则上不公示。', 'Facts of this degree are in principle not published.'),
      ...(silent === undefined ? {} : { basis: silent.basis }),
    }
  }
  const regime = regimeIn(code, rules)
  const basis = regime === undefined ? {} : { basis: regime.basis }
  if (until === undefined) return { words: say('公示，无截止日期。', 'Published without an end.'), ...basis }
  if (publication.from === undefined) {
    return { words: say(`公示期已于${until}届满。`, `Its publication ended on ${until}.`), ...basis }
  }
  return { words: say(`公示至${until}（含当日）。`, `Published up to and including ${until}.`), ...basis }
}

/** The latest of the regimes that a rule names: `order-58+order-36-general` ends by order-36. */
function regimeIn(code: string, rules: PublicationRules | undefined): Regime | undefined {
  let latest: Regime | undefined
  for (const regime of rules?.regimes ?? []) {
    const named = code.split('+').some((part) => part === regime.code || part.startsWith(`${regime.code}-`))
    if (named && (latest === undefined || regime.inForceFrom > latest.inForceFrom)) latest = regime
  }
  return latest
}
