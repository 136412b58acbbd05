import { Type } from 'typebox'

export const AnnouncedYear = Type.Object({
  year: Type.Integer(),
  holidays: Type.Array(Type.String()),
  makeUpDays: Type.Array(Type.String()),
})
export const YearNotice = Type.Object({
  edition: Type.Integer(),
  document: Type.String(),
  proposedBy: Type.String(),
  approvedBy: Type.String(),
  enteredAt: Type.String(),
  year: Type.Integer(),
  holidays: Type.Array(Type.String()),
  makeUpDays: Type.Array(Type.String()),
})
