import type { GetApiConsoleCalendarResponse } from '@xinheng/client'
import { App, Button, Input, InputNumber } from 'antd'
import { useId, useState } from 'react'
import { send, useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { ActDialog } from '../../ui/ActDialog.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import { daysOf, spansOf } from './days.ts'
import styles from './Notices.module.css'
import { WORDS } from './words.ts'

export function CalendarPage() {
  const w = useWords(WORDS)
  const [entering, enter] = useState(false)
  const now = new Date(Date.now() + 8 * 3_600_000).getUTCFullYear()
  const { data, error } = useApi<GetApiConsoleCalendarResponse>(`/api/console/calendar?from=${now}`)
  const missing = data?.years.find((one) => one.notice === null)?.year ?? now + 1
  return (
    <Page
      title={w('calendar')}
      lead={w('calendarLead')}
      actions={
        <Button type="primary" onClick={() => enter(true)}>
          {w('enter')}
        </Button>
      }
    >
      <ProblemNotice problem={error} />
      <Sheet flush>
        <Table
          caption={w('calendar')}
          rows={data?.years ?? []}
          keyOf={(one) => one.year}
          empty="—"
          columns={[
            { key: 'year', title: w('year'), narrow: true, render: (one) => one.year },
            {
              key: 'holidays',
              title: w('holidays'),
              render: (one) =>
                one.notice === null ? (
                  <Mark tone="warn">{w('notYet')}</Mark>
                ) : (
                  <Spans days={one.notice.holidays} />
                ),
            },
            {
              key: 'makeUpDays',
              title: w('makeUpDays'),
              render: (one) => (one.notice === null ? '—' : <Spans days={one.notice.makeUpDays} />),
            },
          ]}
        />
      </Sheet>
      <Sheet title={w('entered')} flush>
        <Table
          caption={w('entered')}
          rows={data?.notices ?? []}
          keyOf={(one) => `${one.year} ${one.edition}`}
          empty={w('noneEntered')}
          columns={[
            { key: 'document', title: w('document'), render: (one) => one.document },
            {
              key: 'year',
              title: w('year'),
              render: (one) => `${one.year} · ${w('edition', { edition: one.edition })}`,
            },
            {
              key: 'by',
              title: w('by'),
              render: (one) => `${one.proposedBy} / ${one.approvedBy}，${one.enteredAt}`,
            },
          ]}
        />
      </Sheet>
      {entering ? <Entry year={missing} onClose={() => enter(false)} /> : null}
    </Page>
  )
}

function Spans({ days }: { days: readonly string[] }) {
  return (
    <ul className={styles.spans}>
      {spansOf(days).map((span) => (
        <li key={span}>{span.slice(5).replace(/~\d{4}-/, '~')}</li>
      ))}
    </ul>
  )
}

function Entry({ year: given, onClose }: { year: number; onClose: () => void }) {
  const w = useWords(WORDS)
  const id = useId()
  const { message } = App.useApp()
  const [year, setYear] = useState(given)
  const [document, setDocument] = useState('')
  const [holidays, setHolidays] = useState(`${given}-01-01`)
  const [makeUp, setMakeUp] = useState('')
  const submit = async () => {
    await send('POST', '/api/console/calendar', {
      year,
      document: document.trim(),
      holidays: daysOf(holidays),
      makeUpDays: daysOf(makeUp),
    })
    void message.success(w('proposedDone'))
    await invalidate('/api/console/')
  }
  return (
    <ActDialog
      title={w('enter')}
      ok={w('propose')}
      ready={document.trim().length >= 2 && holidays.trim() !== ''}
      form={styles.form}
      onDone={submit}
      onClose={onClose}
    >
      <label htmlFor={`${id}-year`}>{w('year')}</label>
      <InputNumber
        id={`${id}-year`}
        min={2020}
        max={2099}
        value={year}
        onChange={(value) => setYear(value ?? given)}
      />
      <label htmlFor={`${id}-document`}>{w('document')}</label>
      <Input
        id={`${id}-document`}
        maxLength={200}
        value={document}
        onChange={(event) => setDocument(event.target.value)}
      />
      <label htmlFor={`${id}-holidays`}>{w('holidays')}</label>
      <span className="soft" id={`${id}-hint`}>
        {w('listHint')}
      </span>
      <Input.TextArea
        id={`${id}-holidays`}
        aria-describedby={`${id}-hint`}
        rows={5}
        value={holidays}
        onChange={(event) => setHolidays(event.target.value)}
      />
      <label htmlFor={`${id}-make-up`}>{w('makeUpDays')}</label>
      <Input.TextArea
        id={`${id}-make-up`}
        aria-describedby={`${id}-hint`}
        rows={3}
        value={makeUp}
        onChange={(event) => setMakeUp(event.target.value)}
      />
    </ActDialog>
  )
}
