import { Link } from 'react-router'
import { GROUPS } from '../../area.ts'
import { useSay } from '../../language.ts'
import { entriesFor } from '../../layout/entries.ts'
import { useMe } from '../../session.ts'
import { Sheet } from '../../ui/Page.tsx'
import styles from './Home.module.css'

/** Everything this account may open, as tiles in the menu's groups. */
export function Doors() {
  const s = useSay()
  const me = useMe()
  const entries = entriesFor(me.permissions).filter((entry) => entry.path !== '/')
  return (Object.keys(GROUPS) as (keyof typeof GROUPS)[]).map((group) => {
    const own = entries.filter((entry) => entry.group === group)
    return own.length === 0 ? null : (
      <Sheet key={group} title={s(GROUPS[group])}>
        <ul className={styles.tiles}>
          {own.map((entry) => (
            <li key={entry.path}>
              <Link to={entry.path}>
                <span aria-hidden="true">{entry.icon}</span>
                <span>{s(entry.title)}</span>
              </Link>
            </li>
          ))}
        </ul>
      </Sheet>
    )
  })
}
