import { FileExcelOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ItemDetail, ItemTitle } from '../../deliveries.ts'
import { useSay, useWords } from '../../language.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Sheet } from '../../ui/Page.tsx'
import styles from './Deliver.module.css'
import { WORDS } from './words.ts'

/** What whoever delivers an item wants to have beside them. */
export function AboutItem({ title, detail }: { title: ItemTitle; detail: ItemDetail | undefined }) {
  const w = useWords(WORDS)
  const s = useSay()
  const musts = detail?.fields.filter((field) => field.obligation === 'must') ?? []
  const names = new Map(detail?.fields.map((field) => [field.name, field.title]))
  return (
    <Sheet title={w('about')}>
      <dl className={styles.facts}>
        <div>
          <dt>{s(title.title)}</dt>
          <dd>
            {title.reportingWorkingDays === null ? null : (
              <strong>{w('within', { days: title.reportingWorkingDays })}</strong>
            )}
          </dd>
        </div>
        {detail === undefined ? null : (
          <>
            <div>
              <dt>{w('basis')}</dt>
              <dd>
                {detail.legalBasis.map((law) => (
                  <div key={`${law.document} ${law.article}`}>
                    《{law.document.replaceAll(/[《》]/g, '')}》{law.article}
                  </div>
                ))}
              </dd>
            </div>
            <div>
              <dt>{w('key')}</dt>
              <dd>
                {detail.naturalKey
                  .map((name) => (names.has(name) ? s(names.get(name) as { zh: string; en: string }) : name))
                  .join(' + ')}
              </dd>
            </div>
            <div>
              <dt>{w('musts')}</dt>
              <dd className={styles.marks}>
                {musts.map((field) => (
                  <Mark key={field.name} tone="quiet">
                    {s(field.title)}
                  </Mark>
                ))}
              </dd>
            </div>
          </>
        )}
      </dl>
      <Button
        block
        icon={<FileExcelOutlined />}
        href={`/api/console/items/${title.code}/template.xlsx`}
        title={w('templateHint')}
        style={{ marginTop: 14 }}
      >
        {w('template')}
      </Button>
    </Sheet>
  )
}
