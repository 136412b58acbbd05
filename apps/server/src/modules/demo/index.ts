export { CITY_NAME, fillDemo, isDemo, isEmpty, isFilled } from './service.ts'
