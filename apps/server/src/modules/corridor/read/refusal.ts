/** Why a file is refused as a whole. Sentences stand in messages.ts. */
export type RefusalCode = keyof typeof REFUSALS

const REFUSALS = {
  'file.empty': [
    '文件是空的。',
    'The file is empty.',
    '检查导出是否成功后重新报送。',
    'Check the export and deliver again.',
  ],
  'file.not-found': ['找不到文件。', 'The file does not exist.', '检查路径。', 'Check the path.'],
  'file.unreadable': [
    '无权读取文件。',
    'The file may not be read.',
    '检查文件权限。',
    'Check its permissions.',
  ],
  'file.not-text': [
    '这不是表格或文本文件。',
    'This is neither a spreadsheet nor text.',
    '报送 CSV、XLSX、XLS、JSON、NDJSON 或它们的 ZIP。',
    'Deliver CSV, XLSX, XLS, JSON, NDJSON or a ZIP of these.',
  ],
  'file.encoding-unknown': [
    '无法识别文件编码。',
    'The file’s encoding is not recognised.',
    '另存为 UTF-8 或 GB18030 后重新报送，或用 --encoding 指明。',
    'Save it as UTF-8 or GB18030, or name it with --encoding.',
  ],
  'file.no-header': [
    '找不到表头：前30行中没有一行能对上目录项的字段。',
    'No header: none of the first 30 rows names fields of the item.',
    '使用该目录项的模板，或核对 --item。',
    'Use the item’s template, or check --item.',
  ],
  'file.container-broken': [
    '文件已损坏，无法打开。',
    'The file is damaged and cannot be opened.',
    '重新导出或重新压缩后报送。',
    'Export or compress it again.',
  ],
  'file.unpacking-ratio': [
    '压缩比异常，拒绝解压。',
    'It would unpack to far more than it should.',
    '直接报送未压缩的文件。',
    'Deliver the file uncompressed.',
  ],
  'file.encrypted': [
    '文件有密码保护。',
    'The file is protected by a password.',
    '去掉密码后重新报送。',
    'Remove the password and deliver again.',
  ],
  'file.too-many-members': [
    '压缩包内文件过多（最多1000个）。',
    'Too many files in the archive (at most 1,000).',
    '分成几个压缩包。',
    'Split it.',
  ],
  'file.path-outside': [
    '压缩包内的文件名含有非法路径。',
    'A name in the archive points outside it.',
    '重新压缩，不带路径。',
    'Compress it again without paths.',
  ],
  'file.macro': [
    '含宏的工作簿不予接收。',
    'Workbooks with macros are not accepted.',
    '另存为 .xlsx 后重新报送。',
    'Save it as .xlsx.',
  ],
  'file.too-large': [
    '旧版 XLS 文件过大（最多64 MB）。',
    'The old XLS file is too large (at most 64 MB).',
    '另存为 .xlsx 或 CSV。',
    'Save it as .xlsx or CSV.',
  ],
  'file.no-rows': [
    '文件只有表头，没有数据行。',
    'The file holds a header and no rows.',
    '如本期没有数据，请办理零报告。',
    'If there is nothing to report, declare a nil report.',
  ],
  'sheet.not-found': [
    '没有名为“{sheet}”的工作表。',
    'There is no sheet named “{sheet}”.',
    '工作表有：{sheets}。',
    'The sheets are: {sheets}.',
  ],
} as const satisfies Record<string, readonly [string, string, string, string]>

export class ReadRefusal extends Error {
  readonly code: RefusalCode
  readonly zh: string
  readonly en: string
  readonly remedyZh: string
  readonly remedyEn: string
  readonly #parameters: Readonly<Record<string, string>>

  constructor(code: RefusalCode, parameters: Readonly<Record<string, string>> = {}, member?: string) {
    super(code)
    this.name = 'ReadRefusal'
    this.code = code
    this.#parameters = parameters
    const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? '')
    const [zh, en, remedyZh, remedyEn] = REFUSALS[code]
    this.zh = `${member === undefined ? '' : `压缩包内的“${member}”：`}${fill(zh)}`
    this.en = `${member === undefined ? '' : `“${member}” in the archive: `}${fill(en)}`
    this.remedyZh = fill(remedyZh)
    this.remedyEn = fill(remedyEn)
  }

  /** The same of one file in an archive. */
  inside(member: string): ReadRefusal {
    return new ReadRefusal(this.code, this.#parameters, member.slice(0, 100))
  }
}
