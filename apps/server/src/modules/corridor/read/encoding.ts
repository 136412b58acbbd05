import { isUtf8 } from 'node:buffer'
import { ReadRefusal } from './refusal.ts'

/** Encodings that `--encoding` may name, as TextDecoder calls them. */
const NAMES: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  'utf-8': 'utf-8',
  gbk: 'gb18030',
  gb2312: 'gb18030',
  gb18030: 'gb18030',
  utf16: 'utf-16le',
  'utf-16': 'utf-16le',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
}

export interface Encoding {
  /** As TextDecoder calls it. */
  readonly name: string
  readonly bom: boolean
}

/** Pages and printed documents that are saved under a spreadsheet's name. */
const OTHER_DOCUMENT = /^\s*(?:<(?:!doctype|html|head|body|table|\?xml|svg)|%PDF-|\{\\rtf)/i

/** The encoding of a text by its first bytes. @param sample from the beginning; may end inside a character */
export function detectEncoding(sample: Buffer, named?: string): Encoding {
  if (sample.length >= 3 && sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf)
    return { name: 'utf-8', bom: true }
  if (sample.length >= 2 && sample[0] === 0xff && sample[1] === 0xfe) return { name: 'utf-16le', bom: true }
  if (sample.length >= 2 && sample[0] === 0xfe && sample[1] === 0xff) return { name: 'utf-16be', bom: true }
  if (named !== undefined) {
    const name = NAMES[named.toLowerCase()]
    if (name === undefined) throw new ReadRefusal('file.encoding-unknown')
    return { name, bom: false }
  }
  // In any other text than UTF-16 a zero has no business.
  if (sample.includes(0)) {
    const wide = (['utf-16le', 'utf-16be'] as const).find((one) => shareOfText(sample, one) > 0.9)
    if (wide === undefined) throw new ReadRefusal('file.not-text')
    return { name: wide, bom: false }
  }
  if (OTHER_DOCUMENT.test(sample.toString('latin1', 0, 1000))) throw new ReadRefusal('file.not-text')
  if (controls(sample) > sample.length / 100) throw new ReadRefusal('file.not-text')
  if (isUtf8(wholeUtf8(sample))) return { name: 'utf-8', bom: false }
  try {
    new TextDecoder('gb18030', { fatal: true }).decode(sample, { stream: true })
    return { name: 'gb18030', bom: false }
  } catch {
    // A few bad bytes in a large file damage rows, not the file.
    const text = new TextDecoder('gb18030').decode(sample)
    const broken = text.split('\ufffd').length - 1
    const utf8Broken = new TextDecoder('utf-8').decode(sample).split('\ufffd').length - 1
    const least = Math.min(broken, utf8Broken)
    if (least > 3 + sample.length / 2000) throw new ReadRefusal('file.encoding-unknown')
    return { name: utf8Broken <= broken ? 'utf-8' : 'gb18030', bom: false }
  }
}

/** The share of characters that stand in tables: Latin, Han with their signs, ends of lines. */
function shareOfText(sample: Buffer, encoding: 'utf-16le' | 'utf-16be'): number {
  const text = new TextDecoder(encoding).decode(sample.subarray(0, 65_536 - (sample.length % 2)))
  const fit = text.match(
    /[\t\n\r\x20-\x7e\u00a0-\u00ff\u2010-\u2026\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]/g,
  )
  return (fit?.length ?? 0) / Math.max(1, text.length)
}

function controls(sample: Buffer): number {
  let count = 0
  for (const byte of sample.subarray(0, 65_536)) {
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 31 && byte !== 30) count++
  }
  return count
}

/** Without a character that the sample's end cuts. */
function wholeUtf8(sample: Buffer): Buffer {
  for (let back = 1; back <= 4 && back <= sample.length; back++) {
    const byte = sample[sample.length - back] as number
    if (byte < 0x80) return sample
    if (byte >= 0xc0) return sample.subarray(0, sample.length - back)
  }
  return sample
}
