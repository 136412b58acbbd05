import { DomainError } from '../../platform/errors/domain-error.ts'

/** What an evaluation refuses, each with what to do. */
export const REFUSALS = {
  'evaluation.unknown': [
    404,
    '没有这项评估或这条抽样。',
    'There is no such evaluation or sample.',
    '刷新页面。',
    'Reload the page.',
  ],
  'evaluation.state': [
    409,
    '评估所处的阶段不允许此操作。',
    'The evaluation is not at a stage that allows this.',
    '查看评估的进度。',
    'See how far it has come.',
  ],
  'evaluation.units': [
    400,
    '评估对象有误：含有未登记的单位。',
    'The units are wrong: one is not registered.',
    '重新选择单位。',
    'Choose the units again.',
  ],
  'evaluation.items': [
    400,
    '目录项有误：只能评估有报送期限的目录项。',
    'The items are wrong: only items with a term of reporting are evaluated.',
    '重新选择目录项。',
    'Choose the items again.',
  ],
  'evaluation.method': [
    400,
    '没有这个计分办法，或其尚未施行。',
    'There is no such method, or it is not in force yet.',
    '在 policy/evaluation-method 中核对。',
    'See policy/evaluation-method.',
  ],
  'evaluation.line': [
    400,
    '源头清单有误：须有文书号，决定日期须在评估期内。',
    'The source list is wrong: each line needs a document number and a decision day within the period.',
    '改正标出的行。',
    'Correct the lines named.',
  ],
  'evaluation.nothing': [
    409,
    '没有可供抽样的决定。',
    'There is nothing to draw from.',
    '核对单位、目录项与评估期，或先录入源头清单。',
    'Check units, items and period, or enter source lists first.',
  ],
  'evaluation.unfinished': [
    409,
    '还有抽样未填写。',
    'Some samples are not entered yet.',
    '请评估员填写完毕后再下发。',
    'Let the evaluator finish first.',
  ],
  'evaluation.not-missing': [
    409,
    '只有认定为漏报的抽样才能由人认定瞒报。',
    'Only what is missing can be found concealed.',
    '先填写源头情况。',
    'Enter what the source shows first.',
  ],
  'evaluation.no-fault': [
    409,
    '该抽样没有需要答复的问题。',
    'There is nothing to answer in that sample.',
    '',
    '',
  ],
  'evaluation.too-late': [
    409,
    '答复期限已过。',
    'The time to answer is over.',
    '可向信用中心说明情况。',
    'Turn to the credit centre.',
  ],
  'evaluation.decided': [
    409,
    '已有答复或复核结果，不能更改。',
    'It has been answered or reviewed; it does not change.',
    '',
    '',
  ],
  'evaluation.unanswered': [
    409,
    '单位尚未答复，无须复核。',
    'The unit has not answered: there is nothing to review.',
    '',
    '',
  ],
  'evaluation.open-answers': [
    409,
    '答复期未满，或还有答复未复核。',
    'The time to answer is not over, or an answer waits for review.',
    '期满并复核完毕后再结束。',
    'Close it when time is over and all is reviewed.',
  ],
  'evidence.type': [
    415,
    '佐证须为 PNG、JPEG、WebP 图片或 PDF，且内容与类型相符。',
    'Evidence is a PNG, JPEG, WebP or PDF whose content is what it says.',
    '另存为上述格式后再上传。',
    'Save it as one of these and upload again.',
  ],
  'evidence.size': [
    413,
    '佐证文件过大：不超过10 MB。',
    'The file is too large: at most 10 MB.',
    '压缩后再上传。',
    'Make it smaller and upload again.',
  ],
} as const satisfies Record<string, readonly [number, string, string, string, string]>

export function refused(code: keyof typeof REFUSALS, detail?: string): DomainError {
  const [status, zh, en, remedyZh, remedyEn] = REFUSALS[code]
  return new DomainError(code, {
    zh: detail === undefined ? zh : `${zh}（${detail}）`,
    en: detail === undefined ? en : `${en} (${detail})`,
    remedyZh,
    remedyEn,
    status,
  })
}
