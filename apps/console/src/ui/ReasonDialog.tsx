import { Input, Modal } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { useSay } from '../language.ts'
import { ProblemNotice } from './ProblemNotice.tsx'

const CANCEL = { zh: '取消', en: 'Cancel' }
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
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const submit = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await onDone(reason.trim())
      onClose()
    } catch (refused) {
      setProblem(refused)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      title={title}
      okText={ok}
      cancelText={s(CANCEL)}
      okButtonProps={{ danger, disabled: reason.trim().length < 2, loading: busy }}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      <div style={{ display: 'grid', gap: 12 }}>
        {children}
        <label htmlFor={id}>{s(REASON)}</label>
        <Input.TextArea
          id={id}
          rows={3}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <ProblemNotice problem={problem} />
      </div>
    </Modal>
  )
}
