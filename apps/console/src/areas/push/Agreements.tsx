import type { GetApiConsolePushAgreementsResponse } from '@xinheng/client'
import { Spin } from 'antd'
import { useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { useListTitle } from '../../lists.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import { WORDS } from './words.ts'

/** What other cities' entries stand by. Agreements are policy: they change in the catalogue, by two persons. */
export function Agreements() {
  const w = useWords(WORDS)
  const s = useSay()
  const listTitle = useListTitle()
  const { data, error } = useApi<GetApiConsolePushAgreementsResponse>('/api/console/push/agreements')
  return (
    <>
      <ProblemNotice problem={error} />
      <Sheet flush title={w('agreements')}>
        {data === undefined ? (
          <Spin style={{ padding: 20 }} />
        ) : (
          <Table
            caption={w('agreements')}
            rows={data.agreements}
            keyOf={(one) => one.code}
            empty={w('none')}
            columns={[
              {
                key: 'document',
                title: w('document'),
                render: (one) => (
                  <>
                    {s(one.title)}{' '}
                    <code>
                      {one.code} v{one.version}
                    </code>
                    <br />
                    <span className="soft">{one.document}</span>
                  </>
                ),
              },
              {
                key: 'parties',
                title: w('parties'),
                render: (one) => one.parties.map((party) => party.name).join('、'),
              },
              { key: 'lists', title: w('lists'), render: (one) => one.lists.map(listTitle).join('、') },
              {
                key: 'term',
                title: w('term'),
                render: (one) => (
                  <>
                    <Mark tone={one.inForce ? 'good' : 'quiet'}>
                      {w(one.inForce ? 'inForce' : 'notInForce')}
                    </Mark>{' '}
                    {one.from} — {one.until ?? ''}
                  </>
                ),
              },
              {
                key: 'stands',
                title: w('stands'),
                number: true,
                render: (one) => `${one.received} / ${one.stands}`,
              },
            ]}
          />
        )}
      </Sheet>
    </>
  )
}
