import type { GetApiConsoleUnitsResponse } from '@xinheng/client'
import { Button, Input, Modal, Select } from 'antd'
import { useId, useState } from 'react'
import { Link } from 'react-router'
import { send, useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Units.module.css'
import { WORDS } from './words.ts'

type Unit = GetApiConsoleUnitsResponse['units'][number]

type Doing = { act: 'add' } | { act: 'change' | 'end'; unit: Unit }

export function UnitsPage() {
  const w = useWords(WORDS)
  const may = useMay()
  const { data, error } = useApi<GetApiConsoleUnitsResponse>('/api/console/units')
  const [filter, setFilter] = useState('')
  const [doing, start] = useState<Doing>()
  const units = data?.units ?? []
  const shown = units.filter((unit) =>
    [unit.name, unit.uscc, ...unit.formerNames].some((text) => text.includes(filter.trim())),
  )
  return (
    <Page
      title={w('units')}
      lead={w('unitsLead')}
      actions={
        may('unit.keep') ? (
          <Button type="primary" onClick={() => start({ act: 'add' })}>
            {w('add')}
          </Button>
        ) : undefined
      }
    >
      <ProblemNotice problem={error} />
      <Sheet
        flush
        extra={
          <Input
            allowClear
            aria-label={w('search')}
            placeholder={w('search')}
            style={{ maxWidth: 320 }}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        }
      >
        <Table
          caption={w('units')}
          rows={shown}
          keyOf={(unit) => unit.id}
          empty={w('none')}
          columns={[
            {
              key: 'name',
              title: w('name'),
              render: (unit) => (
                <>
                  {unit.name}
                  {unit.formerNames.length === 0 ? null : (
                    <div className="soft">{w('formerly', { names: unit.formerNames.join('、') })}</div>
                  )}
                </>
              ),
            },
            { key: 'code', title: w('code'), render: (unit) => <code>{unit.uscc}</code> },
            { key: 'parent', title: w('parent'), render: (unit) => unit.parent?.name ?? '—' },
            { key: 'region', title: w('region'), render: (unit) => unit.region ?? '—' },
            {
              key: 'state',
              title: w('state'),
              render: (unit) =>
                unit.ended === null ? (
                  <Mark tone="good">{w('stands')}</Mark>
                ) : (
                  <>
                    <Mark tone="quiet">{w('ended', { on: unit.ended.on })}</Mark>
                    {unit.ended.mergedInto === null ? null : w('mergedInto', { name: unit.ended.mergedInto })}
                  </>
                ),
            },
            {
              key: 'act',
              title: '',
              render: (unit) => (
                <span className={styles.buttons}>
                  {may('account.read') ? <Link to={`/accounts?unit=${unit.id}`}>{w('people')}</Link> : null}
                  {may('unit.keep') && unit.ended === null ? (
                    <>
                      <Button size="small" onClick={() => start({ act: 'change', unit })}>
                        {w('change')}
                      </Button>
                      <Button size="small" danger onClick={() => start({ act: 'end', unit })}>
                        {w('end')}
                      </Button>
                    </>
                  ) : null}
                </span>
              ),
            },
          ]}
        />
      </Sheet>
      {doing === undefined ? null : (
        <UnitDialog doing={doing} units={units} onClose={() => start(undefined)} />
      )}
    </Page>
  )
}

function UnitDialog({
  doing,
  units,
  onClose,
}: {
  doing: Doing
  units: readonly Unit[]
  onClose: () => void
}) {
  const w = useWords(WORDS)
  const id = useId()
  const unit = doing.act === 'add' ? undefined : doing.unit
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  const [name, setName] = useState(unit?.name ?? '')
  const [uscc, setUscc] = useState('')
  const [day, setDay] = useState(today)
  const [other, setOther] = useState<number | null>(
    doing.act === 'change' ? (unit?.parent?.id ?? null) : null,
  )
  const [region, setRegion] = useState(String(unit?.region ?? ''))
  const [ground, setGround] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const save = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      if (unit === undefined)
        await send('POST', '/api/console/units', { uscc: uscc.trim(), name: name.trim() })
      else if (doing.act === 'change')
        await send('POST', `/api/console/units/${unit.id}/changes`, {
          since: day,
          name: name.trim(),
          parent: other,
          region: /^\d{6}$/.test(region.trim()) ? Number(region) : null,
          ground: ground.trim(),
        })
      else
        await send('POST', `/api/console/units/${unit.id}/end`, {
          endedOn: day,
          mergedInto: other,
          ground: ground.trim(),
        })
      await invalidate('/api/console/units')
      onClose()
    } catch (refused) {
      setProblem(refused)
    } finally {
      setBusy(false)
    }
  }
  const text = (label: string, key: string, value: string, set: (value: string) => void, type = 'text') => (
    <>
      <label htmlFor={`${id}-${key}`}>{label}</label>
      <Input
        id={`${id}-${key}`}
        type={type}
        maxLength={200}
        value={value}
        onChange={(event) => set(event.target.value)}
      />
    </>
  )
  return (
    <Modal
      open
      title={unit === undefined ? w('add') : `${w(doing.act)}：${unit.name}`}
      okText={w('save')}
      cancelText={w('cancel')}
      okButtonProps={{ loading: busy, danger: doing.act === 'end' }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      <div className={styles.form}>
        {doing.act === 'add' ? text(w('code'), 'uscc', uscc, setUscc) : null}
        {doing.act === 'end' ? null : text(w('name'), 'name', name, setName)}
        {doing.act === 'add' ? null : (
          <>
            {text(w('since'), 'day', day, setDay, 'date')}
            <span>{doing.act === 'change' ? w('parent') : w('mergedInto', { name: '' })}</span>
            <Select
              allowClear
              showSearch
              optionFilterProp="label"
              aria-label={doing.act === 'change' ? w('parent') : w('mergedInto', { name: '' })}
              value={other}
              onChange={(value) => setOther(value ?? null)}
              options={units
                .filter((one) => one.id !== unit?.id && one.ended === null)
                .map((one) => ({ value: one.id, label: one.name }))}
            />
            {doing.act === 'change' ? text(w('region'), 'region', region, setRegion) : null}
            {text(w('ground'), 'ground', ground, setGround)}
          </>
        )}
        <ProblemNotice problem={problem} />
      </div>
    </Modal>
  )
}
