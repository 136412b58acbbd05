import { useInfiniteQuery } from '@tanstack/react-query'
import type { GetApiConsoleItemsResponse } from '@xinheng/client'
import { Button, Checkbox, Select, Spin } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { type Problem, read, useApi } from '../../api.ts'
import type { DeliveryLine } from '../../deliveries.ts'
import { useSay, useWords } from '../../language.ts'
import { useMay } from '../../session.ts'
import { DeliveryState } from '../../ui/DeliveryState.tsx'
import { countOf, momentOf } from '../../ui/days.ts'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Deliver.module.css'
import { WORDS } from './words.ts'

const PAGE = 30

export function HistoryPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const go = useNavigate()
  const may = useMay()
  const [item, setItem] = useState('')
  const [onlyRejected, setOnlyRejected] = useState(false)
  const items = useApi<GetApiConsoleItemsResponse>('/api/console/items')
  const filter = `limit=${PAGE}${item === '' ? '' : `&item=${item}`}${onlyRejected ? '&rejected=true' : ''}`
  const path = `/api/console/deliveries?${filter}`
  const list = useInfiniteQuery<{ deliveries: DeliveryLine[]; next: number | null }, Problem>({
    queryKey: [path],
    queryFn: ({ pageParam, signal }) =>
      read(pageParam === undefined ? path : `${path}&before=${pageParam}`, signal),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const deliveries = list.data?.pages.flatMap((page) => page.deliveries) ?? []
  return (
    <Page
      title={w('history')}
      actions={
        may('delivery.make') ? (
          <Button type="primary" onClick={() => go('/deliver')}>
            {w('deliver')}
          </Button>
        ) : undefined
      }
    >
      <ProblemNotice problem={list.error} onAgain={() => list.refetch()} />
      <Sheet
        flush
        extra={
          <div className={styles.filters}>
            <Select
              aria-label={w('item')}
              value={item}
              style={{ width: 260, maxWidth: '100%' }}
              onChange={setItem}
              options={[
                { value: '', label: w('allItems') },
                ...(items.data?.items ?? []).map((one) => ({ value: one.code, label: s(one.title) })),
              ]}
            />
            <Checkbox checked={onlyRejected} onChange={(event) => setOnlyRejected(event.target.checked)}>
              {w('onlyRejected')}
            </Checkbox>
          </div>
        }
      >
        {list.isPending ? (
          <Spin style={{ padding: 24 }} />
        ) : (
          <Table
            caption={w('history')}
            rows={deliveries}
            keyOf={(one) => one.delivery}
            empty={w('noDeliveries')}
            columns={[
              {
                key: 'file',
                title: w('file'),
                render: (one) => <Link to={`/deliveries/${one.delivery}`}>{one.fileName}</Link>,
              },
              { key: 'item', title: w('item'), render: (one) => s(one.item.title) },
              {
                key: 'state',
                title: w('state'),
                narrow: true,
                render: (one) => <DeliveryState delivery={one} />,
              },
              {
                key: 'counts',
                title: w('counts'),
                number: true,
                render: (one) => (
                  <>
                    {countOf(one.received)} / {countOf(one.loaded + one.updated + one.unchanged)} /{' '}
                    <span style={one.rejected > 0 ? { color: 'var(--bad)' } : undefined}>
                      {countOf(one.rejected)}
                    </span>
                  </>
                ),
              },
              { key: 'by', title: w('by'), narrow: true, render: (one) => one.by ?? '—' },
              { key: 'at', title: w('at'), narrow: true, render: (one) => momentOf(one.receivedAt) },
              {
                key: 'act',
                title: '',
                narrow: true,
                render: (one) =>
                  one.stillRejected > 0 && may('delivery.make') ? (
                    <Link to={`/deliveries/${one.delivery}/mend`}>
                      {w('mendRows', { count: countOf(one.stillRejected) })}
                    </Link>
                  ) : null,
              },
            ]}
          />
        )}
        {list.hasNextPage ? (
          <div style={{ padding: 12, textAlign: 'center' }}>
            <Button loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
              {w('more')}
            </Button>
          </div>
        ) : null}
      </Sheet>
    </Page>
  )
}
