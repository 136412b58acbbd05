import type { GetApiConsoleAccountsResponse, GetApiConsoleUnitsResponse } from '@xinheng/client'
import { findPersonalData } from '@xinheng/core'
import { Button, Checkbox, Input, Select } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import styles from './Audit.module.css'
import { CHOICES } from './acts.ts'
import type { Filters } from './model.ts'
import { WORDS } from './words.ts'

export function FilterForm({
  filters,
  onSearch,
}: {
  filters: Filters
  onSearch: (asked: Record<string, string>) => void
}) {
  const w = useWords(WORDS)
  const s = useSay()
  const id = useId()
  const [asked, setAsked] = useState<Filters>(filters)
  const { data: accounts } = useApi<GetApiConsoleAccountsResponse>('/api/console/accounts')
  const { data: units } = useApi<GetApiConsoleUnitsResponse>('/api/console/units')
  const set = (name: keyof Filters) => (value: string | undefined) =>
    setAsked((before) => ({ ...before, [name]: value }))
  const personal = findPersonalData(asked.object ?? '').length > 0
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (personal) return
    const given = Object.entries(asked).filter(
      (pair): pair is [string, string] => pair[1] !== undefined && pair[1].trim() !== '',
    )
    onSearch(Object.fromEntries(given.map(([name, value]) => [name, value.trim()])))
  }
  const chosen = {
    allowClear: true,
    showSearch: { optionFilterProp: 'label' },
    placeholder: w('all'),
  } as const
  return (
    <form className={styles.filter} onSubmit={submit}>
      <div className={styles.field}>
        <label htmlFor={`${id}account`}>{w('account')}</label>
        <Select
          {...chosen}
          id={`${id}account`}
          value={asked.account ?? null}
          onChange={(value) => set('account')(value ?? undefined)}
          options={(accounts?.accounts ?? []).map((one) => ({
            value: String(one.id),
            label: `${one.name} ${one.login}`,
          }))}
        />
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}unit`}>{w('unit')}</label>
        <Select
          {...chosen}
          id={`${id}unit`}
          value={asked.unit ?? null}
          onChange={(value) => set('unit')(value ?? undefined)}
          options={(units?.units ?? []).map((one) => ({ value: String(one.id), label: one.name }))}
        />
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}act`}>{w('act')}</label>
        <Select
          {...chosen}
          id={`${id}act`}
          value={asked.act ?? null}
          onChange={(value) => set('act')(value ?? undefined)}
          popupMatchSelectWidth={320}
          options={CHOICES.map((one) => ({ value: one.act, label: `${s(one.words)} ${one.act}` }))}
        />
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}object`}>{w('object')}</label>
        <Input
          id={`${id}object`}
          value={asked.object ?? ''}
          maxLength={300}
          placeholder={w('objectHint')}
          autoComplete="off"
          status={personal ? 'error' : ''}
          onChange={(event) => set('object')(event.target.value)}
        />
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}from`}>{w('from')}</label>
        <Input
          id={`${id}from`}
          type="date"
          value={asked.from ?? ''}
          onChange={(event) => set('from')(event.target.value)}
        />
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}to`}>{w('to')}</label>
        <Input
          id={`${id}to`}
          type="date"
          value={asked.to ?? ''}
          onChange={(event) => set('to')(event.target.value)}
        />
      </div>
      <div className={styles.acts}>
        <Checkbox
          checked={asked.readings === 'true'}
          onChange={(event) => set('readings')(event.target.checked ? 'true' : undefined)}
        >
          {w('readingsOnly')}
        </Checkbox>
      </div>
      <div className={styles.acts}>
        <Button type="primary" htmlType="submit" disabled={personal}>
          {w('search')}
        </Button>
        <Button onClick={() => onSearch({})}>{w('clear')}</Button>
      </div>
      {personal ? (
        <p className={styles.wrong} role="alert">
          {w('personalData')}
        </p>
      ) : null}
    </form>
  )
}
