import { Button } from 'antd'
import { useMemo } from 'react'
import { useSay, useWords } from '../../language.ts'
import { Sheet as Panel } from '../../ui/Page.tsx'
import type { Sheet } from '../../ui/sheet/sheet.ts'
import { useSheetVersion } from '../../ui/sheet/useSheet.ts'
import styles from './Mend.module.css'
import { WORDS } from './words.ts'

/** What kinds of fault there are, how many of each, and what can be done for all of a kind at once. */
export function FaultKinds({
  sheet,
  chosen,
  onChoose,
}: {
  sheet: Sheet
  chosen: string | undefined
  onChoose: (key: string | undefined) => void
}) {
  const w = useWords(WORDS)
  const s = useSay()
  const version = useSheetVersion(sheet)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the sheet says by its version that it changed
  const kinds = useMemo(() => sheet.kinds(), [sheet, version])
  if (kinds.length === 0) return null
  return (
    <Panel
      title={w('kinds')}
      extra={
        chosen === undefined ? null : (
          <Button size="small" onClick={() => onChoose(undefined)}>
            {w('all')}
          </Button>
        )
      }
    >
      <ul className={styles.kinds}>
        {kinds.map((kind) => {
          const column = kind.column === undefined ? undefined : sheet.columns[kind.column]
          return (
            <li key={kind.key} className={styles.kind}>
              <div className={styles.kindHead}>
                <strong>
                  {column === undefined ? null : column.title === null ? column.header : s(column.title)}
                </strong>
                <span className={styles.count}>{kind.rows}</span>
              </div>
              <p>{s(kind.message)}</p>
              <div className={styles.acts}>
                {kind.suggestions > 0 ? (
                  <Button type="link" size="small" onClick={() => sheet.takeSuggestions(kind.key)}>
                    {w('takeKind', { count: kind.suggestions })}
                  </Button>
                ) : null}
                {chosen === kind.key ? null : (
                  <Button type="link" size="small" onClick={() => onChoose(kind.key)}>
                    {w('showKind')}
                  </Button>
                )}
              </div>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}
