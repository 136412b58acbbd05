export type { Fault } from './fault.ts'
export { ageOn, birthDayOf, findIdNumberFaults, idNumberCheck, modernIdNumber } from './id-number.ts'
export { findOrganisationCodeFaults, organisationCodeCheck } from './organisation-code.ts'
export {
  findRegistrationNumberFaults,
  isRegistrationNumber,
  looksLikeRegistrationNumber,
  registrationNumberCheck,
} from './registration-number.ts'
export { lostItsLastDigits, type StandardIdentifier, standardiseIdentifier } from './standard-form.ts'
export {
  findUsccFaults,
  isUscc,
  type SubjectForm,
  subjectFormOfUscc,
  subjectKindOfUscc,
  usccCheck,
} from './uscc.ts'
