import { Alert } from 'antd'
import { useSearchParams } from 'react-router'
import { useWords } from '../../language.ts'
import { useMay, useMe } from '../../session.ts'
import { Announcements } from '../../ui/Announcements.tsx'
import { cityToday } from '../../ui/days.ts'
import { Page } from '../../ui/Page.tsx'
import { DepartmentHome } from './DepartmentHome.tsx'
import { Doors } from './Doors.tsx'
import { WORDS } from './words.ts'

/** A department sees what is due; everybody else the doors that are open to them. */
export function HomePage() {
  const w = useWords(WORDS)
  const me = useMe()
  const may = useMay()
  if (me.duty === 'department' && may('delivery.make'))
    return (
      <>
        <Linked />
        <DepartmentHome />
      </>
    )
  return (
    <Page title={w('home')} lead={w('greeting', { name: me.name, day: cityToday() })}>
      <Linked />
      <Announcements />
      <Doors />
    </Page>
  )
}

/** Said once, to whoever comes back from linking the account to the city's sign-in. */
function Linked() {
  const w = useWords(WORDS)
  const [parameters, setParameters] = useSearchParams()
  if (!parameters.has('linked')) return null
  const close = () => {
    parameters.delete('linked')
    setParameters(parameters, { replace: true })
  }
  return (
    <Alert
      type="success"
      showIcon
      closable={{ onClose: close }}
      style={{ marginBottom: 16 }}
      title={w('linked')}
    />
  )
}
