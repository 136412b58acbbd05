export { addUnits, listUnits, type NewUnit, type Unit } from './service.ts'
