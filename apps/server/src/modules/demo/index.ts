export { fillOversight } from './oversight.ts'
export { CITY_NAME, fillDemo, isDemo, isEmpty, isFilled } from './service.ts'
