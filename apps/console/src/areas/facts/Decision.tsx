import { Button, Input, Modal } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { useWords } from '../../language.ts'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { WORDS } from './words.ts'

/** A dialog that asks for a sentence and ends with one of several acts. It stays open with what was typed if refused. */
export function Decision({
  title,
  question,
  acts,
  children,
  onClose,
}: {
  title: string
  /** Above the box for the sentence. */
  question: string
  acts: readonly {
    readonly label: string
    readonly danger?: boolean
    readonly act: (sentence: string) => Promise<void>
  }[]
  children?: ReactNode
  onClose: () => void
}) {
  const w = useWords(WORDS)
  const id = useId()
  const [sentence, setSentence] = useState('')
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const run = async (act: (sentence: string) => Promise<void>) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await act(sentence.trim())
      onClose()
    } catch (refused) {
      setProblem(refused)
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      footer={[
        <Button key="cancel" onClick={onClose}>
          {w('cancel')}
        </Button>,
        ...acts.map(({ label, danger, act }, place) => (
          <Button
            key={label}
            {...(place === 0 ? { type: 'primary' as const } : {})}
            danger={danger === true}
            loading={busy}
            disabled={sentence.trim() === ''}
            onClick={() => run(act)}
          >
            {label}
          </Button>
        )),
      ]}
    >
      <ProblemNotice problem={problem} />
      {children}
      <label htmlFor={id} style={{ display: 'block', fontWeight: 600, margin: '12px 0 4px' }}>
        {question}
      </label>
      <Input.TextArea
        id={id}
        rows={3}
        maxLength={500}
        value={sentence}
        onChange={(event) => setSentence(event.target.value)}
      />
    </Modal>
  )
}
