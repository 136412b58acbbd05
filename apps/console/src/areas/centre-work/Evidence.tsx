import type { ReactNode } from 'react'
import { useSay, useWords } from '../../language.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Sheet } from '../../ui/Page.tsx'
import type { Fact, Field, Known } from './model.ts'
import styles from './Work.module.css'
import { WORDS } from './words.ts'

const STATES = {
  public: 'public',
  notPublic: 'notPublic',
  held: 'heldState',
  withdrawn: 'withdrawn',
} as const
const COLOURS = { public: 'good', notPublic: 'quiet', held: 'warn', withdrawn: 'quiet' } as const

/** A fact's values; what may be of a person is marked in its text. */
export function Fields({ fields }: { fields: readonly Field[] }) {
  const s = useSay()
  return (
    <dl className={styles.fields}>
      {fields.map((field) => (
        <div key={field.name} style={{ display: 'contents' }}>
          <dt>{s(field.title)}</dt>
          <dd>{marked(field)}</dd>
        </div>
      ))}
    </dl>
  )
}

function marked({ value, marks = [] }: Field): ReactNode {
  const parts: ReactNode[] = []
  let at = 0
  for (const { from, to } of marks) {
    parts.push(value.slice(at, from), <mark key={from}>{value.slice(from, to)}</mark>)
    at = to
  }
  return [...parts, value.slice(at)]
}

/** The facts that a known subject has already. */
export function FactsOf({ known }: { known: Known | null }) {
  const w = useWords(WORDS)
  const s = useSay()
  if (known === null || known.facts.length === 0) return null
  return (
    <Sheet title={w('factsOf', { count: known.factCount })}>
      <ul className={styles.facts}>
        {known.facts.map((fact) => (
          <li key={fact.id}>
            <span>{s(fact.item.title)}</span>
            <span>{fact.documentNumber}</span>
            <span className="soft">{fact.decidedOn}</span>
            <span className="soft">{fact.source}</span>
            <FactState fact={fact} />
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

export function FactState({ fact }: { fact: Fact }) {
  const w = useWords(WORDS)
  return <Mark tone={COLOURS[fact.state]}>{w(STATES[fact.state])}</Mark>
}
