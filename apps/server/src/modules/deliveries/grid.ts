import {
  type CatalogueItem,
  type CodeList,
  describeFinding,
  type Finding,
  headerMatcher,
  REJECTED_FILE_COLUMNS,
  type Sentence,
} from '@xinheng/core'

/** A column of the mending grid: one of the file's, or a field that the file left out and that has a fault. */
export interface GridColumn {
  readonly header: string
  readonly field: string | null
  readonly title: Sentence | null
  readonly type: string | null
  readonly values?: readonly string[]
  readonly must: boolean
  readonly secret: boolean
  /** Whether the file has it. */
  readonly delivered: boolean
}

/** A sentence that many faults share. */
export interface GridText {
  readonly code: string
  readonly severity: 'error' | 'warning' | 'review'
  readonly message: Sentence
  readonly remedy: Sentence
}

export interface GridFault {
  /** Index of the column; null where the fault is the row's as a whole. */
  readonly column: number | null
  /** Index in the texts. */
  readonly text: number
  readonly position?: number
  /** Certainly the right value, to be taken by a person. */
  readonly suggestion?: string
}

export interface GridRow {
  readonly cells: readonly string[]
  readonly faults: readonly GridFault[]
}

/**
 * Lays rows that may stand under different headers into one grid, and says each fault at its cell. Sentences are said
 * once and referred to: ten thousand rows repeat few of them.
 */
export class Grid {
  readonly #item: CatalogueItem
  readonly #codeLists: ReadonlyMap<string, CodeList>
  readonly #match: ReturnType<typeof headerMatcher>
  readonly columns: GridColumn[] = []
  readonly texts: GridText[] = []
  readonly #columnOfField = new Map<string, number>()
  readonly #columnOfHeader = new Map<string, number>()
  readonly #textOf = new Map<string, number>()
  /** For each header seen, the grid's column of each of its columns; -1 for one of our own. */
  readonly #places = new Map<readonly string[], Int16Array>()

  constructor(item: CatalogueItem, codeLists: readonly CodeList[]) {
    this.#item = item
    this.#codeLists = new Map(codeLists.map((list) => [list.code, list]))
    this.#match = headerMatcher(item)
  }

  row(header: readonly string[], cells: readonly string[], findings: readonly Finding[]): GridRow {
    const places = this.#placesOf(header)
    const laid: string[] = new Array(this.columns.length).fill('')
    cells.forEach((cell, column) => {
      const place = places[column] ?? -1
      if (place >= 0) laid[place] = cell
    })
    const faults = findings.map((finding) => this.#fault(finding))
    while (laid.length < this.columns.length) laid.push('')
    return { cells: laid, faults }
  }

  /** Column indexes of a header in the file's own order. */
  #placesOf(header: readonly string[]): Int16Array {
    const known = this.#places.get(header)
    if (known !== undefined) return known
    const { fieldOf } = this.#match(header)
    const places = new Int16Array(header.length).fill(-1)
    header.forEach((title, column) => {
      const index = fieldOf[column] as number
      if (index >= 0) places[column] = this.#fieldColumn(index, title, true)
      else if (!REJECTED_FILE_COLUMNS.some((own) => own === title.trim()))
        places[column] = this.#otherColumn(title)
    })
    this.#places.set(header, places)
    return places
  }

  #fieldColumn(index: number, header: string, delivered: boolean): number {
    const field = this.#item.fields[index] as CatalogueItem['fields'][number]
    const known = this.#columnOfField.get(field.name)
    if (known !== undefined) return known
    const values =
      field.type === 'code'
        ? (field.values ?? this.#codeLists.get(field.list ?? '')?.values)?.map((one) => one.value)
        : undefined
    this.columns.push({
      header,
      field: field.name,
      title: field.title,
      type: field.type,
      ...(values === undefined ? {} : { values }),
      must: field.required === true && field.fallback === undefined,
      secret: field.visibility === 'secret',
      delivered,
    })
    this.#columnOfField.set(field.name, this.columns.length - 1)
    return this.columns.length - 1
  }

  #otherColumn(header: string): number {
    const known = this.#columnOfHeader.get(header)
    if (known !== undefined) return known
    this.columns.push({
      header,
      field: null,
      title: null,
      type: null,
      must: false,
      secret: false,
      delivered: true,
    })
    this.#columnOfHeader.set(header, this.columns.length - 1)
    return this.columns.length - 1
  }

  #fault(finding: Finding): GridFault {
    const index = this.#item.fields.findIndex((field) => field.name === finding.field)
    const column =
      index < 0 ? null : this.#fieldColumn(index, this.#item.fields[index]?.title.zh as string, false)
    // The suggestion stands beside the sentence, where one key takes it.
    const { suggestion, ...plain } = finding
    const { message, remedy } = describeFinding(plain, this.#item)
    const key = `${finding.code}\u001f${finding.severity}\u001f${message.zh}\u001f${remedy.zh}`
    let text = this.#textOf.get(key)
    if (text === undefined) {
      text = this.texts.length
      this.texts.push({ code: finding.code, severity: finding.severity, message, remedy })
      this.#textOf.set(key, text)
    }
    const secret = this.#item.fields[index]?.visibility === 'secret'
    return {
      column,
      text,
      ...(finding.position === undefined ? {} : { position: finding.position }),
      ...(suggestion === undefined || secret ? {} : { suggestion }),
    }
  }
}
