import { useWords } from '../../language.ts'
import { Table } from '../../ui/Table.tsx'
import styles from './Catalogue.module.css'
import type { Draft } from './model.ts'
import { WORDS } from './words.ts'

export function Differences({ differences }: { differences: Draft['differences'] }) {
  const w = useWords(WORDS)
  return (
    <div className={styles.diff}>
      <Table
        caption={w('changes', { count: differences.length })}
        rows={differences}
        keyOf={(one) => one.place}
        empty={w('noChanges')}
        columns={[
          { key: 'place', title: w('place'), render: (one) => <code>{one.place}</code> },
          {
            key: 'before',
            title: w('before'),
            render: (one) => (one.before === null ? '—' : <del>{one.before}</del>),
          },
          {
            key: 'after',
            title: w('after'),
            render: (one) => (one.after === null ? '—' : <ins>{one.after}</ins>),
          },
        ]}
      />
    </div>
  )
}
