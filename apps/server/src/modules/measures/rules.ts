import { type CatalogueItem, compileExpression, type Expression, expressionEnvironment } from '@xinheng/core'
import { DomainError } from '../../platform/errors/domain-error.ts'

/** What a rule may ask of a matter. */
export interface MatterFacts {
  readonly code: string
  readonly name: string
  readonly kind: string
  /** The unit's name. */
  readonly unit: string
}

const FIELDS = ['code', 'name', 'kind', 'unit'].map((name) => ({ name, type: 'text' }))

/** A rule over a matter: `kind == '行政许可' && name.contains('食品')`. @throws DomainError `binding.rule` */
export function compileMatterRule(source: string): (matter: MatterFacts) => boolean {
  const compiled = compileExpression(
    source,
    expressionEnvironment({ fields: FIELDS as unknown as CatalogueItem['fields'] }),
  )
  if ('faults' in compiled)
    throw new DomainError('binding.rule', {
      zh: `规则有误：${compiled.faults[0]?.detail ?? ''}。`,
      en: `The rule is wrong: ${compiled.faults[0]?.detail ?? ''}.`,
      remedyZh: "可用 code、name、kind、unit，如 kind == '行政许可' && name.contains('食品')。",
      remedyEn: "It may ask for code, name, kind and unit: kind == '行政许可' && name.contains('食品').",
      status: 422,
    })
  const expression: Expression = compiled.expression
  return (matter) => expression.evaluate({ ...matter })
}
