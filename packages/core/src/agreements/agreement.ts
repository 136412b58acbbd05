import type { Sentence } from '../catalogue/item.ts'

/**
 * By what another city's list entries count here. It is data (`policy/agreements/`), released by two persons; an entry
 * that rests on it counts while the version in force covers its list and its city, and not a day longer.
 * @see 区域信用合作协议; adverse facts only from lists of national authority
 */
export interface Agreement {
  readonly code: string
  readonly version: number
  readonly inForceFrom: string
  readonly title: Sentence
  /** Number and name of the signed document. */
  readonly document: string
  readonly parties: readonly AgreementParty[]
  /** Codes of the lists that are recognised. */
  readonly lists: readonly string[]
  /** Codes of the matters at which they are; `*` alone: all; `12*`: those that begin so. */
  readonly matters: readonly string[]
  readonly from: string
  /** Last day; absent: until it is ended by another version. */
  readonly until?: string
}

export interface AgreementParty {
  /** GB/T 2260, six digits. */
  readonly region: string
  readonly name: string
  /** The code of the system client as which that city's platform delivers here; absent for ourselves. */
  readonly client?: string
}

export type AgreementFaultCode =
  | 'agreement.days'
  | 'agreement.list-unknown'
  | 'agreement.list-of-persons'
  | 'agreement.list-not-national'
  | 'agreement.list-not-shared'
  | 'agreement.party-twice'
  | 'agreement.one-party'

export interface AgreementFault {
  readonly path: readonly (string | number)[]
  readonly code: AgreementFaultCode
  readonly detail: string
}

/** As much of a list as an agreement has to know. */
export interface RecognisableList {
  readonly code: string
  readonly class: string
  readonly objects: readonly string[]
  readonly sharing: string
  readonly nationalAuthority?: boolean
}

/** What an agreement would do that may not be. @param lists undefined where they are known elsewhere */
export function findAgreementFaults(
  agreement: Agreement,
  lists: readonly RecognisableList[] | undefined,
): AgreementFault[] {
  const faults: AgreementFault[] = []
  const add = (code: AgreementFaultCode, path: AgreementFault['path'], detail = '') =>
    faults.push({ path, code, detail })
  if (agreement.until !== undefined && agreement.until < agreement.from) add('agreement.days', ['until'])
  if (agreement.parties.length < 2) add('agreement.one-party', ['parties'])
  for (const member of ['region', 'client'] as const) {
    const seen = new Set<string>()
    agreement.parties.forEach((party, index) => {
      const value = party[member]
      if (value !== undefined && seen.has(value))
        add('agreement.party-twice', ['parties', index, member], value)
      if (value !== undefined) seen.add(value)
    })
  }
  agreement.lists.forEach((code, index) => {
    if (lists === undefined) return
    const list = lists.find((one) => one.code === code)
    const fault = list === undefined ? 'agreement.list-unknown' : whyNotRecognisable(list)
    if (fault !== undefined) add(fault, ['lists', index], code)
  })
  return faults
}

/** Why another city's entries of a list may never count here, whatever was agreed. */
export function whyNotRecognisable(list: RecognisableList): AgreementFaultCode | undefined {
  if (list.objects.includes('person')) return 'agreement.list-of-persons'
  if (list.class !== 'commendation' && list.nationalAuthority !== true) return 'agreement.list-not-national'
  if (list.sharing !== 'P' && list.sharing !== 'G') return 'agreement.list-not-shared'
  return undefined
}

/** Whether an agreement recognises its lists at a matter. */
export function recognisesMatter({ matters }: Pick<Agreement, 'matters'>, matter: string): boolean {
  return matters.some((one) => (one.endsWith('*') ? matter.startsWith(one.slice(0, -1)) : one === matter))
}
