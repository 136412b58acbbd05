import type { GetApiConsoleMattersResponse } from '@xinheng/client'
import { Select } from 'antd'
import { useState } from 'react'
import { useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { WORDS } from './words.ts'

/** One of the unit's matters that has a measure. */
export function MatterChoice({ id, onChange }: { id: string; onChange: (code: string) => void }) {
  const w = useWords(WORDS)
  const [text, setText] = useState('')
  const { data } = useApi<GetApiConsoleMattersResponse>(
    `/api/console/matters?bound=true&text=${encodeURIComponent(text)}`,
  )
  const options = (data?.matters ?? [])
    .filter((one) => one.subscriptions.length > 0)
    .map((one) => ({ value: one.code, label: one.name }))
  return (
    <Select
      id={id}
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder={w('search')}
      notFoundContent={w('noMatters')}
      options={options}
      onChange={(value: string) => onChange(value)}
    />
  )
}
