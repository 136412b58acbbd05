import type {
  GetApiConsoleSubjectsMergesResponse,
  GetApiConsoleSubjectsSameNamedResponse,
} from '@xinheng/client'
import { Alert, App, Button, Input, Spin } from 'antd'
import { useId, useState } from 'react'
import { send, useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { type Comparison, MergeEvidence } from '../../ui/Evidence.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Subjects.module.css'
import { WORDS } from './words.ts'

type Merge = GetApiConsoleSubjectsMergesResponse['merges'][number]

export function SubjectsPage() {
  const w = useWords(WORDS)
  const may = useMay()
  const id = useId()
  const { message } = App.useApp()
  const [kept, setKept] = useState('')
  const [merged, setMerged] = useState('')
  const [asked, ask] = useState<{ kept: string; merged: string }>()
  const [proposing, propose] = useState(false)
  const [splitting, split] = useState<Merge>()
  const comparison = useApi<Comparison>(
    asked === undefined
      ? undefined
      : `/api/console/subjects/compare?kept=${encodeURIComponent(asked.kept)}&merged=${encodeURIComponent(asked.merged)}`,
  )
  const history = useApi<GetApiConsoleSubjectsMergesResponse>('/api/console/subjects/merges')
  const pairs = useApi<GetApiConsoleSubjectsSameNamedResponse>('/api/console/subjects/same-named')
  const compare = (one: string, other: string) => {
    setKept(one)
    setMerged(other)
    ask({ kept: one.trim(), merged: other.trim() })
  }
  const valid = kept.trim().length >= 9 && merged.trim().length >= 9
  return (
    <Page title={w('title')} lead={w('lead')}>
      <Sheet title={w('compare')}>
        <form
          className={styles.pair}
          onSubmit={(event) => {
            event.preventDefault()
            if (valid) compare(kept, merged)
          }}
        >
          <div>
            <label htmlFor={`${id}-kept`}>{w('kept')}</label>
            <Input
              id={`${id}-kept`}
              value={kept}
              maxLength={40}
              onChange={(event) => setKept(event.target.value)}
            />
          </div>
          <div>
            <label htmlFor={`${id}-merged`}>{w('merged')}</label>
            <Input
              id={`${id}-merged`}
              value={merged}
              maxLength={40}
              onChange={(event) => setMerged(event.target.value)}
            />
          </div>
          <Button htmlType="submit" type="primary" disabled={!valid}>
            {w('show')}
          </Button>
          <Button disabled={!valid} onClick={() => compare(merged, kept)}>
            {w('swap')}
          </Button>
        </form>
      </Sheet>
      {asked === undefined ? null : comparison.data === undefined ? (
        comparison.error === null ? (
          <Spin />
        ) : (
          <ProblemNotice problem={comparison.error} />
        )
      ) : (
        <Sheet
          title={w('evidence')}
          flush
          extra={
            may('subject.merge.propose') ? (
              <Button type="primary" onClick={() => propose(true)}>
                {w('propose')}
              </Button>
            ) : undefined
          }
        >
          <MergeEvidence comparison={comparison.data} />
        </Sheet>
      )}
      <Sheet title={w('sameNamed')} flush>
        <ProblemNotice problem={pairs.error} />
        <Table
          caption={w('sameNamed')}
          rows={pairs.data?.pairs ?? []}
          keyOf={(pair) => `${pair.one} ${pair.other}`}
          empty={w('noSameNamed')}
          columns={[
            { key: 'name', title: w('name'), render: (pair) => pair.name },
            { key: 'one', title: w('keptSide'), render: (pair) => <code>{pair.one}</code> },
            { key: 'other', title: w('mergedSide'), render: (pair) => <code>{pair.other}</code> },
            {
              key: 'act',
              title: '',
              narrow: true,
              render: (pair) => (
                <Button size="small" onClick={() => compare(pair.one, pair.other)}>
                  {w('show')}
                </Button>
              ),
            },
          ]}
        />
      </Sheet>
      <Sheet title={w('history')} flush>
        <ProblemNotice problem={history.error} />
        <Table
          caption={w('history')}
          rows={history.data?.merges ?? []}
          keyOf={(merge) => merge.merge}
          empty={w('none')}
          columns={[
            {
              key: 'kept',
              title: w('keptSide'),
              render: (merge) => (
                <>
                  {merge.kept.name} <code className="soft">{merge.kept.code}</code>
                </>
              ),
            },
            {
              key: 'merged',
              title: w('mergedSide'),
              render: (merge) => (
                <>
                  {merge.merged.name} <code className="soft">{merge.merged.code}</code>
                </>
              ),
            },
            { key: 'ground', title: w('ground'), render: (merge) => merge.ground },
            {
              key: 'who',
              title: w('who'),
              render: (merge) => (
                <>
                  {merge.proposedBy} / {merge.approvedBy}
                  <br />
                  <span className="soft">{merge.mergedAt}</span>
                </>
              ),
            },
            {
              key: 'state',
              title: w('state'),
              render: (merge) =>
                merge.undone === null ? (
                  <Mark tone="good">{w('standing')}</Mark>
                ) : (
                  <span className="soft">{w('undone', merge.undone)}</span>
                ),
            },
            {
              key: 'act',
              title: '',
              narrow: true,
              render: (merge) =>
                merge.undone === null && may('subject.merge.propose') ? (
                  <Button size="small" onClick={() => split(merge)}>
                    {w('split')}
                  </Button>
                ) : null,
            },
          ]}
        />
      </Sheet>
      {proposing && comparison.data !== undefined ? (
        <ReasonDialog
          title={w('propose')}
          ok={w('propose')}
          onClose={() => propose(false)}
          onDone={async (ground) => {
            await send('POST', '/api/console/subjects/merges', {
              kept: comparison.data?.kept.code,
              merged: comparison.data?.merged.code,
              ground,
            })
            void message.success(w('proposed'))
            await invalidate('/api/console/')
          }}
        >
          <Alert type="warning" showIcon title={w('warning')} />
        </ReasonDialog>
      ) : null}
      {splitting === undefined ? null : (
        <ReasonDialog
          title={w('split')}
          ok={w('split')}
          onClose={() => split(undefined)}
          onDone={async (ground) => {
            await send('POST', `/api/console/subjects/merges/${splitting.merge}/split`, { ground })
            void message.success(w('proposed'))
            await invalidate('/api/console/')
          }}
        >
          <p style={{ margin: 0 }}>{w('splitLead')}</p>
        </ReasonDialog>
      )}
    </Page>
  )
}
