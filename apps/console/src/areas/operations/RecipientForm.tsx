import type { PostApiConsoleAlarmsRecipientsResponse } from '@xinheng/client'
import { ALARM_KINDS, type AlarmKind } from '@xinheng/core'
import { App, Button, Checkbox, Form, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { send } from '../../api.ts'
import { type Sentence, useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { WORDS } from './words.ts'

interface Entered {
  readonly channel: 'mail' | 'webhook'
  readonly label: string
  readonly target: string
  readonly kinds: AlarmKind[]
}

/** Who is told of what; a webhook's secret is shown once, when it is made. */
export function RecipientForm({
  texts,
  onClose,
}: {
  texts: Readonly<Record<AlarmKind | 'test', { readonly name: Sentence }>>
  onClose: () => void
}) {
  const w = useWords(WORDS)
  const s = useSay()
  const { modal } = App.useApp()
  const [problem, setProblem] = useState<unknown>()
  const [saves, setSaves] = useState(false)
  const save = async (entered: Entered) => {
    setSaves(true)
    setProblem(undefined)
    try {
      const { secret } = await send<PostApiConsoleAlarmsRecipientsResponse>(
        'POST',
        '/api/console/alarms/recipients',
        entered,
      )
      await invalidate('/api/console/alarms')
      onClose()
      if (secret !== null)
        modal.info({
          title: w('secretTitle'),
          content: (
            <>
              <p>{w('secretText')}</p>
              <p>
                <code>{secret}</code>
              </p>
            </>
          ),
        })
    } catch (refused) {
      setProblem(refused)
    } finally {
      setSaves(false)
    }
  }
  return (
    <Modal open title={w('add')} footer={null} onCancel={onClose}>
      <ProblemNotice problem={problem} />
      <Form<Entered>
        layout="vertical"
        initialValues={{ channel: 'mail', kinds: [...ALARM_KINDS] }}
        onFinish={(entered) => void save(entered)}
      >
        <Form.Item name="label" label={w('label')} rules={[{ required: true, max: 100 }]}>
          <Input />
        </Form.Item>
        <Form.Item name="channel" label={w('channel')}>
          <Radio.Group
            options={[
              { value: 'mail', label: w('mail') },
              { value: 'webhook', label: w('webhook') },
            ]}
          />
        </Form.Item>
        <Form.Item
          name="target"
          label={w('target')}
          extra={w('targetHelp')}
          rules={[{ required: true, max: 500 }]}
        >
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="kinds" label={w('kindsOf')} rules={[{ required: true }]}>
          <Checkbox.Group
            options={ALARM_KINDS.map((kind) => ({ value: kind, label: s(texts[kind].name) }))}
          />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={saves}>
          {w('save')}
        </Button>{' '}
        <Button onClick={onClose}>{w('cancel')}</Button>
      </Form>
    </Modal>
  )
}
