import { Button, Input, Radio } from 'antd'
import { useId, useState } from 'react'
import { send } from '../../api.ts'
import { useWords } from '../../language.ts'
import { Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Fields } from './Evidence.tsx'
import type { ComplaintCase } from './model.ts'
import styles from './Work.module.css'
import { WORDS } from './words.ts'

const STATES = ['mended', 'unfounded', 'elsewhere'] as const

export function ComplaintPane({ data, onDecided }: { data: ComplaintCase; onDecided: () => Promise<void> }) {
  const w = useWords(WORDS)
  const id = useId()
  const [state, setState] = useState<(typeof STATES)[number]>('mended')
  const [answer, setAnswer] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const submit = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await send('POST', `/api/console/work/complaint/${data.item.object}/answer`, {
        state,
        answer: answer.trim(),
      })
      await onDecided()
    } catch (refused) {
      setProblem(refused)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Sheet title={w('letter')}>
        <p style={{ whiteSpace: 'pre-wrap' }}>{data.text}</p>
        <p className="soft" style={{ margin: 0 }}>
          {w('contact')}：{data.contact ?? w('noContact')}
        </p>
      </Sheet>
      <Sheet
        title={w('factAbout')}
        extra={
          data.fact?.state === 'public' ? (
            <a href={`/facts/${data.fact.id}`} target="_blank" rel="noreferrer">
              {w('seePortal')}
            </a>
          ) : undefined
        }
      >
        {data.fact === null ? <p>{w('factGone')}</p> : <Fields fields={data.fact.fields} />}
      </Sheet>
      {data.item.state === 'open' ? (
        <Sheet title={w('decision')}>
          <div className={styles.form}>
            <Radio.Group
              aria-label={w('decision')}
              value={state}
              onChange={(event) => setState(event.target.value)}
              options={STATES.map((one) => ({ value: one, label: w(one) }))}
            />
            <label htmlFor={id}>{w('answer')}</label>
            <Input.TextArea
              id={id}
              rows={3}
              maxLength={1000}
              value={answer}
              onChange={(event) => setAnswer(event.target.value)}
            />
            <ProblemNotice problem={problem} />
            <div className={styles.buttons}>
              <Button
                type="primary"
                loading={busy}
                disabled={answer.trim().length < 4}
                onClick={() => void submit()}
              >
                {w('send')}
              </Button>
            </div>
          </div>
        </Sheet>
      ) : null}
    </>
  )
}
