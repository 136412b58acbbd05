import { UploadOutlined } from '@ant-design/icons'
import { COMPARED_FIELDS } from '@xinheng/core'
import { App, Button, Drawer, Form, Input, Radio } from 'antd'
import { useRef, useState } from 'react'
import { fetchAnswer, send } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { momentOf, sizeOf } from '../../ui/days.ts'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './Evaluation.module.css'
import { FindingMarks } from './FindingMarks.tsx'
import { isFault, type Plan, type Sample } from './types.ts'
import { WORDS } from './words.ts'

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  pdf: 'application/pdf',
}

/** One sampled decision: entered by the evaluator, answered by the unit, reviewed by the centre. */
export function SampleDrawer({
  sample,
  plan,
  next,
  onOpen,
}: {
  sample: Sample
  plan: Plan
  next: number | undefined
  onOpen: (sample: number | undefined) => void
}) {
  const w = useWords(WORDS)
  const may = useMay()
  const { message } = App.useApp()
  const [problem, setProblem] = useState<unknown>()
  const base = `/api/console/evaluations/samples/${sample.sample}`
  const act = async (write: () => Promise<unknown>): Promise<boolean> => {
    setProblem(undefined)
    try {
      await write()
      void message.success(w('done'))
      await invalidate('/api/console/evaluations')
      return true
    } catch (refused) {
      setProblem(refused)
      return false
    }
  }
  const enters = may('evaluation.enter') && plan.state === 'drawn'
  return (
    <Drawer
      open
      size="min(680px, 100vw)"
      title={w('sampleTitle', { number: sample.number, document: sample.documentNumber })}
      onClose={() => onOpen(undefined)}
      closable={{ 'aria-label': w('close') }}
    >
      <ProblemNotice problem={problem} />
      <FindingMarks sample={sample} />
      {enters ? (
        <>
          <ShownForm
            sample={sample}
            onSave={async (shown) => {
              if (
                (await act(() => send('PUT', `${base}/shown`, shown))) &&
                sample.finding === null &&
                next !== undefined
              )
                onOpen(next)
            }}
          />
          <Evidence sample={sample} base={base} onAct={act} />
          {sample.finding?.missing === true && sample.concealed === null ? (
            <section className={styles.section}>
              <h3>{w('conceal')}</h3>
              <p className="soft">{w('concealLead')}</p>
              <ReasonForm
                label={w('reason')}
                least={10}
                action={w('conceal')}
                onSend={(reason) => act(() => send('POST', `${base}/concealed`, { reason }))}
              />
            </section>
          ) : null}
        </>
      ) : (
        <Comparison sample={sample} />
      )}
      {sample.concealed === null ? null : (
        <section className={styles.section}>
          <h3>{w('concealed')}</h3>
          <p className={styles.quote}>{sample.concealed.reason}</p>
        </section>
      )}
      {sample.answer === null ? null : (
        <section className={styles.section}>
          <h3>{w('answerOf')}</h3>
          <p className={styles.quote}>{sample.answer.text}</p>
          <small className="soft">
            {sample.answer.by} · {momentOf(sample.answer.at)}
          </small>
        </section>
      )}
      {sample.review === null ? null : (
        <section className={styles.section}>
          <h3>{w(sample.review.lifted ? 'lifted' : 'stands')}</h3>
          <p className={styles.quote}>{sample.review.reason}</p>
        </section>
      )}
      {may('evaluation.answer') &&
      plan.state === 'released' &&
      isFault(sample.finding) &&
      sample.answer === null ? (
        <section className={styles.section}>
          <h3>{w('answer')}</h3>
          <ReasonForm
            label={w('answer')}
            least={2}
            action={w('answerSend')}
            onSend={(answer) => act(() => send('POST', `${base}/answer`, { answer }))}
          />
        </section>
      ) : null}
      {may('evaluation.review') &&
      plan.state === 'released' &&
      sample.answer !== null &&
      sample.review === null ? (
        <ReviewForm
          onSend={(lifted, reason) => act(() => send('POST', `${base}/review`, { lifted, reason }))}
        />
      ) : null}
    </Drawer>
  )
}

