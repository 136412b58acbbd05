export { accessGuard } from './guard.ts'
