import { Button, Input, Segmented, Select } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { send } from '../../api.ts'
import { useWords } from '../../language.ts'
import { Page, Sheet } from '../../ui/Page.tsx'
import { ProblemNotice } from '../../ui/ProblemNotice.tsx'
import styles from './Audit.module.css'
import { EntryTable } from './EntryTable.tsx'
import type { Entry, EntryPage } from './model.ts'
import { WORDS } from './words.ts'

/** As the catalogue's list of documents has them: the server finds a person by type and number. */
const DOCUMENTS = [
  '身份证',
  '护照号',
  '港澳居民来往内地通行证',
  '台湾居民来往大陆通行证',
  '外国人永久居留身份证',
]

type About = 'record' | 'aPerson'
type Question = { fact: string } | { document: { type: string; number: string } }

/**
 * Who read a record or what concerns a person. A document's number goes out in the body of a POST alone; it is in no
 * address, no cache and no storage, and leaves this page's memory with the page.
 */
export function ReadersPage() {
  const w = useWords(WORDS)
  const id = useId()
  const [about, setAbout] = useState<About>('record')
  const [fact, setFact] = useState('')
  const [type, setType] = useState(DOCUMENTS[0] as string)
  const [number, setNumber] = useState('')
  const [question, setQuestion] = useState<Question>()
  const [found, setFound] = useState<{ entries: readonly Entry[]; next: number | undefined }>()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const key = /([A-Za-z0-9_-]{22})\/?$/.exec(fact.trim())?.[1]

  const load = async (asked: Question, before?: number) => {
    setBusy(true)
    setProblem(undefined)
    try {
      const page = await send<EntryPage>('POST', '/api/console/ledger/readers', {
        ...asked,
        ...(before === undefined ? {} : { before }),
      })
      setFound((earlier) => ({
        entries: [...(before === undefined ? [] : (earlier?.entries ?? [])), ...page.entries],
        next: page.next,
      }))
      setQuestion(asked)
    } catch (refused) {
      setProblem(refused)
    } finally {
      setBusy(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setFound(undefined)
    if (about === 'aPerson') {
      void load({ document: { type, number: number.trim() } })
      setNumber('')
    } else if (key !== undefined) void load({ fact: key })
  }
  return (
    <Page title={w('readers')} lead={w('readersLead')}>
      <Sheet>
        <form className={styles.ask} onSubmit={submit} autoComplete="off">
          <div>
            <Segmented<About>
              aria-label={w('readers')}
              value={about}
              onChange={(next) => {
                setAbout(next)
                setFound(undefined)
                setQuestion(undefined)
                setNumber('')
              }}
              options={[
                { value: 'record', label: w('record') },
                { value: 'aPerson', label: w('aPerson') },
              ]}
            />
          </div>
          {about === 'record' ? (
            <div className={styles.field}>
              <label htmlFor={`${id}fact`}>{w('fact')}</label>
              <Input
                id={`${id}fact`}
                value={fact}
                required
                maxLength={300}
                onChange={(event) => setFact(event.target.value)}
              />
              <p className={fact !== '' && key === undefined ? styles.wrong : styles.note}>
                {w(fact !== '' && key === undefined ? 'factWrong' : 'factHint')}
              </p>
            </div>
          ) : (
            <>
              <div className={styles.field}>
                <label htmlFor={`${id}type`}>{w('documentType')}</label>
                <Select
                  id={`${id}type`}
                  value={type}
                  onChange={setType}
                  options={DOCUMENTS.map((one) => ({ value: one, label: one }))}
                />
              </div>
              <div className={styles.field}>
                <label htmlFor={`${id}number`}>{w('documentNumber')}</label>
                <Input
                  id={`${id}number`}
                  value={number}
                  required
                  minLength={4}
                  maxLength={40}
                  autoComplete="off"
                  spellCheck={false}
                  onChange={(event) => setNumber(event.target.value)}
                />
                <p className={styles.note}>{w('documentHint')}</p>
              </div>
            </>
          )}
          <div>
            <Button
              type="primary"
              htmlType="submit"
              loading={busy}
              disabled={about === 'record' ? key === undefined : number.trim().length < 4}
            >
              {w('ask')}
            </Button>
          </div>
        </form>
      </Sheet>
      <ProblemNotice problem={problem} />
      {found === undefined ? null : (
        <Sheet title={w('readings')} flush>
          <EntryTable entries={found.entries} caption={w('readings')} empty={w('nobody')} />
          {found.next === undefined || question === undefined ? null : (
            <div className={styles.paging}>
              <Button loading={busy} onClick={() => void load(question, found.next)}>
                {w('earlier')}
              </Button>
            </div>
          )}
        </Sheet>
      )}
    </Page>
  )
}
