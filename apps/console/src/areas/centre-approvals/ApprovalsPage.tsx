import type { GetApiConsoleApprovalsResponse } from '@xinheng/client'
import { App, Button, Spin } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMe } from '../../session.ts'
import { type Comparison, MergeEvidence } from '../../ui/Evidence.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import { KINDS, WORDS } from './words.ts'

type Approval = GetApiConsoleApprovalsResponse['approvals'][number]

type Act = 'approve' | 'refuse' | 'takeBack'

export function ApprovalsPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const me = useMe()
  const { message } = App.useApp()
  const { data, error } = useApi<GetApiConsoleApprovalsResponse>('/api/console/approvals')
  const [doing, start] = useState<{ act: Act; approval: Approval }>()
  const act = async (reason: string) => {
    if (doing === undefined) return
    const { approval } = doing
    if (doing.act === 'takeBack')
      await send('POST', `/api/console/approvals/${approval.id}/take-back`, { reason })
    else
      await send('POST', `/api/console/approvals/${approval.id}/decision`, {
        decision: doing.act,
        reason,
        payloadHash: approval.payloadHash,
      })
    void message.success(w('done'))
    await invalidate('/api/console/')
  }
  return (
    <Page title={w('title')} lead={w('lead')}>
      <ProblemNotice problem={error} />
      {data === undefined ? (
        error === null ? (
          <Spin />
        ) : null
      ) : data.approvals.length === 0 ? (
        <Sheet>
          <p style={{ margin: 0 }}>{w('none')}</p>
        </Sheet>
      ) : (
        data.approvals.map((approval) => {
          const own = approval.proposer.name === me.name
          return (
            <Sheet
              key={approval.id}
              label={`${s(KINDS[approval.kind] ?? { zh: approval.kind, en: approval.kind })} ${approval.id}`}
              title={s(KINDS[approval.kind] ?? { zh: approval.kind, en: approval.kind })}
              extra={
                approval.mine ? (
                  <span style={{ display: 'flex', gap: 8 }}>
                    <Button type="primary" onClick={() => start({ act: 'approve', approval })}>
                      {w('approve')}
                    </Button>
                    <Button danger onClick={() => start({ act: 'refuse', approval })}>
                      {w('refuse')}
                    </Button>
                  </span>
                ) : own ? (
                  <span style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
                    <Mark tone="quiet">{w('mine')}</Mark>
                    <Button size="small" onClick={() => start({ act: 'takeBack', approval })}>
                      {w('takeBack')}
                    </Button>
                  </span>
                ) : (
                  <span className="soft">{w('notMine')}</span>
                )
              }
            >
              <p>
                {w('reason')}：{approval.reason}
              </p>
              <p className="soft">
                {w('proposedBy', { name: approval.proposer.name, day: approval.expiresOn })} ·{' '}
                {approval.object}
              </p>
              <Payload approval={approval} />
            </Sheet>
          )
        })
      )}
      {doing === undefined ? null : (
        <ReasonDialog
          title={`${w(doing.act)}：${s(KINDS[doing.approval.kind] ?? { zh: doing.approval.kind, en: doing.approval.kind })}`}
          ok={w(doing.act)}
          danger={doing.act === 'refuse'}
          onClose={() => start(undefined)}
          onDone={act}
        />
      )}
    </Page>
  )
}

/** What will be done, as far as the page knows the kind. */
function Payload({ approval }: { approval: Approval }) {
  const w = useWords(WORDS)
  const payload = approval.payload as Record<string, unknown>
  switch (approval.kind) {
    case 'subject.merge':
      return <MergeEvidence comparison={payload.evidence as Comparison} />
    case 'catalogue.release':
      return (
        <p style={{ margin: 0 }}>
          <code>
            {String(payload.code)} v{String(payload.version)}
          </code>{' '}
          {w('inForce')} {String(payload.inForceFrom)} ·{' '}
          <Link to={`/catalogue/drafts/${String(payload.draft)}`}>{w('seeDraft')}</Link>
        </p>
      )
    case 'announcement.publish':
      return (
        <>
          <h3 style={{ margin: '0 0 6px', fontSize: 15 }}>{String(payload.title)}</h3>
          <p style={{ margin: 0, whiteSpace: 'pre-wrap' }}>{String(payload.body)}</p>
        </>
      )
    case 'calendar.enter':
      return (
        <p style={{ margin: 0 }}>
          {w('holidays')}：{(payload.holidays as string[]).join('、')}
          <br />
          {w('makeUpDays')}：{(payload.makeUpDays as string[]).join('、') || '—'}
        </p>
      )
    case 'hold.release':
      return (
        <p style={{ margin: 0 }}>
          <Link to={`/work/held/${String(payload.fact)}`}>{w('seeFact')}</Link>
        </p>
      )
    default:
      return <pre style={{ margin: 0, whiteSpace: 'pre-wrap' }}>{JSON.stringify(payload, null, 2)}</pre>
  }
}
