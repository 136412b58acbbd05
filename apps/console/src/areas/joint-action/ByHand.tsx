import type { PostApiConsoleChecksResponse } from '@xinheng/client'
import { Input, Modal } from 'antd'
import { useId, useState } from 'react'
import { send } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { AnswerView } from './AnswerView.tsx'
import styles from './JointAction.module.css'
import { MatterChoice } from './MatterChoice.tsx'
import { WORDS } from './words.ts'

/** A check at the counter. What is typed survives a refusal; Enter asks. */
export function ByHand({ onClose }: { onClose: () => void }) {
  const w = useWords(WORDS)
  const id = useId()
  const [asked, setAsked] = useState({ matter: '', identifier: '', name: '', purpose: '', caseNumber: '' })
  const [answer, setAnswer] = useState<PostApiConsoleChecksResponse>()
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const set = (part: Partial<typeof asked>) => setAsked((before) => ({ ...before, ...part }))
  const whole = Object.values(asked).every((value) => value.trim() !== '')
  const submit = async () => {
    if (!whole || busy) return
    setBusy(true)
    setProblem(undefined)
    try {
      const { matter, identifier, name, purpose, caseNumber } = asked
      setAnswer(
        await send<PostApiConsoleChecksResponse>('POST', '/api/console/checks', {
          matter,
          applicant: { kind: 'organisation', identifier, name },
          purpose,
          caseNumber,
        }),
      )
      await invalidate('/api/console/checks')
    } catch (refused) {
      setProblem(refused)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      width={680}
      title={w('byHand')}
      okText={answer === undefined ? w('check') : w('close')}
      cancelText={w('cancel')}
      okButtonProps={{ loading: busy, disabled: answer === undefined && !whole }}
      onOk={() => (answer === undefined ? void submit() : onClose())}
      onCancel={onClose}
    >
      {answer === undefined ? (
        <div className={styles.form}>
          <p className="soft">{w('organisationsOnly')}</p>
          <label htmlFor={`${id}-matter`}>{w('matter')}</label>
          <MatterChoice id={`${id}-matter`} onChange={(matter) => set({ matter })} />
          {(
            [
              ['identifier', 'uscc', 40],
              ['name', 'name', 200],
              ['purpose', 'purpose', 200],
              ['caseNumber', 'caseNumber', 100],
            ] as const
          ).map(([field, label, longest]) => (
            <div key={field} className={styles.form}>
              <label htmlFor={`${id}-${field}`}>{w(label)}</label>
              <Input
                id={`${id}-${field}`}
                value={asked[field]}
                maxLength={longest}
                autoComplete="off"
                onChange={(event) => set({ [field]: event.target.value })}
                onPressEnter={() => void submit()}
              />
            </div>
          ))}
          <ProblemNotice problem={problem} />
        </div>
      ) : (
        <AnswerView answer={answer} />
      )}
    </Modal>
  )
}
