import type { GetApiConsoleScreeningsResponse } from '@xinheng/client'
import { Button, Input, Modal, Progress } from 'antd'
import { type DragEvent, useId, useRef, useState } from 'react'
import { fetchAnswer, useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './JointAction.module.css'
import { MatterChoice } from './MatterChoice.tsx'
import { WORDS } from './words.ts'

const EVERY_MS = 1000

/** A spreadsheet of applicants in, the answers out. */
export function ByFileDialog({ onClose }: { onClose: () => void }) {
  const w = useWords(WORDS)
  const id = useId()
  const chooser = useRef<HTMLInputElement>(null)
  const [order, setOrder] = useState({ matter: '', purpose: '', caseNumber: '' })
  const [over, setOver] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const ready = Object.values(order).every((value) => value.trim().length >= 2)
  const take = async (file: File | undefined) => {
    if (file === undefined || !ready || busy) return
    setBusy(true)
    setProblem(undefined)
    try {
      const query = new URLSearchParams({ ...order, fileName: file.name })
      await fetchAnswer(`/api/console/screenings?${query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: file,
      })
      await invalidate('/api/console/screenings')
    } catch (refused) {
      setProblem(refused)
    } finally {
      setBusy(false)
    }
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }
  return (
    <Modal open width={760} title={w('byFile')} footer={null} onCancel={onClose}>
      <div className={styles.form}>
        <p className="soft">{w('fileLead')}</p>
        <label htmlFor={`${id}-matter`}>{w('matter')}</label>
        <MatterChoice
          id={`${id}-matter`}
          onChange={(matter) => setOrder((before) => ({ ...before, matter }))}
        />
        {(['purpose', 'caseNumber'] as const).map((field) => (
          <div key={field} className={styles.form}>
            <label htmlFor={`${id}-${field}`}>{w(field)}</label>
            <Input
              id={`${id}-${field}`}
              maxLength={100}
              value={order[field]}
              onChange={(event) => setOrder((before) => ({ ...before, [field]: event.target.value }))}
            />
          </div>
        ))}
        <section
          aria-label={w('drop')}
          className={`${styles.zone} ${over ? styles.over : ''}`}
          onDragOver={(event) => {
            event.preventDefault()
            setOver(true)
          }}
          onDragLeave={() => setOver(false)}
          onDrop={onDrop}
        >
          <p>{w('drop')}</p>
          <Button disabled={!ready} loading={busy} onClick={() => chooser.current?.click()}>
            {w('choose')}
          </Button>
          <input
            ref={chooser}
            type="file"
            hidden
            accept=".csv,.xlsx,.xls"
            onChange={(event) => {
              void take(event.target.files?.[0])
              event.target.value = ''
            }}
          />
        </section>
        <ProblemNotice problem={problem} />
        <h3>{w('files')}</h3>
        <Files />
      </div>
    </Modal>
  )
}

function Files() {
  const w = useWords(WORDS)
  const { data } = useApi<GetApiConsoleScreeningsResponse>('/api/console/screenings', {
    refreshMs: EVERY_MS,
  })
  return (
    <Table
      caption={w('files')}
      rows={data?.screenings ?? []}
      keyOf={(one) => one.id}
      empty={w('noFiles')}
      columns={[
        { key: 'file', title: w('file'), render: (one) => one.fileName },
        {
          key: 'progress',
          title: w('progress'),
          render: (one) =>
            one.state === 'failed' ? (
              w('failed')
            ) : (
              <Progress
                aria-label={w('progress')}
                size="small"
                percent={Math.floor((one.done / Math.max(1, one.rows)) * 100)}
              />
            ),
        },
        {
          key: 'get',
          title: '',
          narrow: true,
          render: (one) =>
            one.state === 'done' ? (
              <span className={styles.buttons}>
                {(['xlsx', 'csv'] as const).map((format) => (
                  <a key={format} href={`/api/console/screenings/${one.id}/answers/${format}`}>
                    {format.toUpperCase()}
                  </a>
                ))}
              </span>
            ) : null,
        },
      ]}
    />
  )
}
