import type { CaseState, ListExit } from '@xinheng/core'
import type pg from 'pg'
import type { DocumentKind } from './templates.ts'

/** A case as it is kept. Days are ISO. */
export interface CaseRow {
  readonly id: number
  readonly list: string
  readonly unit: number
  readonly unitName: string
  readonly unitUscc: string
  readonly uscc: string
  readonly subject: string
  readonly kind: 'o' | 'b' | 'i'
  readonly criterion: string
  readonly reason: string
  readonly facts: string
  readonly basis: string
  readonly state: CaseState
  readonly dueStep: string | null
  readonly dueOn: string | null
  readonly overdue: boolean
  readonly approval: number | null
  readonly documentNumber: string | null
  readonly decidedOn: string | null
  readonly termEnd: string | null
  readonly delistingKind: ListExit['kind'] | null
  readonly delistingGround: string | null
  readonly delistedOn: string | null
  readonly delivery: number | null
  readonly delistingDelivery: number | null
  readonly problem: string | null
}

const SELECT = `SELECT c.case_id AS id, c.list_code AS list, c.source_unit AS unit, u.name AS "unitName", u.uscc AS "unitUscc", c.uscc,
    c.subject_name AS subject, c.subject_kind AS kind, c.criterion, c.reason, c.facts, c.basis, c.state, c.due_step AS "dueStep",
    c.due_on::text AS "dueOn", coalesce(c.due_on < xh.today(), false) AS overdue, c.approval::int AS approval,
    c.document_number AS "documentNumber", c.decided_on::text AS "decidedOn", c.term_end::text AS "termEnd",
    c.delisting_kind AS "delistingKind", c.delisting_ground AS "delistingGround", c.delisted_on::text AS "delistedOn",
    c.delivery_id::int AS delivery, c.delisting_delivery_id::int AS "delistingDelivery", c.problem
  FROM xh.listing_case c JOIN xh.unit u ON u.unit_id = c.source_unit`

export async function caseById(
  client: pg.ClientBase | pg.Pool,
  id: number,
  lock = false,
): Promise<CaseRow | undefined> {
  const { rows } = await client.query(`${SELECT} WHERE c.case_id = $1 ${lock ? 'FOR UPDATE OF c' : ''}`, [id])
  return rows[0]
}

export async function casesOf(client: pg.ClientBase): Promise<CaseRow[]> {
  const { rows } = await client.query(
    `${SELECT} ORDER BY c.stage IN ('listed', 'delisted', 'dropped'), c.due_on NULLS LAST, c.case_id DESC LIMIT 500`,
  )
  return rows
}

/** Decided, and not yet in or out by the corridor. */
export async function casesToEnter(client: pg.Pool): Promise<number[]> {
  const { rows } = await client.query(
    "SELECT case_id AS id FROM xh.listing_case WHERE stage IN ('decided', 'delistingDecided') ORDER BY case_id",
  )
  return rows.map((row) => row.id)
}

export interface NewCase {
  readonly list: string
  readonly unit: number
  readonly uscc: string
  readonly subject: string
  readonly kind: string
  readonly criterion: string
  readonly reason: string
  readonly facts: string
  readonly basis: string
}

export async function insertCase(client: pg.ClientBase, one: NewCase, state: CaseState): Promise<number> {
  const { rows } = await client.query(
    `INSERT INTO xh.listing_case (list_code, source_unit, uscc, subject_name, subject_kind, criterion, reason, facts, basis, state, stage, proposed_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING case_id AS id`,
    [
      one.list,
      one.unit,
      one.uscc,
      one.subject,
      one.kind,
      one.criterion,
      one.reason,
      one.facts,
      one.basis,
      state,
      state.stage,
      state.proposed.by,
    ],
  )
  return rows[0].id
}

/** What a step changes beside the state. */
export interface CaseChange {
  readonly approval?: number | null
  readonly documentNumber?: string
  readonly termEnd?: string | null
  readonly delistingKind?: string
  readonly delistingGround?: string
  readonly delistedOn?: string
  readonly delivery?: number
  readonly delistingDelivery?: number
  readonly problem?: string | null
}

