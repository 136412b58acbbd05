import { App, Button, Spin } from 'antd'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { send, useApi } from '../../api.ts'
import { useWords } from '../../language.ts'
import { useMay } from '../../session.ts'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './Audit.module.css'
import { EntryTable } from './EntryTable.tsx'
import { FilterForm } from './FilterForm.tsx'
import { type EntryPage, type Filters, filtersOf, queryOf } from './model.ts'
import { WORDS } from './words.ts'

/** The ledger, searched. What is asked stands in the address; a document's number has no place in it. */
export function SearchPage() {
  const w = useWords(WORDS)
  const may = useMay()
  const [parameters, setParameters] = useSearchParams()
  const filters = filtersOf(parameters)
  const before = parameters.get('before')
  const { data, error } = useApi<EntryPage>(`/api/console/ledger/entries${queryOf(filters, before)}`)
  return (
    <Page
      title={w('ledger')}
      lead={w('ledgerLead')}
      actions={may('ledger.export') ? <Exports filters={filters} /> : undefined}
    >
      <Sheet>
        <FilterForm
          key={queryOf(filters)}
          filters={filters}
          onSearch={(asked) => setParameters(new URLSearchParams(asked))}
        />
      </Sheet>
      <ProblemNotice problem={error} />
      <Sheet title={w('entries')} flush>
        {data === undefined ? (
          error === null ? (
            <Spin style={{ padding: 20 }} />
          ) : null
        ) : (
          <>
            <EntryTable entries={data.entries} caption={w('entries')} empty={w('none')} />
            {before === null && data.next === undefined ? null : (
              <div className={styles.paging}>
                <Button
                  disabled={before === null}
                  onClick={() => setParameters(new URLSearchParams(filters))}
                >
                  {w('newest')}
                </Button>
                <Button
                  disabled={data.next === undefined}
                  onClick={() =>
                    setParameters(new URLSearchParams({ ...filters, before: String(data.next) }))
                  }
                >
                  {w('earlier')}
                </Button>
              </div>
            )}
          </>
        )}
      </Sheet>
    </Page>
  )
}

function Exports({ filters }: { filters: Filters }) {
  const w = useWords(WORDS)
  const { message } = App.useApp()
  const [busy, setBusy] = useState<string>()
  const [problem, setProblem] = useState<unknown>()
  const take = (kind: 'csv' | 'ndjson') => async () => {
    setBusy(kind)
    setProblem(undefined)
    try {
      // Asks for a fresh proof of who one is where it is needed; the file itself goes from the server to the disk.
      await send('POST', '/api/console/ledger/export', {})
      download(`/api/console/ledger/export/${kind}${queryOf(filters)}`)
      void message.success(w('exported'))
    } catch (refused) {
      setProblem(refused)
    } finally {
      setBusy(undefined)
    }
  }
  return (
    <>
      <Button title={w('exportHint')} loading={busy === 'csv'} onClick={take('csv')}>
        {w('exportCsv')}
      </Button>
      <Button title={w('exportHint')} loading={busy === 'ndjson'} onClick={take('ndjson')}>
        {w('exportNdjson')}
      </Button>
      <ProblemNotice problem={problem} />
    </>
  )
}

/** The browser's own download: whatever its length, nothing of it is held in the page. */
function download(address: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = ''
  link.click()
}
