import { FileExcelOutlined } from '@ant-design/icons'
import type { GetApiConsoleItemsResponse } from '@xinheng/client'
import { Button, Spin } from 'antd'
import { Link } from 'react-router'
import { useApi } from '../../api.ts'
import { useSay, useWords } from '../../language.ts'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import { Table } from '../../ui/Table.tsx'
import { WORDS } from './words.ts'

export function TemplatesPage() {
  const w = useWords(WORDS)
  const s = useSay()
  const { data, error } = useApi<GetApiConsoleItemsResponse>('/api/console/items')
  return (
    <Page title={w('templates')} lead={w('templatesLead')}>
      <ProblemNotice problem={error} />
      {data === undefined ? (
        error === null ? (
          <Spin />
        ) : null
      ) : (
        <Sheet flush>
          <Table
            caption={w('templates')}
            rows={data.items}
            keyOf={(item) => item.code}
            empty={w('noDeliveries')}
            columns={[
              {
                key: 'title',
                title: w('item'),
                render: (item) => <Link to={`/deliver?item=${item.code}`}>{s(item.title)}</Link>,
              },
              {
                key: 'term',
                title: w('term'),
                narrow: true,
                render: (item) =>
                  item.reportingWorkingDays === null
                    ? w('noTerm')
                    : w('days', { days: item.reportingWorkingDays }),
              },
              {
                key: 'file',
                title: '',
                narrow: true,
                render: (item) => (
                  <Button
                    size="small"
                    icon={<FileExcelOutlined />}
                    href={`/api/console/items/${item.code}/template.xlsx`}
                    aria-label={`${w('download')} ${s(item.title)}`}
                  >
                    {w('download')}
                  </Button>
                ),
              },
            ]}
          />
        </Sheet>
      )}
    </Page>
  )
}
