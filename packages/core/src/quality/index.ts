export {
  DIMENSION_TEXTS,
  type DimensionText,
  dimensionOf,
  QUALITY_DIMENSIONS,
  type QualityDimension,
} from './dimensions.ts'
