export { findPersonalData, type PersonalData, type PersonalDataKind } from './detector.ts'
export { isPersonsName, maskCard, maskIdNumber, maskName, maskPhone, maskPlate } from './mask.ts'
