import type { Sentence } from '../catalogue/item.ts'

const say = (zh: string, en: string): Sentence => ({ zh, en })

/** What standardising changed; nothing needs to be done, but whoever delivered it may want it right at the source. */
export const REPAIR_TEXTS: Readonly<Record<string, Sentence>> = {
  FULL_WIDTH: say('全角字符转为半角。', 'Full-width characters made half width.'),
  SPACES: say('删去多余的空格。', 'Superfluous spaces removed.'),
  INVISIBLE: say('删去不可见字符。', 'Invisible characters removed.'),
  CONTROL: say('删去控制字符。', 'Control characters removed.'),
  LINE_BREAKS: say('换行改为空格。', 'Line breaks made spaces.'),
  APOSTROPHE: say(
    '删去表格软件加在前面的单引号。',
    'The apostrophe that a spreadsheet put in front removed.',
  ),
  LOWER_CASE: say('小写字母转为大写。', 'Lower case made upper case.'),
  SEPARATORS: say('删去代码中的分隔符。', 'Separators inside a code removed.'),
  CONVERTED_15: say('15位旧号码换算为18位。', 'An old number of 15 digits converted to 18.'),
  DATE_FORM: say('日期改为标准写法。', 'A day rewritten in the standard form.'),
  DATE_HAN: say('汉字日期改为数字。', 'A day in Han characters rewritten in digits.'),
  DATE_SERIAL: say('表格软件的日期序号换算为日期。', 'A spreadsheet’s serial number converted to a day.'),
  TIME_DROPPED: say('日期后的时间略去。', 'The time after a day dropped.'),
  THOUSANDS: say('删去金额中的千位分隔符。', 'Thousands separators removed from an amount.'),
  UNIT_WORDS: say('数字后的单位已换算并略去。', 'The unit beside a number converted and dropped.'),
  CODE_WORD: say('别称改为规定的值。', 'A word in use replaced by the canonical value.'),
  CODE_SEPARATOR: say('多个值之间的分隔符统一为“；”。', 'The separator between several values made “；”.'),
  unknown: say('已按标准整理。', 'Brought into standard form.'),
}

/** Why a fact that might be public waits for people, and what releases it. */
export const HOLD_TEXTS: Readonly<Record<string, Sentence>> = {
  PERSONAL_DATA_IN_TEXT: say(
    '公示内容中疑有个人信息，暂不公示；由两人核对后放行，或由来源单位更正后重新报送。',
    'A text to be published seems to hold personal data: held until two people release it or the source corrects it.',
  ),
  PROCEDURE_UNKNOWN: say(
    '未注明适用程序，可能为简易程序，暂不公示；请来源单位补充“适用程序”后重新报送。',
    'The procedure is not stated and may be the simple one: held until the source states it.',
  ),
  AWAITS_RELEASE: say(
    '该目录项须由本单位第二人核对后发布，暂不公示。',
    'The item asks a second person of the unit to release its facts: not shown until then.',
  ),
  PERSONS_NAME: say(
    '个体工商户以经营者姓名为字号，按自然人规则暂不公示，由人工复核。',
    'The business bears its operator’s name: held under the rules for natural persons until people decide.',
  ),
  unknown: say('暂不公示，待人工核对。', 'Held until people have looked into it.'),
}
