import { DomainError } from '../../platform/errors/domain-error.ts'
import { ReadRefusal, readTable } from '../corridor/index.ts'

/** So many rows a file may have. @see workflows §5 */
export const MOST_ROWS = 500

export interface FileApplicant {
  /** As a person would look the row up. */
  readonly row: number
  readonly name: string
  readonly identifier: string
  readonly caseNumber: string
}

const HEADERS: Readonly<Record<string, 'name' | 'identifier' | 'caseNumber'>> = {
  名称: 'name',
  企业名称: 'name',
  单位名称: 'name',
  主体名称: 'name',
  申请人: 'name',
  投标人: 'name',
  name: 'name',
  统一社会信用代码: 'identifier',
  社会信用代码: 'identifier',
  代码: 'identifier',
  uscc: 'identifier',
  业务编号: 'caseNumber',
  办件编号: 'caseNumber',
  项目编号: 'caseNumber',
}

/** Applicants of a spreadsheet. @throws DomainError `screening.file`, `screening.too-many` */
export async function readApplicants(path: string, temporaryFolder: string): Promise<FileApplicant[]> {
  const applicants: FileApplicant[] = []
  const columnOf = (cell: string) => HEADERS[cell.normalize('NFKC').replace(/[\s*]/g, '')]
  try {
    for await (const { header, rows } of readTable(path, {
      headerScore: (cells) => cells.filter((cell) => columnOf(cell) !== undefined).length,
      temporaryFolder,
    })) {
      const columns = header.map(columnOf)
      if (!columns.includes('name') && !columns.includes('identifier'))
        throw wrongFile('表头须有“名称”或“统一社会信用代码”。', 'The header needs 名称 or 统一社会信用代码.')
      for (const { place, cells } of rows) {
        const one = { row: place, name: '', identifier: '', caseNumber: '' }
        columns.forEach((column, index) => {
          if (column !== undefined) one[column] = (cells[index] ?? '').normalize('NFKC').trim()
        })
        if (one.name === '' && one.identifier === '') continue
        applicants.push(one)
        if (applicants.length > MOST_ROWS)
          throw new DomainError('screening.too-many', {
            zh: `一个文件至多 ${MOST_ROWS} 行。`,
            en: `A file has ${MOST_ROWS} rows at most.`,
            remedyZh: '分成几个文件。',
            remedyEn: 'Split it.',
            status: 413,
          })
      }
    }
  } catch (error) {
    if (error instanceof ReadRefusal) throw wrongFile(error.zh, error.en)
    throw error
  }
  if (applicants.length === 0) throw wrongFile('文件中没有申请人。', 'The file holds no applicant.')
  return applicants
}

const wrongFile = (zh: string, en: string): DomainError =>
  new DomainError('screening.file', {
    zh,
    en,
    remedyZh: '用 CSV 或 XLSX，列名为 名称、统一社会信用代码、业务编号。',
    remedyEn: 'Use CSV or XLSX with the columns 名称, 统一社会信用代码, 业务编号.',
  })
