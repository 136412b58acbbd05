import { Alert, Button, DatePicker, Input, Select } from 'antd'
import dayjs from 'dayjs'
import { useEffect, useId, useRef, useState } from 'react'
import { Link } from 'react-router'
import { send } from '../../api.ts'
import {
  type CheckAnswer,
  type Delivery,
  faultsOf,
  type ItemDetail,
  type ItemField,
} from '../../deliveries.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { isError } from '../../ui/sheet/sheet.ts'
import { readDraft } from '../../ui/sheet/useDraft.ts'
import styles from './Deliver.module.css'
import { WORDS } from './words.ts'

const CHECK_WAIT_MS = 500
const DRAFT_WAIT_MS = 2000
/** Longer ones get a box of lines. */
const ONE_LINE_CHARACTERS = 200
/** What the next record of the same unit has in common with the last. */
const KEPT = /^(?:authority|sourceUnit)/

type Values = Readonly<Record<string, string>>

/** One record, in a form made from its catalogue item and judged by the same rules while it is filled in. */
export function ByForm({ item }: { item: ItemDetail }) {
  const w = useWords(WORDS)
  const s = useSay()
  const [values, setValues] = useState<Values>({})
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map())
  const [passes, setPasses] = useState(false)
  const [showAll, setShowAll] = useState(false)
  const [sent, setSent] = useState<number>()
  const [problem, setProblem] = useState<unknown>()
  const [sending, setSending] = useState(false)
  const key = `form-${item.code}`
  const latest = useRef(values)
  latest.current = values

  useEffect(() => {
    let left = false
    readDraft<{ values: Values }>(key)
      .then((content) => {
        if (!left && content !== undefined)
          setValues((now) => (Object.keys(now).length === 0 ? content.values : now))
      })
      .catch((error) => !left && setProblem(error))
    return () => {
      left = true
    }
  }, [key])

  const check = async (now: Values): Promise<boolean> => {
    const fields = item.fields
    const answer = await send<CheckAnswer>('POST', '/api/console/deliveries/check', {
      item: item.code,
      header: fields.map((field) => field.header),
      rows: [fields.map((field) => now[field.name] ?? '')],
    })
    if (latest.current !== now) return false
    const found = new Map<string, string>()
    for (const fault of faultsOf(answer.rows[0]?.faults ?? [], answer.texts).filter(isError)) {
      const field = fault.column === undefined ? '' : (answer.columns[fault.column]?.field ?? '')
      found.set(field, `${s(fault.message)}${s(fault.remedy)}`)
    }
    setFaults(found)
    setPasses(found.size === 0)
    return found.size === 0
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever a value changes
  useEffect(() => {
    if (Object.values(values).every((value) => value === '')) return
    setPasses(false)
    const soon = setTimeout(() => void check(values).catch(setProblem), CHECK_WAIT_MS)
    const later = setTimeout(
      () =>
        void send('PUT', `/api/console/drafts/${key}`, { item: item.code, content: { values } }).catch(
          () => undefined,
        ),
      DRAFT_WAIT_MS,
    )
    return () => {
      clearTimeout(soon)
      clearTimeout(later)
    }
  }, [values])

  const set = (name: string, value: string) => {
    setSent(undefined)
    setValues((before) => ({ ...before, [name]: value }))
  }
  const leave = (name: string) => setTouched((before) => new Set(before).add(name))
  const deliver = async () => {
    setProblem(undefined)
    setTouched(new Set(item.fields.map((field) => field.name)))
    setSending(true)
    try {
      if (!(await check(values))) return
      const fields = item.fields
      const made = await send<Delivery>('POST', '/api/console/deliveries', {
        item: item.code,
        kind: 'form',
        draft: key,
        from: {
          header: fields.map((field) => field.header),
          rows: [fields.map((field) => values[field.name] ?? '')],
        },
      })
      setSent(made.delivery)
      setTouched(new Set())
      setValues(Object.fromEntries(Object.entries(values).filter(([name]) => KEPT.test(name))))
      window.scrollTo(0, 0)
      await invalidate('/api/console/deliveries')
    } catch (error) {
      setProblem(error)
    } finally {
      setSending(false)
    }
  }
  const musts = item.fields.filter((field) => field.obligation === 'must')
  const optional = item.fields.filter((field) => field.obligation !== 'must')
  const row = faults.get('')
  const shown = (field: ItemField) => (
    <FormField
      key={field.name}
      field={field}
      value={values[field.name] ?? ''}
      fault={touched.has(field.name) ? faults.get(field.name) : undefined}
      onChange={(value) => set(field.name, value)}
      onLeave={() => leave(field.name)}
    />
  )
  const optionalShown = showAll || optional.some((field) => touched.size > 0 && faults.has(field.name))
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void deliver()
      }}
    >
      {sent === undefined ? null : (
        <Alert
          type="success"
          showIcon
          role="status"
          title={<Link to={`/deliveries/${sent}`}>{w('formSent', { delivery: sent })}</Link>}
          style={{ marginBottom: 12 }}
        />
      )}
      <ProblemNotice problem={problem} />
      <div className={styles.form}>{musts.map(shown)}</div>
      {optional.length === 0 ? null : optionalShown ? (
        <div className={styles.form} style={{ marginTop: 16 }}>
          {optional.map(shown)}
        </div>
      ) : (
        <Button type="link" style={{ padding: 0, marginTop: 12 }} onClick={() => setShowAll(true)}>
          {w('optional', { count: optional.length })} ▾
        </Button>
      )}
      {row !== undefined && touched.size > 0 ? <p className={styles.wrong}>{row}</p> : null}
      <div className={styles.calls}>
        <Button type="primary" htmlType="submit" loading={sending}>
          {w('formDeliver')}
        </Button>
        {passes ? <span className="soft">✓</span> : null}
      </div>
    </form>
  )
}

