import { Button, Form, Input, Modal, Radio, Select } from 'antd'
import { useState } from 'react'
import { send } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { useLists } from '../../lists.ts'
import { invalidate } from '../../query.ts'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { WORDS } from './words.ts'

interface Entered {
  readonly name: string
  readonly client: string
  readonly lists: string[]
  readonly regions?: string
  readonly industries?: string
  readonly delivery: 'webhook' | 'pull'
  readonly url?: string
  readonly from: 'now' | 'start'
  readonly reason: string
}

const parts = (text: string | undefined): string[] =>
  (text ?? '')
    .split(/[,，、\s]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '')

/** Proposed by the unit, approved by the centre. */
export function SubscriptionForm({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const w = useWords(WORDS)
  const s = useSay()
  const lists = useLists()
  const [problem, setProblem] = useState<unknown>()
  const [saves, setSaves] = useState(false)
  const [form] = Form.useForm<Entered>()
  const delivery = Form.useWatch('delivery', form)
  const save = async ({ url, regions, industries, ...entered }: Entered) => {
    setSaves(true)
    setProblem(undefined)
    try {
      await send('POST', '/api/console/push/subscriptions', {
        ...entered,
        regions: parts(regions),
        industries: parts(industries),
        ...(entered.delivery === 'webhook' ? { url } : {}),
      })
      await invalidate('/api/console/push')
      onDone()
      onClose()
    } catch (refused) {
      setProblem(refused)
    } finally {
      setSaves(false)
    }
  }
  return (
    <Modal open title={w('propose')} footer={null} onCancel={onClose}>
      <ProblemNotice problem={problem} />
      <Form<Entered>
        form={form}
        layout="vertical"
        initialValues={{ delivery: 'webhook', from: 'now' }}
        onFinish={(entered) => void save(entered)}
      >
        <Form.Item name="name" label={w('name')} rules={[{ required: true, max: 60 }]}>
          <Input />
        </Form.Item>
        <Form.Item name="client" label={w('client')} extra={w('clientHelp')} rules={[{ required: true }]}>
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="lists" label={w('lists')} rules={[{ required: true }]}>
          <Select
            mode="multiple"
            placeholder={w('chooseLists')}
            optionFilterProp="label"
            options={lists
              .filter((list) => !list.objects.includes('person'))
              .map((list) => ({ value: list.code, label: s(list.title) }))}
          />
        </Form.Item>
        <Form.Item name="regions" label={w('regions')}>
          <Input />
        </Form.Item>
        <Form.Item name="industries" label={w('industries')}>
          <Input />
        </Form.Item>
        <Form.Item name="delivery" label={w('delivery')}>
          <Radio.Group
            options={[
              { value: 'webhook', label: w('webhook') },
              { value: 'pull', label: w('pull') },
            ]}
          />
        </Form.Item>
        {delivery === 'pull' ? null : (
          <Form.Item name="url" label={w('url')} extra={w('urlHelp')} rules={[{ required: true, max: 400 }]}>
            <Input autoComplete="off" />
          </Form.Item>
        )}
        <Form.Item name="from" label={w('from')}>
          <Radio.Group
            options={[
              { value: 'now', label: w('now') },
              { value: 'start', label: w('start') },
            ]}
          />
        </Form.Item>
        <Form.Item name="reason" label={w('reason')} rules={[{ required: true, min: 2, max: 500 }]}>
          <Input.TextArea rows={2} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={saves}>
          {w('save')}
        </Button>{' '}
        <Button onClick={onClose}>{w('cancel')}</Button>
      </Form>
    </Modal>
  )
}
