import { Type } from 'typebox'
import { Names, Nullable } from '../../platform/http/shapes.ts'

const EvidenceSide = Type.Object({
  code: Type.String(),
  uscc: Nullable(Type.String()),
  kind: Type.String(),
  name: Type.String(),
  formerNames: Type.Array(Type.String()),
  registrationNumbers: Type.Array(Type.String()),
  region: Nullable(Type.String()),
  registered: Type.Boolean(),
  since: Type.String(),
  representative: Nullable(Type.String()),
  facts: Type.Array(
    Type.Object({
      code: Type.String(),
      facts: Type.Integer(),
      newest: Nullable(Type.String()),
      sources: Type.Array(Type.String()),
      title: Names,
    }),
  ),
})
const ComparedPoint = Type.Object({
  point: Type.Enum([
    'document',
    'registrationNumber',
    'organisationCode',
    'name',
    'formerName',
    'representative',
    'region',
  ]),
  agreement: Type.Enum(['agrees', 'differs', 'unknown']),
  left: Type.String(),
  right: Type.String(),
})
export const Comparison = Type.Object({
  kept: EvidenceSide,
  merged: EvidenceSide,
  points: Type.Array(ComparedPoint),
})
export const Merge = Type.Object({
  merge: Type.Integer(),
  kept: Type.Object({ name: Type.String(), code: Type.String() }),
  merged: Type.Object({ name: Type.String(), code: Type.String() }),
  ground: Type.String(),
  evidence: Type.Unknown(),
  proposedBy: Type.String(),
  approvedBy: Type.String(),
  mergedAt: Type.String(),
  undone: Nullable(
    Type.Object({ ground: Type.String(), proposedBy: Type.String(), by: Type.String(), at: Type.String() }),
  ),
})
