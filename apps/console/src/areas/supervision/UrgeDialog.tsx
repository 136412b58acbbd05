import { Input } from 'antd'
import { useId, useState } from 'react'
import { send } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { ActDialog } from '../../ui/ActDialog.tsx'
import { cityDayIn, cityToday } from '../../ui/days.ts'
import filters from '../../ui/Filters.module.css'
import styles from './Supervision.module.css'
import { WORDS } from './words.ts'

/** What is proposed; whoever asks says how long. */
const DAYS_TO_ANSWER = 5

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
  const [dueOn, setDueOn] = useState(cityDayIn(DAYS_TO_ANSWER))
  const submit = async () => {
    await send('POST', '/api/console/supervision/urges', {
      numbers,
      demand: demand.trim(),
      dueOn,
      ...(rule === undefined ? {} : { rule }),
    })
    await invalidate('/api/console/supervision/urges')
  }
  return (
    <ActDialog
      title={w('urgeTitle', { unit, count: numbers.length })}
      ok={w('send')}
      ready={demand.trim().length >= 4}
      form={styles.form}
      onDone={submit}
      onClose={onClose}
    >
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
    </ActDialog>
  )
}
