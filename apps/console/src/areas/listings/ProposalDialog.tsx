import type { GetApiConsoleListingListsResponse, PostApiConsoleListingCasesResponse } from '@xinheng/client'
import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './Listings.module.css'
import { WORDS } from './words.ts'

/** Whom, on which list, for what: what is refused stays filled in. */
export function ProposalDialog({ onClose }: { onClose: () => void }) {
  const w = useWords(WORDS)
  const s = useSay()
  const navigate = useNavigate()
  const { data, error } = useApi<GetApiConsoleListingListsResponse>('/api/console/listing-lists')
  const [chosen, choose] = useState<string>()
  const [criterion, setCriterion] = useState<string>()
  const [text, setText] = useState({ uscc: '', name: '', reason: '', facts: '', basis: '' })
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const list = data?.lists.find((one) => one.code === (chosen ?? data.lists[0]?.code))
  const set = (key: keyof typeof text) => (event: { target: { value: string } }) =>
    setText((before) => ({ ...before, [key]: event.target.value }))
  const basis =
    text.basis === '' && list !== undefined
      ? list.legalBasis.map((one) => `${one.document}${one.article ?? ''}`).join('；')
      : text.basis
  const ready =
    list !== undefined &&
    criterion !== undefined &&
    text.uscc.trim().length >= 15 &&
    text.reason.trim().length >= 2 &&
    text.facts.trim().length >= 2
  const submit = async () => {
    if (list === undefined || criterion === undefined) return
    setBusy(true)
    setProblem(undefined)
    try {
      const { id } = await send<PostApiConsoleListingCasesResponse>('POST', '/api/console/listing-cases', {
        list: list.code,
        uscc: text.uscc.trim(),
        ...(text.name.trim() === '' ? {} : { name: text.name.trim() }),
        criterion,
        reason: text.reason.trim(),
        facts: text.facts.trim(),
        basis: basis.slice(0, 1000),
      })
      await invalidate('/api/console/listing-cases')
      navigate(`/listings/${id}`)
    } catch (refused) {
      setProblem(refused)
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      width={680}
      title={w('begin')}
      okText={w('save')}
      cancelText={w('cancel')}
      okButtonProps={{ disabled: !ready, loading: busy }}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      <div className={styles.form}>
        <ProblemNotice problem={problem ?? error} />
        <label htmlFor="listing-list">
          {w('list')}
          <Select
            id="listing-list"
            {...(list === undefined ? {} : { value: list.code })}
            options={(data?.lists ?? []).map((one) => ({ value: one.code, label: s(one.title) }))}
            onChange={(code) => {
              choose(code)
              setCriterion(undefined)
            }}
          />
        </label>
        <label htmlFor="listing-uscc">
          {w('uscc')}
          <Input id="listing-uscc" maxLength={40} value={text.uscc} onChange={set('uscc')} />
        </label>
        <label htmlFor="listing-name">
          {w('name')}
          <Input id="listing-name" maxLength={200} value={text.name} onChange={set('name')} />
        </label>
        <label htmlFor="listing-criterion">
          {w('criterion')}
          <Select
            id="listing-criterion"
            {...(criterion === undefined ? {} : { value: criterion })}
            options={(list?.criteria ?? []).map((one) => ({ value: one.code, label: s(one.words) }))}
            onChange={setCriterion}
          />
        </label>
        <label htmlFor="listing-reason">
          {w('reason')}
          <Input.TextArea
            id="listing-reason"
            rows={2}
            maxLength={1000}
            value={text.reason}
            onChange={set('reason')}
          />
        </label>
        <label htmlFor="listing-facts">
          {w('facts')}
          <Input.TextArea
            id="listing-facts"
            rows={4}
            maxLength={5000}
            value={text.facts}
            onChange={set('facts')}
          />
        </label>
        <label htmlFor="listing-basis">
          {w('basis')}
          <Input.TextArea
            id="listing-basis"
            rows={2}
            maxLength={1000}
            value={basis}
            onChange={set('basis')}
          />
        </label>
      </div>
    </Modal>
  )
}
