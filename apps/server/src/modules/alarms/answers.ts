import { Type } from 'typebox'
import { Names, Nullable } from '../../platform/http/shapes.ts'

const LegalBasis = Type.Object({ document: Type.String(), article: Type.Optional(Type.String()) })
export const AlarmRules = Type.Object({
  code: Type.String(),
  version: Type.Integer(),
  inForceFrom: Type.String(),
  title: Names,
  legalBasis: Type.Array(LegalBasis),
  sourceSilent: Type.Object({ workingDays: Type.Integer(), expectedFrom: Type.Array(Type.String()) }),
  faultsJumped: Type.Object({
    leastRows: Type.Integer(),
    leastShare: Type.Number(),
    times: Type.Number(),
    windowDays: Type.Integer(),
    beforeDays: Type.Integer(),
  }),
  withdrawalUnconfirmed: Type.Object({ workingDays: Type.Integer() }),
  ledgerSilent: Type.Object({ minutes: Type.Integer() }),
})
export const AlarmLine = Type.Object({
  alarm: Type.Integer(),
  kind: Type.Enum([
    'sourceSilent',
    'faultsJumped',
    'withdrawalUnconfirmed',
    'ledgerSilent',
    'jobFailed',
    'test',
  ]),
  object: Type.String(),
  unit: Nullable(Type.Object({ id: Type.Integer(), name: Type.String() })),
  detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  rule: Type.String(),
  openedAt: Type.String(),
  endedAt: Nullable(Type.String()),
  acknowledgedBy: Nullable(Type.String()),
  acknowledgedAt: Nullable(Type.String()),
  notices: Type.Array(
    Type.Object({
      recipient: Type.String(),
      state: Type.Enum(['waiting', 'sent', 'failed']),
      tries: Type.Integer(),
      fault: Nullable(Type.String()),
    }),
  ),
})
export const RecipientLine = Type.Object({
  recipient: Type.Integer(),
  channel: Type.Enum(['mail', 'webhook']),
  label: Type.String(),
  target: Type.String(),
  kinds: Type.Array(
    Type.Enum(['sourceSilent', 'faultsJumped', 'withdrawalUnconfirmed', 'ledgerSilent', 'jobFailed']),
  ),
  active: Type.Boolean(),
})
