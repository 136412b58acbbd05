export { Chance } from './chance.ts'
export { CITY_NAME, type City, type CityOrganisation, type CityUnit, demoCity } from './city.ts'
export { neverIssuedIdNumber, validRegistrationNumber, validUscc } from './codes.ts'
export { type DemoFile, writeDemoFiles } from './demo-files.ts'
export {
  MATTERS_OF_THE_CITY,
  type SyntheticMatter,
  syntheticMatters,
  writeSyntheticMatters,
} from './matters.ts'
export { writeInOtherFormats } from './other-formats.ts'
export {
  PERMIT_HEADER,
  type SyntheticPermits,
  syntheticUnits,
  writeSyntheticPermits,
  writeSyntheticRegistrations,
} from './synthetic-permits.ts'
