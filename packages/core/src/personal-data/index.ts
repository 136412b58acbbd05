export { findPersonalData, type PersonalData, type PersonalDataKind } from './detector.ts'
export { isPersonsName, maskIdNumber, maskName } from './mask.ts'
