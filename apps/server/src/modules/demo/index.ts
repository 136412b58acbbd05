export { fillLoop } from './loop.ts'
export { OutsideSystems } from './outside.ts'
export { fillOversight } from './oversight.ts'
export { CITY_NAME, fillDemo, isDemo, isEmpty, isFilled } from './service.ts'
