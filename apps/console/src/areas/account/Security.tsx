import type {
  GetApiConsoleSignInSingleSignOnResponse,
  PostApiConsoleRecoveryCodesResponse,
  PostApiConsoleSecondFactorResponse,
  PostApiConsoleSingleSignOnResponse,
} from '@xinheng/client'
import { App, Button, Input, Modal, QRCode } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMe } from '../../session.ts'
import { Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './Account.module.css'
import { WORDS } from './words.ts'

type NewFactor = PostApiConsoleSecondFactorResponse

/** One's own secrets. Each change asks for a fresh proof by itself. */
export function Security() {
  const w = useWords(WORDS)
  const s = useSay()
  const id = useId()
  const me = useMe()
  const { message } = App.useApp()
  const [open, setOpen] = useState<'password' | 'factor' | 'codes'>()
  const [value, setValue] = useState('')
  const [factor, setFactor] = useState<NewFactor>()
  const [codes, setCodes] = useState<readonly string[]>([])
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)

  const outside = useApi<GetApiConsoleSignInSingleSignOnResponse>('/api/console/sign-in/single-sign-on')
  const link = () =>
    attempt(async () => {
      const { location: to } = await send<PostApiConsoleSingleSignOnResponse>(
        'POST',
        '/api/console/single-sign-on',
      )
      location.assign(to)
    })

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await work()
    } catch (refused) {
      setProblem(refused)
    } finally {
      setBusy(false)
    }
  }
  const begin = (what: 'password' | 'factor' | 'codes') =>
    attempt(async () => {
      setValue('')
      if (what === 'factor') setFactor(await send<NewFactor>('POST', '/api/console/second-factor'))
      if (what === 'codes')
        setCodes(
          (await send<PostApiConsoleRecoveryCodesResponse>('POST', '/api/console/recovery-codes'))
            .recoveryCodes,
        )
      setOpen(what)
    })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void attempt(async () => {
      if (open === 'password') await send('POST', '/api/console/password', { password: value })
      else
        await send('PUT', '/api/console/second-factor', {
          sealed: factor?.sealed,
          code: value.replaceAll(/\s/g, ''),
        })
      void message.success(w(open === 'password' ? 'passwordChanged' : 'factorChanged'))
      setOpen(undefined)
      await invalidate('/api/console/sessions')
    })
  }
  const close = () => {
    setOpen(undefined)
    setProblem(undefined)
  }
  return (
    <Sheet title={w('security')}>
      <dl className={styles.facts}>
        <div>
          <dt>{w('role')}</dt>
          <dd>{s(me.roleName)}</dd>
        </div>
        {me.unit === null ? null : (
          <div>
            <dt>{w('unit')}</dt>
            <dd>{me.unit.name}</dd>
          </div>
        )}
      </dl>
      {open === undefined ? <ProblemNotice problem={problem} /> : null}
      {me.signedInBy === 'password' ? (
        <div className={styles.acts}>
          <Button onClick={() => begin('password')}>{w('changePassword')}</Button>
          <Button onClick={() => begin('factor')}>{w('changeFactor')}</Button>
          <Button onClick={() => begin('codes')}>{w('newCodes')}</Button>
          {outside.data?.available === true ? <Button onClick={link}>{w('linkOutside')}</Button> : null}
        </div>
      ) : null}
      <Modal
        open={open === 'password' || open === 'factor'}
        title={w(open === 'factor' ? 'changeFactor' : 'changePassword')}
        footer={null}
        onCancel={close}
        destroyOnHidden
      >
        <form className={styles.form} onSubmit={submit}>
          <ProblemNotice problem={problem} />
          {open === 'factor' && factor !== undefined ? (
            <div className={styles.factor}>
              <div role="img" aria-label={w('qr')}>
                <span aria-hidden>
                  <QRCode value={factor.uri} size={150} />
                </span>
              </div>
              <div>
                <p>{w('factorText')}</p>
                <span className="soft">{w('secret')}</span> <code>{factor.secret}</code>
              </div>
            </div>
          ) : null}
          <div>
            <label htmlFor={id}>{w(open === 'factor' ? 'code' : 'newPassword')}</label>
            {open === 'factor' ? (
              <Input
                id={id}
                value={value}
                inputMode="numeric"
                autoComplete="one-time-code"
                required
                onChange={(event) => setValue(event.target.value)}
              />
            ) : (
              <Input.Password
                id={id}
                value={value}
                minLength={12}
                autoComplete="new-password"
                required
                onChange={(event) => setValue(event.target.value)}
              />
            )}
            {open === 'password' ? <p className="soft">{w('passwordRule')}</p> : null}
          </div>
          <Button type="primary" htmlType="submit" loading={busy}>
            {w('save')}
          </Button>
        </form>
      </Modal>
      <Modal open={open === 'codes'} title={w('newCodes')} footer={null} onCancel={close} destroyOnHidden>
        <p>{w('codesText')}</p>
        <ul className={styles.codes}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
      </Modal>
    </Sheet>
  )
}
