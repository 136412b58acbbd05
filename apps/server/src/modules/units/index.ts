export { historyOf, type UnitOnDay, type UnitState, unitsOn } from './history.ts'
export { UnitKeeping } from './keeping.ts'
export { unitRoutes } from './routes.ts'
export { addUnits, listUnits, type NewUnit, type Unit } from './service.ts'
