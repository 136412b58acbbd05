import type { GetApiConsoleMeasuresResponse, PostApiConsoleBindingsPreviewResponse } from '@xinheng/client'
import { App, Button, Input, Modal } from 'antd'
import { useId, useState } from 'react'
import { send } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './JointAction.module.css'
import { WORDS } from './words.ts'

/** Binds a measure to matters by a rule that is tried first. */
export function BindDialog({
  measure,
  onClose,
}: {
  measure: GetApiConsoleMeasuresResponse['measures'][number]
  onClose: () => void
}) {
  const w = useWords(WORDS)
  const s = useSay()
  const id = useId()
  const { message } = App.useApp()
  const [rule, setRule] = useState('')
  const [reason, setReason] = useState('')
  const [met, setMet] = useState<PostApiConsoleBindingsPreviewResponse>()
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const run = async (work: () => Promise<void>) => {
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
  const preview = () =>
    run(async () =>
      setMet(await send('POST', '/api/console/bindings/preview', { measure: measure.code, rule })),
    )
  const submit = () =>
    run(async () => {
      await send('POST', '/api/console/bindings', { measure: measure.code, rule, reason: reason.trim() })
      void message.success(w('proposed'))
      onClose()
    })
  return (
    <Modal
      open
      title={`${w('bind')}：${s(measure.title)}`}
      okText={w('bind')}
      cancelText={w('cancel')}
      okButtonProps={{
        loading: busy,
        disabled: met === undefined || met.matters === 0 || reason.trim().length < 2,
      }}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      <div className={styles.form}>
        <label htmlFor={`${id}-rule`}>{w('rule')}</label>
        <span className="soft" id={`${id}-hint`}>
          {w('ruleHint')}
        </span>
        <Input.TextArea
          id={`${id}-rule`}
          aria-describedby={`${id}-hint`}
          rows={2}
          maxLength={500}
          value={rule}
          onChange={(event) => {
            setRule(event.target.value)
            setMet(undefined)
          }}
        />
        <div>
          <Button disabled={rule.trim() === '' || busy} onClick={() => void preview()}>
            {w('preview')}
          </Button>{' '}
          {met === undefined ? null : <span role="status">{w('meets', { matters: met.matters })}</span>}
        </div>
        {met === undefined ? null : (
          <ul className={styles.laws}>
            {met.first.slice(0, 8).map((one) => (
              <li key={one.code}>
                {one.name} <span className="soft">{one.unit}</span>
              </li>
            ))}
          </ul>
        )}
        <label htmlFor={`${id}-reason`}>{w('reason')}</label>
        <Input
          id={`${id}-reason`}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <ProblemNotice problem={problem} />
      </div>
    </Modal>
  )
}
