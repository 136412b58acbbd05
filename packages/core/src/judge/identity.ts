import type { CatalogueItem, SubjectKind } from '../catalogue/item.ts'
import type { Finding } from '../findings/finding.ts'
import { findOrganisationCodeFaults } from '../identifiers/organisation-code.ts'
import { subjectKindOfUscc } from '../identifiers/uscc.ts'
import type { SubjectIdentity } from './judged-row.ts'
import { IDENTITY_CARD, type RowView } from './row-view.ts'

/** Before this day organisations had codes of each register, and need not have been given the unified one. */
const UNIFIED_CODE_SINCE = '2018-01-01'

/** Who a row is about, and what is wrong with how it says so. */
export interface NamedSubject {
  readonly identity: SubjectIdentity | undefined
  readonly findings: readonly Finding[]
  /** Set when a person has to find out. */
  readonly reviewReason: string | undefined
}

export interface SubjectReader {
  kind(): SubjectKind
  /** @param misplaced a registration number that stands where the unified code should */
  subject(misplaced: string | undefined): NamedSubject
}

const NO_FINDINGS: readonly Finding[] = []

/**
 * Compiles how an item's rows name their subject: by the unified code, else by an older code, never by the name.
 * @see identifiers of subjects: unified code, organisation code, registration number; persons by their document
 */
export function subjectReader(item: CatalogueItem, view: RowView): SubjectReader {
  const { roles } = item
  const uscc = view.indexOf(roles.uscc)
  const category = view.indexOf(roles.counterpartyCategory)
  const organisationCode = view.indexOf(roles.organisationCode)
  const registrationNumber = view.indexOf(roles.registrationNumber)
  const taxNumber = view.indexOf('taxNumber')
  const otherCodes = ['taxNumber', 'publicInstitutionNumber', 'socialOrganisationNumber'].map((name) =>
    view.indexOf(name),
  )
  const documentType = view.indexOf(roles.personDocumentType)
  const documentNumber = view.indexOf(roles.personDocumentNumber)
  const persons = item.subjectKinds.includes('person')
  const onlyPersons = persons && item.subjectKinds.length === 1
  const field = roles.uscc === undefined ? {} : { field: roles.uscc }
  const misplacement: Finding = { code: 'REG_NO_IN_CODE', severity: 'warning', ...field }
  const unidentified: Finding = { code: 'L06/unidentified', severity: 'review', ...field }
  const withoutCode: NamedSubject = {
    identity: undefined,
    findings: [{ code: 'L06/no-code', severity: 'error', ...field }],
    reviewReason: undefined,
  }
  const named = (identity: SubjectIdentity | undefined): NamedSubject => ({
    identity,
    findings: NO_FINDINGS,
    reviewReason: undefined,
  })

  const oldCode = (misplaced: string | undefined): SubjectIdentity | undefined => {
    const organisation = view.value(organisationCode) ?? organisationCodeIn(view.value(taxNumber))
    if (organisation !== undefined) return { type: 'organisationCode', value: organisation }
    const registration = misplaced ?? view.value(registrationNumber)
    return registration === undefined ? undefined : { type: 'registrationNumber', value: registration }
  }

  const person = (): NamedSubject => {
    const number = view.value(documentNumber)
    if (number === undefined) return named(undefined)
    return named({
      type: 'personDocument',
      documentType: view.value(documentType) ?? IDENTITY_CARD,
      value: number,
    })
  }

  return {
    kind() {
      if (onlyPersons || (persons && view.value(category) === '自然人')) return 'person'
      const code = view.value(uscc)
      if (code?.length === 18) return subjectKindOfUscc(code)
      return view.value(category) === '个体工商户' ? 'individualBusiness' : 'organisation'
    },

    subject(misplaced) {
      if (view.kind === 'person') return person()
      const code = view.value(uscc)
      if (code !== undefined) return named({ type: 'uscc', value: code })
      const identity = oldCode(misplaced)
      if (misplaced !== undefined) {
        // The registrar's own delivery may make a subject of its number; anywhere else somebody looks.
        if (item.registersSubjects) return { identity, findings: [misplacement], reviewReason: undefined }
        return { identity, findings: [misplacement, unidentified], reviewReason: unidentified.code }
      }
      if (uscc < 0) return named(identity)
      const { decidedOn } = view
      const old =
        decidedOn !== undefined &&
        decidedOn < UNIFIED_CODE_SINCE &&
        (identity !== undefined || otherCodes.some((index) => view.value(index) !== undefined))
      if (view.value(category) !== '个体工商户' && !old) return withoutCode
      return identity === undefined
        ? { identity, findings: [unidentified], reviewReason: unidentified.code }
        : named(identity)
    },
  }
}

/**
 * The organisation code inside an old tax number: six digits of the region, then the code. A number of digits alone
 * may be a person's, and is not read.
 */
function organisationCodeIn(taxNumber: string | undefined): string | undefined {
  if (taxNumber === undefined || !/^\d{6}[0-9A-Z]{9}$/.test(taxNumber) || /^\d{15}$/.test(taxNumber))
    return undefined
  const code = taxNumber.slice(6)
  return findOrganisationCodeFaults(code).length === 0 ? code : undefined
}
