import { useWords } from '../language.ts'
import { WORDS } from './words.ts'

export function SignInPage() {
  const w = useWords(WORDS)
  return <h1>{w('signIn')}</h1>
}
