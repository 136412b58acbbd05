import { Type } from 'typebox'
import { Nullable } from '../../platform/http/shapes.ts'

const JobView = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  state: Type.Enum(['failed', 'created', 'retry', 'active', 'completed', 'cancelled']),
  ids: Type.Record(Type.String(), Type.Number()),
  createdAt: Type.String(),
  startedAt: Nullable(Type.String()),
  endedAt: Nullable(Type.String()),
  tries: Type.Integer(),
  output: Nullable(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
})
export const JobsOverview = Type.Object({
  kinds: Type.Array(
    Type.Object({
      kind: Type.String(),
      waiting: Type.Integer(),
      active: Type.Integer(),
      failed: Type.Integer(),
      oldestSeconds: Nullable(Type.Number()),
      lastCompletedAt: Nullable(Type.String()),
      lastFailedAt: Nullable(Type.String()),
      zh: Type.String(),
      en: Type.String(),
      schedule: Nullable(Type.String()),
    }),
  ),
  jobs: Type.Array(JobView),
})
const HealthCheck = Type.Object({
  code: Type.String(),
  verdict: Type.Enum(['warning', 'unknown', 'good', 'bad']),
  zh: Type.String(),
  en: Type.String(),
  detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Null()])),
})
export const Health = Type.Object({
  at: Type.String(),
  checks: Type.Array(HealthCheck),
  versions: Type.Record(Type.String(), Type.String()),
})
