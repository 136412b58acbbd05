import type { GetApiConsoleFactsResponse, GetApiConsoleReleasesResponse } from '@xinheng/client'
import { Button, Checkbox, Spin } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { momentOf } from '../../ui/days.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import { Decision } from './Decision.tsx'
import { WORDS } from './words.ts'

type Fact = GetApiConsoleFactsResponse['facts'][number]
type Release = GetApiConsoleReleasesResponse['releases'][number]

const HELD = '/api/console/facts?held=true&limit=200'
const RELEASES = '/api/console/releases'
/** Held because the item asks a second person of the unit. */
const AWAITS_RELEASE = 'AWAITS_RELEASE'

/** What is held from publication, and its release by two persons. */
export function ReleasesPage() {
  const w = useWords(WORDS)
  const may = useMay()
  const held = useApi<GetApiConsoleFactsResponse>(HELD)
  const releases = useApi<GetApiConsoleReleasesResponse>(RELEASES)
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set())
  const [proposing, propose] = useState(false)
  const proposed = new Set(releases.data?.releases.flatMap((one) => one.facts.map((fact) => fact.id)))
  const toggle = (fact: string) =>
    choose((before) => {
      const after = new Set(before)
      if (!after.delete(fact)) after.add(fact)
      return after
    })
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
      <ProblemNotice problem={held.error ?? releases.error} />
      {(releases.data?.releases.length ?? 0) === 0 ? null : (
        <Proposed releases={releases.data?.releases ?? []} />
      )}
      {held.data === undefined ? (
        held.error === null ? (
          <Spin />
        ) : null
      ) : (
        <Held
          facts={held.data.facts.filter((fact) => !proposed.has(fact.id))}
          chosen={chosen}
          {...(may('release.propose') ? { onToggle: toggle } : {})}
        />
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
                await send('POST', RELEASES, { facts: [...chosen], ground })
                choose(new Set())
                await invalidate('/api/console/')
              },
            },
          ]}
        />
      ) : null}
    </Page>
  )
}

function Held({
  facts,
  chosen,
  onToggle,
}: {
  facts: readonly Fact[]
  chosen: ReadonlySet<string>
  /** Absent for who may not propose. */
  onToggle?: (fact: string) => void
}) {
  const w = useWords(WORDS)
  const s = useSay()
  return (
    <Sheet title={w('held')} flush>
      <Table
        caption={w('held')}
        rows={facts}
        keyOf={(fact) => fact.id}
        empty={w('noHolds')}
        columns={[
          {
            key: 'subject',
            title: w('subject'),
            render: (fact) =>
              // Personal data in a text is the centre's to look at, or the unit's to correct.
              onToggle === undefined || fact.hold?.code !== AWAITS_RELEASE ? (
                fact.subject
              ) : (
                <Checkbox checked={chosen.has(fact.id)} onChange={() => onToggle(fact.id)}>
                  {fact.subject}
                </Checkbox>
              ),
          },
          { key: 'document', title: w('document'), render: (fact) => fact.documentNumber ?? '—' },
          { key: 'item', title: w('item'), render: (fact) => s(fact.item.title) },
          {
            key: 'why',
            title: w('why'),
            render: (fact) => (
              <>
                {fact.hold === null ? '' : s(fact.hold.message)}
                {fact.keptBack === null ? null : (
                  <div>
                    <Mark tone="bad">{w('keptBack')}</Mark> {fact.keptBack}
                  </div>
                )}
              </>
            ),
          },
          {
            key: 'source',
            title: w('source'),
            narrow: true,
            render: (fact) => (
              <Link to={`/deliveries/${fact.delivery}/rows`}>
                {w('fromRow', { delivery: fact.delivery, row: fact.row })}
              </Link>
            ),
          },
        ]}
      />
    </Sheet>
  )
}

function Proposed({ releases }: { releases: readonly Release[] }) {
  const w = useWords(WORDS)
  const [deciding, decide] = useState<Release>()
  const decideOn = (release: Release, decision: 'release' | 'refuse') => async (reason: string) => {
    await send('POST', `${RELEASES}/${release.release}/decide`, { decision, reason })
    await invalidate('/api/console/')
  }
  return (
    <Sheet title={w('toDecide')} flush>
      <Table
        caption={w('toDecide')}
        rows={releases}
        keyOf={(one) => one.release}
        empty={w('noHolds')}
        columns={[
          {
            key: 'facts',
            title: w('document'),
            render: (one) =>
              one.facts.map((fact) => (
                <div key={fact.id}>
                  {fact.subject} {fact.documentNumber}
                </div>
              )),
          },
          { key: 'ground', title: w('releaseGround'), render: (one) => one.ground },
          {
            key: 'by',
            title: w('by'),
            narrow: true,
            render: (one) => (
              <>
                {one.by}
                <div className="soft">{momentOf(one.at)}</div>
              </>
            ),
          },
          {
            key: 'act',
            title: '',
            narrow: true,
            render: (one) =>
              one.mayDecide ? (
                <Button size="small" type="primary" onClick={() => decide(one)}>
                  {w('decideRelease')}
                </Button>
              ) : (
                <span className="soft">{w('notYours')}</span>
              ),
          },
        ]}
      />
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
          {deciding.facts.map((fact) => (
            <p key={fact.id} style={{ margin: 0 }}>
              <strong>{fact.subject}</strong> {fact.documentNumber}
            </p>
          ))}
        </Decision>
      )}
    </Sheet>
  )
}