function FormField({
  field,
  value,
  fault,
  onChange,
  onLeave,
}: {
  field: ItemField
  value: string
  fault: string | undefined
  onChange: (value: string) => void
  onLeave: () => void
}) {
  const w = useWords(WORDS)
  const s = useSay()
  const id = useId()
  const isLong = (field.length ?? 0) > ONE_LINE_CHARACTERS
  const common = {
    id,
    'aria-describedby': `${id}-hint`,
    'aria-invalid': fault !== undefined,
    ...(fault === undefined ? {} : { status: 'error' as const }),
    onBlur: onLeave,
  }
  const control =
    field.values !== undefined && field.openPrefix === undefined ? (
      <Select
        {...common}
        allowClear
        {...(field.several ? { mode: 'multiple' as const } : {})}
        showSearch
        style={{ width: '100%' }}
        value={field.several ? value.split(';').filter((one) => one !== '') : value === '' ? null : value}
        onChange={(chosen: string | string[] | null) =>
          onChange(Array.isArray(chosen) ? chosen.join(';') : (chosen ?? ''))
        }
        options={field.values.map((one) => ({
          value: one.value,
          label: one.title === undefined ? one.value : `${one.value} ${s(one.title)}`,
        }))}
      />
    ) : field.type === 'day' ? (
      <DatePicker
        {...common}
        style={{ width: '100%' }}
        value={/^\d{4}-\d\d-\d\d$/.test(value) ? dayjs(value) : null}
        onChange={(day) => onChange(day === null ? '' : day.format('YYYY-MM-DD'))}
      />
    ) : isLong ? (
      <Input.TextArea {...common} rows={3} value={value} onChange={(event) => onChange(event.target.value)} />
    ) : (
      <Input
        {...common}
        value={value}
        {...(field.unit === undefined ? {} : { suffix: field.unit === 'yuan' ? w('yuan') : w('wan') })}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  return (
    <div className={isLong ? `${styles.field} ${styles.wide}` : styles.field}>
      <label htmlFor={id}>
        {field.obligation === 'must' ? <b aria-hidden>* </b> : null}
        {s(field.title)}
      </label>
      {control}
      <div id={`${id}-hint`}>
        {fault === undefined ? (
          <p className={styles.hint}>
            {s(field.note)}
            {field.example === '' ? '' : ` ${w('example', { example: field.example })}`}
          </p>
        ) : (
          <p className={styles.wrong}>{fault}</p>
        )}
      </div>
    </div>
  )
}
