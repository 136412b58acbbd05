import type { GetApiConsoleChecksByNumberResponse } from '@xinheng/client'
import { Input, Radio, Select } from 'antd'
import { useId, useState } from 'react'
import { send } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { ActDialog } from '../../ui/ActDialog.tsx'
import styles from './JointAction.module.css'
import { WORDS } from './words.ts'

const EFFECTS = ['拦截', '放行', '提示', '激励'] as const
const APPLIED = ['yes', 'partly', 'no'] as const
const ALL = ''

/** What the unit did: applied or why not, and what an incentive really gave. */
export function FeedbackDialog({
  check,
  onClose,
}: {
  check: Pick<GetApiConsoleChecksByNumberResponse, 'number' | 'result' | 'answer'>
  onClose: () => void
}) {
  const w = useWords(WORDS)
  const id = useId()
  const measures = [...new Map(check.answer.hits.map(({ measure }) => [measure.code, measure])).values()]
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  const [given, setGiven] = useState<{
    applied: (typeof APPLIED)[number]
    effect: (typeof EFFECTS)[number]
    done: string
    doneOn: string
    why: string
    granted: string
    measure: string
  }>({
    applied: 'yes',
    effect: check.result === 'reward' ? '激励' : check.result === 'intercept' ? '拦截' : '提示',
    done: '',
    doneOn: today,
    why: '',
    granted: '',
    measure: measures.length === 1 ? (measures[0]?.code ?? ALL) : ALL,
  })
  const set = (part: Partial<typeof given>) => setGiven((before) => ({ ...before, ...part }))
  const asksWhy = given.applied !== 'yes'
  const asksGrant = given.effect === '激励' && given.applied !== 'no'
  const whole =
    given.done.trim().length >= 2 &&
    (!asksWhy || given.why.trim().length >= 2) &&
    (!asksGrant || given.granted.trim().length >= 2)
  const submit = async () => {
    await send('POST', `/api/console/checks/${check.number}/feedback`, {
      applied: given.applied,
      effect: given.effect,
      done: given.done.trim(),
      doneOn: given.doneOn,
      ...(given.measure === ALL ? {} : { measure: given.measure }),
      ...(asksWhy ? { notAppliedReason: given.why.trim() } : {}),
      ...(asksGrant ? { granted: given.granted.trim() } : {}),
    })
    await invalidate('/api/console/')
  }
  return (
    <ActDialog
      title={w('feedBack')}
      ok={w('feedBack')}
      ready={whole}
      form={styles.form}
      onDone={submit}
      onClose={onClose}
    >
      <span className={styles.label}>{w('appliedHow')}</span>
      <Radio.Group
        aria-label={w('appliedHow')}
        value={given.applied}
        onChange={(event) => set({ applied: event.target.value })}
        options={APPLIED.map((one) => ({ value: one, label: w(one) }))}
      />
      <span className={styles.label}>{w('effect')}</span>
      <Radio.Group
        aria-label={w('effect')}
        value={given.effect}
        onChange={(event) => set({ effect: event.target.value })}
        options={EFFECTS.map((one) => ({ value: one, label: one }))}
      />
      {measures.length < 2 ? null : (
        <>
          <label htmlFor={`${id}-measure`}>{w('measure')}</label>
          <Select
            id={`${id}-measure`}
            value={given.measure}
            onChange={(measure) => set({ measure })}
            options={[
              { value: ALL, label: w('allMeasures') },
              ...measures.map(({ code, title }) => ({ value: code, label: title })),
            ]}
          />
        </>
      )}
      <label htmlFor={`${id}-done`}>{w('done')}</label>
      <Input.TextArea
        id={`${id}-done`}
        rows={3}
        maxLength={1000}
        value={given.done}
        onChange={(event) => set({ done: event.target.value })}
      />
      {asksWhy ? (
        <>
          <label htmlFor={`${id}-why`}>{w('whyNot')}</label>
          <Input
            id={`${id}-why`}
            maxLength={1000}
            value={given.why}
            onChange={(event) => set({ why: event.target.value })}
          />
        </>
      ) : null}
      {asksGrant ? (
        <>
          <label htmlFor={`${id}-granted`}>{w('granted')}</label>
          <Input
            id={`${id}-granted`}
            maxLength={500}
            value={given.granted}
            onChange={(event) => set({ granted: event.target.value })}
          />
        </>
      ) : null}
      <label htmlFor={`${id}-day`}>{w('doneOn')}</label>
      <Input
        id={`${id}-day`}
        type="date"
        max={today}
        value={given.doneOn}
        onChange={(event) => set({ doneOn: event.target.value })}
      />
    </ActDialog>
  )
}
