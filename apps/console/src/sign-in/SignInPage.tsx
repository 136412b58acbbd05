import { useQuery } from '@tanstack/react-query'
import type { GetApiConsoleSignInDemoAccountsResponse } from '@xinheng/client'
import { useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { read } from '../api.ts'
import { useSay, useWords } from '../language.ts'
import { FICTIONAL } from '../page-facts.ts'
import { forgetSession } from '../session.ts'
import { Scroll } from '../ui/Scroll.tsx'
import { Outside } from './Outside.tsx'
import styles from './SignIn.module.css'
import { type Filled, SignInForm } from './SignInForm.tsx'
import { SingleSignOn } from './SingleSignOn.tsx'
import { WORDS } from './words.ts'

const DEMO_ACCOUNTS = '/api/console/sign-in/demo-accounts'
const LOOK_AGAIN_MS = 2000
const LOOKS = 20

export function SignInPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const go = useNavigate()
  const [parameters] = useSearchParams()
  const [filled, fill] = useState<Filled>()
  const { data: demo } = useQuery<GetApiConsoleSignInDemoAccountsResponse>({
    queryKey: [DEMO_ACCOUNTS],
    queryFn: () => read(DEMO_ACCOUNTS),
    enabled: FICTIONAL,
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
        <SignInForm
          filled={filled}
          onSignedIn={enter}
          startsAtCode={parameters.get('step') === 'second-factor'}
        />
        <SingleSignOn fault={parameters.get('fault')} />
      </section>
      {demo === undefined || demo.accounts.length === 0 ? null : (
        <section className={`${styles.card} ${styles.demo}`} aria-label={w('demoTitle')}>
          <h2>{w('demoTitle')}</h2>
          <p>{w('demoText')}</p>
          <ul>
            {demo.accounts.map((one) => (
              <li key={one.login}>
                <button
                  type="button"
                  aria-pressed={filled?.account === one.login}
                  onClick={() =>
                    fill({ account: one.login, password: one.password, code: () => codeOf(one.login) })
                  }
                >
                  <span>
                    <strong>{s(one.roleName)}</strong>　{one.name}
                  </span>
                  <small>{one.unit ?? one.login}</small>
                </button>
              </li>
            ))}
          </ul>
          <details className={styles.system}>
            <summary>{w('demoSystem')}</summary>
            <p>{w('demoSystemText')}</p>
            <Scroll label={w('demoSystem')}>
              <pre>
                <code>{commands(location.origin)}</code>
              </pre>
            </Scroll>
          </details>
        </section>
      )}
    </Outside>
  )
}

/** The documentation's examples, ready to be run against this very city: a test runs what is printed here. */
function commands(base: string): string {
  const files = `${base}/api/console/sign-in`
  const given = `${base} demo-client demo-key-1 demo.key permit-organisation demo.csv`
  return `curl -s ${files}/demo-client.key -o demo.key
curl -s ${files}/demo-permits.csv -o demo.csv
sh docs/examples/deliver.sh ${given} batch-1
npx node docs/examples/deliver.ts ${given} batch-2`
}

/** The code that works now; each works once, so the next may be half a minute away. */
async function codeOf(login: string): Promise<string | undefined> {
  for (let look = 0; look < LOOKS; look++) {
    const { accounts } = await read<GetApiConsoleSignInDemoAccountsResponse>(DEMO_ACCOUNTS)
    const code = accounts.find((one) => one.login === login)?.code
    if (code !== null) return code
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
  return undefined
}

/** Only a path of the console: a link must not lead elsewhere after signing in. */
export function safePath(path: string | null): string {
  return path !== null && /^\/(?![/\\])/.test(path) ? path : '/'
}
