import { Alert, Button } from 'antd'
import { Problem } from '../api.ts'
import { useSay } from '../language.ts'

const AGAIN = { zh: '重试', en: 'Try again' }
const UNKNOWN = { zh: '出错了，请重试。', en: 'Something went wrong; please try again.' }

/** What was refused, in a sentence with its remedy and its code. */
export function ProblemNotice({ problem, onAgain }: { problem: unknown; onAgain?: () => void }) {
  const s = useSay()
  if (problem === null || problem === undefined) return null
  const known = problem instanceof Problem ? problem : undefined
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={s(known?.sentence ?? UNKNOWN)}
      description={known === undefined ? undefined : <code className="soft">{known.code}</code>}
      action={
        onAgain === undefined ? undefined : (
          <Button size="small" onClick={onAgain}>
            {s(AGAIN)}
          </Button>
        )
      }
    />
  )
}
