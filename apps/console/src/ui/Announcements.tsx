import type { GetApiConsoleAnnouncementsShownResponse } from '@xinheng/client'
import { useApi } from '../api.ts'
import { useSay } from '../language.ts'
import { Sheet } from './Page.tsx'

const TITLE = { zh: '公告', en: 'Announcements' }

/** What is announced today, opened where it stands; nothing where nothing is. */
export function Announcements() {
  const s = useSay()
  const { data } = useApi<GetApiConsoleAnnouncementsShownResponse>('/api/console/announcements/shown')
  if (data === undefined || data.announcements.length === 0) return null
  return (
    <Sheet title={s(TITLE)}>
      {data.announcements.map((one) => (
        <details key={one.id}>
          <summary>
            {one.title} <span className="soft">{one.shownFrom}</span>
          </summary>
          <p style={{ whiteSpace: 'pre-wrap', margin: '6px 0 10px' }}>{one.body}</p>
        </details>
      ))}
    </Sheet>
  )
}