interface ShownFields {
  readonly found: boolean
  readonly documentNumber?: string
  readonly subjectName?: string
  readonly uscc?: string
  readonly decidedOn?: string
  readonly validTo?: string
  readonly amount?: string
}

function ShownForm({ sample, onSave }: { sample: Sample; onSave: (shown: object) => Promise<void> }) {
  const w = useWords(WORDS)
  const before = sample.shown
  const [found, setFound] = useState(before?.found ?? true)
  const [saves, setSaves] = useState(false)
  const initial: ShownFields =
    before?.found === true
      ? {
          found: true,
          documentNumber: before.documentNumber,
          ...(before.subjectName === undefined ? {} : { subjectName: before.subjectName }),
          ...(before.uscc === undefined ? {} : { uscc: before.uscc }),
          ...(before.decidedOn === undefined ? {} : { decidedOn: before.decidedOn }),
          ...(before.validTo === undefined ? {} : { validTo: before.validTo }),
          ...(before.amountFen === undefined ? {} : { amount: String(before.amountFen / 100) }),
        }
      : { found: before?.found ?? true, documentNumber: sample.documentNumber }
  const save = async (entered: ShownFields) => {
    setSaves(true)
    const filled = Object.fromEntries(
      (['documentNumber', 'subjectName', 'uscc', 'decidedOn', 'validTo'] as const).flatMap((name) => {
        const text = (entered[name] ?? '').trim()
        return text === '' ? [] : [[name, name === 'uscc' ? text.toUpperCase() : text]]
      }),
    )
    const amount = (entered.amount ?? '').trim()
    await onSave(
      found
        ? {
            found: true,
            ...filled,
            ...(amount === '' ? {} : { amountFen: Math.round(Number(amount) * 100) }),
          }
        : { found: false },
    )
    setSaves(false)
  }
  return (
    <Form<ShownFields>
      layout="vertical"
      initialValues={initial}
      onFinish={(entered) => void save(entered)}
      style={{ marginTop: 12 }}
    >
      <Form.Item label={w('found')}>
        <Radio.Group
          value={found}
          onChange={(event) => setFound(event.target.value)}
          options={[
            { value: true, label: w('isFound') },
            { value: false, label: w('isNot') },
          ]}
        />
      </Form.Item>
      {found ? (
        <>
          <p className="soft">{w('blank')}</p>
          <div className={styles.grid}>
            <Form.Item name="documentNumber" label={w('documentNumber')} rules={[{ required: true }]}>
              <Input maxLength={200} />
            </Form.Item>
            <Form.Item name="decidedOn" label={w('decidedOn')}>
              <input className={styles.date} type="date" />
            </Form.Item>
            <Form.Item name="subjectName" label={w('subjectName')}>
              <Input maxLength={200} />
            </Form.Item>
            <Form.Item name="uscc" label={w('uscc')}>
              <Input maxLength={18} />
            </Form.Item>
            <Form.Item name="validTo" label={w('validTo')}>
              <input className={styles.date} type="date" />
            </Form.Item>
            <Form.Item name="amount" label={w('amountFen')} rules={[{ pattern: /^\d{1,12}(?:\.\d{1,2})?$/ }]}>
              <Input inputMode="decimal" />
            </Form.Item>
          </div>
        </>
      ) : null}
      <Button type="primary" htmlType="submit" loading={saves}>
        {w('keep')}
      </Button>
    </Form>
  )
}

