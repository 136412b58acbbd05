import type { GetApiConsoleMattersResponse, GetApiConsoleMeasuresResponse } from '@xinheng/client'
import { App, Button, Checkbox, Input, Modal, Select, Spin } from 'antd'
import { useId, useState } from 'react'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { useListTitle } from '../../lists.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import { Table } from '../../ui/Table.tsx'
import { BindDialog } from './BindDialog.tsx'
import styles from './JointAction.module.css'
import { WORDS } from './words.ts'

type Measure = GetApiConsoleMeasuresResponse['measures'][number]
type Matter = GetApiConsoleMattersResponse['matters'][number]
const ORDER = ['remind', 'warn', 'intercept', 'reward'] as const

/** What may be applied, by which law, at which matters; and what the unit has chosen. */
export function MattersPage() {
  const w = useWords(WORDS)
  const may = useMay()
  const { data, error } = useApi<GetApiConsoleMeasuresResponse>('/api/console/measures')
  const [binding, bind] = useState<Measure>()
  return (
    <Page title={w('measures')} lead={w('measuresLead')}>
      <ProblemNotice problem={error} />
      {data === undefined ? (
        error === null ? (
          <Spin />
        ) : null
      ) : (
        <>
          <Matters measures={data.measures} />
          <Sheet title={w('measure')} flush>
            <MeasureTable measures={data.measures} onBind={may('measure.bind') ? bind : undefined} />
          </Sheet>
        </>
      )}
      {binding === undefined ? null : <BindDialog measure={binding} onClose={() => bind(undefined)} />}
    </Page>
  )
}

function MeasureTable({
  measures,
  onBind,
}: {
  measures: readonly Measure[]
  onBind: ((measure: Measure) => void) | undefined
}) {
  const w = useWords(WORDS)
  const s = useSay()
  const listTitle = useListTitle()
  return (
    <Table
      caption={w('measure')}
      rows={measures}
      keyOf={(one) => one.code}
      empty="—"
      columns={[
        {
          key: 'measure',
          title: w('measure'),
          render: (one) => (
            <>
              <strong>{one.family}</strong> {s(one.title)}{' '}
              {one.applies ? null : <Mark tone="quiet">{w('withoutLaw')}</Mark>}
              {one.note === null ? null : <div className="soft">{s(one.note)}</div>}
            </>
          ),
        },
        {
          key: 'law',
          title: w('law'),
          render: (one) =>
            one.grounds.length === 0 ? (
              '—'
            ) : (
              <ul className={styles.laws}>
                {one.grounds.map((ground) => (
                  <li key={`${ground.law} ${ground.article} ${ground.lists.join(' ')}`}>
                    《{ground.law}》{ground.article}{' '}
                    <span className="soft">
                      {ground.effects.map((effect) => w(effect as 'warn')).join('、')} ·{' '}
                      {ground.lists.map(listTitle).join('、')}
                    </span>
                  </li>
                ))}
              </ul>
            ),
        },
        {
          key: 'matters',
          title: w('matters'),
          narrow: true,
          render: (one) => w('count', { count: one.matters }),
        },
        {
          key: 'act',
          title: '',
          narrow: true,
          render: (one) =>
            onBind !== undefined && one.applies ? (
              <Button size="small" onClick={() => onBind(one)}>
                {w('bind')}
              </Button>
            ) : null,
        },
      ]}
    />
  )
}

