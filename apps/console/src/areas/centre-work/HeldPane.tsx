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
import styles from './Work.module.css'
import { WORDS } from './words.ts'

export function HeldPane({ data, onDecided }: { data: HeldCase; onDecided: () => void }) {
  const w = useWords(WORDS)
  const may = useMay()
  const [asking, ask] = useState<'release' | 'keepBack'>()
  return (
    <>
      <Sheet title={w('heldText')}>
        <Fields fields={data.fact.fields} />
      </Sheet>
      <Sheet title={w('decision')}>
        {data.item.state === 'keptBack' ? (
          <Alert type="warning" showIcon title={w('keptBack')} description={data.item.decision} />
        ) : data.approval !== null ? (
          <Alert type="info" showIcon title={w('proposed')} />
        ) : (
          <>
            <p>{w('releaseLead')}</p>
            <p>{w('keepBackLead')}</p>
            <span className={styles.buttons}>
              <Button type="primary" disabled={!may('hold.release.propose')} onClick={() => ask('release')}>
                {w('release')}
              </Button>
              <Button disabled={!may('hold.release.approve')} onClick={() => ask('keepBack')}>
                {w('keepBack')}
              </Button>
            </span>
          </>
        )}
      </Sheet>
      <FactsOf known={data.known} />
      {asking === 'keepBack' ? (
        <ReasonDialog
          title={w('keepBack')}
          ok={w('keepBack')}
          onClose={() => ask(undefined)}
          onDone={async (reason) => {
            await send('POST', `/api/console/work/held/${data.item.object}/keep-back`, { reason })
            onDecided()
            await invalidate('/api/console/')
          }}
        >
          <p style={{ margin: 0 }}>{w('keepBackLead')}</p>
        </ReasonDialog>
      ) : null}
      {asking === 'release' ? (
        <ReasonDialog
          title={w('release')}
          ok={w('release')}
          onClose={() => ask(undefined)}
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
