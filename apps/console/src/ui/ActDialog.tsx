import { Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useSay } from '../language.ts'
import { ProblemNotice } from './ProblemNotice.tsx'

const CANCEL = { zh: '取消', en: 'Cancel' }

/** A form in front of the page that does one thing and goes. What is typed survives a refusal, which is said below it. */
export function ActDialog({
  title,
  ok,
  ready = true,
  danger = false,
  form,
  children,
  onDone,
  onClose,
}: {
  title: string
  ok: string
  /** Whether it may be done as the form stands. */
  ready?: boolean
  danger?: boolean
  /** The class of the form. */
  form: string | undefined
  children: ReactNode
  /** Rejects where the server refuses: its sentence is shown and the dialog stays. */
  onDone: () => Promise<void>
  onClose: () => void
}) {
  const s = useSay()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const submit = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await onDone()
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
      okButtonProps={{ danger, disabled: !ready, loading: busy }}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      <div className={form}>
        {children}
        <ProblemNotice problem={problem} />
      </div>
    </Modal>
  )
}
