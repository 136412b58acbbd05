import { useQuery } from '@tanstack/react-query'
import type {
  GetApiConsoleBindingsResponse,
  GetApiConsoleMattersResponse,
  GetApiConsoleMeasuresResponse,
  GetApiConsoleSupervisionCasesByNumberResponse,
  PostApiConsoleBindingsPreviewResponse,
} from '@xinheng/client'
import { Spin } from 'antd'
import { Link } from 'react-router'
import { type Problem, send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { useListTitle } from '../../lists.ts'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './Approvals.module.css'
import { Facts, Lines } from './Facts.tsx'
import { WORDS } from './words.ts'

const PREVIEW = '/api/console/bindings/preview'
const SHOWN_MATTERS = 8

interface SubscriptionLine {
  readonly matter: string
  readonly measure: string
  readonly effect: string
}

/** The check whose intercept is to be lifted: whose, at which matter, by which law it stands. */
export function Override({ number }: { number: string }) {
  const w = useWords(WORDS)
  const { data, error } = useApi<GetApiConsoleSupervisionCasesByNumberResponse>(
    `/api/console/supervision/cases/${number}`,
  )
  if (data === undefined) return error === null ? <Spin /> : <ProblemNotice problem={error} />
  return (
    <>
      <Facts
        rows={[
          [w('applicant'), data.person ? w('person') : `${data.applicant}（${data.uscc}）`],
          [w('unit'), data.unit],
          [w('matter'), data.matter],
          [w('caseNumber'), data.caseNumber],
          [
            w('hits'),
            data.answer === null ? null : (
              <Lines
                key="hits"
                lines={data.answer.hits
                  .filter((hit) => hit.effect === 'intercept')
                  .map(({ list, fact, measure }) =>
                    [
                      list.title,
                      fact.documentNumber,
                      fact.authority,
                      `《${measure.law}》${measure.article}：${measure.title}`,
                    ]
                      .filter((part) => part !== '')
                      .join(' · '),
                  )}
              />
            ),
          ],
        ]}
      />
      <p className={styles.more}>
        <Link to={`/supervision/cases/${number}`}>{w('seeCheck')}</Link>
      </p>
    </>
  )
}

/** Laws of a measure, of one effect where one is asked. */
function useMeasures() {
  const s = useSay()
  const listTitle = useListTitle()
  const { data } = useApi<GetApiConsoleMeasuresResponse>('/api/console/measures')
  const find = (code: string) => data?.measures.find((one) => one.code === code)
  return {
    title: (code: string) => {
      const measure = find(code)
      return measure === undefined ? code : `${measure.family} ${s(measure.title)}`
    },
    laws: (code: string, effect?: string) =>
      (find(code)?.grounds ?? [])
        .filter((ground) => ground.inForce && (effect === undefined || ground.effects.includes(effect)))
        .map((ground) => `《${ground.law}》${ground.article} · ${ground.lists.map(listTitle).join('、')}`),
  }
}

/** A measure and the matters that it would meet, counted now. */
export function Bind({ binding }: { binding: { measure: string; rule?: string; matters?: string[] } }) {
  const w = useWords(WORDS)
  const { title, laws } = useMeasures()
  const { measure, rule, matters } = binding
  const { data, error } = useQuery<PostApiConsoleBindingsPreviewResponse, Problem>({
    queryKey: [PREVIEW, measure, rule, matters],
    queryFn: () =>
      send('POST', PREVIEW, {
        measure,
        ...(rule === undefined ? {} : { rule }),
        ...(matters === undefined ? {} : { matters }),
      }),
  })
  return (
    <>
      <ProblemNotice problem={error} />
      <Facts
        rows={[
          [w('measure'), title(measure)],
          [w('law'), <Lines key="law" lines={laws(measure)} />],
          [w('rule'), rule === undefined ? null : <code key="rule">{rule}</code>],
          [
            w('matters'),
            data === undefined ? null : (
              <div key="matters">
                {w('mattersMet', { count: data.matters })}
                <Lines lines={data.first.slice(0, SHOWN_MATTERS).map((one) => `${one.name}　${one.unit}`)} />
              </div>
            ),
          ],
        ]}
      />
    </>
  )
}

export function Unbind({ binding }: { binding: number }) {
  const w = useWords(WORDS)
  const { title } = useMeasures()
  const { data } = useApi<GetApiConsoleBindingsResponse>('/api/console/bindings')
  const one = data?.bindings.find(({ id }) => id === binding)
  if (one === undefined) return null
  return (
    <Facts
      rows={[
        [w('measure'), title(one.measure)],
        [w('rule'), one.rule === null ? null : <code key="rule">{one.rule}</code>],
        [w('matters'), String(one.matters)],
        [w('madeBy'), `${one.proposedBy}、${one.approvedBy} ${one.madeAt}`],
      ]}
    />
  )
}

/** What a unit would apply at its matters, line by line, each with its law. */
export function Subscribe({ lines }: { lines: readonly SubscriptionLine[] }) {
  return (
    <>
      {lines.map((line) => (
        <SubscribedLine key={`${line.matter} ${line.measure}`} line={line} />
      ))}
    </>
  )
}

function SubscribedLine({ line }: { line: SubscriptionLine }) {
  const w = useWords(WORDS)
  const { title, laws } = useMeasures()
  const { data } = useApi<GetApiConsoleMattersResponse>(
    `/api/console/matters?text=${encodeURIComponent(line.matter)}`,
  )
  const matter = data?.matters.find((one) => one.code === line.matter)
  return (
    <Facts
      rows={[
        [w('matter'), matter === undefined ? line.matter : `${matter.name}　${matter.unit}`],
        [w('measure'), title(line.measure)],
        [w('effect'), w(line.effect as 'warn')],
        [w('law'), <Lines key="law" lines={laws(line.measure, line.effect)} />],
      ]}
    />
  )
}
