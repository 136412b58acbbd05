import type {
  GetApiConsoleDraftsByKeyResponse,
  GetApiConsoleDraftsResponse,
  PutApiConsoleDraftsByKeyResponse,
} from '@xinheng/client'
import { useEffect, useRef, useState } from 'react'
import { type Problem, read, send } from '../../api.ts'
import type { Sheet } from './sheet.ts'

const WAIT_MS = 1500
const RETRY_MS = 10_000

/** What an earlier visit left unfinished; undefined where nothing was. */
export async function readDraft<Content>(key: string, signal?: AbortSignal): Promise<Content | undefined> {
  const { drafts } = await read<GetApiConsoleDraftsResponse>('/api/console/drafts', signal)
  if (!drafts.some((draft) => draft.key === key)) return undefined
  return (await read<GetApiConsoleDraftsByKeyResponse>(`/api/console/drafts/${key}`, signal))
    .content as Content
}

export type DraftState =
  | { readonly state: 'none' | 'unsaved' | 'saving' }
  | { readonly state: 'saved'; readonly at: string }
  | { readonly state: 'failed'; readonly problem: Problem }

/**
 * Keeps unfinished work with the server soon after each change, encrypted there, so that a closed browser or an ended
 * session loses nothing. It is not put into the browser's storage: rows may tell of people.
 */
export function useDraft(
  sheet: Sheet | undefined,
  draft: { key: string; item: string; delivery?: number; content: () => unknown } | undefined,
): { draft: DraftState; stop: () => void } {
  const [state, setState] = useState<DraftState>({ state: 'none' })
  const stopped = useRef(false)
  const wanted = useRef(draft)
  wanted.current = draft
  const key = draft?.key
  useEffect(() => {
    if (sheet === undefined || key === undefined) return
    stopped.current = false
    let timer: ReturnType<typeof setTimeout> | undefined
    // Verdicts change the sheet too, but nothing that has to be kept.
    let kept = lastChange(sheet)
    let saving = false
    const save = async () => {
      const { current } = wanted
      const change = lastChange(sheet)
      if (saving || stopped.current || current === undefined || change === kept) return
      saving = true
      setState({ state: 'saving' })
      try {
        const { key: _, content, ...rest } = current
        const { savedAt } = await send<PutApiConsoleDraftsByKeyResponse>(
          'PUT',
          `/api/console/drafts/${key}`,
          {
            ...rest,
            content: content(),
          },
        )
        kept = change
        setState({ state: 'saved', at: savedAt })
        saving = false
        void save()
      } catch (error) {
        saving = false
        setState({ state: 'failed', problem: error as Problem })
        timer = setTimeout(() => void save(), RETRY_MS)
      }
    }
    const leave = sheet.subscribe(() => {
      if (stopped.current || lastChange(sheet) === kept) return
      clearTimeout(timer)
      timer = setTimeout(() => void save(), WAIT_MS)
    })
    const warn = (event: BeforeUnloadEvent) => {
      if (!stopped.current && lastChange(sheet) !== kept) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => {
      clearTimeout(timer)
      leave()
      window.removeEventListener('beforeunload', warn)
      if (!stopped.current) void save()
    }
  }, [sheet, key])
  return {
    draft: state,
    stop: () => {
      stopped.current = true
    },
  }
}

/** The stamp of the last change to any cell. */
function lastChange(sheet: Sheet): number {
  let last = 0
  for (const row of sheet.rows) if (row.stamp > last) last = row.stamp
  return last
}
