import type { GetApiConsoleBreakGlassResponse } from '@xinheng/client'
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { send, useApi } from '../api.ts'
import { useWords } from '../language.ts'
import { invalidate } from '../query.ts'
import { useMay } from '../session.ts'
import { momentOf } from '../ui/days.ts'
import { ProblemNotice } from '../ui/ProblemNotice.tsx'

const WORDS = {
  opened: {
    zh: '{at} {by} 在服务器上为账户 {login} 应急签发了登录链接',
    en: '{at}: {by} opened the account {login} at the server',
  },
  seen: { zh: '我已知悉', en: 'I have seen it' },
  reason: { zh: '理由', en: 'Reason' },
} as const
const PATH = '/api/console/break-glass'

/** Administrators and the auditor see on every page, until they say so, that somebody broke the glass. */
export function BreakGlass() {
  const may = useMay()
  return may('key.read') ? <Notices /> : null
}

function Notices() {
  const w = useWords(WORDS)
  const { data } = useApi<GetApiConsoleBreakGlassResponse>(PATH)
  const [problem, setProblem] = useState<unknown>()
  const acknowledge = async (id: number) => {
    setProblem(undefined)
    try {
      await send('POST', `${PATH}/${id}/acknowledge`)
    } catch (refused) {
      setProblem(refused)
    }
    await invalidate(PATH)
  }
  return (
    <>
      <ProblemNotice problem={problem} />
      {(data?.notices ?? []).map(({ id, login, reason, by, at }) => (
        <Alert
          key={id}
          type="warning"
          showIcon
          style={{ marginBottom: 12 }}
          title={w('opened', { at: momentOf(at), by, login })}
          description={`${w('reason')}：${reason}`}
          action={
            <Button size="small" onClick={() => void acknowledge(id)}>
              {w('seen')}
            </Button>
          }
        />
      ))}
    </>
  )
}
