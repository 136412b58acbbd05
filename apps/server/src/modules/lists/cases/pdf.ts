import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'
import { DomainError } from '../../../platform/errors/domain-error.ts'

/** Source Han Sans (思源黑体) holds the Chinese characters and nothing else; what it lacks is set in Helvetica. */
let han: Buffer | undefined
function hanFont(): Buffer {
  han ??= readFileSync(createRequire(import.meta.url).resolve('@librescore/fonts/SourceHanSansCN.min.woff2'))
  return han
}

const MARGIN = 72
const SIZE = 12
const LEADING = 22
/** May not begin a line. */
const CLOSING = new Set('，。；：、！？）》”’】〕%')
/** May not end one. */
const OPENING = new Set('（《“‘【〔')
/** What Helvetica has of what Chinese texts bear beside Latin letters. */
const LATIN = /^[\u0020-\u007e\u00a0-\u00ff“”‘’—–…•]+$/u

export interface DocumentText {
  readonly title: string
  readonly number: string
  readonly authority: string
  /** As Chinese documents write days: 2026年11月24日. */
  readonly dated: string
  readonly paragraphs: readonly string[]
}

/** Sets a document as PDF, A4, in half a second of work: it is made once, when an act asks for it. */
export async function setDocument(text: DocumentText): Promise<Buffer> {
  const doc = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    bufferPages: true,
    lang: 'zh-CN',
    displayTitle: true,
    info: { Title: `${text.title} ${text.number}`, Author: text.authority },
  })
  doc.registerFont('han', hanFont())
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const whole = new Promise<Buffer>((resolve, reject) => {
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
  const setter = new Setter(doc)
  setter.line(text.authority, { size: 14, align: 'center', after: 10 })
  setter.line(text.title, { size: 20, align: 'center', after: 14 })
  setter.line(text.number, { size: SIZE, align: 'right', after: 18 })
  text.paragraphs.forEach((paragraph, index) => {
    for (const [place, part] of paragraph.split('\n').entries())
      setter.paragraph(part, index === 0 && place === 0 ? 0 : 2)
  })
  setter.line('', { size: SIZE, align: 'right', after: 12 })
  setter.line(text.authority, { size: SIZE, align: 'right', after: 6 })
  setter.line(text.dated, { size: SIZE, align: 'right', after: 0 })
  setter.pageNumbers()
  doc.end()
  return whole
}

interface Run {
  readonly font: 'han' | 'Helvetica'
  readonly text: string
  readonly width: number
}

class Setter {
  readonly #doc: PDFKit.PDFDocument
  readonly #widths = new Map<string, number>()
  readonly #known = new Map<string, boolean>()
  #y = MARGIN

  constructor(doc: PDFKit.PDFDocument) {
    this.#doc = doc
  }

  line(
    text: string,
    { size, align, after }: { size: number; align: 'center' | 'right'; after: number },
  ): void {
    for (const runs of this.#lines(text, size, 0)) {
      const width = runs.reduce((sum, run) => sum + run.width, 0)
      const room = this.#doc.page.width - 2 * MARGIN
      this.#set(runs, MARGIN + (align === 'center' ? (room - width) / 2 : room - width), size)
      this.#y += size * 1.7
    }
    this.#y += after
  }

  /** @param indent characters before the first line */
  paragraph(text: string, indent: number): void {
    this.#lines(text, SIZE, indent).forEach((runs, index) => {
      this.#set(runs, MARGIN + (index === 0 ? indent * SIZE : 0), SIZE)
      this.#y += LEADING
    })
    this.#y += 4
  }

  pageNumbers(): void {
    const { count } = this.#doc.bufferedPageRange()
    for (let page = 0; page < count; page++) {
      this.#doc.switchToPage(page)
      this.#doc
        .font('Helvetica')
        .fontSize(9)
        .text(`${page + 1} / ${count}`, 0, this.#doc.page.height - 40, {
          width: this.#doc.page.width,
          align: 'center',
          lineBreak: false,
          height: 12,
        })
    }
  }

  #set(runs: readonly Run[], from: number, size: number): void {
    if (this.#y > this.#doc.page.height - MARGIN - LEADING) {
      this.#doc.addPage()
      this.#y = MARGIN
    }
    let x = from
    for (const run of runs) {
      this.#doc.font(run.font).fontSize(size)
      // Both fonts on one base line.
      this.#doc.text(run.text, x, this.#y, { lineBreak: false, baseline: -size })
      x += run.width
    }
  }

  #lines(text: string, size: number, indent: number): Run[][] {
    const room = this.#doc.page.width - 2 * MARGIN
    const lines: Run[][] = []
    let line: { font: Run['font']; text: string; width: number }[] = []
    let width = indent * size
    const words = text.match(/[A-Za-z0-9]+(?:[.,:/-][A-Za-z0-9]+)*|[\s\S]/gu) ?? []
    for (const word of words) {
      const font = this.#fontOf(word)
      const own = this.#widthOf(word, font, size)
      const needed = OPENING.has(word) ? own + size : own
      if (width + needed > room && !CLOSING.has(word)) {
        lines.push(line)
        line = []
        width = 0
      }
      width += own
      const last = line.at(-1)
      if (last?.font === font) {
        last.text += word
        last.width += own
      } else line.push({ font, text: word, width: own })
    }
    lines.push(line)
    return lines
  }

  #fontOf(word: string): Run['font'] {
    let inHan = this.#known.get(word)
    if (inHan === undefined) {
      this.#doc.font('han')
      const { font } = (
        this.#doc as unknown as { _font: { font: { hasGlyphForCodePoint(at: number): boolean } } }
      )._font
      inHan = font.hasGlyphForCodePoint(word.codePointAt(0) as number)
      if (!inHan && !LATIN.test(word)) throw unknownCharacter(word)
      this.#known.set(word, inHan)
    }
    return inHan ? 'han' : 'Helvetica'
  }

  #widthOf(word: string, font: Run['font'], size: number): number {
    const key = `${size} ${word}`
    let width = this.#widths.get(key)
    if (width === undefined) {
      width = this.#doc.font(font).fontSize(size).widthOfString(word)
      this.#widths.set(key, width)
    }
    return width
  }
}

/** 2026-11-24 as documents write it. */
export function chineseDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

function unknownCharacter(character: string): DomainError {
  return new DomainError('document.character', {
    zh: `文书字体没有“${character}”字，不能制作文书。`,
    en: `The documents’ font has no character “${character}”: the document cannot be made.`,
    remedyZh: '生僻字请暂用文字描述，并联系信用中心增补字体。',
    remedyEn: 'Describe the rare character in words, and ask the credit centre to add a font.',
  })
}
