import type {
  GetApiConsoleAccountsResponse,
  GetApiConsoleRolesResponse,
  GetApiConsoleUnitsResponse,
  PutApiConsoleAccountsByIdRoleResponse,
} from '@xinheng/client'
import { App, Button, Input, Select } from 'antd'
import { useId, useState } from 'react'
import { useSearchParams } from 'react-router'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { ActDialog } from '../../ui/ActDialog.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { useOneTimeLink } from '../../ui/OneTimeLink.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Units.module.css'
import { DUTIES, WORDS } from './words.ts'

type Account = GetApiConsoleAccountsResponse['accounts'][number]
type Role = GetApiConsoleRolesResponse['roles'][number]
type Act = 'off' | 'on' | 'reset' | 'takeRole'
const ACTS = { off: 'turnOff', on: 'turnOn', reset: 'reset', takeRole: 'takeRole' } as const

export function AccountsPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const may = useMay()
  const { message } = App.useApp()
  const showLink = useOneTimeLink()
  const [query] = useSearchParams()
  const unit = query.get('unit')
  const accounts = useApi<GetApiConsoleAccountsResponse>(
    `/api/console/accounts${unit === null ? '' : `?unit=${Number(unit)}`}`,
  )
  const roles = useApi<GetApiConsoleRolesResponse>('/api/console/roles')
  const [creating, create] = useState(false)
  const [granting, grant] = useState<Account>()
  const [doing, start] = useState<{ act: Act; account: Account }>()
  const roleName = (role: string) => {
    const known = roles.data?.roles.find((one) => one.role === role)
    return known === undefined ? role : s(known.name)
  }
  const act = async (reason: string) => {
    if (doing === undefined) return
    const path = `/api/console/accounts/${doing.account.id}`
    if (doing.act === 'takeRole') await send('DELETE', `${path}/role`, { reason })
    else await send('POST', `${path}/${doing.act}`, { reason })
    void message.success(w('done'))
    await invalidate('/api/console/')
  }
  return (
    <Page
      title={w('accounts')}
      lead={w('accountsLead')}
      actions={
        may('account.create') ? (
          <Button type="primary" onClick={() => create(true)}>
            {w('create')}
          </Button>
        ) : undefined
      }
    >
      <ProblemNotice problem={accounts.error} />
      <Sheet flush>
        <Table
          caption={w('accounts')}
          rows={accounts.data?.accounts ?? []}
          keyOf={(account) => account.id}
          empty={w('noAccounts')}
          columns={[
            {
              key: 'login',
              title: w('login'),
              render: (account) => (
                <>
                  <code>{account.login}</code> {account.name}
                </>
              ),
            },
            { key: 'unit', title: w('unit'), render: (account) => account.unit?.name ?? '—' },
            {
              key: 'role',
              title: w('role'),
              render: (account) =>
                account.role === null ? <Mark tone="warn">{w('noRole')}</Mark> : roleName(account.role),
            },
            {
              key: 'state',
              title: w('state'),
              render: (account) => (
                <>
                  <Mark tone={account.state === 'on' ? 'good' : 'quiet'}>{w(account.state)}</Mark>
                  {account.stateReason === null ? null : <span className="soft">{account.stateReason}</span>}
                </>
              ),
            },
            { key: 'lastUsed', title: w('lastUsed'), render: (account) => account.lastUsedAt.slice(0, 10) },
            {
              key: 'act',
              title: '',
              render: (account) => (
                <span className={styles.buttons}>
                  {may('role.grant') ? (
                    <Button size="small" onClick={() => grant(account)}>
                      {w('grant')}
                    </Button>
                  ) : null}
                  {may('role.grant') && account.role !== null ? (
                    <Button size="small" onClick={() => start({ act: 'takeRole', account })}>
                      {w('takeRole')}
                    </Button>
                  ) : null}
                  {may('account.create') && account.role !== null ? (
                    <Button size="small" onClick={() => start({ act: 'reset', account })}>
                      {w('reset')}
                    </Button>
                  ) : null}
                  {account.state === 'on' && may('account.lock') ? (
                    <Button size="small" danger onClick={() => start({ act: 'off', account })}>
                      {w('turnOff')}
                    </Button>
                  ) : null}
                  {account.state === 'off' && may('role.grant') ? (
                    <Button size="small" onClick={() => start({ act: 'on', account })}>
                      {w('turnOn')}
                    </Button>
                  ) : null}
                </span>
              ),
            },
          ]}
        />
      </Sheet>
      {creating ? <CreateDialog onClose={() => create(false)} /> : null}
      {granting === undefined ? null : (
        <GrantDialog
          account={granting}
          roles={(roles.data?.roles ?? []).filter((one) => one.duty === granting.duty)}
          onLink={showLink}
          onClose={() => grant(undefined)}
        />
      )}
      {doing === undefined ? null : (
        <ReasonDialog
          title={`${w(ACTS[doing.act])}：${doing.account.name}`}
          ok={w(ACTS[doing.act])}
          danger={doing.act === 'off'}
          onClose={() => start(undefined)}
          onDone={act}
        />
      )}
    </Page>
  )
}

