import { Input, Modal } from 'antd'
import { useId, useState } from 'react'
import { send } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import filters from '../../ui/Filters.module.css'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './Supervision.module.css'
import { cityToday } from './types.ts'
import { WORDS } from './words.ts'

/** Asks a unit about cases of its own, until a day. */
export function UrgeDialog({
  unit,
  numbers,
  rule,
  onClose,
}: {
  unit: string
  numbers: readonly string[]
  rule?: string
  onClose: () => void
}) {
  const w = useWords(WORDS)
  const id = useId()
  const [demand, setDemand] = useState('')
  const [dueOn, setDueOn] = useState(cityToday())
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const submit = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await send('POST', '/api/console/supervision/urges', {
        numbers,
        demand: demand.trim(),
        dueOn,
        ...(rule === undefined ? {} : { rule }),
      })
      await invalidate('/api/console/supervision/urges')
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
      title={w('urgeTitle', { unit, count: numbers.length })}
      okText={w('send')}
      cancelText={w('cancel')}
      okButtonProps={{ disabled: demand.trim().length < 4, loading: busy }}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      <div className={styles.form}>
        <label htmlFor={`${id}-demand`}>{w('demand')}</label>
        <Input.TextArea
          id={`${id}-demand`}
          rows={4}
          maxLength={2000}
          value={demand}
          onChange={(event) => setDemand(event.target.value)}
        />
        <label htmlFor={`${id}-due`}>{w('dueOn')}</label>
        <input
          id={`${id}-due`}
          className={filters.date}
          type="date"
          min={cityToday()}
          value={dueOn}
          onChange={(event) => setDueOn(event.target.value)}
        />
        <ProblemNotice problem={problem} />
      </div>
    </Modal>
  )
}
