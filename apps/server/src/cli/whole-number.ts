import { DomainError } from '../platform/errors/domain-error.ts'

/** A number as the program itself gave it out; anything else is no name of anything. */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw new DomainError('option.number', {
    zh: `“${text}”不是编号。`,
    en: `“${text}” is no number.`,
    remedyZh: '用 list 命令查看编号。',
    remedyEn: 'The list command shows the numbers.',
  })
}
