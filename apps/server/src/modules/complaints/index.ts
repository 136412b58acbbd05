export {
  type AboutForm,
  type Answer,
  Complaints,
  SUBJECTS_OF_COMPLAINT,
  type TicketView,
} from './service.ts'
