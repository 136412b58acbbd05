import { useWords } from '../../language.ts'
import { useMay, useMe } from '../../session.ts'
import { Announcements } from '../../ui/Announcements.tsx'
import { Page } from '../../ui/Page.tsx'
import { DepartmentHome } from './DepartmentHome.tsx'
import { Doors } from './Doors.tsx'
import { WORDS } from './words.ts'

/** A department sees what is due; everybody else the doors that are open to them. */
export function HomePage() {
  const w = useWords(WORDS)
  const me = useMe()
  const may = useMay()
  if (me.duty === 'department' && may('delivery.make')) return <DepartmentHome />
  return (
    <Page title={w('home')} lead={w('greeting', { name: me.name, day: today() })}>
      <Announcements />
      <Doors />
    </Page>
  )
}

function today(): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date())
}
