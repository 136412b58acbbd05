import { useWords } from '../../language.ts'
import { Page } from '../../ui/Page.tsx'
import { WORDS } from './words.ts'

export function SessionsPage() {
  const w = useWords(WORDS)
  return <Page title={w('sessions')}>{null}</Page>
}
