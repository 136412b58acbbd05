import type { GetApiConsoleApprovalsResponse, GetApiConsoleKeysResponse } from '@xinheng/client'
import { App, Button, Spin } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { send, useApi } from '../../api.ts'
import { KEY_PURPOSES } from '../../key-purposes.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { countOf, momentOf } from '../../ui/days.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import { Table, type TableColumn } from '../../ui/Table.tsx'
import { WORDS } from './words.ts'

type Overview = GetApiConsoleKeysResponse
type RingKey = Omit<Overview['main'][number], 'openedAt'>
type Asked =
  | { readonly act: 'rotate'; readonly purpose: string }
  | { readonly act: 'destroy'; readonly what: 'main' | 'data'; readonly id: string }

const TONES = { current: 'good', retired: 'warn', destroyed: 'quiet' } as const

export function KeysPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const may = useMay()
  const { message } = App.useApp()
  const [asked, ask] = useState<Asked>()
  const { data, error, isPending } = useApi<Overview>('/api/console/keys', { refreshMs: 60_000 })
  const open = useApi<GetApiConsoleApprovalsResponse>('/api/console/approvals')
  const waiting = (open.data?.approvals ?? []).filter((one) => one.kind.startsWith('key.'))
  const nameOf = (purpose: string) => s(KEY_PURPOSES[purpose] ?? { zh: purpose, en: purpose })
  const propose = async (reason: string) => {
    if (asked === undefined) return
    if (asked.act === 'rotate')
      await send('POST', '/api/console/keys/rotations', { purpose: asked.purpose, reason })
    else await send('POST', '/api/console/keys/destructions', { what: asked.what, id: asked.id, reason })
    void message.success(w('proposed'))
    await invalidate('/api/console/')
  }
  const state = (key: RingKey) => (
    <>
      <Mark tone={TONES[key.state]}>{w(key.state)}</Mark>{' '}
      {key.due ? <Mark tone="bad">{w('due')}</Mark> : null}
    </>
  )
  const since: TableColumn<RingKey> = {
    key: 'made',
    title: w('made'),
    narrow: true,
    render: (key) => momentOf(key.madeAt),
  }
  const destroying = (what: 'main' | 'data', key: RingKey) =>
    may('key.keep') && key.destroyable ? (
      <Button size="small" danger onClick={() => ask({ act: 'destroy', what, id: key.id })}>
        {w('destroy')}
      </Button>
    ) : null
  return (
    <Page title={w('title')} lead={w('lead')}>
      <ProblemNotice problem={error} />
      {isPending ? <Spin style={{ padding: 40 }} /> : null}
      {waiting.length === 0 ? null : (
        <Sheet title={w('waiting')} extra={<Link to="/approvals">{w('see')}</Link>}>
          {waiting.map((one) => (
            <p key={one.id} style={{ margin: 0 }}>
              {one.kind === 'key.rotate'
                ? w('rotateOf', { purpose: nameOf(one.object.replace('key:', '')) })
                : w('destroyOf', { id: one.object.replace('key:', '') })}{' '}
              · {one.reason} · <span className="soft">{one.proposer.name}</span>
            </p>
          ))}
        </Sheet>
      )}
      {data === undefined ? null : (
        <>
          <Sheet
            flush
            title={w('main')}
            extra={<span className="soft">{w('dueAfter', { days: data.dueDays.main })}</span>}
          >
            <Table
              caption={w('main')}
              rows={data.main}
              keyOf={(key) => key.id}
              empty={w('none')}
              columns={[
                { key: 'id', title: w('fingerprint'), render: (key) => <code>{key.id}</code> },
                { key: 'state', title: w('state'), narrow: true, render: state },
                since,
                { key: 'opened', title: w('opened'), narrow: true, render: (key) => momentOf(key.openedAt) },
                { key: 'act', title: '', narrow: true, render: (key) => destroying('main', key) },
              ]}
            />
          </Sheet>
          <p className="soft" style={{ margin: 0 }}>
            {w('mainLead')}
          </p>
          <Sheet
            flush
            title={w('data')}
            extra={<span className="soft">{w('dueAfter', { days: data.dueDays.data })}</span>}
          >
            <Table
              caption={w('data')}
              rows={data.data}
              keyOf={(key) => key.id}
              empty={w('none')}
              columns={[
                { key: 'purpose', title: w('purpose'), render: (key) => nameOf(key.purpose) },
                { key: 'version', title: w('version'), number: true, render: (key) => key.version },
                {
                  key: 'state',
                  title: w('state'),
                  narrow: true,
                  render: (key) => (
                    <>
                      {state(key)}
                      {key.rotates ? null : <Mark tone="quiet">{w('lasting')}</Mark>}
                    </>
                  ),
                },
                since,
                {
                  key: 'progress',
                  title: w('progress'),
                  render: (key) =>
                    key.state !== 'retired'
                      ? '—'
                      : key.purpose === 'records'
                        ? w('stays')
                        : w('progressOf', {
                            clean: key.clean,
                            places: key.places,
                            rewritten: countOf(key.rewritten),
                          }),
                },
                {
                  key: 'act',
                  title: '',
                  narrow: true,
                  render: (key) =>
                    may('key.keep') && key.rotates && key.state === 'current' ? (
                      <Button
                        size="small"
                        aria-label={`${w('rotate')} ${nameOf(key.purpose)}`}
                        onClick={() => ask({ act: 'rotate', purpose: key.purpose })}
                      >
                        {w('rotate')}
                      </Button>
                    ) : (
                      destroying('data', key)
                    ),
                },
              ]}
            />
          </Sheet>
          <Sheet flush title={w('signing')}>
            <Table
              caption={w('signing')}
              rows={data.signing}
              keyOf={(key) => `${key.owner} ${key.keyId}`}
              empty={w('none')}
              columns={[
                {
                  key: 'owner',
                  title: w('owner'),
                  render: (key) => (key.kind === 'ledger' ? w('ledger') : key.owner),
                },
                { key: 'id', title: w('fingerprint'), render: (key) => <code>{key.fingerprint}</code> },
                { key: 'algorithm', title: w('algorithm'), narrow: true, render: (key) => key.algorithm },
                { key: 'since', title: w('made'), narrow: true, render: (key) => momentOf(key.since) },
                {
                  key: 'used',
                  title: w('used'),
                  narrow: true,
                  render: (key) => (key.usedAt === null ? '—' : momentOf(key.usedAt)),
                },
                {
                  key: 'due',
                  title: w('state'),
                  narrow: true,
                  render: (key) => (
                    <Mark tone={key.due ? 'bad' : 'good'}>{w(key.due ? 'due' : 'current')}</Mark>
                  ),
                },
              ]}
            />
          </Sheet>
          <p className="soft" style={{ margin: 0 }}>
            {w('signingLead')}
          </p>
        </>
      )}
      {asked === undefined ? null : (
        <ReasonDialog
          title={
            asked.act === 'rotate'
              ? w('rotateTitle', { purpose: nameOf(asked.purpose) })
              : w('destroyTitle', { id: asked.id })
          }
          ok={w('propose')}
          danger={asked.act === 'destroy'}
          onClose={() => ask(undefined)}
          onDone={propose}
        >
          <p style={{ margin: 0 }}>{w(asked.act === 'rotate' ? 'rotateText' : 'destroyText')}</p>
        </ReasonDialog>
      )}
    </Page>
  )
}
