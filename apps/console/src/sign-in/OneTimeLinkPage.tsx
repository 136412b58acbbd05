import type {
  PostApiConsoleInvitationAcceptResponse,
  PostApiConsoleInvitationOpenResponse,
} from '@xinheng/client'
import { Alert, Button, Input, QRCode, Spin } from 'antd'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { useNavigate } from 'react-router'
import { send } from '../api.ts'
import { useWords } from '../language.ts'
import { forgetSession } from '../session.ts'
import { momentOf } from '../ui/days.ts'
import { ProblemNotice } from '../ui/ProblemNotice.tsx'
import { Outside } from './Outside.tsx'
import styles from './SignIn.module.css'
import { WORDS } from './words.ts'

type Invitation = PostApiConsoleInvitationOpenResponse

type Accepted = PostApiConsoleInvitationAcceptResponse

/** Password and second factor by a one-time link. The token is in the address's fragment, which no server logs. */
export function OneTimeLinkPage() {
  const w = useWords(WORDS)
  const [token] = useState(() => location.hash.replace(/^#/, ''))
  const [invitation, setInvitation] = useState<Invitation>()
  const [accepted, setAccepted] = useState<Accepted>()
  const [problem, setProblem] = useState<unknown>()
  useEffect(() => {
    if (token === '') return
    send<Invitation>('POST', '/api/console/invitation/open', { token }).then(setInvitation).catch(setProblem)
  }, [token])
  return (
    <Outside title={w('linkTitle')}>
      <section className={`${styles.card} ${styles.wide}`} aria-label={w('linkTitle')}>
        <h2>{accepted === undefined ? w('linkTitle') : w('codesTitle')}</h2>
        {token === '' ? <Alert type="error" showIcon title={w('linkMissing')} /> : null}
        <ProblemNotice problem={problem} />
        {accepted !== undefined ? (
          <Codes accepted={accepted} />
        ) : invitation !== undefined ? (
          <Setting token={token} invitation={invitation} onAccepted={setAccepted} />
        ) : token !== '' && problem === undefined ? (
          <Spin />
        ) : null}
      </section>
    </Outside>
  )
}

function Setting({
  token,
  invitation,
  onAccepted,
}: {
  token: string
  invitation: Invitation
  onAccepted: (accepted: Accepted) => void
}) {
  const w = useWords(WORDS)
  const id = useId()
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const differ = again !== '' && password !== again
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (password !== again) return
    setBusy(true)
    setProblem(undefined)
    try {
      onAccepted(
        await send<Accepted>('POST', '/api/console/invitation/accept', {
          token,
          password,
          code: code.replaceAll(/\s/g, ''),
        }),
      )
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <p style={{ margin: 0 }}>
        {w('linkFor', { name: invitation.name })}
        <br />
        <span className="soft">{w('linkExpires', { at: momentOf(invitation.expiresAt) })}</span>
      </p>
      <input type="text" name="username" autoComplete="username" value={invitation.login} readOnly hidden />
      <h3 className={styles.part}>{w('step1')}</h3>
      <div>
        <label htmlFor={`${id}-password`}>{w('newPassword')}</label>
        <Input.Password
          id={`${id}-password`}
          value={password}
          autoComplete="new-password"
          minLength={12}
          required
          aria-describedby={`${id}-rule`}
          onChange={(event) => setPassword(event.target.value)}
        />
        <p id={`${id}-rule`} className={styles.hint}>
          {w('passwordRule')}
        </p>
      </div>
      <div>
        <label htmlFor={`${id}-again`}>{w('passwordAgain')}</label>
        <Input.Password
          id={`${id}-again`}
          value={again}
          autoComplete="new-password"
          required
          aria-invalid={differ}
          {...(differ ? { status: 'error' as const } : {})}
          onChange={(event) => setAgain(event.target.value)}
        />
        {differ ? <p style={{ color: 'var(--bad)', margin: '4px 0 0' }}>{w('passwordsDiffer')}</p> : null}
      </div>
      <h3 className={styles.part}>{w('step2')}</h3>
      <div className={styles.factor}>
        <div role="img" aria-label={w('qr')}>
          <span aria-hidden>
            <QRCode value={invitation.secondFactor.uri} size={164} />
          </span>
        </div>
        <div>
          <p style={{ margin: '0 0 8px' }}>{w('scan')}</p>
          <span className="soft">{w('secret')}</span>
          <code className={styles.secret}>{invitation.secondFactor.secret}</code>
        </div>
      </div>
      <div>
        <label htmlFor={`${id}-code`}>{w('firstCode')}</label>
        <Input
          id={`${id}-code`}
          value={code}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          onChange={(event) => setCode(event.target.value)}
        />
      </div>
      <ProblemNotice problem={problem} />
      <Button type="primary" size="large" htmlType="submit" loading={busy} disabled={differ}>
        {w('finish')}
      </Button>
    </form>
  )
}

function Codes({ accepted }: { accepted: Accepted }) {
  const w = useWords(WORDS)
  const go = useNavigate()
  return (
    <>
      <p style={{ margin: 0 }}>{w('codesText')}</p>
      <ul className={styles.codes}>
        {accepted.recoveryCodes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div style={{ display: 'flex', gap: 8 }}>
        <Button onClick={() => window.print()}>{w('print')}</Button>
        <Button
          type="primary"
          onClick={() => {
            forgetSession()
            go(accepted.signedIn ? '/' : '/sign-in', { replace: true })
          }}
        >
          {accepted.signedIn ? w('enter') : w('toSignIn')}
        </Button>
      </div>
    </>
  )
}
