import { CloudUploadOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { type DragEvent, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { send } from '../../api.ts'
import type { Delivery } from '../../deliveries.ts'
import { useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { sizeOf } from '../../ui/days.ts'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './Deliver.module.css'
import { type UploadProgress, upload } from './uploads.ts'
import { WORDS } from './words.ts'

export function ByFile({ item, mode }: { item: string; mode: 'increment' | 'snapshot' }) {
  const w = useWords(WORDS)
  const go = useNavigate()
  const chooser = useRef<HTMLInputElement>(null)
  const running = useRef<AbortController>(null)
  const [name, setName] = useState<string>()
  const [progress, setProgress] = useState<UploadProgress>()
  const [problem, setProblem] = useState<unknown>()
  const [over, setOver] = useState(false)

  const take = async (file: File | undefined) => {
    if (file === undefined || running.current !== null) return
    running.current = new AbortController()
    setProblem(undefined)
    setName(file.name)
    setProgress({ sent: 0, bytes: file.size, paused: false })
    try {
      const id = await upload(file, setProgress, running.current.signal)
      const made = await send<Delivery>('POST', '/api/console/deliveries', {
        item,
        mode,
        kind: 'file',
        from: { upload: id },
      })
      await invalidate('/api/console/deliveries')
      go(`/deliveries/${made.delivery}`)
    } catch (error) {
      if (!running.current?.signal.aborted) setProblem(error)
      setProgress(undefined)
    } finally {
      running.current = null
    }
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }

  if (progress !== undefined)
    return (
      <div role="status">
        <strong>{w('uploading', { name: name ?? '' })}</strong>
        <Progress
          aria-label={w('uploading', { name: name ?? '' })}
          percent={Math.floor((progress.sent / Math.max(1, progress.bytes)) * 100)}
          status={progress.paused ? 'exception' : 'active'}
        />
        <div className={styles.tools}>
          <span className="soft">
            {progress.paused
              ? w('pausedNetwork')
              : w('uploaded', { done: sizeOf(progress.sent), all: sizeOf(progress.bytes) })}
          </span>
          <Button onClick={() => running.current?.abort()}>{w('cancelUpload')}</Button>
        </div>
      </div>
    )
  return (
    <>
      <ProblemNotice problem={problem} />
      <button
        type="button"
        className={over ? `${styles.drop} ${styles.over}` : styles.drop}
        onClick={() => chooser.current?.click()}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <CloudUploadOutlined aria-hidden />
        <strong>{w('drop')}</strong>
        <span className="soft">{w('dropHint')}</span>
      </button>
      <input
        ref={chooser}
        type="file"
        hidden
        data-testid="file"
        accept=".xlsx,.xls,.csv,.tsv,.txt,.json,.ndjson,.zip"
        onChange={(event) => {
          void take(event.target.files?.[0])
          event.target.value = ''
        }}
      />
    </>
  )
}
