export { type JobIds, type JobKind, type JobState, Jobs, type JobView, type QueueView } from './jobs.ts'
