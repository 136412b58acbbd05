import { Type } from 'typebox'
import { Nullable } from '../../platform/http/shapes.ts'

export const UnitLine = Type.Object({
  id: Type.Integer(),
  uscc: Type.String(),
  name: Type.String(),
  formerNames: Type.Array(Type.String()),
  parent: Nullable(Type.Object({ id: Type.Integer(), name: Type.String() })),
  region: Nullable(Type.Integer()),
  since: Nullable(Type.String()),
  ended: Nullable(
    Type.Object({ on: Type.String(), mergedInto: Nullable(Type.String()), ground: Type.String() }),
  ),
})
export const UnitOnDay = Type.Object({
  id: Type.Integer(),
  uscc: Type.String(),
  name: Type.String(),
  parent: Nullable(Type.Integer()),
  region: Nullable(Type.Integer()),
  endedOn: Nullable(Type.String()),
  mergedInto: Nullable(Type.Integer()),
})
export const UnitState = Type.Object({
  since: Type.String(),
  name: Type.String(),
  parent: Nullable(Type.Integer()),
  region: Nullable(Type.Integer()),
  ground: Nullable(Type.String()),
  recordedBy: Type.String(),
  recordedAt: Type.String(),
  stands: Type.Boolean(),
})
