import { Type } from 'typebox'
import { Names, Nullable } from '../../platform/http/shapes.ts'
import { POLICY_KINDS } from '../catalogue/index.ts'

/** What a document of policy is. */
export const Kind = Type.Enum([...POLICY_KINDS])

export const Version = Type.Object({
  kind: Kind,
  code: Type.String(),
  version: Type.Integer(),
  title: Names,
  inForceFrom: Type.String(),
  proposedBy: Nullable(Type.String()),
  approvedBy: Nullable(Type.String()),
  enteredAt: Type.String(),
  judges: Type.Boolean(),
})
export const DraftHead = Type.Object({
  id: Type.Integer(),
  kind: Kind,
  code: Type.String(),
  version: Type.Integer(),
  origin: Type.Enum(['console', 'folder']),
  state: Type.Enum(['draft', 'proposed', 'released', 'discarded']),
  title: Nullable(Names),
  inForceFrom: Nullable(Type.String()),
  writtenBy: Type.String(),
  changedAt: Type.String(),
})
const PolicyFault = Type.Object({
  file: Type.String(),
  line: Type.Integer(),
  column: Type.Integer(),
  code: Type.String(),
  zh: Type.String(),
  en: Type.String(),
  remedyZh: Type.String(),
  remedyEn: Type.String(),
})
const Difference = Type.Object({
  place: Type.String(),
  change: Type.Enum(['added', 'removed', 'changed']),
  before: Nullable(Type.String()),
  after: Nullable(Type.String()),
})
const TrialView = Type.Object({
  id: Type.Integer(),
  state: Type.Enum(['done', 'running', 'failed']),
  progress: Type.Number(),
  startedAt: Type.String(),
  askedBy: Type.String(),
  stale: Type.Boolean(),
})
export const Draft = Type.Object({
  source: Type.String(),
  body: Type.Unknown(),
  path: Type.String(),
  faults: Type.Array(PolicyFault),
  differences: Type.Array(Difference),
  previous: Nullable(Type.Integer()),
  trial: Nullable(TrialView),
  canBeTried: Type.Boolean(),
  approval: Nullable(Type.Integer()),
  id: Type.Integer(),
  kind: Kind,
  code: Type.String(),
  version: Type.Integer(),
  origin: Type.Enum(['console', 'folder']),
  state: Type.Enum(['draft', 'proposed', 'released', 'discarded']),
  title: Nullable(Names),
  inForceFrom: Nullable(Type.String()),
  writtenBy: Type.String(),
  changedAt: Type.String(),
})
const TrialFinding = Type.Object({ code: Type.String(), field: Nullable(Type.String()), message: Names })
const TrialSample = Type.Object({
  delivery: Type.Integer(),
  place: Type.Integer(),
  cells: Type.Array(Type.Object({ field: Type.String(), title: Names, value: Type.String() })),
  before: Type.Array(TrialFinding),
  after: Type.Array(TrialFinding),
})
const TrialChange = Type.Object({
  change: Type.Enum([
    'publication',
    'newlyRejected',
    'newlyAccepted',
    'otherFaults',
    'newlyWaiting',
    'otherWarnings',
  ]),
  rows: Type.Integer(),
  findings: Type.Array(
    Type.Object({
      code: Type.String(),
      field: Nullable(Type.String()),
      message: Names,
      rows: Type.Integer(),
      comes: Type.Boolean(),
    }),
  ),
  samples: Type.Array(TrialSample),
})
export const TrialResult = Type.Object({
  item: Type.String(),
  rows: Type.Integer(),
  deliveries: Type.Integer(),
  from: Nullable(Type.String()),
  to: Nullable(Type.String()),
  seconds: Type.Number(),
  cut: Type.Boolean(),
  rejected: Type.Object({ before: Type.Integer(), after: Type.Integer() }),
  changes: Type.Array(TrialChange),
})
