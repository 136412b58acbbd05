import type { GetApiConsoleItemsResponse } from '@xinheng/client'
import { Checkbox, Segmented, Select } from 'antd'
import { useId, useState } from 'react'
import { useSearchParams } from 'react-router'
import { useApi } from '../../api.ts'
import type { ItemDetail } from '../../deliveries.ts'
import { useSay, useWords } from '../../language.ts'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { AboutItem } from './AboutItem.tsx'
import { ByFile } from './ByFile.tsx'
import { ByForm } from './ByForm.tsx'
import { ByPaste } from './ByPaste.tsx'
import styles from './Deliver.module.css'
import { WORDS } from './words.ts'

type Way = 'file' | 'paste' | 'form'

export function DeliverPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const id = useId()
  const [parameters, setParameters] = useSearchParams()
  const [snapshot, setSnapshot] = useState(false)
  const items = useApi<GetApiConsoleItemsResponse>('/api/console/items')
  const chosen = parameters.get('item') ?? items.data?.items[0]?.code
  const way = (parameters.get('by') ?? 'file') as Way
  const detail = useApi<ItemDetail>(chosen === undefined ? undefined : `/api/console/items/${chosen}`)
  const title = items.data?.items.find((one) => one.code === chosen)
  const set = (name: string, value: string) =>
    setParameters(
      (before) => {
        before.set(name, value)
        return before
      },
      { replace: true },
    )

  return (
    <Page title={w('deliver')} lead={w('deliverLead')}>
      <ProblemNotice problem={items.error ?? detail.error} />
      <div className={styles.split}>
        <Sheet>
          <div className={styles.choice}>
            <div>
              <label htmlFor={id} className={styles.label}>
                {w('item')}
              </label>
              <Select
                id={id}
                showSearch={{ optionFilterProp: 'label' }}
                value={chosen ?? null}
                placeholder={w('chooseItem')}
                loading={items.isPending}
                style={{ width: '100%' }}
                onChange={(code: string) => set('item', code)}
                options={(items.data?.items ?? []).map((one) => ({ value: one.code, label: s(one.title) }))}
              />
            </div>
            <div>
              <span className={styles.label}>{w('way')}</span>
              <Segmented<Way>
                aria-label={w('way')}
                value={way}
                onChange={(value) => set('by', value)}
                options={[
                  { value: 'file', label: w('byFile') },
                  { value: 'paste', label: w('byPaste') },
                  { value: 'form', label: w('byForm') },
                ]}
              />
            </div>
            {chosen === undefined ? null : way === 'file' ? (
              <>
                <ByFile item={chosen} mode={snapshot ? 'snapshot' : 'increment'} />
                <Checkbox checked={snapshot} onChange={(event) => setSnapshot(event.target.checked)}>
                  {w('snapshot')}
                </Checkbox>
              </>
            ) : way === 'paste' ? (
              <ByPaste key={chosen} item={chosen} />
            ) : detail.data === undefined ? null : (
              <ByForm key={chosen} item={detail.data} />
            )}
          </div>
        </Sheet>
        {title === undefined ? null : <AboutItem title={title} detail={detail.data} />}
      </div>
    </Page>
  )
}
