import { Button, Checkbox, Spin } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { send, useApi } from '../../api.ts'
import { type Sentence, useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { momentOf } from '../../ui/days.ts'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import { Decision } from './Decision.tsx'
import { WORDS } from './words.ts'

interface Hold {
  readonly fact: string
  readonly item: { readonly code: string; readonly title: Sentence }
  readonly subject: string
  readonly documentNumber: string | null
  readonly message: Sentence
  readonly delivery: number
  readonly row: number
  readonly since: string
  readonly release: {
    readonly release: number | string
    readonly by: string
    readonly at: string
    readonly mayDecide: boolean
  } | null
}

export function ReleasesPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const may = useMay()
  const { data, error } = useApi<{ holds: Hold[] }>('/api/console/holds')
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set())
  const [proposing, propose] = useState(false)
  const [deciding, decide] = useState<Hold>()
  const toggle = (fact: string) =>
    choose((before) => {
      const after = new Set(before)
      if (!after.delete(fact)) after.add(fact)
      return after
    })
  const decideOn = (hold: Hold, decision: 'release' | 'refuse') => async (reason: string) => {
    await send('POST', `/api/console/releases/${hold.release?.release}/decide`, { decision, reason })
    await invalidate('/api/console/')
  }
  return (
    <Page
      title={w('releases')}
      lead={w('releasesLead')}
      actions={
        may('release.propose') ? (
          <Button type="primary" disabled={chosen.size === 0} onClick={() => propose(true)}>
            {w('propose', { count: chosen.size })}
          </Button>
        ) : undefined
      }
    >
      <ProblemNotice problem={error} />
      {data === undefined ? (
        error === null ? (
          <Spin />
        ) : null
      ) : (
        <Sheet flush>
          <Table
            caption={w('releases')}
            rows={data.holds}
            keyOf={(hold) => hold.fact}
            empty={w('noHolds')}
            columns={[
              {
                key: 'subject',
                title: w('subject'),
                render: (hold) =>
                  may('release.propose') && hold.release === null ? (
                    <Checkbox checked={chosen.has(hold.fact)} onChange={() => toggle(hold.fact)}>
                      {hold.subject}
                    </Checkbox>
                  ) : (
                    hold.subject
                  ),
              },
              { key: 'document', title: w('document'), render: (hold) => hold.documentNumber ?? '—' },
              { key: 'item', title: w('item'), render: (hold) => s(hold.item.title) },
              { key: 'why', title: w('why'), render: (hold) => s(hold.message) },
              {
                key: 'source',
                title: w('source'),
                narrow: true,
                render: (hold) => (
                  <>
                    <Link to={`/deliveries/${hold.delivery}/rows`}>
                      {w('fromRow', { delivery: hold.delivery, row: hold.row })}
                    </Link>
                    <div className="soft">{momentOf(hold.since)}</div>
                  </>
                ),
              },
              {
                key: 'act',
                title: '',
                narrow: true,
                render: (hold) =>
                  hold.release === null ? null : hold.release.mayDecide ? (
                    <Button size="small" type="primary" onClick={() => decide(hold)}>
                      {w('decideRelease')}
                    </Button>
                  ) : (
                    <span className="soft">{w('proposed', { by: hold.release.by })}</span>
                  ),
              },
            ]}
          />
        </Sheet>
      )}
      {proposing ? (
        <Decision
          title={w('proposeTitle')}
          question={w('releaseGround')}
          onClose={() => propose(false)}
          acts={[
            {
              label: w('proposeTitle'),
              act: async (ground) => {
                await send('POST', '/api/console/releases', { facts: [...chosen], ground })
                choose(new Set())
                await invalidate('/api/console/')
              },
            },
          ]}
        />
      ) : null}
      {deciding === undefined ? null : (
        <Decision
          title={w('decideRelease')}
          question={w('decisionReason')}
          onClose={() => decide(undefined)}
          acts={[
            { label: w('approve'), act: decideOn(deciding, 'release') },
            { label: w('decline'), danger: true, act: decideOn(deciding, 'refuse') },
          ]}
        >
          <p style={{ margin: 0 }}>
            <strong>{deciding.subject}</strong> {deciding.documentNumber}
            <br />
            {s(deciding.message)}
          </p>
        </Decision>
      )}
    </Page>
  )
}
