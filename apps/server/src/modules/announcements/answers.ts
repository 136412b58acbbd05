import { Type } from 'typebox'
import { Nullable } from '../../platform/http/shapes.ts'

export const ShownAnnouncement = Type.Object({
  body: Type.String(),
  title: Type.String(),
  id: Type.Integer(),
  shownFrom: Type.String(),
})
export const Announcement = Type.Object({
  id: Type.Integer(),
  state: Type.Enum(['draft', 'proposed', 'approved', 'withdrawn']),
  approval: Nullable(Type.Integer()),
  writtenBy: Type.String(),
  approvedBy: Nullable(Type.String()),
  title: Type.String(),
  body: Type.String(),
  audience: Type.Enum(['both', 'console', 'portal']),
  shownFrom: Type.String(),
  shownUntil: Type.String(),
})
