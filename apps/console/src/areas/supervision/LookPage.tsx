import type { GetApiConsoleSupervisionWorthALookResponse } from '@xinheng/client'
import { Button, Spin } from 'antd'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { useMay } from '../../session.ts'
import { cityToday } from '../../ui/days.ts'
import filters from '../../ui/Filters.module.css'
import { Page, Sheet } from '../../ui/Page.tsx'
import { Period } from '../../ui/Period.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Supervision.module.css'
import type { LookRule } from './types.ts'
import { UrgeDialog } from './UrgeDialog.tsx'
import { WORDS } from './words.ts'

const FIRST = 20

/** Each rule with its words, and the cases that fit it. */
export function LookPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const may = useMay()
  const [query, setQuery] = useSearchParams()
  const [urging, setUrging] = useState<{ unit: string; numbers: readonly string[]; rule: string }>()
  const today = cityToday()
  const from = query.get('from') ?? `${today.slice(0, 7)}-01`
  const to = query.get('to') ?? today
  const { data, error, isPending } = useApi<GetApiConsoleSupervisionWorthALookResponse>(
    `/api/console/supervision/worth-a-look?from=${from}&to=${to}`,
  )
  return (
    <Page title={w('look')} lead={w('lookLead')} back={<Link to="/supervision">{w('back')}</Link>}>
      <div className={filters.filters}>
        <Period
          label={w('period')}
          from={from}
          to={to}
          onChange={(change) => setQuery({ from, to, ...change })}
        />
      </div>
      <ProblemNotice problem={error} />
      {isPending ? <Spin style={{ padding: 40 }} /> : null}
      {data?.rules.map(({ rule, title, words, standing }) => (
        <Sheet key={rule} title={s(title)} flush>
          <p className="soft" style={{ padding: '0 16px', margin: '0 0 8px' }}>
            {w('rule')}：{s(words)}
          </p>
          {standing.length === 0 ? (
            <p style={{ padding: '0 16px', margin: '0 0 16px' }}>{w('noneStands')}</p>
          ) : (
            <Table
              caption={s(title)}
              rows={standing.map((one, place) => ({ ...one, place }))}
              keyOf={({ place }) => place}
              empty={w('noneStands')}
              columns={[
                { key: 'unit', title: w('unit'), render: (one) => one.unitName },
                {
                  key: 'count',
                  title: w('case'),
                  narrow: true,
                  render: (one) => `${w('countOf', { count: one.count })} / ${w('ofOf', { of: one.of })}`,
                },
                {
                  key: 'numbers',
                  title: w('number'),
                  render: (one) => (
                    <span className={styles.number}>
                      {one.numbers.slice(0, FIRST).map((number) => (
                        <Link key={number} to={`/supervision/cases/${number}`} style={{ marginRight: 12 }}>
                          {number}
                        </Link>
                      ))}
                      {one.numbers.length > FIRST ? `… ${one.numbers.length}` : null}
                    </span>
                  ),
                },
                ...(may('supervision.urge')
                  ? [
                      {
                        key: 'urge',
                        title: '',
                        narrow: true,
                        render: (one: LookRule['standing'][number]) => (
                          <Button
                            onClick={() => setUrging({ unit: one.unitName, numbers: one.numbers, rule })}
                          >
                            {w('urge')}
                          </Button>
                        ),
                      },
                    ]
                  : []),
              ]}
            />
          )}
        </Sheet>
      ))}
      {urging === undefined ? null : <UrgeDialog {...urging} onClose={() => setUrging(undefined)} />}
    </Page>
  )
}
