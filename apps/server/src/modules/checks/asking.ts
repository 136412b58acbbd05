import { createHash, randomBytes } from 'node:crypto'
import {
  type ApplicantKind,
  findIdNumberFaults,
  findPersonalData,
  findUsccFaults,
  modernIdNumber,
  standardiseIdentifier,
} from '@xinheng/core'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { Keys } from '../../platform/keys/keys.ts'

/** What a system or an officer asks, as it comes. */
export interface CheckRequest {
  readonly matter: string
  readonly applicant: { readonly kind: ApplicantKind; readonly identifier: string; readonly name: string }
  readonly purpose: string
  readonly caseNumber: string
  readonly officer?: string
  readonly consent?: { readonly number: string; readonly until: string }
  readonly duty?: { readonly law: string; readonly article: string }
}

/** The applicant, once it is certain who is meant. A person is a hash; number and name are kept sealed. */
export type Applicant =
  | { readonly kind: 'organisation' | 'individualBusiness'; readonly uscc: string; readonly name: string }
  | { readonly kind: 'person'; readonly person: string; readonly number: string; readonly name: string }

/** @throws DomainError `check.identifier`, `check.personal-data`, `check.person-ground` */
export function applicantOf(request: CheckRequest, keys: Keys, today: string): Applicant {
  for (const text of [
    request.purpose,
    request.caseNumber,
    request.officer ?? '',
    request.consent?.number ?? '',
  ])
    if (findPersonalData(text).some(({ kind }) => kind !== 'landline')) throw personalData()
  const { kind, identifier, name } = request.applicant
  if (kind === 'person') {
    const number = modernIdNumber(identifier.normalize('NFKC').replace(/\s/g, '').toUpperCase()).value
    if (findIdNumberFaults(number, today).some(({ severity }) => severity === 'error'))
      throw wrongIdentifier('person')
    if (request.consent === undefined && request.duty === undefined) throw noGround()
    return { kind, number, name: name.trim(), person: keys.keyedHash('person', `身份证:${number}`) }
  }
  const uscc = standardiseIdentifier(identifier).value ?? ''
  const faults = findUsccFaults(uscc, () => true).filter(({ severity }) => severity === 'error')
  if (faults.length > 0) throw wrongIdentifier('organisation')
  if (findPersonalData(name).some(({ kind: found }) => found === 'idNumber')) throw personalData()
  // The register says what it is, whatever the asking system believes.
  return {
    kind: uscc.startsWith('92') ? 'individualBusiness' : kind,
    uscc,
    name: name.normalize('NFKC').trim(),
  }
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The number of a check: 100 random bits in letters that nobody confuses. */
export function newNumber(): string {
  return [...randomBytes(20)].map((byte) => ALPHABET[byte & 31]).join('')
}

/** What makes a second request the same as the first. */
export function requestDigest(request: unknown): Buffer {
  return createHash('sha256').update(stable(request)).digest()
}

function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  return `{${Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${stable(inner)}`)
    .join(',')}}`
}

const wrongIdentifier = (kind: 'organisation' | 'person'): DomainError =>
  new DomainError('check.identifier', {
    zh: kind === 'person' ? '身份证号码不对。' : '统一社会信用代码不对。',
    en: kind === 'person' ? 'The identity number is wrong.' : 'The unified social credit code is wrong.',
    remedyZh: '核查按代码精确比对，不按名称。请核对后重试。',
    remedyEn: 'A check compares codes, not names. Correct it and ask again.',
    status: 422,
  })

const personalData = (): DomainError =>
  new DomainError('check.personal-data', {
    zh: '用途、业务编号、经办人或名称中有个人证件号、电话等信息。',
    en: 'Purpose, case number, officer or name holds an identity number, a phone number or the like.',
    remedyZh: '证件号码只填在 applicant.identifier 中。',
    remedyEn: 'An identity number goes into applicant.identifier and nowhere else.',
    status: 422,
  })

const noGround = (): DomainError =>
  new DomainError('check.person-ground', {
    zh: '核查自然人须有本人授权编号，或写明法定职责（法律及条款）。',
    en: 'A natural person is checked by their consent, or by a duty that names its law and article.',
    remedyZh: '填写 consent 或 duty。',
    remedyEn: 'Give consent or duty.',
    status: 422,
  })
