import { Button, Input, InputNumber, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { send } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { cityToday } from '../../ui/days.ts'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import styles from './Listings.module.css'
import type { ListingCase } from './model.ts'
import { known, WORDS } from './words.ts'

/** Today as the city's calendar has it: what a date field begins with. */

/** The one step that can be taken now, for whoever may take it. */
export function NextStep({ one }: { one: ListingCase }) {
  const w = useWords(WORDS)
  const may = useMay()
  const clerk = may('listing.propose')
  switch (one.stage) {
    case 'proposed':
      return clerk ? <Notice one={one} /> : <p>{w('nothingToDo')}</p>
    case 'noticed':
      return clerk ? <Defence one={one} /> : <p>{w('nothingToDo')}</p>
    case 'decisionProposed':
    case 'delistingProposed':
      return one.mayDecide ? <Decide one={one} /> : <p>{w('waitsForAnother')}</p>
    case 'listed':
      return clerk ? <Delisting one={one} /> : <p>{w('nothingToDo')}</p>
    default:
      return <p>{w('nothingToDo')}</p>
  }
}

/** Sends a step; what was refused is told, what was typed stays. */
function useStep(one: ListingCase) {
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const take = async (path: string, body: object) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await send('POST', `/api/console/listing-cases/${one.id}/${path}`, body)
      await invalidate('/api/console/listing-cases')
    } catch (refused) {
      setProblem(refused)
    } finally {
      setBusy(false)
    }
  }
  return { problem, busy, take }
}

function Field({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <label htmlFor={id}>
      {title}
      {children}
    </label>
  )
}

function Notice({ one }: { one: ListingCase }) {
  const w = useWords(WORDS)
  const { problem, busy, take } = useStep(one)
  const [servedOn, serve] = useState(cityToday())
  return (
    <div className={styles.form}>
      <ProblemNotice problem={problem} />
      <Field id="served" title={w('servedOn')}>
        <Input id="served" type="date" value={servedOn} onChange={(event) => serve(event.target.value)} />
      </Field>
      <Button type="primary" loading={busy} onClick={() => void take('notice', { servedOn })}>
        {w('serve')}
      </Button>
      <Drop one={one} />
    </div>
  )
}

function Defence({ one }: { one: ListingCase }) {
  const w = useWords(WORDS)
  const { problem, busy, take } = useStep(one)
  const [said, say] = useState({ receivedOn: cityToday(), speaker: '', text: '' })
  const [opinion, setOpinion] = useState('')
  const [months, setMonths] = useState<number | null>(one.mostMonths)
  const open = one.defenceUntil !== null && cityToday() <= one.defenceUntil
  return (
    <div className={styles.form}>
      <ProblemNotice problem={problem} />
      {open ? <p>{w('defenceRuns', { day: one.defenceUntil ?? '' })}</p> : null}
      <Field id="speaker" title={w('speaker')}>
        <Input
          id="speaker"
          maxLength={60}
          value={said.speaker}
          onChange={(event) => say({ ...said, speaker: event.target.value })}
        />
      </Field>
      <Field id="received" title={w('receivedOn')}>
        <Input
          id="received"
          type="date"
          value={said.receivedOn}
          onChange={(event) => say({ ...said, receivedOn: event.target.value })}
        />
      </Field>
      <Field id="said" title={w('said')}>
        <Input.TextArea
          id="said"
          rows={3}
          maxLength={5000}
          value={said.text}
          onChange={(event) => say({ ...said, text: event.target.value })}
        />
      </Field>
      <Button
        loading={busy}
        disabled={said.speaker.trim() === '' || said.text.trim().length < 2}
        onClick={() =>
          void take('statements', said).then(() => say({ receivedOn: cityToday(), speaker: '', text: '' }))
        }
      >
        {w('statement')}
      </Button>
      {open ? null : (
        <>
          <Field id="opinion" title={w('opinion')}>
            <Input.TextArea
              id="opinion"
              rows={3}
              maxLength={500}
              value={opinion}
              onChange={(event) => setOpinion(event.target.value)}
            />
          </Field>
          {one.mostMonths === null ? null : (
            <Field id="months" title={w('termMonths')}>
              <InputNumber id="months" min={1} max={one.mostMonths} value={months} onChange={setMonths} />
            </Field>
          )}
          <Button
            type="primary"
            loading={busy}
            disabled={opinion.trim().length < 2}
            onClick={() =>
              void take('decision', {
                opinion: opinion.trim(),
                ...(months === null ? {} : { termMonths: months }),
              })
            }
          >
            {w('propose')}
          </Button>
        </>
      )}
      <Drop one={one} />
    </div>
  )
}

function Drop({ one }: { one: ListingCase }) {
  const w = useWords(WORDS)
  const [asking, ask] = useState(false)
  return (
    <>
      <Button danger type="text" onClick={() => ask(true)}>
        {w('drop')}
      </Button>
      {asking ? (
        <ReasonDialog
          title={w('drop')}
          ok={w('drop')}
          danger
          onClose={() => ask(false)}
          onDone={async (reason) => {
            await send('POST', `/api/console/listing-cases/${one.id}/drop`, { reason })
            await invalidate('/api/console/listing-cases')
          }}
        />
      ) : null}
    </>
  )
}

function Decide({ one }: { one: ListingCase }) {
  const w = useWords(WORDS)
  const { problem, busy, take } = useStep(one)
  const [reason, setReason] = useState('')
  const decide = (decision: 'approve' | 'refuse') => () =>
    void take('decide', { decision, reason: reason.trim() })
  const disabled = reason.trim().length < 2
  return (
    <div className={styles.form}>
      <ProblemNotice problem={problem} />
      <p>{one.steps.at(-1)?.words}</p>
      <Field id="why" title={w('decideReason')}>
        <Input.TextArea
          id="why"
          rows={3}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
      <Button type="primary" loading={busy} disabled={disabled} onClick={decide('approve')}>
        {w('approve')}
      </Button>
      <Button danger loading={busy} disabled={disabled} onClick={decide('refuse')}>
        {w('refuse')}
      </Button>
    </div>
  )
}

function Delisting({ one }: { one: ListingCase }) {
  const w = useWords(WORDS)
  const { problem, busy, take } = useStep(one)
  const kinds = [...new Set(one.exits.map((exit) => exit.kind))]
  const [kind, setKind] = useState(kinds.find((each) => each !== 'expired') ?? kinds[0])
  const [ground, setGround] = useState('')
  return (
    <div className={styles.form}>
      <ProblemNotice problem={problem} />
      <Field id="exit" title={w('exitKind')}>
        <Select
          id="exit"
          {...(kind === undefined ? {} : { value: kind })}
          options={kinds.map((each) => {
            const word = known(each)
            return { value: each, label: word === undefined ? each : w(word) }
          })}
          onChange={setKind}
        />
      </Field>
      <Field id="ground" title={w('ground')}>
        <Input.TextArea
          id="ground"
          rows={3}
          maxLength={500}
          value={ground}
          onChange={(event) => setGround(event.target.value)}
        />
      </Field>
      <Button
        type="primary"
        loading={busy}
        disabled={kind === undefined || ground.trim().length < 2}
        onClick={() => void take('delisting', { kind, ground: ground.trim() })}
      >
        {w('proposeDelisting')}
      </Button>
    </div>
  )
}
