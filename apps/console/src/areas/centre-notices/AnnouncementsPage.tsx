import type { GetApiConsoleAnnouncementsResponse } from '@xinheng/client'
import { App, Button, Input, Radio } from 'antd'
import { useId, useState } from 'react'
import { send, useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { ActDialog } from '../../ui/ActDialog.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { ReasonDialog } from '../../ui/ReasonDialog.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Notices.module.css'
import { WORDS } from './words.ts'

const AUDIENCES = ['both', 'console', 'portal'] as const

type Text = Pick<Announcement, 'title' | 'body' | 'audience' | 'shownFrom' | 'shownUntil'>
type Announcement = GetApiConsoleAnnouncementsResponse['announcements'][number]
const COLOURS = {
  draft: 'quiet',
  proposed: 'busy',
  approved: 'good',
  withdrawn: 'quiet',
} as const

export function AnnouncementsPage() {
  const w = useWords(WORDS)
  const { message } = App.useApp()
  const { data, error } = useApi<GetApiConsoleAnnouncementsResponse>('/api/console/announcements')
  const [editing, edit] = useState<Announcement | 'new'>()
  const [doing, start] = useState<{ act: 'propose' | 'withdraw'; one: Announcement }>()
  return (
    <Page
      title={w('title')}
      lead={w('lead')}
      actions={
        <Button type="primary" onClick={() => edit('new')}>
          {w('write')}
        </Button>
      }
    >
      <ProblemNotice problem={error} />
      <Sheet flush>
        <Table
          caption={w('title')}
          rows={data?.announcements ?? []}
          keyOf={(one) => one.id}
          empty={w('none')}
          columns={[
            {
              key: 'name',
              title: w('name'),
              render: (one) => (
                <>
                  {one.title} <span className="soft">{w('who', { by: one.writtenBy })}</span>
                </>
              ),
            },
            { key: 'audience', title: w('audience'), render: (one) => w(one.audience) },
            { key: 'days', title: w('days'), render: (one) => `${one.shownFrom} — ${one.shownUntil}` },
            {
              key: 'state',
              title: w('state'),
              render: (one) => <Mark tone={COLOURS[one.state]}>{w(one.state)}</Mark>,
            },
            {
              key: 'act',
              title: '',
              render: (one) => (
                <span className={styles.buttons}>
                  {one.state === 'draft' ? (
                    <>
                      <Button size="small" onClick={() => edit(one)}>
                        {w('edit')}
                      </Button>
                      <Button size="small" type="primary" onClick={() => start({ act: 'propose', one })}>
                        {w('propose')}
                      </Button>
                    </>
                  ) : null}
                  {one.state === 'approved' || one.state === 'draft' ? (
                    <Button size="small" danger onClick={() => start({ act: 'withdraw', one })}>
                      {w('withdraw')}
                    </Button>
                  ) : null}
                </span>
              ),
            },
          ]}
        />
      </Sheet>
      {editing === undefined ? null : (
        <Editor given={editing === 'new' ? undefined : editing} onClose={() => edit(undefined)} />
      )}
      {doing === undefined ? null : (
        <ReasonDialog
          title={`${w(doing.act)}：${doing.one.title}`}
          ok={w(doing.act)}
          danger={doing.act === 'withdraw'}
          onClose={() => start(undefined)}
          onDone={async (reason) => {
            await send('POST', `/api/console/announcements/${doing.one.id}/${doing.act}`, { reason })
            if (doing.act === 'propose') void message.success(w('proposedDone'))
            await invalidate('/api/console/')
          }}
        >
          <p style={{ margin: 0, whiteSpace: 'pre-wrap' }}>{doing.one.body}</p>
        </ReasonDialog>
      )}
    </Page>
  )
}

function Editor({ given, onClose }: { given: Announcement | undefined; onClose: () => void }) {
  const w = useWords(WORDS)
  const id = useId()
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  const [text, setText] = useState<Text>(
    given ?? { title: '', body: '', audience: 'both', shownFrom: today, shownUntil: today },
  )
  const set = (part: Partial<Text>) => setText((before) => ({ ...before, ...part }))
  const save = async () => {
    const { title, body, audience, shownFrom, shownUntil } = text
    const path = given === undefined ? '/api/console/announcements' : `/api/console/announcements/${given.id}`
    await send(given === undefined ? 'POST' : 'PUT', path, { title, body, audience, shownFrom, shownUntil })
    await invalidate('/api/console/announcements')
  }
  return (
    <ActDialog
      title={w('write')}
      ok={w('save')}
      ready={text.title.trim() !== '' && text.body.trim() !== ''}
      form={styles.form}
      onDone={save}
      onClose={onClose}
    >
      <label htmlFor={`${id}-title`}>{w('name')}</label>
      <Input
        id={`${id}-title`}
        maxLength={100}
        value={text.title}
        onChange={(event) => set({ title: event.target.value })}
      />
      <label htmlFor={`${id}-body`}>{w('body')}</label>
      <Input.TextArea
        id={`${id}-body`}
        rows={6}
        maxLength={5000}
        value={text.body}
        onChange={(event) => set({ body: event.target.value })}
      />
      <Radio.Group
        aria-label={w('audience')}
        value={text.audience}
        onChange={(event) => set({ audience: event.target.value })}
        options={AUDIENCES.map((one) => ({ value: one, label: w(one) }))}
      />
      <div className={styles.days}>
        <div>
          <label htmlFor={`${id}-from`}>{w('from')}</label>
          <Input
            id={`${id}-from`}
            type="date"
            value={text.shownFrom}
            onChange={(event) => set({ shownFrom: event.target.value })}
          />
        </div>
        <div>
          <label htmlFor={`${id}-until`}>{w('until')}</label>
          <Input
            id={`${id}-until`}
            type="date"
            value={text.shownUntil}
            onChange={(event) => set({ shownUntil: event.target.value })}
          />
        </div>
      </div>
    </ActDialog>
  )
}
