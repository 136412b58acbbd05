import type {
  GetApiConsoleListingCasesByIdResponse,
  GetApiConsoleReleasesResponse,
  GetApiConsoleSubjectsMergesResponse,
  GetApiConsoleWithdrawalsResponse,
} from '@xinheng/client'
import { Spin } from 'antd'
import { Link } from 'react-router'
import { useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { type Comparison, MergeEvidence } from '../../ui/Evidence.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './Approvals.module.css'
import { Facts, Lines } from './Facts.tsx'
import { WORDS } from './words.ts'

/** The case of a list: what was found, what the organisation said, and by which documents. */
export function Listing({ id, months }: { id: number; months?: number | null | undefined }) {
  const w = useWords(WORDS)
  const s = useSay()
  const { data, error } = useApi<GetApiConsoleListingCasesByIdResponse>(`/api/console/listing-cases/${id}`)
  if (data === undefined) return error === null ? <Spin /> : <ProblemNotice problem={error} />
  const exit = data.exits.find(({ kind }) => kind === data.delisting?.kind)
  return (
    <>
      <Facts
        rows={[
          [w('subject'), `${data.subject}（${data.uscc}）`],
          [w('list'), s(data.list.title)],
          [w('unit'), data.unit],
          [w('listedAs'), data.documentNumber],
          [w('criterion'), exit === undefined ? s(data.criterion) : s(exit.words)],
          [w('listingReason'), data.delisting === null ? data.reason : null],
          [w('facts'), data.facts],
          [w('basis'), data.basis],
          [
            w('statement'),
            data.statements.length === 0 ? (
              w('noStatement')
            ) : (
              <Lines
                key="statements"
                lines={data.statements.map((said) => `${said.receivedOn} ${said.speaker}：${said.text}`)}
              />
            ),
          ],
          [w('term'), months === null || months === undefined ? null : w('months', { count: months })],
        ]}
      />
      <p className={styles.more}>
        <Link to={`/listings/${id}`}>{w('seeCase')}</Link>
      </p>
    </>
  )
}

export function Withdrawal({ fact }: { fact: string }) {
  const w = useWords(WORDS)
  const s = useSay()
  const { data } = useApi<GetApiConsoleWithdrawalsResponse>('/api/console/withdrawals')
  const one = data?.withdrawals.find((line) => line.fact === fact && line.state === 'open')
  return (
    <>
      {one === undefined ? null : (
        <Facts
          rows={[
            [w('subject'), one.subject],
            [w('documentNumber'), one.documentNumber],
            [w('item'), s(one.item.title)],
          ]}
        />
      )}
      <p className={styles.more}>
        <Link to="/withdrawals">{w('seeFact')}</Link>
      </p>
    </>
  )
}

export function Release({ approval }: { approval: number }) {
  const w = useWords(WORDS)
  const s = useSay()
  const { data } = useApi<GetApiConsoleReleasesResponse>('/api/console/releases')
  const one = data?.releases.find(({ release }) => release === approval)
  return (
    <>
      {one === undefined ? null : (
        <Lines
          lines={one.facts.map((fact) =>
            [fact.subject, fact.documentNumber, s(fact.item.title)]
              .filter((part) => part !== null)
              .join(' · '),
          )}
        />
      )}
      <p className={styles.more}>
        <Link to="/releases">{w('seeFact')}</Link>
      </p>
    </>
  )
}

/** A merge that is to be taken back, with the evidence on which it was done. */
export function Split({ merge }: { merge: number }) {
  const w = useWords(WORDS)
  const { data, error } = useApi<GetApiConsoleSubjectsMergesResponse>('/api/console/subjects/merges')
  const one = data?.merges.find((line) => line.merge === merge)
  if (one === undefined) return error === null ? <Spin /> : <ProblemNotice problem={error} />
  return (
    <>
      <Facts
        rows={[
          [
            w('merged'),
            w('mergedWas', {
              kept: `${one.kept.name}（${one.kept.code}）`,
              merged: `${one.merged.name}（${one.merged.code}）`,
              day: one.mergedAt,
            }),
          ],
          [w('mergeGround'), one.ground],
          [w('madeBy'), `${one.proposedBy}、${one.approvedBy}`],
        ]}
      />
      <MergeEvidence comparison={one.evidence as Comparison} />
    </>
  )
}
