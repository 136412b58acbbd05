import { PlusOutlined } from '@ant-design/icons'
import type { GetApiConsoleEvaluationsResponse, PostApiConsoleEvaluationsResponse } from '@xinheng/client'
import { Button, Form, Input, InputNumber, Modal, Select, Spin } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { useMay } from '../../session.ts'
import { countOf } from '../../ui/days.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Evaluation.module.css'
import { type Choices, STATE_TONES } from './types.ts'
import { WORDS } from './words.ts'

export function PlansPage() {
  const w = useWords(WORDS)
  const may = useMay()
  const [planning, plan] = useState(false)
  const { data, error, isPending } = useApi<GetApiConsoleEvaluationsResponse>('/api/console/evaluations')
  return (
    <Page
      title={w('title')}
      lead={w('lead')}
      actions={
        may('evaluation.prepare') ? (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => plan(true)}>
            {w('plan')}
          </Button>
        ) : undefined
      }
    >
      <ProblemNotice problem={error} />
      <Sheet flush>
        {isPending ? (
          <Spin style={{ padding: 40 }} />
        ) : (
          <Table
            caption={w('title')}
            rows={data ?? []}
            keyOf={(one) => one.plan}
            empty={w('none')}
            columns={[
              {
                key: 'title',
                title: w('name'),
                render: (one) => <Link to={`/evaluations/${one.plan}`}>{one.title}</Link>,
              },
              { key: 'period', title: w('period'), render: (one) => `${one.from} — ${one.to}` },
              { key: 'units', title: w('units'), number: true, render: (one) => countOf(one.units.length) },
              { key: 'size', title: w('sampleSize'), number: true, render: (one) => countOf(one.sampleSize) },
              {
                key: 'state',
                title: w('state'),
                render: (one) => (
                  <>
                    <Mark tone={STATE_TONES[one.state]}>{w(one.state)}</Mark>{' '}
                    <span className="soft">
                      {one.state === 'released' && one.answerUntil !== null
                        ? w('until', { day: one.answerUntil })
                        : one.samples > 0
                          ? w('progress', { entered: one.entered, samples: one.samples })
                          : ''}
                    </span>
                  </>
                ),
              },
            ]}
          />
        )}
      </Sheet>
      {planning ? <PlanForm onClose={() => plan(false)} /> : null}
    </Page>
  )
}

interface Entered {
  readonly title: string
  readonly items: string[]
  readonly from: string
  readonly to: string
  readonly units: number[]
  readonly sampleSize: number
  readonly method: string
}

function PlanForm({ onClose }: { onClose: () => void }) {
  const w = useWords(WORDS)
  const s = useSay()
  const navigate = useNavigate()
  const [problem, setProblem] = useState<unknown>()
  const [saves, setSaves] = useState(false)
  const choices = useApi<Choices>('/api/console/evaluations/choices')
  const save = async (entered: Entered) => {
    setSaves(true)
    setProblem(undefined)
    try {
      const { plan } = await send<PostApiConsoleEvaluationsResponse>(
        'POST',
        '/api/console/evaluations',
        entered,
      )
      await invalidate('/api/console/evaluations')
      await navigate(`/evaluations/${plan}`)
    } catch (refused) {
      setProblem(refused)
      setSaves(false)
    }
  }
  const { data } = choices
  return (
    <Modal open title={w('plan')} footer={null} onCancel={onClose} width={640}>
      <ProblemNotice problem={problem ?? choices.error} />
      {data === undefined ? (
        <Spin />
      ) : (
        <Form<Entered>
          layout="vertical"
          initialValues={{
            items: data.items.map(({ code }) => code),
            sampleSize: 20,
            method: data.methods[0]?.code,
          }}
          onFinish={(entered) => void save(entered)}
        >
          <Form.Item name="title" label={w('name')} rules={[{ required: true, min: 2, max: 200 }]}>
            <Input />
          </Form.Item>
          <div className={styles.grid}>
            <Form.Item name="from" label={`${w('period')} —`} rules={[{ required: true }]}>
              <input className={styles.date} type="date" />
            </Form.Item>
            <Form.Item name="to" label={`— ${w('period')}`} rules={[{ required: true }]}>
              <input className={styles.date} type="date" />
            </Form.Item>
          </div>
          <Form.Item name="units" label={w('units')} rules={[{ required: true }]}>
            <Select
              mode="multiple"
              showSearch={{ optionFilterProp: 'label' }}
              options={data.units.map(({ unit, name }) => ({ value: unit, label: name }))}
            />
          </Form.Item>
          <Form.Item name="items" label={w('items')} rules={[{ required: true }]}>
            <Select
              mode="multiple"
              options={data.items.map((item) => ({ value: item.code, label: s(item) }))}
            />
          </Form.Item>
          <Form.Item name="sampleSize" label={w('sampleSize')} rules={[{ required: true }]}>
            <InputNumber min={1} max={500} />
          </Form.Item>
          <Form.Item name="method" label={w('method')} rules={[{ required: true }]}>
            <Select
              options={data.methods.map(({ code, version, title }) => ({
                value: code,
                label: `${s(title)} (${version})`,
              }))}
            />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={saves}>
            {w('save')}
          </Button>{' '}
          <Button onClick={onClose}>{w('cancel')}</Button>
        </Form>
      )}
    </Modal>
  )
}
