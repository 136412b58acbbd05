export { addMonths, type DayFault, dayNumber, dayOfNumber, type StandardDay, standardiseDay } from './day.ts'
export { type StandardMoney, standardiseMoney } from './money.ts'
export { comparableHeader, comparableName, type Standard, standardiseText } from './text.ts'