function CreateDialog({ onClose }: { onClose: () => void }) {
  const w = useWords(WORDS)
  const s = useSay()
  const id = useId()
  const units = useApi<GetApiConsoleUnitsResponse>('/api/console/units')
  const [login, setLogin] = useState('')
  const [name, setName] = useState('')
  const [staffNumber, setStaffNumber] = useState('')
  const [duty, setDuty] = useState<keyof typeof DUTIES>('department')
  const [unit, setUnit] = useState<number | null>(null)
  const save = async () => {
    await send('POST', '/api/console/accounts', {
      login: login.trim(),
      name: name.trim(),
      duty,
      ...(duty === 'department' && unit !== null ? { unit } : {}),
      ...(staffNumber.trim() === '' ? {} : { staffNumber: staffNumber.trim() }),
    })
    await invalidate('/api/console/accounts')
  }
  return (
    <ActDialog
      title={w('create')}
      ok={w('create')}
      ready={login.trim() !== '' && name.trim() !== ''}
      form={styles.form}
      onDone={save}
      onClose={onClose}
    >
      <label htmlFor={`${id}-login`}>{w('login')}</label>
      <Input
        id={`${id}-login`}
        autoComplete="off"
        maxLength={40}
        value={login}
        onChange={(event) => setLogin(event.target.value)}
      />
      <label htmlFor={`${id}-name`}>{w('person')}</label>
      <Input
        id={`${id}-name`}
        autoComplete="off"
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <span>{w('duty')}</span>
      <Select
        aria-label={w('duty')}
        value={duty}
        onChange={setDuty}
        options={(Object.keys(DUTIES) as (keyof typeof DUTIES)[]).map((one) => ({
          value: one,
          label: s(DUTIES[one]),
        }))}
      />
      {duty === 'department' ? (
        <>
          <span>{w('unit')}</span>
          <Select
            showSearch
            optionFilterProp="label"
            aria-label={w('unit')}
            value={unit}
            onChange={setUnit}
            options={(units.data?.units ?? []).map((one) => ({ value: one.id, label: one.name }))}
          />
        </>
      ) : null}
      <label htmlFor={`${id}-staff`}>{w('staffNumber')}</label>
      <Input
        id={`${id}-staff`}
        maxLength={40}
        value={staffNumber}
        onChange={(event) => setStaffNumber(event.target.value)}
      />
    </ActDialog>
  )
}

function GrantDialog({
  account,
  roles,
  onLink,
  onClose,
}: {
  account: Account
  roles: readonly Role[]
  onLink: (link: string) => void
  onClose: () => void
}) {
  const w = useWords(WORDS)
  const s = useSay()
  const [role, setRole] = useState(account.role ?? roles[0]?.role ?? '')
  const save = async () => {
    const { link } = await send<PutApiConsoleAccountsByIdRoleResponse>(
      'PUT',
      `/api/console/accounts/${account.id}/role`,
      {
        role,
      },
    )
    await invalidate('/api/console/accounts')
    if (link !== undefined) onLink(link)
  }
  return (
    <ActDialog
      title={`${w('grant')}：${account.name}`}
      ok={w('grant')}
      ready={role !== ''}
      form={styles.form}
      onDone={save}
      onClose={onClose}
    >
      <Select
        aria-label={w('role')}
        value={role}
        onChange={setRole}
        options={roles.map((one) => ({ value: one.role, label: s(one.name) }))}
      />
    </ActDialog>
  )
}
