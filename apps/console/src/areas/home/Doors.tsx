import { Link } from 'react-router'
import { useSay, useWords } from '../../language.ts'
import { entriesFor } from '../../layout/entries.ts'
import { useMe } from '../../session.ts'
import { Sheet } from '../../ui/Page.tsx'
import styles from './Home.module.css'
import { WORDS } from './words.ts'

/** Everything this account may open, as tiles. */
export function Doors() {
  const w = useWords(WORDS)
  const s = useSay()
  const me = useMe()
  return (
    <Sheet title={w('place')}>
      <ul className={styles.tiles}>
        {entriesFor(me.permissions)
          .filter((entry) => entry.path !== '/')
          .map((entry) => (
            <li key={entry.path}>
              <Link to={entry.path}>
                {entry.icon}
                <span>{s(entry.title)}</span>
              </Link>
            </li>
          ))}
      </ul>
    </Sheet>
  )
}