function Evidence({
  sample,
  base,
  onAct,
}: {
  sample: Sample
  base: string
  onAct: (write: () => Promise<unknown>) => Promise<boolean>
}) {
  const w = useWords(WORDS)
  const input = useRef<HTMLInputElement>(null)
  const attach = (file: File) => {
    const type = TYPES[file.name.split('.').at(-1)?.toLowerCase() ?? ''] ?? file.type
    return onAct(() =>
      fetchAnswer(`${base}/evidence?name=${encodeURIComponent(file.name)}&type=${encodeURIComponent(type)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: file,
      }),
    )
  }
  return (
    <section className={styles.section}>
      <h3>{w('evidence')}</h3>
      <Files sample={sample} />
      <input
        ref={input}
        type="file"
        hidden
        accept=".png,.jpg,.jpeg,.webp,.pdf"
        aria-label={w('attach')}
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file !== undefined) void attach(file)
          event.target.value = ''
        }}
      />
      <Button icon={<UploadOutlined />} onClick={() => input.current?.click()}>
        {w('attach')}
      </Button>
    </section>
  )
}

function Files({ sample }: { sample: Sample }) {
  if (sample.evidence.length === 0) return null
  return (
    <ul className={styles.files}>
      {sample.evidence.map((file) => (
        <li key={file.id}>
          <a href={`/api/console/evaluations/evidence/${file.id}`} download>
            {file.name}
          </a>{' '}
          <small className="soft">{sizeOf(file.bytes)}</small>
        </li>
      ))}
    </ul>
  )
}

function Comparison({ sample }: { sample: Sample }) {
  const w = useWords(WORDS)
  const { held, shown, finding } = sample
  if (shown === null) return null
  return (
    <section className={styles.section}>
      <h3>{w('heldTitle')}</h3>
      {held === null ? <p>{w('notHeld')}</p> : null}
      <table className={styles.compare}>
        <thead>
          <tr>
            <th scope="col">{w('field')}</th>
            <th scope="col">{w('heldHere')}</th>
            <th scope="col">{w('shownThere')}</th>
          </tr>
        </thead>
        <tbody>
          {COMPARED_FIELDS.map((field) => {
            const spoken = (value: string | number | undefined) =>
              value === undefined ? '—' : field === 'amountFen' ? String(Number(value) / 100) : String(value)
            return (
              <tr key={field} className={finding?.mismatched.includes(field) ? styles.differs : undefined}>
                <th scope="row">{w(field)}</th>
                <td>{spoken(held?.[field])}</td>
                <td>{shown.found ? spoken(shown[field]) : w('isNot')}</td>
              </tr>
            )
          })}
          {held === null ? null : (
            <tr>
              <th scope="row">{w('receivedOn')}</th>
              <td>{held.receivedOn}</td>
              <td />
            </tr>
          )}
        </tbody>
      </table>
      <Files sample={sample} />
    </section>
  )
}

function ReasonForm({
  label,
  least,
  action,
  onSend,
}: {
  label: string
  least: number
  action: string
  onSend: (text: string) => Promise<boolean>
}) {
  return (
    <Form<{ text: string }> layout="vertical" onFinish={({ text }) => void onSend(text)}>
      <Form.Item name="text" label={label} rules={[{ required: true, min: least, max: 2000 }]}>
        <Input.TextArea rows={3} />
      </Form.Item>
      <Button htmlType="submit">{action}</Button>
    </Form>
  )
}

function ReviewForm({ onSend }: { onSend: (lifted: boolean, reason: string) => Promise<boolean> }) {
  const w = useWords(WORDS)
  return (
    <section className={styles.section}>
      <h3>{w('review')}</h3>
      <Form<{ lifted: boolean; reason: string }>
        layout="vertical"
        initialValues={{ lifted: false }}
        onFinish={({ lifted, reason }) => void onSend(lifted, reason)}
      >
        <Form.Item name="lifted" label={w('review')}>
          <Radio.Group
            options={[
              { value: false, label: w('stand') },
              { value: true, label: w('lift') },
            ]}
          />
        </Form.Item>
        <Form.Item name="reason" label={w('reason')} rules={[{ required: true, min: 2, max: 2000 }]}>
          <Input.TextArea rows={3} />
        </Form.Item>
        <Button type="primary" htmlType="submit">
          {w('review')}
        </Button>
      </Form>
    </section>
  )
}
