import { Modal } from 'antd'
import { settleInterruption, useInterruption } from '../interruptions.ts'
import { useWords } from '../language.ts'
import { WORDS } from './words.ts'

export function Interruptions() {
  const w = useWords(WORDS)
  const kind = useInterruption()
  return (
    <Modal
      open={kind !== undefined}
      title={w('signIn')}
      onCancel={() => kind && settleInterruption(kind, false)}
    />
  )
}
