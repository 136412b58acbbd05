import { Type } from 'typebox'
import { Nullable } from '../../platform/http/shapes.ts'

const Week = Type.Object({ from: Type.String(), to: Type.String() })
const BoardFigures = Type.Object({
  reported: Type.Integer(),
  onTime: Type.Integer(),
  late: Type.Integer(),
  receiptUndue: Type.Integer(),
  failedFirst: Type.Integer(),
  rejected: Type.Integer(),
  stillDue: Type.Integer(),
  overdue: Type.Integer(),
  rejectedUndated: Type.Integer(),
  dueIn: Type.Array(Type.Object({ daysLeft: Type.Integer(), rows: Type.Integer() })),
  complianceRate: Nullable(Type.Number()),
  timelinessRate: Nullable(Type.Number()),
})
const BoardRegion = Type.Object({
  region: Nullable(Type.Integer()),
  name: Type.String(),
  units: Type.Integer(),
  silentUnits: Type.Integer(),
  figures: BoardFigures,
})
const BoardUnit = Type.Object({
  unit: Type.Integer(),
  name: Type.String(),
  region: Nullable(Type.Integer()),
  figures: BoardFigures,
  byItem: Type.Array(Type.Object({ item: Type.String(), figures: BoardFigures })),
  silentWeeks: Type.Array(Week),
  nilReports: Type.Integer(),
  deliveries: Type.Integer(),
  lastHeardOn: Nullable(Type.String()),
})
export const Board = Type.Object({
  from: Type.String(),
  to: Type.String(),
  today: Type.String(),
  items: Type.Array(
    Type.Object({ code: Type.String(), zh: Type.String(), en: Type.String(), termDays: Type.Integer() }),
  ),
  endedWeeks: Type.Array(Week),
  city: BoardFigures,
  silentUnits: Type.Integer(),
  nilReports: Type.Integer(),
  regions: Type.Array(BoardRegion),
  units: Type.Array(BoardUnit),
})
export const BoardRows = Type.Object({
  total: Type.Integer(),
  facts: Type.Array(
    Type.Object({
      uscc: Nullable(Type.String()),
      person: Type.Boolean(),
      failedFirst: Type.Boolean(),
      subject: Nullable(Type.String()),
      documentNumber: Nullable(Type.String()),
      decidedOn: Type.String(),
      receivedOn: Type.String(),
      delivery: Type.Integer(),
      row: Type.Integer(),
      item: Type.String(),
      dueOn: Nullable(Type.String()),
    }),
  ),
  rejected: Type.Array(
    Type.Object({
      decidedOn: Nullable(Type.String()),
      receivedOn: Type.String(),
      delivery: Type.Integer(),
      row: Type.Integer(),
      item: Type.String(),
      dueOn: Nullable(Type.String()),
      daysLeft: Nullable(Type.Integer()),
    }),
  ),
})
