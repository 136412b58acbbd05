import type {
  GetApiConsoleApprovalsResponse,
  PostApiConsoleApprovalsByIdDecisionResponse,
} from '@xinheng/client'
import { App, Button, Spin } from 'antd'
import { useState } from 'react'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMe } from '../../session.ts'
import { momentOf } from '../../ui/days.ts'
import { Mark } from '../../ui/Mark.tsx'
import { useOneTimeLink } from '../../ui/OneTimeLink.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import styles from './Approvals.module.css'
import type { Approval } from './model.ts'
import { What } from './What.tsx'
import { KINDS, WORDS } from './words.ts'

type Act = 'approve' | 'refuse' | 'takeBack'

/** Proposals that have no last day are open until decided. */
const NO_END = '9999-12-31'

/** What waits for the reader's decision comes first; below it what others have to decide. */
export function ApprovalsPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const { message } = App.useApp()
  const showLink = useOneTimeLink()
  const { data, error } = useApi<GetApiConsoleApprovalsResponse>('/api/console/approvals')
  const [doing, start] = useState<{ act: Act; approval: Approval }>()
  const kind = (approval: Approval) => s(KINDS[approval.kind] ?? { zh: approval.kind, en: approval.kind })
  const act = async (reason: string) => {
    if (doing === undefined) return
    const { approval } = doing
    if (doing.act === 'takeBack')
      await send('POST', `/api/console/approvals/${approval.id}/take-back`, { reason })
    else {
      const { outcome } = await send<PostApiConsoleApprovalsByIdDecisionResponse>(
        'POST',
        `/api/console/approvals/${approval.id}/decision`,
        { decision: doing.act, reason, payloadHash: approval.payloadHash },
      )
      const link = (outcome as { link?: unknown } | null)?.link
      if (typeof link === 'string') showLink(link)
    }
    void message.success(w('done'))
    await invalidate('/api/console/')
  }
  const shown = (approval: Approval) => (
    <Proposal
      key={approval.id}
      approval={approval}
      kind={kind(approval)}
      onAct={(what) => start({ act: what, approval })}
    />
  )
  const mine = data?.approvals.filter((approval) => approval.mine) ?? []
  const others = data?.approvals.filter((approval) => !approval.mine) ?? []
  return (
    <Page title={w('title')} lead={w('lead')}>
      <ProblemNotice problem={error} />
      {data === undefined ? (
        error === null ? (
          <Spin />
        ) : null
      ) : (
        <>
          {mine.length > 0 ? (
            mine.map(shown)
          ) : (
            <Sheet>
              <p style={{ margin: 0 }}>{w(others.length === 0 ? 'none' : 'noneMine')}</p>
            </Sheet>
          )}
          {others.length === 0 ? null : <h2 className={styles.rest}>{w('others')}</h2>}
          {others.map(shown)}
        </>
      )}
      {doing === undefined ? null : (
        <ReasonDialog
          title={`${w(doing.act)}：${kind(doing.approval)}`}
          ok={w(doing.act)}
          danger={doing.act === 'refuse'}
          onClose={() => start(undefined)}
          onDone={act}
        />
      )}
    </Page>
  )
}

function Proposal({
  approval,
  kind,
  onAct,
}: {
  approval: Approval
  kind: string
  onAct: (act: Act) => void
}) {
  const w = useWords(WORDS)
  const own = approval.proposer.name === useMe().name
  return (
    <Sheet
      label={`${kind} ${approval.id}`}
      title={kind}
      extra={
        approval.mine ? (
          <span className={styles.acts}>
            <Button type="primary" onClick={() => onAct('approve')}>
              {w('approve')}
            </Button>
            <Button danger onClick={() => onAct('refuse')}>
              {w('refuse')}
            </Button>
          </span>
        ) : own ? (
          <span className={styles.acts}>
            <Mark tone="quiet">{w('mine')}</Mark>
            <Button size="small" onClick={() => onAct('takeBack')}>
              {w('takeBack')}
            </Button>
          </span>
        ) : (
          <span className="soft">{w('notMine')}</span>
        )
      }
    >
      <p className={styles.who}>
        {w('reason')}：{approval.reason}
        <br />
        <span className="soft">
          {w('proposedBy', { name: approval.proposer.name, day: momentOf(approval.proposedAt) })}
          {approval.expiresOn === NO_END ? null : ` · ${w('until', { day: approval.expiresOn })}`}
        </span>
      </p>
      <What approval={approval} />
    </Sheet>
  )
}
