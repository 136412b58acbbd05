import { Alert, Spin } from 'antd'
import { Link, useParams } from 'react-router'
import { useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Listings.module.css'
import type { ListingCase } from './model.ts'
import { NextStep } from './NextStep.tsx'
import { StageMark } from './StageMark.tsx'
import { known, WORDS } from './words.ts'

/** One case: what it is, what is next, what was served, who did what. */
export function CasePage() {
  const w = useWords(WORDS)
  const { id = '' } = useParams()
  const { data, error } = useApi<ListingCase>(`/api/console/listing-cases/${id}`)
  return (
    <Page
      title={data?.subject ?? w('title')}
      lead={data === undefined ? undefined : <Lead one={data} />}
      back={<Link to="/listings">← {w('back')}</Link>}
    >
      <ProblemNotice problem={error} />
      {data === undefined ? (
        error === null ? (
          <Spin />
        ) : null
      ) : (
        <>
          {data.problem === null ? null : (
            <Alert type="error" showIcon role="alert" title={w('problem', { problem: data.problem })} />
          )}
          <div className={styles.two}>
            <div className={styles.stack}>
              <Matter one={data} />
              <Documents one={data} />
              <History one={data} />
            </div>
            <Sheet title={w('next')}>
              <NextStep one={data} />
            </Sheet>
          </div>
        </>
      )}
    </Page>
  )
}

function Lead({ one }: { one: ListingCase }) {
  const w = useWords(WORDS)
  const s = useSay()
  const step = one.due === null ? undefined : known(one.due.step)
  return (
    <>
      <StageMark stage={one.stage} /> {s(one.list.title)} · {one.unit}
      {one.due === null
        ? null
        : ` · ${step === undefined ? one.due.step : w(step)} ${one.due.on}${one.due.overdue ? ` ${w('overdue')}` : ''}`}
    </>
  )
}

function Matter({ one }: { one: ListingCase }) {
  const w = useWords(WORDS)
  const s = useSay()
  const rows: [string, string | null][] = [
    [w('uscc'), one.uscc],
    [w('criterion'), s(one.criterion)],
    [w('reason'), one.reason],
    [w('facts'), one.facts],
    [w('basis'), one.basis],
    [w('servedOn'), one.servedOn],
    [w('defenceUntil'), one.defenceUntil],
    [w('number'), one.documentNumber],
    [w('listedOn'), one.decidedOn],
    [w('termEnd'), one.termEnd],
    [w('ground'), one.delisting?.ground ?? null],
  ]
  return (
    <Sheet title={w('matter')}>
      <dl className={styles.facts}>
        {rows.map(([title, text]) =>
          text === null ? null : (
            <div key={title} style={{ display: 'contents' }}>
              <dt>{title}</dt>
              <dd>{text}</dd>
            </div>
          ),
        )}
        {one.statements.map((said, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: statements are only ever added
          <div key={index} style={{ display: 'contents' }}>
            <dt>{w('statements')}</dt>
            <dd>
              {said.receivedOn} {said.speaker}：{said.text}
            </dd>
          </div>
        ))}
      </dl>
    </Sheet>
  )
}

function Documents({ one }: { one: ListingCase }) {
  const w = useWords(WORDS)
  return (
    <Sheet title={w('documents')} flush>
      <Table
        caption={w('documents')}
        rows={one.documents}
        keyOf={(document) => document.id}
        empty={w('noDocuments')}
        columns={[
          {
            key: 'kind',
            title: w('document'),
            render: (document) => {
              const word = known(document.kind)
              return (
                <a
                  href={`/api/console/listing-cases/${one.id}/documents/${document.id}.pdf`}
                  target="_blank"
                  rel="noreferrer"
                >
                  {word === undefined ? document.kind : w(word)} PDF
                </a>
              )
            },
          },
          { key: 'number', title: w('number'), narrow: true, render: (document) => document.number },
          { key: 'dated', title: w('dated'), narrow: true, render: (document) => document.dated },
          {
            key: 'digest',
            title: w('digest'),
            render: (document) => <code className={styles.digest}>{document.sha256}</code>,
          },
        ]}
      />
    </Sheet>
  )
}

function History({ one }: { one: ListingCase }) {
  const w = useWords(WORDS)
  return (
    <Sheet title={w('history')} flush>
      <Table
        caption={w('history')}
        rows={one.steps}
        keyOf={(step) => `${step.at} ${step.act}`}
        empty={w('none')}
        columns={[
          {
            key: 'act',
            title: w('step'),
            render: (step) => {
              const word = known(step.act, 'act')
              return word === undefined ? step.act : w(word)
            },
          },
          { key: 'on', title: w('day'), narrow: true, render: (step) => step.on },
          { key: 'by', title: w('by'), narrow: true, render: (step) => step.by },
          { key: 'words', title: w('words'), render: (step) => step.words ?? '—' },
        ]}
      />
    </Sheet>
  )
}