function Matters({ measures }: { measures: readonly Measure[] }) {
  const w = useWords(WORDS)
  const s = useSay()
  const may = useMay()
  const [text, setText] = useState('')
  const [bound, setBound] = useState(true)
  const [subscribing, subscribe] = useState<Matter>()
  const [ending, end] = useState<Matter['subscriptions'][number]>()
  const { data, error } = useApi<GetApiConsoleMattersResponse>(
    `/api/console/matters?text=${encodeURIComponent(text)}${bound ? '&bound=true' : ''}`,
  )
  const titleOf = (code: string) => {
    const measure = measures.find((one) => one.code === code)
    return measure === undefined ? code : s(measure.title)
  }
  return (
    <Sheet title={w('matters')} flush>
      <div className={styles.bar}>
        <Input.Search
          className={styles.grow ?? ''}
          allowClear
          aria-label={w('search')}
          placeholder={w('search')}
          onSearch={setText}
        />
        <Checkbox checked={bound} onChange={(event) => setBound(event.target.checked)}>
          {w('onlyBound')}
        </Checkbox>
        <span className="soft">
          {data === undefined
            ? ''
            : w(data.total > data.matters.length ? 'totalFirst' : 'total', {
                total: data.total,
                shown: data.matters.length,
              })}
        </span>
      </div>
      <ProblemNotice problem={error} />
      <Table
        caption={w('matters')}
        rows={data?.matters ?? []}
        keyOf={(one) => one.code}
        empty={w('noMatters')}
        columns={[
          {
            key: 'name',
            title: w('matter'),
            render: (one) => (
              <>
                {one.name}
                <div className="soft">{one.unit}</div>
              </>
            ),
          },
          { key: 'kind', title: w('kind'), narrow: true, render: (one) => one.kind },
          { key: 'bound', title: w('bound'), render: (one) => one.bound.map(titleOf).join('、') || '—' },
          {
            key: 'subscribed',
            title: w('subscribed'),
            render: (one) =>
              one.subscriptions.length === 0
                ? '—'
                : one.subscriptions.map((each) => (
                    <div key={each.id}>
                      {titleOf(each.measure)}：{w(each.effect)}{' '}
                      {may('matter.subscribe') ? (
                        <Button type="link" size="small" style={{ padding: 0 }} onClick={() => end(each)}>
                          {w('unsubscribe')}
                        </Button>
                      ) : null}
                    </div>
                  )),
          },
          {
            key: 'act',
            title: '',
            narrow: true,
            render: (one) =>
              may('matter.subscribe') && one.bound.length > 0 ? (
                <Button size="small" onClick={() => subscribe(one)}>
                  {w('subscribe')}
                </Button>
              ) : null,
          },
        ]}
      />
      {subscribing === undefined ? null : (
        <SubscribeDialog matter={subscribing} measures={measures} onClose={() => subscribe(undefined)} />
      )}
      {ending === undefined ? null : (
        <ReasonDialog
          title={w('unsubscribe')}
          ok={w('unsubscribe')}
          danger
          onClose={() => end(undefined)}
          onDone={async (reason) => {
            await send('POST', `/api/console/subscriptions/${ending.id}/end`, { reason })
            await invalidate('/api/console/matters')
          }}
        />
      )}
    </Sheet>
  )
}

function SubscribeDialog({
  matter,
  measures,
  onClose,
}: {
  matter: Matter
  measures: readonly Measure[]
  onClose: () => void
}) {
  const w = useWords(WORDS)
  const s = useSay()
  const id = useId()
  const { message } = App.useApp()
  const [measure, setMeasure] = useState(matter.bound[0] ?? '')
  const allowed = ORDER.filter((effect) =>
    measures
      .find((one) => one.code === measure)
      ?.grounds.some((ground) => ground.inForce && ground.effects.includes(effect)),
  )
  const [effect, setEffect] = useState<(typeof ORDER)[number]>()
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const submit = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await send('POST', '/api/console/subscriptions', {
        lines: [{ matter: matter.code, measure, effect }],
        reason: reason.trim(),
      })
      void message.success(w('proposed'))
      onClose()
    } catch (refused) {
      setProblem(refused)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      title={`${w('subscribe')}：${matter.name}`}
      okText={w('subscribe')}
      cancelText={w('cancel')}
      okButtonProps={{ loading: busy, disabled: effect === undefined || reason.trim().length < 2 }}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      <div className={styles.form}>
        <label htmlFor={`${id}-measure`}>{w('measure')}</label>
        <Select
          id={`${id}-measure`}
          value={measure}
          onChange={(value) => {
            setMeasure(value)
            setEffect(undefined)
          }}
          options={matter.bound.map((code) => {
            const one = measures.find((each) => each.code === code)
            return { value: code, label: one === undefined ? code : s(one.title) }
          })}
        />
        <label htmlFor={`${id}-effect`}>{w('onMatch')}</label>
        <Select
          id={`${id}-effect`}
          value={effect ?? null}
          onChange={(value) => setEffect(value ?? undefined)}
          options={allowed.map((one) => ({ value: one, label: w(one) }))}
        />
        <label htmlFor={`${id}-reason`}>{w('reason')}</label>
        <Input
          id={`${id}-reason`}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <ProblemNotice problem={problem} />
      </div>
    </Modal>
  )
}
