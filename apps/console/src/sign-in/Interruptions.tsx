import { Button, Input, Modal } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { read, send } from '../api.ts'
import { settleInterruption, useInterruption } from '../interruptions.ts'
import { useWords } from '../language.ts'
import { ME, type Me, useMe } from '../session.ts'
import { ProblemNotice } from '../ui/ProblemNotice.tsx'
import styles from './SignIn.module.css'
import { SignInForm } from './SignInForm.tsx'
import { WORDS } from './words.ts'

/** Work stops for a sign-in or a proof, and goes on where it stopped. */
export function Interruptions() {
  const w = useWords(WORDS)
  const me = useMe()
  const kind = useInterruption()
  const signedIn = async () => {
    // Only the same person goes on: what stands on the page is theirs.
    const now = await read<Me>(ME)
    if (now.account === me.account) settleInterruption('signIn', true)
    else location.assign('/console/')
  }
  return (
    <>
      <Modal
        open={kind === 'signIn'}
        title={w('endedTitle')}
        footer={null}
        closable={false}
        mask={{ closable: false }}
        keyboard={false}
        width={420}
        destroyOnHidden
      >
        <p>{w('endedText')}</p>
        <SignInForm account={me.login} onSignedIn={() => void signedIn()} />
        <div style={{ marginTop: 12, textAlign: 'right' }}>
          <Button type="text" onClick={() => location.assign('/console/sign-in')}>
            {w('leave')}
          </Button>
        </div>
      </Modal>
      <Modal
        open={kind === 'proveAgain'}
        title={w('proveTitle')}
        footer={null}
        width={420}
        destroyOnHidden
        onCancel={() => settleInterruption('proveAgain', false)}
      >
        <p>{w('proveText')}</p>
        <Proof />
      </Modal>
    </>
  )
}

function Proof() {
  const w = useWords(WORDS)
  const id = useId()
  const me = useMe()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(undefined)
    try {
      await send('POST', '/api/console/re-authenticate', {
        ...(me.signedInBy === 'password' ? { password } : {}),
        code: code.replaceAll(/\s/g, ''),
      })
      settleInterruption('proveAgain', true)
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <ProblemNotice problem={problem} />
      {me.signedInBy === 'password' ? (
        <div>
          <label htmlFor={`${id}-password`}>{w('password')}</label>
          <Input.Password
            id={`${id}-password`}
            value={password}
            autoComplete="current-password"
            autoFocus
            required
            onChange={(event) => setPassword(event.target.value)}
          />
        </div>
      ) : null}
      <div>
        <label htmlFor={`${id}-code`}>{w('code')}</label>
        <Input
          id={`${id}-code`}
          value={code}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          onChange={(event) => setCode(event.target.value)}
        />
      </div>
      <div style={{ display: 'flex', gap: 8, justifyContent: 'flex-end' }}>
        <Button onClick={() => settleInterruption('proveAgain', false)}>{w('cancel')}</Button>
        <Button type="primary" htmlType="submit" loading={busy}>
          {w('prove')}
        </Button>
      </div>
    </form>
  )
}
