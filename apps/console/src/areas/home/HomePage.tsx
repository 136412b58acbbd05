import { useWords } from '../../language.ts'
import { useMe } from '../../session.ts'
import { Page } from '../../ui/Page.tsx'
import { WORDS } from './words.ts'

export function HomePage() {
  const w = useWords(WORDS)
  const me = useMe()
  return (
    <Page title={w('home')} lead={me.unit?.name}>
      {null}
    </Page>
  )
}
