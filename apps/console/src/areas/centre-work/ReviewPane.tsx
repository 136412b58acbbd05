import { Button, Checkbox, Input } from 'antd'
import { useEffect, useId, useRef, useState } from 'react'
import { send } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { useMay } from '../../session.ts'
import { Compare, type ComparedRow } from '../../ui/Compare.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { FactsOf, Fields } from './Evidence.tsx'
import { isTyping } from './keys.ts'
import type { Known, ReviewCase } from './model.ts'
import styles from './Work.module.css'
import { WORDS } from './words.ts'

type Decision = 'accept' | 'both' | 'reject'

export function ReviewPane({ data, onDecided }: { data: ReviewCase; onDecided: () => Promise<void> }) {
  const w = useWords(WORDS)
  const s = useSay()
  const may = useMay()
  const [onlyDifferences, setOnly] = useState(true)
  const { delivered, known } = data
  const code = (identity: ReviewCase['delivered']['identity']) =>
    identity.type === 'person' ? w('person') : identity.code === '' ? w('noCode') : identity.code
  const verdict = (agrees: boolean) => (
    <Mark tone={agrees ? 'good' : 'warn'}>{w(agrees ? 'agrees' : 'differs')}</Mark>
  )
  const subjectRows = (other: Known): ComparedRow[] => [
    {
      key: 'name',
      what: w('nameKnown'),
      left: delivered.name,
      right: other.name,
      differs: delivered.name !== other.name,
      verdict: verdict(delivered.name === other.name),
    },
    ...(other.formerNames.length === 0
      ? []
      : [
          {
            key: 'former',
            what: w('formerNames'),
            left: delivered.name,
            right: other.formerNames.join('、'),
            differs: data.nameAgrees === false,
            verdict: verdict(other.formerNames.includes(delivered.name)),
          },
        ]),
    {
      key: 'code',
      what: w('code'),
      left: code(delivered.identity),
      right: other.kind === 'person' ? w('person') : (other.uscc ?? ''),
      differs: other.kind !== 'person' && delivered.identity.code !== (other.uscc ?? ''),
      ...(other.kind === 'person'
        ? {}
        : { verdict: verdict(delivered.identity.code === (other.uscc ?? '')) }),
    },
  ]
  const differing = data.compared.filter((field) => !field.same)
  const shown = onlyDifferences ? differing : data.compared
  return (
    <>
      <Sheet title={w('known')} flush>
        {known === null && data.other === null ? (
          <p style={{ padding: '0 16px 12px', margin: 0 }}>{w('noKnown')}</p>
        ) : (
          <Compare
            caption={w('known')}
            left={w('delivered')}
            right={known === null ? w('moved') : w('known')}
            rows={subjectRows((known ?? data.other) as Known)}
          />
        )}
        {known !== null && data.other !== null ? (
          <p style={{ padding: '10px 12px', margin: 0 }}>
            {w('moved')}：{data.other.name} {data.other.uscc}
          </p>
        ) : null}
      </Sheet>
      {data.fact === null ? (
        <Sheet title={w('allFields')}>
          <Fields fields={delivered.fields} />
        </Sheet>
      ) : (
        <Sheet
          title={w('standing')}
          flush
          extra={
            <Checkbox checked={onlyDifferences} onChange={(event) => setOnly(event.target.checked)}>
              {w('onlyDifferences')}
            </Checkbox>
          }
        >
          {shown.length === 0 ? (
            <p style={{ padding: '0 16px 12px', margin: 0 }}>{w('noDifferences')}</p>
          ) : (
            <Compare
              caption={w('standing')}
              left={w('delivered')}
              right={w('standing')}
              rows={shown.map((field) => ({
                key: field.name,
                what: s(field.title),
                left: field.delivered,
                right: field.known,
                differs: !field.same,
              }))}
            />
          )}
        </Sheet>
      )}
      {data.item.state === 'open' && may('review.decide') ? (
        <Deciding data={data} onDecided={onDecided} />
      ) : null}
      <FactsOf known={known} />
      <FactsOf known={known === null ? data.other : null} />
    </>
  )
}

function Deciding({ data, onDecided }: { data: ReviewCase; onDecided: () => Promise<void> }) {
  const w = useWords(WORDS)
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const [reason, setReason] = useState('')
  const [subject, setSubject] = useState('')
  const [together, setTogether] = useState(false)
  const [busy, setBusy] = useState<Decision>()
  const [problem, setProblem] = useState<unknown>()
  const asksSubject = data.item.reason.startsWith('L06')
  // The next case is on its way: keys of a fast hand do not decide this one twice.
  const finished = useRef(false)
  const decide = async (decision: Decision) => {
    if (finished.current) return
    if (reason.trim().length < 2) {
      box.current?.querySelector('textarea')?.focus()
      return
    }
    setBusy(decision)
    setProblem(undefined)
    try {
      if (together && decision !== 'both') {
        await send('POST', '/api/console/work/review/decide-together', {
          objects: [data.item.object, ...data.identical],
          decision,
          reason: reason.trim(),
        })
      } else {
        await send('POST', `/api/console/work/review/${data.item.object}/decide`, {
          decision,
          reason: reason.trim(),
          ...(subject.trim() === '' ? {} : { subject: subject.trim() }),
        })
      }
      finished.current = true
      await onDecided()
    } catch (refused) {
      setProblem(refused)
    } finally {
      setBusy(undefined)
    }
  }
  // a and r lead to the reason first: a decision without one is none.
  const latest = useRef(decide)
  latest.current = decide
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key !== 'a' && event.key !== 'r') return
      event.preventDefault()
      void latest.current(event.key === 'a' ? 'accept' : 'reject')
    }
    window.addEventListener('keydown', keys)
    return () => window.removeEventListener('keydown', keys)
  }, [])
  const moved = data.item.reason === 'KEY_MOVED'
  return (
    <Sheet title={w('decision')}>
      <div className={styles.form} ref={box}>
        {asksSubject ? (
          <>
            <label htmlFor={`${id}-subject`}>{w('subjectCode')}</label>
            <Input
              id={`${id}-subject`}
              value={subject}
              maxLength={40}
              onChange={(event) => setSubject(event.target.value)}
            />
          </>
        ) : null}
        <label htmlFor={id}>{w('reason')}</label>
        <Input.TextArea
          id={id}
          rows={2}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={(event) => {
            // Out of the field, so that a and r decide.
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
        />
        {data.mayDecideTogether && data.identical.length > 0 ? (
          <Checkbox checked={together} onChange={(event) => setTogether(event.target.checked)}>
            {w('together', { count: data.identical.length })}
          </Checkbox>
        ) : null}
        <ProblemNotice problem={problem} />
        <div className={styles.buttons}>
          <Button type="primary" loading={busy === 'accept'} onClick={() => void decide('accept')}>
            {w(moved ? 'acceptMoved' : 'accept')}
          </Button>
          {moved ? (
            <Button loading={busy === 'both'} onClick={() => void decide('both')}>
              {w('both')}
            </Button>
          ) : null}
          <Button danger loading={busy === 'reject'} onClick={() => void decide('reject')}>
            {w('reject')}
          </Button>
        </div>
      </div>
    </Sheet>
  )
}
