import { Menu, type MenuProps } from 'antd'
import { useMemo } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { GROUPS } from '../area.ts'
import { say, useLanguage } from '../language.ts'
import { useMe } from '../session.ts'
import { entriesFor } from './entries.ts'

export function SideMenu({ onChosen }: { onChosen?: () => void }) {
  const me = useMe()
  const language = useLanguage()
  const go = useNavigate()
  const { pathname } = useLocation()
  const entries = useMemo(() => entriesFor(me.permissions), [me.permissions])
  const items = useMemo<MenuProps['items']>(
    () =>
      (Object.keys(GROUPS) as (keyof typeof GROUPS)[]).flatMap((group) => {
        const own = entries.filter((entry) => entry.group === group)
        if (own.length === 0) return []
        return [
          {
            type: 'group' as const,
            key: group,
            label: say(GROUPS[group], {}, language),
            children: own.map((entry) => ({
              key: entry.path,
              // Read aloud it would be an English name before the title.
              icon: <span aria-hidden="true">{entry.icon}</span>,
              label: say(entry.title, {}, language),
            })),
          },
        ]
      }),
    [entries, language],
  )
  const open = entries
    .filter(
      (entry) => pathname === entry.path || (entry.path !== '/' && pathname.startsWith(`${entry.path}/`)),
    )
    .toSorted((a, b) => b.path.length - a.path.length)[0]
  return (
    <Menu
      mode="inline"
      items={items ?? []}
      selectedKeys={open === undefined ? [] : [open.path]}
      onClick={({ key }) => {
        go(key)
        onChosen?.()
      }}
    />
  )
}
