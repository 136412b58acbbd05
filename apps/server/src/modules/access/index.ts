export { access } from './guard.ts'
