import { comparableName, type Sentence } from '@xinheng/core'
import type { FactsOfItem, SubjectRow } from './store.ts'

/** What is compared of two subjects, in the order in which it weighs. */
export type Point =
  | 'document'
  | 'organisationCode'
  | 'registrationNumber'
  | 'name'
  | 'formerName'
  | 'representative'
  | 'region'

/** `unknown`: one of the two does not say. */
export type Agreement = 'agrees' | 'differs' | 'unknown'

export interface ComparedPoint {
  readonly point: Point
  readonly agreement: Agreement
  readonly left: string
  readonly right: string
}

/** A subject as evidence: by its codes, never by our number. */
export interface EvidenceSide {
  readonly code: string
  readonly uscc: string | null
  readonly kind: string
  readonly name: string
  readonly formerNames: readonly string[]
  readonly registrationNumbers: readonly string[]
  readonly region: string | null
  readonly registered: boolean
  readonly since: string
  readonly representative: string | null
  readonly facts: readonly (Omit<FactsOfItem, 'item'> & { readonly title: Sentence })[]
}

/** Compares what both sides say; nothing here decides. */
export function comparePoints(
  left: EvidenceSide,
  right: EvidenceSide,
  sharedDocuments: number,
): ComparedPoint[] {
  const point = (name: Point, one: string | null, other: string | null, same?: boolean): ComparedPoint => ({
    point: name,
    agreement:
      one === null || other === null || one === '' || other === ''
        ? 'unknown'
        : (same ?? one === other)
          ? 'agrees'
          : 'differs',
    left: one ?? '',
    right: other ?? '',
  })
  // Positions 9–17 of a credit code are the organisation's own number, which it keeps when the code is issued anew.
  const organisation = (side: EvidenceSide) => side.uscc?.slice(8, 17) ?? null
  const numbers = (side: EvidenceSide) => side.registrationNumbers.join('、') || null
  const names = (side: EvidenceSide) => [side.name, ...side.formerNames].map(comparableName)
  const crossing = names(left).some((name) => names(right).includes(name))
  return [
    {
      point: 'document',
      agreement: sharedDocuments > 0 ? 'agrees' : 'unknown',
      left: String(sharedDocuments),
      right: String(sharedDocuments),
    },
    point('organisationCode', organisation(left), organisation(right)),
    point(
      'registrationNumber',
      numbers(left),
      numbers(right),
      left.registrationNumbers.some((number) => right.registrationNumbers.includes(number)),
    ),
    point('name', left.name, right.name, comparableName(left.name) === comparableName(right.name)),
    point(
      'formerName',
      [left.name, ...left.formerNames].join('、'),
      [right.name, ...right.formerNames].join('、'),
      crossing,
    ),
    point('representative', left.representative, right.representative),
    point('region', left.region, right.region),
  ]
}

export function sideOf(
  row: SubjectRow,
  kind: string,
  facts: readonly (FactsOfItem & { readonly title: Sentence })[],
  representative: string | null,
): EvidenceSide {
  return {
    code: row.uscc ?? row.registrationNumbers[0] ?? '',
    uscc: row.uscc,
    kind,
    name: row.name,
    formerNames: row.formerNames,
    registrationNumbers: row.registrationNumbers,
    region: row.region === null ? null : String(row.region),
    registered: row.registered,
    since: row.since,
    representative,
    facts: facts.map(({ item: _, ...rest }) => rest),
  }
}
