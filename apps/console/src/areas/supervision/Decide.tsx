import type { GetApiConsoleApprovalsResponse } from '@xinheng/client'
import { Button } from 'antd'
import { useState } from 'react'
import { send, useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay, useMe } from '../../session.ts'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import type { Case } from './types.ts'
import { WORDS, type Word } from './words.ts'

type Act = 'keep' | 'lift' | 'confirm' | 'apply' | 'applyNot'

/** What the unit's officers decide of their own case: one keeps an intercept, two lift it. */
export function Decide({ one }: { one: Case }) {
  const w = useWords(WORDS)
  const may = useMay()
  const me = useMe()
  const [act, setAct] = useState<Act>()
  const waits = one.decision === null && ['intercept', 'toBeDecidedByAnOfficer'].includes(one.result)
  const decides = waits && may('check.decide')
  const { data } = useApi<GetApiConsoleApprovalsResponse>(decides ? '/api/console/approvals' : undefined)
  if (!decides) return null
  const lifting = data?.approvals.find(
    ({ kind, object }) => kind === 'check.override' && object === `check:${one.number}`,
  )
  const path = `/api/console/checks/${one.number}`
  const done = async (reason: string): Promise<void> => {
    if (act === 'lift') await send('POST', `${path}/override`, { reason })
    else if (act === 'confirm' && lifting !== undefined)
      await send('POST', `/api/console/approvals/${lifting.id}/decision`, {
        decision: 'approve',
        reason,
        payloadHash: lifting.payloadHash,
      })
    else
      await send('POST', `${path}/decision`, {
        decision: act === 'keep' ? 'kept' : act === 'apply' ? 'applied' : 'notApplied',
        reason,
      })
    await invalidate('/api/console/')
  }
  const button = (name: Act, word: Word, primary = false) => (
    <Button type={primary ? 'primary' : 'default'} onClick={() => setAct(name)}>
      {w(word)}
    </Button>
  )
  return (
    <>
      {one.result === 'toBeDecidedByAnOfficer' ? (
        <>
          {button('apply', 'applied')}
          {button('applyNot', 'notApplied')}
        </>
      ) : lifting === undefined ? (
        <>
          {button('keep', 'kept', true)}
          {button('lift', 'lift')}
        </>
      ) : lifting.mine && lifting.proposer.name !== me.name ? (
        button('confirm', 'confirmLift', true)
      ) : (
        <span className="soft">{w('liftProposed')}</span>
      )}
      {act === undefined ? null : (
        <ReasonDialog
          title={w(TITLES[act])}
          ok={w('decide')}
          danger={act === 'lift' || act === 'confirm'}
          onDone={done}
          onClose={() => setAct(undefined)}
        >
          {act === 'confirm' ? <p>{w('liftReason', { reason: lifting?.reason ?? '' })}</p> : null}
        </ReasonDialog>
      )}
    </>
  )
}

const TITLES: Readonly<Record<Act, Word>> = {
  keep: 'kept',
  lift: 'lift',
  confirm: 'confirmLift',
  apply: 'applied',
  applyNot: 'notApplied',
}
