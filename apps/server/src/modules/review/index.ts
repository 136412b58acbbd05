export { type Decision, type OpenReview, Reviews } from './service.ts'
