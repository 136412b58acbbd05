import type { SubjectKind } from '../catalogue/item.ts'
import { DomainFault } from '../findings/domain-fault.ts'
import { isUscc } from '../identifiers/index.ts'
import { dayNumber } from '../standardise/index.ts'

/** Whom screening knows. A natural person and an individual business have no place in this type, nor in the index. */
export type ScreenedKind = Exclude<SubjectKind, 'person' | 'individualBusiness'>

/** One entry of a list, as it is screened against. */
export interface ScreeningEntry {
  /** The list entry's id: a safe integer from 0 up, unique among all lists. */
  readonly id: number
  /** Unified social credit code, canonical (upper case, half width), where the list has one. */
  readonly uscc?: string | undefined
  /** The organisation's name as listed. */
  readonly name: string
  readonly kind: ScreenedKind
  /** First and last ISO day on which the entry counts, both included; open where absent. */
  readonly from?: string | undefined
  readonly until?: string | undefined
}

/** A change of the lists, as the change feed tells it. `add` with a known id replaces the entry. */
export type ScreeningChange =
  | { readonly change: 'add' | 'update'; readonly entry: ScreeningEntry }
  | { readonly change: 'remove'; readonly id: number }

/** Days since 1970-01-01 that stand for "from ever" and "for ever". */
export const FROM_EVER = -0x80000000
export const FOR_EVER = 0x7fffffff

export const KINDS: readonly ScreenedKind[] = ['organisation', 'publicBody']

/**
 * Refuses what may not be screened.
 * @throws DomainFault `screening.not-an-organisation`, `screening.uscc`, `screening.id`, `screening.day`
 */
export function checkEntry(entry: ScreeningEntry): void {
  if (!KINDS.includes(entry.kind) || entry.uscc?.startsWith('92') === true) {
    throw new DomainFault(
      'screening.not-an-organisation',
      `名单条目 ${entry.id} 不是组织：自然人和个体工商户不进入比对，请由工作人员另行核查。`,
      `List entry ${entry.id} is no organisation: persons and individual businesses are never screened; let an officer look.`,
    )
  }
  if (!Number.isSafeInteger(entry.id) || entry.id < 0) {
    throw new DomainFault(
      'screening.id',
      `名单条目编号 ${entry.id} 不是非负整数，请改为名单条目的编号。`,
      `The id ${entry.id} of a list entry is no integer from 0 up; give the list entry's own id.`,
    )
  }
  if (entry.uscc !== undefined && !isUscc(entry.uscc)) {
    throw new DomainFault(
      'screening.uscc',
      `名单条目 ${entry.id} 的统一社会信用代码有误，请更正，或去掉代码只按名称比对。`,
      `The unified social credit code of list entry ${entry.id} is wrong; correct it, or leave it out and screen by name.`,
    )
  }
}

/**
 * @returns days since 1970-01-01
 * @throws DomainFault `screening.day`
 */
export function screeningDay(day: string): number {
  const days = dayNumber(day)
  if (!Number.isInteger(days)) {
    throw new DomainFault(
      'screening.day',
      `日期“${day}”无法识别，请写成 2026-01-05 的形式。`,
      `“${day}” is no day; write it as 2026-01-05.`,
    )
  }
  return days
}
