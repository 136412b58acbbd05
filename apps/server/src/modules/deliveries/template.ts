import type { CatalogueItem, CodeList } from '@xinheng/core'
import ExcelJS from 'exceljs'
import { askedFields, exampleOf, noteOf, valuesOf } from './example-value.ts'

/** Rows below the header that bear lists and formats. */
const PREPARED_ROWS = 2000
const MUST = 'FFFDE9E7'
const MAY = 'FFEAF2FB'

/**
 * An item's template, in the unit's name. All cells are text, so that no spreadsheet turns a code into a number or a day
 * into something else. Explanations and an example stand on a second sheet, where nothing is taken for a row.
 */
export async function templateOf(
  item: CatalogueItem,
  codeLists: readonly CodeList[],
  unitName: string,
): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  book.creator = '信衡 Xinheng'
  const fields = askedFields(item)
  const sheet = book.addWorksheet('填报', { views: [{ state: 'frozen', ySplit: 2 }] })
  const lists = book.addWorksheet('取值', { state: 'veryHidden' })
  sheet.columns = fields.map((field) => ({
    width: Math.min(40, Math.max(12, field.title.zh.length * 2 + 4)),
    style: { numFmt: '@' },
  }))
  sheet.getCell(1, 1).value = `${unitName} · ${item.title.zh}（模板第${item.version}版）`
  sheet.getCell(1, 1).font = { bold: true, size: 12 }
  let listed = 0
  fields.forEach((field, index) => {
    const must = field.required === true && field.fallback === undefined
    const cell = sheet.getCell(2, index + 1)
    cell.value = `${field.title.zh}${must ? '*' : ''}`
    cell.font = { bold: true }
    cell.alignment = { wrapText: true, vertical: 'middle' }
    cell.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: must ? MUST : MAY } }
    const example = exampleOf(field, item, codeLists)
    cell.note = `${noteOf(field, codeLists).zh}${example === '' ? '' : `\n例：${example}`}`
    const values = valuesOf(field, codeLists)
    if (values === undefined) return
    listed++
    values.forEach(({ value }, row) => {
      lists.getCell(row + 1, listed).value = value
    })
    const column = lists.getColumn(listed).letter
    const free = field.openPrefix !== undefined || field.several === true
    for (let row = 3; row < 3 + PREPARED_ROWS; row++) {
      sheet.getCell(row, index + 1).dataValidation = {
        type: 'list',
        allowBlank: true,
        formulae: [`'取值'!$${column}$1:$${column}$${values.length}`],
        showErrorMessage: !free,
        errorStyle: 'stop',
        errorTitle: field.title.zh,
        error: '请从列表中选择。',
      }
    }
  })
  explain(book, item, codeLists)
  return Buffer.from(await book.xlsx.writeBuffer())
}

/** One line a field; fields stand below one another, so that no line looks like a header. */
function explain(book: ExcelJS.Workbook, item: CatalogueItem, codeLists: readonly CodeList[]): void {
  const sheet = book.addWorksheet('填写说明', { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = [
    { width: 32 },
    { width: 10 },
    { width: 70 },
    { width: 30, style: { numFmt: '@' } },
    { width: 60 },
  ]
  sheet.addRow(['列名', '必填', '怎样填写', '示例（虚构，不会导入）', '有关规则']).font = { bold: true }
  for (const field of askedFields(item)) {
    const rules = item.rules.filter((rule) => rule.fields.includes(field.name) && rule.severity === 'error')
    sheet.addRow([
      `〔${field.title.zh}〕`,
      field.required === true && field.fallback === undefined ? '是' : '',
      noteOf(field, codeLists).zh,
      exampleOf(field, item, codeLists),
      rules.map((rule) => rule.message.zh).join('\n'),
    ]).alignment = { wrapText: true, vertical: 'top' }
  }
  sheet.addRow([])
  for (const { document, article } of item.legalBasis)
    sheet.addRow(['依据', '', `${document}${article ?? ''}`])
}
