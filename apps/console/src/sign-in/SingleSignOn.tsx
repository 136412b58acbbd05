import { useQuery } from '@tanstack/react-query'
import type {
  GetApiConsoleSignInSingleSignOnResponse,
  PostApiConsoleSignInSingleSignOnResponse,
} from '@xinheng/client'
import { Alert, Button, Divider } from 'antd'
import { useState } from 'react'
import { read, send } from '../api.ts'
import { useWords } from '../language.ts'
import { ProblemNotice } from '../ui/ProblemNotice.tsx'
import { WORDS } from './words.ts'

const SINGLE_SIGN_ON = '/api/console/sign-in/single-sign-on'

/** The button of single sign-on, where there is one. It takes the place of the password; the code is asked as ever. */
export function SingleSignOn({ fault }: { fault: string | null }) {
  const w = useWords(WORDS)
  const [problem, setProblem] = useState<unknown>()
  const { data } = useQuery<GetApiConsoleSignInSingleSignOnResponse>({
    queryKey: [SINGLE_SIGN_ON],
    queryFn: () => read(SINGLE_SIGN_ON),
    retry: false,
  })
  if (data?.available !== true) return null
  const go = async () => {
    setProblem(undefined)
    try {
      const { location: to } = await send<PostApiConsoleSignInSingleSignOnResponse>('POST', SINGLE_SIGN_ON)
      location.assign(to)
    } catch (refused) {
      setProblem(refused)
    }
  }
  return (
    <>
      <Divider plain>{w('or')}</Divider>
      {fault === null ? null : (
        <Alert type="error" showIcon title={w('singleSignOnFailed', { code: fault })} />
      )}
      <ProblemNotice problem={problem} />
      <Button block size="large" onClick={go}>
        {w('singleSignOn')}
      </Button>
    </>
  )
}
