import { useInfiniteQuery } from '@tanstack/react-query'
import { Button, Drawer, Select, Spin } from 'antd'
import { type ReactNode, useState } from 'react'
import { Link, useParams } from 'react-router'
import { type Problem, read, useApi } from '../../api.ts'
import type { RowFate, RowProof } from '../../deliveries.ts'
import { type Sentence, useSay, useWords } from '../../language.ts'
import { OUTCOME_TONES, OUTCOMES } from '../../ui/DeliveryState.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Deliver.module.css'
import { WORDS } from './words.ts'

const PAGE = 100

/** What became of every row, and its proof. */
export function RowsPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const { delivery = '' } = useParams()
  const [outcome, setOutcome] = useState('')
  const [proofOf, showProof] = useState<number>()
  const base = `/api/console/deliveries/${delivery}/rows`
  const path = `${base}?limit=${PAGE}${outcome === '' ? '' : `&outcome=${outcome}`}`
  const list = useInfiniteQuery<{ rows: RowFate[]; next: number | null }, Problem>({
    queryKey: [path],
    queryFn: ({ pageParam, signal }) =>
      read(pageParam === undefined ? path : `${path}&after=${pageParam}`, signal),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const word = (name: string) => (OUTCOMES[name] === undefined ? name : s(OUTCOMES[name]))
  return (
    <Page
      title={w('fateOfRows')}
      back={<Link to={`/deliveries/${delivery}`}>← {w('delivery', { delivery })}</Link>}
    >
      <ProblemNotice problem={list.error} onAgain={() => list.refetch()} />
      <Sheet
        flush
        extra={
          <Select
            aria-label={w('outcome')}
            value={outcome}
            style={{ width: 180 }}
            onChange={setOutcome}
            options={[
              { value: '', label: w('allOutcomes') },
              ...Object.keys(OUTCOMES).map((name) => ({ value: name, label: word(name) })),
            ]}
          />
        }
      >
        {list.isPending ? (
          <Spin style={{ padding: 24 }} />
        ) : (
          <Table
            caption={w('fateOfRows')}
            rows={list.data?.pages.flatMap((page) => page.rows) ?? []}
            keyOf={(row) => row.row}
            empty={w('none')}
            columns={[
              { key: 'row', title: w('row'), narrow: true, render: (row) => row.place },
              {
                key: 'outcome',
                title: w('outcome'),
                narrow: true,
                render: (row) => (
                  <Mark tone={OUTCOME_TONES[row.outcome] ?? 'quiet'}>{word(row.outcome)}</Mark>
                ),
              },
              {
                key: 'why',
                title: w('why'),
                render: (row) => (
                  <>
                    {[...row.findings, ...row.repairs].map((one) => (
                      <div key={`${one.code} ${one.field}`}>{s(one.message)}</div>
                    ))}
                    {row.mended === null ? null : (
                      <Link to={`/deliveries/${row.mended.delivery}/rows`}>
                        {w('mendedBy')} {w('mendedRow', { ...row.mended })}
                      </Link>
                    )}
                  </>
                ),
              },
              {
                key: 'proof',
                title: '',
                narrow: true,
                render: (row) => (
                  <Button type="link" size="small" onClick={() => showProof(row.row)}>
                    {w('proof')}
                  </Button>
                ),
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
      <Drawer
        open={proofOf !== undefined}
        size={520}
        onClose={() => showProof(undefined)}
        title={w('proofTitle', { row: proofOf ?? '' })}
      >
        {proofOf === undefined ? null : <Proof path={`${base}/${proofOf}`} name={`${delivery}-${proofOf}`} />}
      </Drawer>
    </Page>
  )
}

function Proof({ path, name }: { path: string; name: string }) {
  const w = useWords(WORDS)
  const s = useSay()
  const { data, error } = useApi<RowProof>(path)
  if (error !== null) return <ProblemNotice problem={error} />
  if (data === undefined) return <Spin />
  const save = () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }))
    link.download = `proof-${name}.json`
    link.click()
    URL.revokeObjectURL(link.href)
  }
  const { proof, cells } = data
  const lines: readonly (readonly [string, ReactNode])[] = [
    [
      w('outcome'),
      OUTCOMES[data.outcome] === undefined ? data.outcome : s(OUTCOMES[data.outcome] as Sentence),
    ],
    ...(data.mended === null
      ? []
      : ([
          [
            w('mendedBy'),
            <Link key="mended" to={`/deliveries/${data.mended.delivery}/rows`}>
              {w('mendedRow', { ...data.mended })}
            </Link>,
          ],
        ] as const)),
    [w('file'), data.file.name],
    [w('digest'), <Digest key="file" value={data.file.sha256} />],
    [w('leaf'), w('leafOf', { index: proof.leaf.index, of: proof.leaf.of })],
    [w('path'), proof.path.map((hash) => <Digest key={hash} value={hash} />)],
    [w('root'), <Digest key="root" value={proof.root} />],
    ...(cells === null
      ? []
      : ([
          [
            w('cells'),
            w('cellsOf', { first: cells.rows.first, last: cells.rows.first + cells.rows.count - 1 }),
          ],
          [w('cellsDigest'), <Digest key="cells" value={cells.digest} />],
          [w('cellsRoot'), <Digest key="cellsRoot" value={cells.root} />],
        ] as const)),
    [w('ledger'), proof.ledger === null ? w('ledgerWaits') : w('ledgerEntry', { index: proof.ledger.index })],
  ]
  return (
    <>
      <p style={{ marginTop: 0 }}>{w('proofText')}</p>
      <dl className={styles.facts}>
        {lines.map(([title, content]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{content}</dd>
          </div>
        ))}
      </dl>
      <Button onClick={save} style={{ marginTop: 14 }}>
        {w('saveProof')}
      </Button>
    </>
  )
}

function Digest({ value }: { value: string }) {
  return <div className={styles.digest}>{value}</div>
}
