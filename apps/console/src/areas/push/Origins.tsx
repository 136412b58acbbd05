import type { GetApiConsolePushOriginsResponse } from '@xinheng/client'
import { App, Button, Input, Spin } from 'antd'
import { useId, useState } from 'react'
import { send, useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay, useMe } from '../../session.ts'
import { momentOf } from '../../ui/days.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import { Table } from '../../ui/Table.tsx'
import { WORDS } from './words.ts'

type Line = GetApiConsolePushOriginsResponse['origins'][number]

const PATH = '/api/console/push/origins'

/** Sites in whose pages an officer may check; a unit registers its own. */
export function Origins() {
  const w = useWords(WORDS)
  const id = useId()
  const may = useMay()
  const me = useMe()
  const { message } = App.useApp()
  const [asked, ask] = useState<'add' | Line>()
  const [origin, setOrigin] = useState('')
  const { data, error } = useApi<GetApiConsolePushOriginsResponse>(PATH)
  const act = async (reason: string) => {
    if (asked === 'add') {
      await send('POST', PATH, { origin: origin.trim(), reason })
      void message.success(w('proposed'))
    } else if (asked !== undefined) await send('POST', `${PATH}/${asked.id}/end`, { reason })
    await invalidate('/api/console/push')
  }
  return (
    <>
      <ProblemNotice problem={error} />
      <Sheet
        flush
        title={w('origins')}
        extra={
          may('widget.propose') && me.unit !== null ? (
            <Button type="primary" onClick={() => ask('add')}>
              {w('addOrigin')}
            </Button>
          ) : null
        }
      >
        {data === undefined ? (
          <Spin style={{ padding: 20 }} />
        ) : (
          <Table
            caption={w('origins')}
            rows={data.origins}
            keyOf={(line) => line.id}
            empty={w('none')}
            columns={[
              { key: 'origin', title: w('origin'), render: (line) => <code>{line.origin}</code> },
              { key: 'unit', title: w('unit'), render: (line) => line.unit.name },
              {
                key: 'since',
                title: w('registered'),
                narrow: true,
                render: (line) => momentOf(line.registeredAt),
              },
              {
                key: 'state',
                title: w('state'),
                narrow: true,
                render: (line) => (
                  <Mark tone={line.endedAt === null ? 'good' : 'quiet'}>
                    {w(line.endedAt === null ? 'live' : 'ended')}
                  </Mark>
                ),
              },
              {
                key: 'act',
                title: '',
                narrow: true,
                render: (line) =>
                  may('widget.propose') && line.endedAt === null ? (
                    <Button size="small" danger onClick={() => ask(line)}>
                      {w('end')}
                    </Button>
                  ) : null,
              },
            ]}
          />
        )}
      </Sheet>
      {asked === undefined ? null : (
        <ReasonDialog
          title={asked === 'add' ? w('addOrigin') : `${w('end')} ${asked.origin}`}
          ok={asked === 'add' ? w('save') : w('end')}
          danger={asked !== 'add'}
          onDone={act}
          onClose={() => ask(undefined)}
        >
          {asked === 'add' ? (
            <>
              <label htmlFor={id}>{w('origin')}</label>
              <Input
                id={id}
                placeholder="https://bidding.example.gov.cn"
                value={origin}
                onChange={(event) => setOrigin(event.target.value)}
              />
            </>
          ) : null}
        </ReasonDialog>
      )}
    </>
  )
}
