import { Button, Result, Space } from 'antd'
import { useNavigate } from 'react-router'
import { useWords } from '../language.ts'
import { WORDS } from './words.ts'

export function Missing() {
  const w = useWords(WORDS)
  const go = useNavigate()
  return (
    <Result
      status="404"
      title={<h1>{w('missingTitle')}</h1>}
      subTitle={w('missing')}
      extra={<Button onClick={() => go('/')}>{w('toHome')}</Button>}
    />
  )
}

/** A page whose code failed or did not load. */
export function PageFault() {
  const w = useWords(WORDS)
  return (
    <Result
      status="error"
      title={<h1>{w('faultTitle')}</h1>}
      subTitle={w('fault')}
      extra={
        <Space>
          <Button type="primary" onClick={() => location.reload()}>
            {w('again')}
          </Button>
        </Space>
      }
    />
  )
}
