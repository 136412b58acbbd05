import type { GetApiConsoleAccountsResponse, GetApiConsoleUnitsResponse } from '@xinheng/client'
import { PERMISSIONS, type Permission } from '@xinheng/core'
import { useApi } from '../../api.ts'
import { KEY_PURPOSES } from '../../key-purposes.ts'
import { useSay, useWords } from '../../language.ts'
import { useListTitle } from '../../lists.ts'
import { Facts, Lines } from './Facts.tsx'
import { WORDS } from './words.ts'

interface NewKey {
  readonly id: string
  readonly algorithm: string
  readonly publicKey: string
}

/** What the payload of `subscription.add` holds. */
export interface NewSubscription {
  readonly name: string
  readonly client: string
  readonly unit: number
  readonly lists: readonly string[]
  readonly regions: readonly string[]
  readonly industries: readonly string[]
  readonly delivery: 'webhook' | 'pull' | 'exchange'
  readonly url?: string
  readonly from: 'now' | 'start'
}

/** What the payload of `client.add` holds. */
export interface NewClient {
  readonly code: string
  readonly name: string
  readonly unitId: number
  readonly scopes: readonly string[]
  readonly addresses: readonly string[]
  readonly requestsAMinute: number
  readonly key: NewKey
}

function useUnitName(): (id: number) => string {
  const { data } = useApi<GetApiConsoleUnitsResponse>('/api/console/units')
  return (id) => data?.units.find((one) => one.id === id)?.name ?? String(id)
}

export function PushSubscription({ one }: { one: NewSubscription }) {
  const w = useWords(WORDS)
  const listTitle = useListTitle()
  const unitName = useUnitName()
  return (
    <Facts
      rows={[
        [w('name'), one.name],
        [w('unit'), unitName(one.unit)],
        [w('client'), <code key="client">{one.client}</code>],
        [w('lists'), one.lists.map(listTitle).join('、')],
        [w('regions'), one.regions.join('、') || w('everything')],
        [w('industries'), one.industries.join('、') || w('everything')],
        [w('delivery'), w(one.delivery)],
        [w('url'), one.url],
        [w('from'), w(one.from)],
      ]}
    />
  )
}

export function Origin({ origin, unit }: { origin: string; unit: number }) {
  const w = useWords(WORDS)
  const unitName = useUnitName()
  return (
    <Facts
      rows={[
        [w('origin'), <code key="origin">{origin}</code>],
        [w('unit'), unitName(unit)],
      ]}
    />
  )
}

export function Client({ one }: { one: NewClient }) {
  const w = useWords(WORDS)
  const s = useSay()
  const unitName = useUnitName()
  return (
    <Facts
      rows={[
        [w('name'), one.name],
        [w('client'), <code key="client">{one.code}</code>],
        [w('unit'), unitName(one.unitId)],
        [
          w('scopes'),
          <Lines
            key="scopes"
            lines={one.scopes.map((scope) =>
              scope in PERMISSIONS ? `${s(PERMISSIONS[scope as Permission])}（${scope}）` : scope,
            )}
          />,
        ],
        [w('addresses'), one.addresses.join('、')],
        [w('requests'), String(one.requestsAMinute)],
        [w('publicKey'), <PublicKey key="key" one={one.key} />],
      ]}
    />
  )
}

export function PublicKey({ one }: { one: NewKey }) {
  return (
    <>
      {one.id}（{one.algorithm}）{'\n'}
      <code>{one.publicKey}</code>
    </>
  )
}

/** Whose password and authenticator are to be set anew. */
export function Reset({ account }: { account: number }) {
  const w = useWords(WORDS)
  const { data } = useApi<GetApiConsoleAccountsResponse>('/api/console/accounts')
  const one = data?.accounts.find(({ id }) => id === account)
  return (
    <>
      <Facts
        rows={[
          [w('account'), one === undefined ? String(account) : `${one.name}（${one.login}）`],
          [w('unit'), one?.unit?.name],
        ]}
      />
      <p className="soft">{w('resets')}</p>
    </>
  )
}

export function Key({ purpose, id }: { purpose?: string; id?: string }) {
  const w = useWords(WORDS)
  const s = useSay()
  const known = purpose === undefined ? undefined : KEY_PURPOSES[purpose]
  return (
    <Facts
      rows={[
        [w('keyPurpose'), known === undefined ? purpose : s(known)],
        [w('key'), id === undefined ? null : <code key="id">{id}</code>],
      ]}
    />
  )
}
