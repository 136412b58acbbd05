import { Alert, Button, Checkbox, Input, InputNumber, Select } from 'antd'
import { useId, useState } from 'react'
import { useSay, useWords } from '../../language.ts'
import { Table } from '../../ui/Table.tsx'
import styles from './Catalogue.module.css'
import type { FieldBody, ItemBody, Rule } from './model.ts'
import { WORDS } from './words.ts'

const SEVERITIES = ['error', 'warning', 'review'] as const
const VISIBILITIES = ['public', 'internal', 'secret'] as const

/** What changes most of an item; members that it does not know stay as they are. */
export function ItemForm({
  body: given,
  open,
  busy,
  onSave,
}: {
  body: ItemBody
  open: boolean
  busy: boolean
  onSave: (body: ItemBody) => void
}) {
  const w = useWords(WORDS)
  const s = useSay()
  const id = useId()
  const [body, setBody] = useState(given)
  const change = (part: Partial<ItemBody>) => setBody((before) => ({ ...before, ...part }))
  const changeField = (name: string, part: Partial<FieldBody>) =>
    change({ fields: body.fields.map((field) => (field.name === name ? { ...field, ...part } : field)) })
  const changeRule = (place: number, part: Partial<Rule>) =>
    change({ rules: body.rules.map((rule, index) => (index === place ? { ...rule, ...part } : rule)) })
  const disabled = !open
  return (
    <div>
      <Alert type="info" title={w('formNote')} style={{ marginBottom: 16 }} />
      <div className={styles.grid}>
        <div>
          <label htmlFor={`${id}-zh`}>{w('titleZh')}</label>
          <Input
            id={`${id}-zh`}
            disabled={disabled}
            value={body.title.zh}
            onChange={(event) => change({ title: { ...body.title, zh: event.target.value } })}
          />
        </div>
        <div>
          <label htmlFor={`${id}-en`}>{w('titleEn')}</label>
          <Input
            id={`${id}-en`}
            disabled={disabled}
            value={body.title.en}
            onChange={(event) => change({ title: { ...body.title, en: event.target.value } })}
          />
        </div>
        <div>
          <label htmlFor={`${id}-day`}>{w('inForce')}</label>
          <Input
            id={`${id}-day`}
            type="date"
            disabled={disabled}
            value={body.inForceFrom}
            onChange={(event) => change({ inForceFrom: event.target.value })}
          />
        </div>
        {body.reporting === undefined ? null : (
          <div>
            <label htmlFor={`${id}-days`}>{w('deadline')}</label>
            <InputNumber
              id={`${id}-days`}
              disabled={disabled}
              min={1}
              max={365}
              value={body.reporting.workingDays}
              onChange={(value) =>
                value === null ? undefined : change({ reporting: { ...body.reporting, workingDays: value } })
              }
            />
          </div>
        )}
        <div className={styles.wide}>
          <label htmlFor={`${id}-basis`}>{w('basis')}</label>
          <Input.TextArea
            id={`${id}-basis`}
            disabled={disabled}
            rows={Math.max(2, body.legalBasis.length)}
            value={body.legalBasis
              .map((one) => [one.document, one.article].filter(Boolean).join(' ｜ '))
              .join('\n')}
            onChange={(event) =>
              change({
                legalBasis: event.target.value.split('\n').map((line) => {
                  const [document = '', article] = line.split(/\s*｜\s*/)
                  return article === undefined || article === '' ? { document } : { document, article }
                }),
              })
            }
          />
        </div>
      </div>
      <h2 className={styles.heading}>{w('fields')}</h2>
      <Table
        caption={w('fields')}
        rows={body.fields}
        keyOf={(field) => field.name}
        empty="—"
        columns={[
          {
            key: 'field',
            title: w('field'),
            render: (field) => (
              <>
                {s(field.title)} <code className="soft">{field.name}</code>
              </>
            ),
          },
          { key: 'type', title: w('type'), render: (field) => <code>{field.type}</code> },
          {
            key: 'required',
            title: w('required'),
            render: (field) => (
              <Checkbox
                aria-label={`${w('required')} ${s(field.title)}`}
                disabled={disabled}
                checked={field.required === true}
                onChange={(event) => changeField(field.name, { required: event.target.checked })}
              />
            ),
          },
          {
            key: 'length',
            title: w('length'),
            render: (field) =>
              field.length === undefined ? (
                '—'
              ) : (
                <InputNumber
                  aria-label={`${w('length')} ${s(field.title)}`}
                  size="small"
                  disabled={disabled}
                  min={1}
                  max={20000}
                  value={field.length}
                  onChange={(value) =>
                    value === null ? undefined : changeField(field.name, { length: value })
                  }
                />
              ),
          },
          {
            key: 'visibility',
            title: w('visibility'),
            render: (field) => (
              <Select
                aria-label={`${w('visibility')} ${s(field.title)}`}
                size="small"
                disabled={disabled}
                value={field.visibility}
                onChange={(visibility) => changeField(field.name, { visibility })}
                options={VISIBILITIES.map((one) => ({ value: one, label: w(one) }))}
                style={{ minWidth: 90 }}
              />
            ),
          },
        ]}
      />
      <h2 className={styles.heading}>{w('rules')}</h2>
      {body.rules.map((rule, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two rules may bear one code while they are being written
        <fieldset key={place} className={styles.rule} disabled={disabled}>
          <legend className="unseen">
            {w('rule')} {rule.code}
          </legend>
          <div className={styles.grid}>
            <div>
              <label htmlFor={`${id}-code-${place}`}>{w('rule')}</label>
              <Input
                id={`${id}-code-${place}`}
                value={rule.code}
                onChange={(event) => changeRule(place, { code: event.target.value })}
              />
            </div>
            <div>
              <span className={styles.label}>{w('severity')}</span>
              <Select
                aria-label={`${w('severity')} ${rule.code}`}
                disabled={disabled}
                style={{ width: '100%' }}
                value={rule.severity}
                onChange={(severity) => changeRule(place, { severity })}
                options={SEVERITIES.map((one) => ({ value: one, label: w(one) }))}
              />
            </div>
            <div className={styles.wide}>
              <label htmlFor={`${id}-when-${place}`}>{w('violatedWhen')}</label>
              <Input.TextArea
                id={`${id}-when-${place}`}
                rows={2}
                spellCheck={false}
                value={rule.violatedWhen}
                onChange={(event) => changeRule(place, { violatedWhen: event.target.value })}
              />
            </div>
            <div className={styles.wide}>
              <span className={styles.label}>{w('ruleFields')}</span>
              <Select
                mode="multiple"
                aria-label={`${w('ruleFields')} ${rule.code}`}
                disabled={disabled}
                style={{ width: '100%' }}
                value={[...rule.fields]}
                onChange={(fields) => changeRule(place, { fields })}
                options={body.fields.map((field) => ({ value: field.name, label: s(field.title) }))}
              />
            </div>
            {(['message', 'remedy'] as const).flatMap((part) =>
              (['zh', 'en'] as const).map((language) => (
                <div key={`${part}-${language}`}>
                  <label htmlFor={`${id}-${part}-${language}-${place}`}>
                    {w(language === 'zh' ? part : part === 'message' ? 'messageEn' : 'remedyEn')}
                  </label>
                  <Input
                    id={`${id}-${part}-${language}-${place}`}
                    value={rule[part][language]}
                    onChange={(event) =>
                      changeRule(place, { [part]: { ...rule[part], [language]: event.target.value } })
                    }
                  />
                </div>
              )),
            )}
          </div>
          {open ? (
            <Button
              size="small"
              danger
              style={{ marginTop: 10 }}
              onClick={() => change({ rules: body.rules.filter((_, index) => index !== place) })}
            >
              {w('remove')}
            </Button>
          ) : null}
        </fieldset>
      ))}
      {open ? (
        <p className={styles.bar}>
          <Button
            onClick={() =>
              change({
                rules: [
                  ...body.rules,
                  {
                    code: `X${String(body.rules.length + 1).padStart(2, '0')}`,
                    severity: 'error',
                    fields: [],
                    violatedWhen: '',
                    message: { zh: '', en: '' },
                    remedy: { zh: '', en: '' },
                  },
                ],
              })
            }
          >
            {w('addRule')}
          </Button>
          <Button type="primary" loading={busy} onClick={() => onSave(body)}>
            {w('save')}
          </Button>
        </p>
      ) : null}
    </div>
  )
}
