import type pg from 'pg'
import type { PolicyKind } from '../catalogue/index.ts'

export interface DraftRow {
  readonly id: number
  readonly kind: PolicyKind
  readonly code: string
  readonly version: number
  readonly origin: 'console' | 'folder'
  readonly source: string
  readonly hash: string
  readonly state: 'draft' | 'proposed' | 'released' | 'discarded'
  readonly approval: number | null
  readonly writtenBy: string
  readonly writtenAt: string
  readonly changedAt: string
}

const DRAFT = `draft_id::int AS id, kind, code, version, origin, source, hash, state, approval_id::int AS approval,
  written_by AS "writtenBy", to_char(written_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS "writtenAt",
  to_char(changed_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS "changedAt"`

export async function drafts(client: pg.ClientBase): Promise<DraftRow[]> {
  const { rows } = await client.query(
    `SELECT ${DRAFT} FROM xh.policy_draft WHERE state IN ('draft', 'proposed') ORDER BY draft_id DESC LIMIT 200`,
  )
  return rows
}

export async function draftByNumber(client: pg.ClientBase, id: number): Promise<DraftRow | undefined> {
  const { rows } = await client.query(`SELECT ${DRAFT} FROM xh.policy_draft WHERE draft_id = $1`, [id])
  return rows[0]
}

export async function insertDraft(
  client: pg.ClientBase,
  draft: Pick<DraftRow, 'kind' | 'code' | 'version' | 'source' | 'hash' | 'writtenBy'>,
): Promise<number> {
  const { rows } = await client.query(
    `INSERT INTO xh.policy_draft (kind, code, version, origin, source, hash, written_by)
     VALUES ($1, $2, $3, 'console', $4, $5, $6) RETURNING draft_id::int AS id`,
    [draft.kind, draft.code, draft.version, draft.source, draft.hash, draft.writtenBy],
  )
  return rows[0].id
}

export async function changeDraft(
  client: pg.ClientBase,
  id: number,
  draft: Pick<DraftRow, 'code' | 'version' | 'source' | 'hash'>,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE xh.policy_draft SET code = $2, version = $3, source = $4, hash = $5, changed_at = now()
      WHERE draft_id = $1 AND state = 'draft'`,
    [id, draft.code, draft.version, draft.source, draft.hash],
  )
  return rowCount === 1
}

export async function moveDraft(
  client: pg.ClientBase,
  id: number,
  from: DraftRow['state'],
  to: DraftRow['state'],
  approval: number | null,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'UPDATE xh.policy_draft SET state = $3, approval_id = $4 WHERE draft_id = $1 AND state = $2',
    [id, from, to, approval],
  )
  return rowCount === 1
}

export interface TrialRow {
  readonly id: number
  readonly draft: number
  readonly hash: string
  readonly state: 'running' | 'done' | 'failed'
  readonly progress: number
  readonly sealed: Buffer | null
  readonly askedBy: string
  readonly startedAt: string
  /** Nobody writes to it any more. */
  readonly lost: boolean
}

const TRIAL = `trial_id::int AS id, draft_id::int AS draft, hash, state, progress, result_secret AS sealed, asked_by AS "askedBy",
  to_char(started_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS') AS "startedAt",
  state = 'running' AND started_at < now() - interval '10 minutes' AS lost`

export async function newestTrial(client: pg.ClientBase, draft: number): Promise<TrialRow | undefined> {
  const { rows } = await client.query(
    `SELECT ${TRIAL} FROM xh.policy_trial WHERE draft_id = $1 ORDER BY trial_id DESC LIMIT 1`,
    [draft],
  )
  return rows[0]
}

export async function beginTrial(
  client: pg.ClientBase,
  draft: number,
  hash: string,
  askedBy: string,
): Promise<number> {
  const { rows } = await client.query(
    'INSERT INTO xh.policy_trial (draft_id, hash, asked_by) VALUES ($1, $2, $3) RETURNING trial_id::int AS id',
    [draft, hash, askedBy],
  )
  return rows[0].id
}

export async function anyDelivery(pool: pg.Pool, items: readonly number[]): Promise<boolean> {
  const { rows } = await pool.query(
    "SELECT EXISTS (SELECT FROM xh.delivery WHERE item = ANY($1) AND state = 'done') AS any",
    [items],
  )
  return rows[0].any
}

export interface VersionRow {
  readonly kind: PolicyKind
  readonly code: string
  readonly version: number
  readonly inForceFrom: string
  readonly source: string | null
  readonly body: object
  readonly proposedBy: string | null
  readonly approvedBy: string | null
  readonly enteredAt: string
}

const VERSION = `kind, code, version, in_force_from::text AS "inForceFrom", source, body, proposed_by AS "proposedBy",
  approved_by AS "approvedBy", to_char(entered_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS "enteredAt"`

export async function versions(client: pg.ClientBase): Promise<VersionRow[]> {
  const { rows } = await client.query(
    `SELECT ${VERSION} FROM xh.policy_version ORDER BY kind DESC, code, version DESC`,
  )
  return rows
}
