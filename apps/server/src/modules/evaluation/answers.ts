import { Type } from 'typebox'
import { Names, Nullable } from '../../platform/http/shapes.ts'

export const PlanView = Type.Object({
  from: Type.String(),
  to: Type.String(),
  method: Type.String(),
  units: Type.Array(Type.Integer()),
  title: Type.String(),
  items: Type.Array(Type.Number()),
  plan: Type.Integer(),
  itemCodes: Type.Array(Type.String()),
  sampleSize: Type.Integer(),
  methodVersion: Type.Integer(),
  seedCommitment: Type.String(),
  seedRevealed: Nullable(Type.String()),
  state: Type.Enum(['planned', 'drawn', 'released', 'closed']),
  plannedBy: Type.String(),
  plannedAt: Type.String(),
  releasedAt: Nullable(Type.String()),
  answerUntil: Nullable(Type.String()),
  closedAt: Nullable(Type.String()),
  samples: Type.Integer(),
  entered: Type.Integer(),
  sourceLists: Type.Array(Type.Object({ unit: Type.Integer(), lines: Type.Integer() })),
})
const LegalBasis = Type.Object({ document: Type.String(), article: Type.Optional(Type.String()) })
export const EvaluationMethod = Type.Object({
  code: Type.String(),
  version: Type.Integer(),
  inForceFrom: Type.String(),
  title: Names,
  legalBasis: Type.Array(LegalBasis),
  fullPoints: Type.Number(),
  answerWorkingDays: Type.Integer(),
  parts: Type.Array(
    Type.Object({
      measure: Type.Enum([
        'timeliness',
        'coverage',
        'agreement',
        'sampleTimeliness',
        'compliance',
        'nilReporting',
      ]),
      weight: Type.Number(),
    }),
  ),
  concealed: Type.Object({ points: Type.Number(), atMost: Type.Number() }),
  bands: Type.Array(Type.Object({ from: Type.Integer(), name: Names })),
})
export const HeldDecision = Type.Object({
  receivedOn: Type.String(),
  documentNumber: Type.String(),
  subjectName: Type.Optional(Type.String()),
  uscc: Type.Optional(Type.String()),
  decidedOn: Type.Optional(Type.String()),
  validTo: Type.Optional(Type.String()),
  amountFen: Type.Optional(Type.Integer()),
})
export const SampleFinding = Type.Object({
  missing: Type.Boolean(),
  late: Type.Boolean(),
  mismatched: Type.Array(
    Type.Enum(['uscc', 'documentNumber', 'decidedOn', 'subjectName', 'validTo', 'amountFen']),
  ),
  notAtSource: Type.Boolean(),
  notDueYet: Type.Boolean(),
})
const SampleCounts = Type.Object({
  checked: Type.Integer(),
  dueAtSource: Type.Integer(),
  onBothSides: Type.Integer(),
  missing: Type.Integer(),
  mismatched: Type.Integer(),
  late: Type.Integer(),
  notAtSource: Type.Integer(),
  concealed: Type.Number(),
})
export const PlanOutcome = Type.Object({
  method: Type.Object({
    code: Type.String(),
    version: Type.Integer(),
    zh: Type.String(),
    en: Type.String(),
    fullPoints: Type.Number(),
    basis: Type.Array(Type.String()),
  }),
  units: Type.Array(
    Type.Object({
      measures: Type.Object({
        timeliness: Type.Optional(Type.Number()),
        coverage: Type.Optional(Type.Number()),
        agreement: Type.Optional(Type.Number()),
        sampleTimeliness: Type.Optional(Type.Number()),
        compliance: Type.Optional(Type.Number()),
        nilReporting: Type.Optional(Type.Number()),
      }),
      parts: Type.Array(
        Type.Object({
          measure: Type.Enum([
            'timeliness',
            'coverage',
            'agreement',
            'sampleTimeliness',
            'compliance',
            'nilReporting',
          ]),
          weight: Type.Number(),
          rate: Type.Number(),
          points: Type.Number(),
        }),
      ),
      deducted: Type.Number(),
      unit: Type.Integer(),
      name: Type.String(),
      counts: SampleCounts,
      points: Nullable(Type.Number()),
      band: Nullable(Names),
    }),
  ),
})
