import type { GetApiConsoleFactsResponse, GetApiConsoleWithdrawalsResponse } from '@xinheng/client'
import { Button, Input, Select, Spin } from 'antd'
import { useState } from 'react'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { momentOf } from '../../ui/days.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import { Decision } from './Decision.tsx'
import { WORDS } from './words.ts'

type Fact = GetApiConsoleFactsResponse['facts'][number]
type Withdrawal = GetApiConsoleWithdrawalsResponse['withdrawals'][number]

const REASONS = ['revoked', 'changed', 'heldUnlawful', 'error'] as const
type Reason = (typeof REASONS)[number]
const STATE_TONES = {
  public: 'good',
  notPublic: 'quiet',
  held: 'warn',
  hidden: 'bad',
  withdrawn: 'quiet',
} as const

/** The name of a reason; one that is not known here as it came. */
function useReason(): (reason: string) => string {
  const w = useWords(WORDS)
  return (reason) => {
    const known = REASONS.find((one) => one === reason)
    return known === undefined ? reason : w(known)
  }
}

function FactState({ state }: { state: string }) {
  const w = useWords(WORDS)
  const known = (Object.keys(STATE_TONES) as (keyof typeof STATE_TONES)[]).find((one) => one === state)
  return known === undefined ? state : <Mark tone={STATE_TONES[known]}>{w(known)}</Mark>
}

export function WithdrawalsPage() {
  const w = useWords(WORDS)
  const may = useMay()
  const { data, error } = useApi<GetApiConsoleWithdrawalsResponse>('/api/console/withdrawals')
  const [deciding, decide] = useState<Withdrawal>()
  const open = data?.withdrawals.filter((one) => one.state === 'open') ?? []
  const decided = data?.withdrawals.filter((one) => one.state !== 'open') ?? []
  return (
    <Page title={w('withdrawals')} lead={w('withdrawalsLead')}>
      <ProblemNotice problem={error} />
      {may('fact.withdraw.propose') ? <Finder /> : null}
      {data === undefined ? (
        error === null ? (
          <Spin />
        ) : null
      ) : (
        <>
          <Sheet title={w('waiting')} flush>
            <Waiting withdrawals={open} onDecide={decide} />
          </Sheet>
          {decided.length === 0 ? null : (
            <Sheet title={w('decidedOnes')} flush>
              <Decided withdrawals={decided} />
            </Sheet>
          )}
        </>
      )}
      {deciding === undefined ? null : <Deciding withdrawal={deciding} onClose={() => decide(undefined)} />}
    </Page>
  )
}

function Waiting({
  withdrawals,
  onDecide,
}: {
  withdrawals: readonly Withdrawal[]
  onDecide: (withdrawal: Withdrawal) => void
}) {
  const w = useWords(WORDS)
  const reasonOf = useReason()
  return (
    <Table
      caption={w('waiting')}
      rows={withdrawals}
      keyOf={(one) => one.withdrawal}
      empty={w('noWithdrawals')}
      columns={[
        { key: 'subject', title: w('subject'), render: (one) => one.subject },
        { key: 'document', title: w('document'), render: (one) => one.documentNumber ?? '—' },
        {
          key: 'reason',
          title: w('reason'),
          render: (one) => (
            <>
              {reasonOf(one.reason)}
              <div className="soft">{one.ground}</div>
            </>
          ),
        },
        {
          key: 'by',
          title: w('by'),
          narrow: true,
          render: (one) => (
            <>
              {one.by}
              <div className="soft">{momentOf(one.at)}</div>
            </>
          ),
        },
        {
          key: 'due',
          title: w('due'),
          narrow: true,
          render: (one) => (
            <>
              {one.due} {one.overdue ? <Mark tone="bad">{w('overdue')}</Mark> : null}
            </>
          ),
        },
        {
          key: 'act',
          title: '',
          narrow: true,
          render: (one) =>
            one.mayDecide ? (
              <Button size="small" type="primary" onClick={() => onDecide(one)}>
                {w('decideTitle')}
              </Button>
            ) : (
              <span className="soft">{w('notYours')}</span>
            ),
        },
      ]}
    />
  )
}