const COLUMN_OF: Readonly<Record<keyof CaseChange, string>> = {
  approval: 'approval',
  documentNumber: 'document_number',
  termEnd: 'term_end',
  delistingKind: 'delisting_kind',
  delistingGround: 'delisting_ground',
  delistedOn: 'delisted_on',
  delivery: 'delivery_id',
  delistingDelivery: 'delisting_delivery_id',
  problem: 'problem',
}

/** Writes a state with the columns that its constraints look at. */
export async function writeState(
  client: pg.ClientBase,
  id: number,
  state: CaseState,
  due: { readonly step: string; readonly on: string } | undefined,
  change: CaseChange = {},
): Promise<void> {
  const entries = Object.entries(change) as [keyof CaseChange, unknown][]
  const sets = entries.map(([key], index) => `, ${COLUMN_OF[key]} = $${index + 13}`).join('')
  await client.query(
    `UPDATE xh.listing_case SET state = $2, stage = $3, due_step = $4, due_on = $5, served_on = $6, defence_until = $7,
            decision_proposed_by = $8, decided_by = $9, decided_on = $10, delisting_proposed_by = $11, delisting_decided_by = $12${sets}
      WHERE case_id = $1`,
    [
      id,
      state,
      state.stage,
      due?.step ?? null,
      due?.on ?? null,
      state.notice?.servedOn ?? null,
      state.notice?.defenceUntil ?? null,
      state.decisionProposed?.by ?? null,
      state.decided?.by ?? null,
      state.decided?.on ?? null,
      state.delistingProposed?.by ?? null,
      state.delistingDecided?.by ?? null,
      ...entries.map(([, value]) => value),
    ],
  )
}

export interface StepRow {
  readonly act: string
  readonly by: string
  readonly on: string
  readonly words: string | null
  readonly at: string
}

export async function writeStep(
  client: pg.ClientBase,
  id: number,
  step: { act: string; account: number | undefined; by: string; on: string; words?: string | undefined },
): Promise<void> {
  await client.query(
    'INSERT INTO xh.listing_step (case_id, act, by_account, by_name, on_day, words) VALUES ($1, $2, $3, $4, $5, $6)',
    [id, step.act, step.account ?? null, step.by, step.on, step.words ?? null],
  )
}

export async function stepsOf(client: pg.ClientBase, id: number): Promise<StepRow[]> {
  const { rows } = await client.query(
    `SELECT act, by_name AS by, on_day::text AS on, words, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at
       FROM xh.listing_step WHERE case_id = $1 ORDER BY step_id`,
    [id],
  )
  return rows
}

/** The next number of a word in a year: 列决〔2026〕12号. Taken in the transaction that makes the document. */
export async function nextNumber(client: pg.ClientBase, word: string, year: string): Promise<string> {
  const { rows } = await client.query(
    `INSERT INTO xh.document_counter AS c (word, year, last) VALUES ($1, $2, 1)
     ON CONFLICT (word, year) DO UPDATE SET last = c.last + 1 RETURNING last`,
    [word, Number(year)],
  )
  return `${word}〔${year}〕${rows[0].last}号`
}

export interface DocumentRow {
  readonly id: string
  readonly kind: DocumentKind
  readonly number: string
  readonly dated: string
  readonly sha256: string
}

export async function documentsOf(client: pg.ClientBase, id: number): Promise<DocumentRow[]> {
  const { rows } = await client.query(
    'SELECT document_id AS id, kind, number, dated::text, sha256 FROM xh.listing_document WHERE case_id = $1 ORDER BY made_at',
    [id],
  )
  return rows
}

export async function statementsOf(
  client: pg.ClientBase,
  id: number,
): Promise<{ id: string; receivedOn: string; sealed: Buffer }[]> {
  const { rows } = await client.query(
    `SELECT statement_id AS id, received_on::text AS "receivedOn", text_secret AS sealed
       FROM xh.listing_statement WHERE case_id = $1 ORDER BY made_at`,
    [id],
  )
  return rows
}

/** An organisation or business by its code, as the registers know it. */
export async function partyByCode(
  client: pg.ClientBase,
  uscc: string,
): Promise<{ name: string; kind: 'o' | 'b' | 'i' } | undefined> {
  const { rows } = await client.query(
    `SELECT s.name, s.kind FROM xh.identifier i JOIN xh.subject s ON s.subject_id = i.subject_id AND s.kind = i.subject_kind
      WHERE i.value = $1 AND i.type = 'u'`,
    [uscc],
  )
  return rows[0]
}
