import { DownloadOutlined, UploadOutlined } from '@ant-design/icons'
import type {
  GetApiConsoleCatalogueDraftsResponse,
  GetApiConsoleCatalogueVersionsResponse,
  PostApiConsoleCatalogueDraftsResponse,
} from '@xinheng/client'
import { Button, Checkbox, Input } from 'antd'
import { type ChangeEvent, useRef, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Catalogue.module.css'
import type { Kind } from './model.ts'
import { WORDS } from './words.ts'

/** What a file is, by what it holds; the server's check says the rest. */
function kindOf(text: string): Kind {
  if (/^fields:/m.test(text)) return 'item'
  return /^openEnded:/m.test(text) ? 'publication' : 'code-list'
}

export function CataloguePage() {
  const w = useWords(WORDS)
  const s = useSay()
  const may = useMay()
  const go = useNavigate()
  const file = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<unknown>()
  const [filter, setFilter] = useState('')
  const [onlyNow, setOnlyNow] = useState(true)
  const drafts = useApi<GetApiConsoleCatalogueDraftsResponse>('/api/console/catalogue/drafts')
  const versions = useApi<GetApiConsoleCatalogueVersionsResponse>('/api/console/catalogue/versions')
  const begin = async (body: object) => {
    setProblem(undefined)
    try {
      const { id } = await send<PostApiConsoleCatalogueDraftsResponse>(
        'POST',
        '/api/console/catalogue/drafts',
        body,
      )
      await invalidate('/api/console/catalogue')
      go(`/catalogue/drafts/${id}`)
    } catch (refused) {
      setProblem(refused)
    }
  }
  const upload = async (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = event.target.files?.[0]
    event.target.value = ''
    if (chosen === undefined) return
    const source = await chosen.text()
    await begin({ kind: kindOf(source), source })
  }
  const shown = (versions.data?.versions ?? []).filter(
    (one) =>
      (!onlyNow || one.judges) &&
      `${one.code} ${one.title.zh} ${one.title.en}`.toLowerCase().includes(filter.toLowerCase()),
  )
  return (
    <Page
      title={w('title')}
      lead={w('lead')}
      actions={
        may('catalogue.propose') ? (
          <>
            <Button icon={<UploadOutlined />} onClick={() => file.current?.click()}>
              {w('upload')}
            </Button>
            <input
              ref={file}
              type="file"
              accept=".yaml,.yml"
              className="unseen"
              tabIndex={-1}
              aria-label={w('upload')}
              onChange={(event) => void upload(event)}
            />
          </>
        ) : undefined
      }
    >
      <ProblemNotice problem={problem ?? drafts.error ?? versions.error} />
      <Sheet title={w('drafts')} flush>
        <Table
          caption={w('drafts')}
          rows={drafts.data?.drafts ?? []}
          keyOf={(draft) => draft.id}
          empty={w('noDrafts')}
          columns={[
            {
              key: 'name',
              title: w('name'),
              render: (draft) => (
                <>
                  <Link to={`/catalogue/drafts/${draft.id}`}>
                    {draft.title === null ? draft.code : s(draft.title)}
                  </Link>{' '}
                  <code className="soft">{draft.code}</code>
                </>
              ),
            },
            { key: 'kind', title: w('kind'), render: (draft) => w(draft.kind) },
            { key: 'version', title: w('version'), number: true, render: (draft) => draft.version },
            { key: 'inForce', title: w('inForce'), render: (draft) => draft.inForceFrom ?? '—' },
            {
              key: 'state',
              title: w('state'),
              render: (draft) => (
                <>
                  <Mark tone={draft.state === 'proposed' ? 'busy' : 'quiet'}>{w(draft.state)}</Mark>
                  {draft.origin === 'folder' ? <span className="soft">{w('folder')}</span> : null}
                </>
              ),
            },
            {
              key: 'who',
              title: '',
              render: (draft) => (
                <span className="soft">{w('changed', { name: draft.writtenBy, at: draft.changedAt })}</span>
              ),
            },
          ]}
        />
      </Sheet>
      <Sheet
        title={w('versions')}
        flush
        extra={
          <span className={styles.bar}>
            <Input
              allowClear
              aria-label={w('search')}
              placeholder={w('search')}
              style={{ width: 220 }}
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
            <Checkbox checked={onlyNow} onChange={(event) => setOnlyNow(event.target.checked)}>
              {w('onlyNewest')}
            </Checkbox>
          </span>
        }
      >
        <Table
          caption={w('versions')}
          rows={shown}
          keyOf={(one) => `${one.kind} ${one.code} ${one.version}`}
          empty={w('none')}
          columns={[
            {
              key: 'name',
              title: w('name'),
              render: (one) => (
                <>
                  {s(one.title)} <code className="soft">{one.code}</code>
                </>
              ),
            },
            { key: 'kind', title: w('kind'), render: (one) => w(one.kind) },
            {
              key: 'version',
              title: w('version'),
              render: (one) => (
                <>
                  v{one.version} {one.judges ? <Mark tone="good">{w('judges')}</Mark> : null}
                </>
              ),
            },
            { key: 'inForce', title: w('inForce'), render: (one) => one.inForceFrom },
            {
              key: 'who',
              title: w('who'),
              render: (one) =>
                one.approvedBy === null ? (
                  <span className="soft">{w('shipped')}</span>
                ) : (
                  `${one.proposedBy} / ${one.approvedBy}`
                ),
            },
            {
              key: 'act',
              title: '',
              render: (one) => (
                <span className={styles.bar}>
                  <a href={`/api/console/catalogue/files/${one.kind}/${one.code}/${one.version}`}>
                    <DownloadOutlined /> {w('export')}
                  </a>
                  {one.judges && may('catalogue.propose') ? (
                    <Button size="small" onClick={() => void begin({ kind: one.kind, code: one.code })}>
                      {w('next')}
                    </Button>
                  ) : null}
                </span>
              ),
            },
          ]}
        />
      </Sheet>
    </Page>
  )
}