function Decided({ withdrawals }: { withdrawals: readonly Withdrawal[] }) {
  const w = useWords(WORDS)
  const reasonOf = useReason()
  return (
    <Table
      caption={w('decidedOnes')}
      rows={withdrawals}
      keyOf={(one) => one.withdrawal}
      empty={w('noWithdrawals')}
      columns={[
        { key: 'subject', title: w('subject'), render: (one) => one.subject },
        { key: 'document', title: w('document'), render: (one) => one.documentNumber ?? '—' },
        { key: 'reason', title: w('reason'), render: (one) => reasonOf(one.reason) },
        { key: 'by', title: w('by'), narrow: true, render: (one) => one.by },
        {
          key: 'state',
          title: w('state'),
          narrow: true,
          render: (one) => <Mark tone={one.state === 'confirmed' ? 'good' : 'quiet'}>{w(one.state)}</Mark>,
        },
        {
          key: 'decided',
          title: w('decidedBy'),
          render: (one) => (
            <>
              {one.decidedBy}
              <div className="soft">{one.decisionReason}</div>
            </>
          ),
        },
      ]}
    />
  )
}

function Deciding({ withdrawal, onClose }: { withdrawal: Withdrawal; onClose: () => void }) {
  const w = useWords(WORDS)
  const reasonOf = useReason()
  const decide = (decision: 'confirm' | 'refuse') => async (reason: string) => {
    await send('POST', `/api/console/withdrawals/${withdrawal.withdrawal}/decide`, { decision, reason })
    await invalidate('/api/console/')
  }
  return (
    <Decision
      title={w('decideTitle')}
      question={w('decisionReason')}
      onClose={onClose}
      acts={[
        { label: w('confirm'), act: decide('confirm') },
        { label: w('refuse'), danger: true, act: decide('refuse') },
      ]}
    >
      <p style={{ margin: 0 }}>
        <strong>{withdrawal.subject}</strong> {withdrawal.documentNumber}
        <br />
        {reasonOf(withdrawal.reason)} · {withdrawal.ground}
        <br />
        <span className="soft">
          {withdrawal.by} · {momentOf(withdrawal.at)}
        </span>
      </p>
    </Decision>
  )
}

/** Finds one of the unit's own facts and hides it at once. */
function Finder() {
  const w = useWords(WORDS)
  const s = useSay()
  const [query, setQuery] = useState('')
  const [withdrawing, withdraw] = useState<Fact>()
  const [reason, setReason] = useState<Reason>('revoked')
  const { data, error, isFetching } = useApi<GetApiConsoleFactsResponse>(
    query === '' ? undefined : `/api/console/facts?q=${encodeURIComponent(query)}&limit=20`,
  )
  return (
    <Sheet title={w('find')} flush>
      <div style={{ padding: '0 16px 14px' }}>
        <Input.Search
          aria-label={w('find')}
          enterButton={w('search')}
          loading={isFetching}
          style={{ maxWidth: 560 }}
          onSearch={(text) => setQuery(text.trim())}
        />
      </div>
      <ProblemNotice problem={error} />
      {data === undefined ? null : (
        <Table
          caption={w('search')}
          rows={data.facts}
          keyOf={(fact) => fact.id}
          empty={w('noFacts')}
          columns={[
            { key: 'subject', title: w('subject'), render: (fact) => fact.subject },
            { key: 'document', title: w('document'), render: (fact) => fact.documentNumber ?? '—' },
            { key: 'item', title: w('item'), render: (fact) => s(fact.item.title) },
            { key: 'decided', title: w('decided'), narrow: true, render: (fact) => fact.decidedOn ?? '—' },
            {
              key: 'state',
              title: w('state'),
              narrow: true,
              render: (fact) => <FactState state={fact.state} />,
            },
            {
              key: 'act',
              title: '',
              narrow: true,
              render: (fact) =>
                fact.state === 'hidden' || fact.state === 'withdrawn' ? null : (
                  <Button size="small" danger onClick={() => withdraw(fact)}>
                    {w('withdraw')}
                  </Button>
                ),
            },
          ]}
        />
      )}
      {withdrawing === undefined ? null : (
        <Decision
          title={w('withdrawTitle')}
          question={w('ground')}
          onClose={() => withdraw(undefined)}
          acts={[
            {
              label: w('hide'),
              danger: true,
              act: async (ground) => {
                await send('POST', '/api/console/withdrawals', { fact: withdrawing.id, reason, ground })
                await invalidate('/api/console/')
              },
            },
          ]}
        >
          <p style={{ margin: '0 0 10px' }}>
            <strong>{withdrawing.subject}</strong> {withdrawing.documentNumber}
          </p>
          <Select
            aria-label={w('reason')}
            value={reason}
            style={{ width: '100%' }}
            onChange={setReason}
            options={REASONS.map((one) => ({ value: one, label: w(one) }))}
          />
        </Decision>
      )}
    </Sheet>
  )
}
