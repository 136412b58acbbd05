import { PERMISSIONS, type Permission } from '@xinheng/core'
import { Link } from 'react-router'
import { useSay, useWords } from '../../language.ts'
import { momentOf, timeOf } from '../../ui/days.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Audit.module.css'
import { actWords } from './acts.ts'
import type { Entry } from './model.ts'
import { WORDS } from './words.ts'

/** An act in words, with the name by which the ledger knows it. */
export function ActName({ act }: { act: string }) {
  const s = useSay()
  const words = actWords(act)
  return words === undefined ? (
    <code>{act}</code>
  ) : (
    <>
      {s(words)} <code className="soft">{act}</code>
    </>
  )
}

/** Where the duty itself is the ground, the permission in words. */
export function Ground({ ground }: { ground: string | null }) {
  const s = useSay()
  if (ground === null) return '—'
  const permission = Object.hasOwn(PERMISSIONS, ground) ? PERMISSIONS[ground as Permission] : undefined
  return permission === undefined ? (
    ground
  ) : (
    <>
      {s(permission)} <code className="soft">{ground}</code>
    </>
  )
}

/** Entries, the newest first. */
export function EntryTable({
  entries,
  caption,
  empty,
}: {
  entries: readonly Entry[]
  caption: string
  empty: string
}) {
  const w = useWords(WORDS)
  return (
    <Table
      caption={caption}
      rows={entries}
      keyOf={(entry) => entry.index}
      empty={empty}
      columns={[
        {
          key: 'index',
          title: w('index'),
          narrow: true,
          render: (entry) => (
            <Link to={`/audit/entries/${entry.index}`} aria-label={w('open', { index: entry.index })}>
              {entry.index}
            </Link>
          ),
        },
        {
          key: 'time',
          title: w('time'),
          narrow: true,
          render: (entry) => (
            <time dateTime={entry.at}>
              {momentOf(entry.at).slice(0, 10)} {timeOf(entry.at)}
            </time>
          ),
        },
        {
          key: 'who',
          title: w('who'),
          render: (entry) => (
            <>
              {entry.actor}
              {entry.unitName === null ? null : <div className="soft">{entry.unitName}</div>}
            </>
          ),
        },
        {
          key: 'what',
          title: w('what'),
          render: (entry) => (
            <>
              <ActName act={entry.act} />
              {entry.object === null ? null : <div className={styles.object}>{entry.object}</div>}
            </>
          ),
        },
        { key: 'ground', title: w('ground'), render: (entry) => <Ground ground={entry.ground} /> },
        {
          key: 'outcome',
          title: w('outcome'),
          narrow: true,
          render: (entry) =>
            entry.result === null ? (
              <span className="soft">{w('done')}</span>
            ) : (
              <Mark tone="quiet">{entry.result}</Mark>
            ),
        },
      ]}
    />
  )
}
