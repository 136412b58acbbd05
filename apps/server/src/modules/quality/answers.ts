import { Type } from 'typebox'
import { Names, Nullable } from '../../platform/http/shapes.ts'

const DimensionText = Type.Object({ name: Names, formula: Names })
const DimensionShare = Type.Object({
  dimension: Type.Enum([
    'accuracy',
    'completeness',
    'consistency',
    'timeliness',
    'uniqueness',
    'accessibility',
  ]),
  good: Type.Number(),
  all: Type.Number(),
})
export const QualityReport = Type.Object({
  month: Type.String(),
  texts: Type.Object({
    accuracy: DimensionText,
    completeness: DimensionText,
    consistency: DimensionText,
    timeliness: DimensionText,
    uniqueness: DimensionText,
    accessibility: DimensionText,
  }),
  whole: Type.Array(DimensionShare),
  items: Type.Array(
    Type.Object({
      item: Type.String(),
      zh: Type.String(),
      en: Type.String(),
      dimensions: Type.Array(DimensionShare),
    }),
  ),
  units: Type.Array(
    Type.Object({
      unit: Type.Integer(),
      name: Type.String(),
      dimensions: Type.Array(DimensionShare),
      byItem: Type.Array(Type.Object({ item: Type.String(), dimensions: Type.Array(DimensionShare) })),
    }),
  ),
  trend: Type.Array(Type.Object({ month: Type.String(), dimensions: Type.Array(DimensionShare) })),
})
export const QualityLine = Type.Object({
  delivery: Type.Integer(),
  row: Type.Integer(),
  place: Nullable(Type.Integer()),
  receivedOn: Nullable(Type.String()),
  documentNumber: Nullable(Type.String()),
  codes: Type.Array(Type.String()),
  zh: Type.String(),
  en: Type.String(),
})
