import { Alert, App, Button, Input, Spin, Tabs } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import styles from './Catalogue.module.css'
import { Differences } from './Differences.tsx'
import { ItemForm } from './ItemForm.tsx'
import type { Draft, Fault, ItemBody } from './model.ts'
import { Trial } from './Trial.tsx'
import { WORDS } from './words.ts'

export function DraftPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const may = useMay()
  const go = useNavigate()
  const { id } = useParams()
  const { message, modal } = App.useApp()
  const path = `/api/console/catalogue/drafts/${id}`
  const { data, error } = useApi<Draft>(path)
  const [source, setSource] = useState<string>()
  const [view, setView] = useState('text')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const [proposing, propose] = useState(false)
  const text = useRef<HTMLDivElement>(null)
  const stored = data?.source
  // What was saved elsewhere, by the form, say, is what is edited from now on.
  useEffect(() => {
    if (stored !== undefined) setSource(stored)
  }, [stored])
  if (data === undefined)
    return <Page title={w('title')}>{error === null ? <Spin /> : <ProblemNotice problem={error} />}</Page>
  const open = data.state === 'draft' && may('catalogue.propose')
  const save = async (body: object) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await send('PUT', path, body)
      await invalidate('/api/console/catalogue')
      void message.success(w('saved'))
    } catch (refused) {
      setProblem(refused)
    } finally {
      setBusy(false)
    }
  }
  const show = (fault: Fault) => {
    setView('text')
    setTimeout(() => {
      const area = text.current?.querySelector('textarea')
      if (area === null || area === undefined) return
      const lines = area.value.split('\n')
      const from = lines.slice(0, fault.line - 1).reduce((sum, line) => sum + line.length + 1, 0)
      area.focus()
      area.setSelectionRange(from, from + (lines[fault.line - 1]?.length ?? 0))
      area.scrollTop = (fault.line - 4) * 20
    })
  }
  const dirty = source !== undefined && source !== data.source
  return (
    <Page
      title={`${data.title === null ? data.code : s(data.title)} v${data.version}`}
      back={<Link to="/catalogue">{w('back')}</Link>}
      lead={
        <>
          <Mark tone="quiet">{w(data.kind)}</Mark>
          <Mark tone={data.state === 'proposed' ? 'busy' : data.state === 'released' ? 'good' : 'quiet'}>
            {w(data.state)}
          </Mark>
          <code>{data.path}</code>
        </>
      }
      actions={
        open ? (
          <>
            <Button
              danger
              onClick={() =>
                modal.confirm({
                  title: w('discardAsk'),
                  okText: w('yes'),
                  cancelText: w('no'),
                  onOk: async () => {
                    await send('DELETE', path)
                    await invalidate('/api/console/catalogue')
                    go('/catalogue')
                  },
                })
              }
            >
              {w('discard')}
            </Button>
            <Button
              type="primary"
              disabled={
                dirty ||
                data.faults.length > 0 ||
                (data.canBeTried && (data.trial?.state !== 'done' || data.trial.stale))
              }
              onClick={() => propose(true)}
            >
              {w('propose')}
            </Button>
          </>
        ) : undefined
      }
    >
      <ProblemNotice problem={problem} />
      {data.state === 'proposed' ? <Alert type="info" showIcon title={w('waiting')} /> : null}
      {data.faults.length === 0 ? (
        <Alert type="success" showIcon title={w('clean')} />
      ) : (
        <Sheet title={w('faults', { count: data.faults.length })}>
          <ul className={styles.faults}>
            {data.faults.map((fault) => (
              <li key={`${fault.line} ${fault.column} ${fault.code} ${fault.zh}`}>
                <button type="button" onClick={() => show(fault)}>
                  {w('line', { line: fault.line })} · {s(fault)}{' '}
                  {s({ zh: fault.remedyZh, en: fault.remedyEn })} <code className="soft">{fault.code}</code>
                </button>
              </li>
            ))}
          </ul>
        </Sheet>
      )}
      <Sheet>
        <Tabs
          activeKey={view}
          onChange={setView}
          items={[
            {
              key: 'text',
              label: w('text'),
              children: (
                <div className={styles.source} ref={text}>
                  <Input.TextArea
                    aria-label={w('text')}
                    rows={22}
                    spellCheck={false}
                    readOnly={!open}
                    value={source ?? data.source}
                    onChange={(event) => setSource(event.target.value)}
                  />
                  {open ? (
                    <p className={styles.bar} style={{ margin: '10px 0 0' }}>
                      <Button
                        type="primary"
                        loading={busy}
                        disabled={!dirty}
                        onClick={() => void save({ source })}
                      >
                        {w('save')}
                      </Button>
                    </p>
                  ) : null}
                </div>
              ),
            },
            ...(data.kind === 'item'
              ? [
                  {
                    key: 'form',
                    label: w('form'),
                    children:
                      data.body === null ||
                      !Array.isArray(data.body.fields) ||
                      !Array.isArray(data.body.rules) ? (
                        <p>{w('noForm')}</p>
                      ) : (
                        <ItemForm
                          key={data.source}
                          body={data.body}
                          open={open}
                          busy={busy}
                          onSave={(body: ItemBody) => void save({ body })}
                        />
                      ),
                  },
                ]
              : []),
            {
              key: 'changes',
              label: w('changes', { count: data.differences.length }),
              children: <Differences differences={data.differences} />,
            },
          ]}
        />
      </Sheet>
      <Trial draft={data} open={open && !dirty} />
      {proposing ? (
        <ReasonDialog
          title={w('propose')}
          ok={w('propose')}
          onClose={() => propose(false)}
          onDone={async (reason) => {
            await send('POST', `${path}/propose`, { reason })
            void message.success(w('proposedDone'))
            await invalidate('/api/console/')
          }}
        />
      ) : null}
    </Page>
  )
}
