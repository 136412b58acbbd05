import { DomainError } from '../../platform/errors/domain-error.ts'

/** No answer is not the answer “clear”. */
export const notChecked = (): DomainError =>
  new DomainError('check.not-checked', {
    zh: '暂时不能核查：尚未得到结果，不等于没有失信记录。',
    en: 'Not checked for the moment: there is no answer, which is not the answer “clear”.',
    remedyZh: '按 Retry-After 用同一 Idempotency-Key 重试，直到得到结果。',
    remedyEn: 'Repeat with the same Idempotency-Key after Retry-After until there is an answer.',
    status: 503,
  })

export const alreadyAsked = (): DomainError =>
  new DomainError('check.key-reused', {
    zh: '该 Idempotency-Key 已用于另一次请求。',
    en: 'This Idempotency-Key was used for another request.',
    remedyZh: '重试须与原请求一致；新的请求用新的键。',
    remedyEn: 'A retry is the same request; a new request has a new key.',
    status: 409,
  })

/** Whether a write failed because its key was there already. */
export function isRepeated(error: unknown): boolean {
  const { code, constraint } = (error ?? {}) as { code?: string; constraint?: string }
  return code === '23505' && (constraint === 'asked_once' || constraint === 'given_once')
}

/** Whether the database refused a row for what it says: its key, its values. */
export function isOfARow(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' && /^2[23]/.test(code)
}
