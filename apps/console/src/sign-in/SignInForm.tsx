import type { PostApiConsoleSignInResponse } from '@xinheng/client'
import { Button, Input, type InputRef } from 'antd'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { Problem, send } from '../api.ts'
import { useWords } from '../language.ts'
import { ProblemNotice } from '../ui/ProblemNotice.tsx'
import styles from './SignIn.module.css'
import { WORDS } from './words.ts'

/** What a demo account fills in with one click. */
export interface Filled {
  readonly account: string
  readonly password: string
  readonly code: () => Promise<string | undefined>
}

/** Password, then the second factor. The session's cookie is set by the server; nothing is kept here. */
export function SignInForm({
  account: fixed,
  filled,
  onSignedIn,
  startsAtCode = false,
}: {
  /** The one who has to sign in again. */
  account?: string
  filled?: Filled | undefined
  onSignedIn: () => void
  /** Single sign-on took the place of the password. */
  startsAtCode?: boolean
}) {
  const w = useWords(WORDS)
  const id = useId()
  const [step, setStep] = useState<'password' | 'secondFactor'>(startsAtCode ? 'secondFactor' : 'password')
  const [account, setAccount] = useState(fixed ?? '')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [byRecovery, setByRecovery] = useState(false)
  const [aged, setAged] = useState(false)
  const [newPassword, setNewPassword] = useState('')
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const codeField = useRef<InputRef>(null)
  const passwordField = useRef<InputRef>(null)

  useEffect(() => {
    if (filled === undefined) return
    setAccount(filled.account)
    setPassword(filled.password)
    setStep('password')
    setProblem(undefined)
  }, [filled])
  useEffect(() => {
    if (step === 'secondFactor') codeField.current?.focus()
  }, [step])
  useEffect(() => {
    if (fixed !== undefined) passwordField.current?.focus()
  }, [fixed])

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await work()
    } catch (error) {
      setProblem(error)
      if (error instanceof Problem && error.code === 'sign-in.begin-again') setStep('password')
      if (error instanceof Problem && error.code === 'sign-in.password-aged') setAged(true)
      setCode('')
    } finally {
      setBusy(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (step === 'password')
      return void attempt(async () => {
        const { passwordAged } = await send<PostApiConsoleSignInResponse>('POST', '/api/console/sign-in', {
          account: account.trim(),
          password,
        })
        setAged(passwordAged)
        setPassword('')
        setStep('secondFactor')
        if (filled !== undefined && filled.account === account.trim()) setCode((await filled.code()) ?? '')
      })
    return void attempt(async () => {
      await send('POST', '/api/console/sign-in/second-factor', {
        ...(byRecovery ? { recoveryCode: code.trim() } : { code: code.replaceAll(/\s/g, '') }),
        ...(aged && newPassword !== '' ? { newPassword } : {}),
      })
      onSignedIn()
    })
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <ProblemNotice problem={problem} />
      {step === 'password' ? (
        <>
          <div>
            <label htmlFor={`${id}-account`}>{w('account')}</label>
            <Input
              id={`${id}-account`}
              size="large"
              value={account}
              readOnly={fixed !== undefined}
              autoComplete="username"
              autoFocus={fixed === undefined}
              required
              onChange={(event) => setAccount(event.target.value)}
            />
          </div>
          <div>
            <label htmlFor={`${id}-password`}>{w('password')}</label>
            <Input.Password
              id={`${id}-password`}
              ref={passwordField}
              size="large"
              value={password}
              autoComplete="current-password"
              required
              onChange={(event) => setPassword(event.target.value)}
            />
          </div>
          <Button type="primary" size="large" htmlType="submit" block loading={busy}>
            {w('goOn')}
          </Button>
        </>
      ) : (
        <>
          <div>
            <label htmlFor={`${id}-code`}>{byRecovery ? w('recoveryCode') : w('code')}</label>
            <Input
              id={`${id}-code`}
              ref={codeField}
              size="large"
              value={code}
              inputMode={byRecovery ? 'text' : 'numeric'}
              autoComplete="one-time-code"
              required
              aria-describedby={`${id}-hint`}
              onChange={(event) => setCode(event.target.value)}
            />
            <p id={`${id}-hint`} className={styles.hint}>
              {byRecovery ? '' : w('codeHint')}
            </p>
          </div>
          {aged ? (
            <div>
              <label htmlFor={`${id}-new`}>{w('newPassword')}</label>
              <Input.Password
                id={`${id}-new`}
                size="large"
                value={newPassword}
                autoComplete="new-password"
                required
                onChange={(event) => setNewPassword(event.target.value)}
              />
              <p className={styles.hint}>{w('newPasswordHint')}</p>
            </div>
          ) : null}
          <Button type="primary" size="large" htmlType="submit" block loading={busy}>
            {w('signIn')}
          </Button>
          <div className={styles.links}>
            <Button
              type="link"
              onClick={() => {
                setByRecovery((before) => !before)
                setCode('')
                codeField.current?.focus()
              }}
            >
              {byRecovery ? w('useCode') : w('useRecovery')}
            </Button>
            {fixed === undefined ? (
              <Button type="link" onClick={() => setStep('password')}>
                {w('back')}
              </Button>
            ) : null}
          </div>
        </>
      )}
    </form>
  )
}
