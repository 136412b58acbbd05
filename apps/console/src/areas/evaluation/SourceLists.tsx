import type { PutApiConsoleEvaluationsByIdSourceListResponse } from '@xinheng/client'
import { App, Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { send, useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { invalidate } from '../../query.ts'
import { Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import styles from './Evaluation.module.css'
import type { Choices, PlanDetail } from './types.ts'
import { WORDS } from './words.ts'

interface Entered {
  readonly unit: number
  readonly item: string
  readonly lines: string
}

/** A line as it was typed or pasted: document number, day, code. */
function readLine(item: string, text: string) {
  const [documentNumber = '', day = '', uscc = ''] = text.split(/[\t,，]/).map((part) => part.trim())
  const [year, month, date] = day.split(/[-/.年月日]/).filter((part) => part !== '')
  const decidedOn = `${year}-${(month ?? '').padStart(2, '0')}-${(date ?? '').padStart(2, '0')}`
  return { item, documentNumber, decidedOn, ...(uscc === '' ? {} : { uscc: uscc.toUpperCase() }) }
}

/** What the evaluator found at the units themselves, before anything is drawn. */
export function SourceLists({ detail }: { detail: PlanDetail }) {
  const w = useWords(WORDS)
  const s = useSay()
  const { message } = App.useApp()
  const [problem, setProblem] = useState<unknown>()
  const [form] = Form.useForm<Entered>()
  const choices = useApi<Choices>('/api/console/evaluations/choices')
  const { plan, units } = detail
  const items = (choices.data?.items ?? []).filter((item) => plan.itemCodes.includes(item.code))
  const linesOf = new Map(plan.sourceLists.map(({ unit, lines }) => [unit, lines]))
  const save = async ({ unit, item, lines }: Entered) => {
    setProblem(undefined)
    try {
      const texts = lines.split(/\r?\n/).filter((line) => line.trim() !== '')
      const answer = await send<PutApiConsoleEvaluationsByIdSourceListResponse>(
        'PUT',
        `/api/console/evaluations/${plan.plan}/source-list`,
        {
          unit,
          lines: texts.map((text) => readLine(item, text)),
        },
      )
      void message.success(w('listKept', { count: answer.lines }))
      form.setFieldValue('lines', '')
      await invalidate('/api/console/evaluations')
    } catch (refused) {
      setProblem(refused)
    }
  }
  return (
    <Sheet title={w('sourceLists')}>
      <p className="soft">{w('sourceLead')}</p>
      <ProblemNotice problem={problem} />
      <Form<Entered> form={form} layout="vertical" onFinish={(entered) => void save(entered)}>
        <Form.Item name="unit" label={w('unit')} rules={[{ required: true }]}>
          <Select options={units.map(({ unit, name }) => ({ value: unit, label: name }))} />
        </Form.Item>
        <Form.Item name="item" label={w('item')} rules={[{ required: true }]}>
          <Select options={items.map((item) => ({ value: item.code, label: s(item) }))} />
        </Form.Item>
        <Form.Item name="lines" label={w('lines')} rules={[{ required: true }]}>
          <Input.TextArea rows={5} placeholder="示市场许〔2026〕12号,2026-11-02,91519903MA000EC44F" />
        </Form.Item>
        <Button htmlType="submit">{w('enterList')}</Button>
      </Form>
      <div className={styles.section}>
        <Table
          caption={w('sourceLists')}
          rows={units}
          keyOf={({ unit }) => unit}
          empty={w('noList')}
          columns={[
            { key: 'unit', title: w('unit'), render: ({ name }) => name },
            {
              key: 'lines',
              title: w('lines'),
              render: ({ unit }) => {
                const lines = linesOf.get(unit)
                return lines === undefined ? (
                  <span className="soft">{w('noList')}</span>
                ) : (
                  w('linesOf', { count: lines })
                )
              },
            },
          ]}
        />
      </div>
    </Sheet>
  )
}
