import { Alert, Button } from 'antd'
import { useState } from 'react'
import { send } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { Sheet } from '../../ui/Page.tsx'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import { FactsOf, Fields } from './Evidence.tsx'
import type { HeldCase } from './model.ts'
import { WORDS } from './words.ts'

export function HeldPane({ data }: { data: HeldCase }) {
  const w = useWords(WORDS)
  const may = useMay()
  const [asking, ask] = useState(false)
  return (
    <>
      <Sheet title={w('heldText')}>
        <Fields fields={data.fact.fields} />
      </Sheet>
      <Sheet title={w('decision')}>
        {data.approval !== null ? (
          <Alert type="info" showIcon title={w('proposed')} />
        ) : (
          <>
            <p>{w('releaseLead')}</p>
            <Button type="primary" disabled={!may('hold.release.propose')} onClick={() => ask(true)}>
              {w('release')}
            </Button>
          </>
        )}
      </Sheet>
      <FactsOf known={data.known} />
      {asking ? (
        <ReasonDialog
          title={w('release')}
          ok={w('release')}
          onClose={() => ask(false)}
          onDone={async (reason) => {
            await send('POST', `/api/console/work/held/${data.item.object}/release`, { reason })
            await invalidate('/api/console/')
          }}
        >
          <p style={{ margin: 0 }}>{w('releaseLead')}</p>
        </ReasonDialog>
      ) : null}
    </>
  )
}
