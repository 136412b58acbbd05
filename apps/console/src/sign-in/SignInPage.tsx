import { useQuery } from '@tanstack/react-query'
import { Button, Divider } from 'antd'
import { useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { read } from '../api.ts'
import { type Sentence, useSay, useWords } from '../language.ts'
import { forgetSession } from '../session.ts'
import { Outside } from './Outside.tsx'
import styles from './SignIn.module.css'
import { type Filled, SignInForm } from './SignInForm.tsx'
import { WORDS } from './words.ts'

/** How one may sign in here, and in the demo city as whom. */
interface Ways {
  readonly oidc: { readonly name: string | null } | null
  readonly demo: readonly DemoAccount[]
}

interface DemoAccount {
  readonly account: string
  readonly name: string
  readonly role: Sentence
  readonly unit: string | null
  readonly password: string
}

export function SignInPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const go = useNavigate()
  const [parameters] = useSearchParams()
  const [filled, fill] = useState<Filled>()
  const { data: ways } = useQuery<Ways>({
    queryKey: ['/api/console/sign-in'],
    queryFn: () => read<Ways>('/api/console/sign-in'),
    retry: false,
  })
  const to = safePath(parameters.get('to'))
  const enter = () => {
    forgetSession()
    go(to, { replace: true })
  }
  return (
    <Outside title={w('signIn')}>
      <section className={styles.card} aria-label={w('signIn')}>
        <h2>{w('signIn')}</h2>
        <SignInForm filled={filled} onSignedIn={enter} />
        {ways?.oidc === null || ways?.oidc === undefined ? null : (
          <>
            <Divider plain>{w('or')}</Divider>
            <Button block size="large" href={`/api/console/sign-in/oidc?to=${encodeURIComponent(to)}`}>
              {ways.oidc.name ?? w('oidc')}
            </Button>
          </>
        )}
      </section>
      {ways === undefined || ways.demo.length === 0 ? null : (
        <section className={`${styles.card} ${styles.demo}`} aria-label={w('demoTitle')}>
          <h2>{w('demoTitle')}</h2>
          <p>{w('demoText')}</p>
          <ul>
            {ways.demo.map((one) => (
              <li key={one.account}>
                <button
                  type="button"
                  aria-pressed={filled?.account === one.account}
                  onClick={() =>
                    fill({ account: one.account, password: one.password, code: () => codeOf(one.account) })
                  }
                >
                  <span>
                    <strong>{s(one.role)}</strong>　{one.name}
                  </span>
                  <small>{one.unit ?? one.account}</small>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Outside>
  )
}

async function codeOf(account: string): Promise<string | undefined> {
  const { code } = await read<{ code: string }>(`/api/console/demo-code/${account}`)
  return code
}

/** Only a path of the console: a link must not lead elsewhere after signing in. */
export function safePath(path: string | null): string {
  return path !== null && /^\/(?![/\\])/.test(path) ? path : '/'
}
