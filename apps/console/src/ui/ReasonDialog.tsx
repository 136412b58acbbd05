import { Input } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { useSay } from '../language.ts'
import styles from './ActDialog.module.css'
import { ActDialog } from './ActDialog.tsx'

const REASON = { zh: '理由', en: 'Reason' }

/** Asks for a reason before something is done that stays on record. What is typed survives a refusal. */
export function ReasonDialog({
  title,
  ok,
  danger = false,
  children,
  onDone,
  onClose,
}: {
  title: string
  ok: string
  danger?: boolean
  children?: ReactNode
  /** Rejects where the server refuses: its sentence is shown and the dialog stays. */
  onDone: (reason: string) => Promise<void>
  onClose: () => void
}) {
  const s = useSay()
  const id = useId()
  const [reason, setReason] = useState('')
  return (
    <ActDialog
      title={title}
      ok={ok}
      ready={reason.trim().length >= 2}
      danger={danger}
      form={styles.reason}
      onDone={() => onDone(reason.trim())}
      onClose={onClose}
    >
      {children}
      <label htmlFor={id}>{s(REASON)}</label>
      <Input.TextArea
        id={id}
        rows={3}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </ActDialog>
  )
}
