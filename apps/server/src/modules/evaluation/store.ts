import type { SampleFinding, ShownAtSource } from '@xinheng/core'
import type pg from 'pg'
import type { FrameName } from './frame.ts'
import type { PlanOutcome } from './outcome.ts'

export type PlanState = 'planned' | 'drawn' | 'released' | 'closed'

export interface PlanRow {
  readonly plan: number
  readonly title: string
  readonly items: readonly number[]
  readonly itemCodes: readonly string[]
  readonly from: string
  readonly to: string
  readonly units: readonly number[]
  readonly sampleSize: number
  readonly method: string
  readonly methodVersion: number
  readonly seedCommitment: string
  readonly seedRevealed: string | null
  readonly state: PlanState
  readonly plannedBy: string
  readonly plannedAt: string
  readonly releasedAt: string | null
  readonly answerUntil: string | null
  readonly closedAt: string | null
  readonly outcome: PlanOutcome | null
  /** Of those the reader may see. */
  readonly samples: number
  readonly entered: number
  /** Lines of the source lists, by unit, where the reader may see them. */
  readonly sourceLists: readonly { readonly unit: number; readonly lines: number }[]
}

export interface SampleRow {
  readonly sample: number
  readonly plan: number
  readonly planState: PlanState
  readonly answerUntil: string | null
  readonly unit: number
  readonly number: number
  readonly frame: FrameName
  readonly stratum: string
  readonly item: number
  readonly itemCode: string
  readonly documentNumber: string
  readonly heldSecret: Buffer | null
  readonly shown: ShownAtSource | null
  readonly finding: SampleFinding | null
  readonly concealed: { readonly reason: string; readonly by: string } | null
  readonly evidence: readonly {
    readonly id: number
    readonly name: string
    readonly type: string
    readonly bytes: number
  }[]
  readonly answer: { readonly text: string; readonly by: string; readonly at: string } | null
  readonly review: { readonly lifted: boolean; readonly reason: string; readonly by: string } | null
}

/** Plans that the transaction's actor may see, newest first. */
export async function planRows(client: pg.ClientBase, plan?: number): Promise<PlanRow[]> {
  const { rows } = await client.query(
    `SELECT p.plan_id AS plan, p.title, p.items, ARRAY(SELECT i.code FROM xh.catalogue_item i WHERE i.item = ANY (p.items) ORDER BY i.item) AS "itemCodes",
            p.from_day::text AS "from", p.to_day::text AS "to", p.units, p.sample_size AS "sampleSize", p.method_code AS method, p.method_version AS "methodVersion",
            p.seed_commitment AS "seedCommitment", p.seed_revealed AS "seedRevealed", p.state, p.planned_by AS "plannedBy", p.planned_at AS "plannedAt",
            p.released_at AS "releasedAt", p.answer_until::text AS "answerUntil", p.closed_at AS "closedAt", p.outcome,
            (SELECT count(*)::int FROM xh.evaluation_sample s WHERE s.plan_id = p.plan_id) AS samples,
            (SELECT count(*)::int FROM xh.evaluation_sample s WHERE s.plan_id = p.plan_id AND s.shown IS NOT NULL) AS entered,
            coalesce((SELECT json_agg(json_build_object('unit', f.unit_id, 'lines', f.members)) FROM xh.evaluation_frame f WHERE f.plan_id = p.plan_id AND f.frame = 'source'), '[]') AS "sourceLists"
       FROM xh.evaluation_plan p WHERE $1::int IS NULL OR p.plan_id = $1 ORDER BY p.plan_id DESC`,
    [plan ?? null],
  )
  return rows
}

/** Samples that the transaction's actor may see. */
export async function sampleRows(
  client: pg.ClientBase,
  plan?: number,
  sample?: number,
): Promise<SampleRow[]> {
  const { rows } = await client.query(
    `SELECT s.sample_id::int AS sample, s.plan_id AS plan, p.state AS "planState", p.answer_until::text AS "answerUntil", s.unit_id AS unit, s.number, s.frame, s.stratum,
            s.item, i.code AS "itemCode", s.document_number AS "documentNumber", s.held_secret AS "heldSecret", s.shown, s.finding,
            CASE WHEN c.sample_id IS NOT NULL THEN json_build_object('reason', c.reason, 'by', c.found_by) END AS concealed,
            coalesce((SELECT json_agg(json_build_object('id', e.evidence_id, 'name', e.file_name, 'type', e.type, 'bytes', e.bytes) ORDER BY e.evidence_id)
                        FROM xh.evaluation_evidence e WHERE e.sample_id = s.sample_id), '[]') AS evidence,
            CASE WHEN a.sample_id IS NOT NULL THEN json_build_object('text', a.answer, 'by', a.answered_by, 'at', a.answered_at) END AS answer,
            CASE WHEN r.sample_id IS NOT NULL THEN json_build_object('lifted', r.lifted, 'reason', r.reason, 'by', r.reviewed_by) END AS review
       FROM xh.evaluation_sample s JOIN xh.evaluation_plan p USING (plan_id) JOIN xh.catalogue_item i ON i.item = s.item
       LEFT JOIN xh.concealment_finding c USING (sample_id) LEFT JOIN xh.evaluation_answer a USING (sample_id) LEFT JOIN xh.evaluation_review r USING (sample_id)
      WHERE ($1::int IS NULL OR s.plan_id = $1) AND ($2::bigint IS NULL OR s.sample_id = $2)
      ORDER BY s.unit_id, s.number`,
    [plan ?? null, sample ?? null],
  )
  return rows
}
