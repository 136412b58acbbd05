import { createHash, createHmac, hash } from 'node:crypto'
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import { type CatalogueItem, drawSample, type HeldDecision } from '@xinheng/core'
import type pg from 'pg'
import type { Keys } from '../../platform/keys/keys.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

export type FrameName = 'here' | 'source'

/** One decision of a frame, by what it can be looked up at the source. */
export interface FrameDecision {
  readonly id: string
  readonly stratum: string
  readonly item: number
  readonly documentNumber: string
  readonly uscc?: string | undefined
}

/** Made anew for every plan; only its digest is known before the plan closes. */
export function commitmentOf(seed: Uint8Array): string {
  return createHash('sha256').update(seed).digest('hex')
}

/** SHA-256 over the frame's members in order: the same frame has the same digest whoever recomputes it. */
export function frameDigest(frame: readonly FrameDecision[]): string {
  const lines = frame.map(({ id, stratum }) => `${stratum}\u001f${id}`).sort()
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

/** Draws by the plan's seed. The rank of a member depends on seed, plan, unit, frame and member, and on nothing else. */
function drawBySeed(
  seed: Uint8Array,
  plan: number,
  unit: number,
  frame: FrameName,
  members: readonly FrameDecision[],
  wanted: number,
): FrameDecision[] {
  return drawSample(members, wanted, ({ id }) =>
    createHmac('sha256', seed).update(`${plan}\u001f${unit}\u001f${frame}\u001f${id}`).digest('hex'),
  )
}

/** What is drawn for a unit: from the source's list, then from what was reported here without what is drawn already. */
export function drawBoth(
  seed: Uint8Array,
  plan: number,
  unit: number,
  source: readonly FrameDecision[],
  here: readonly FrameDecision[],
  wanted: number,
): { readonly frame: FrameName; readonly member: FrameDecision }[] {
  const name = ({ item, documentNumber }: FrameDecision) => `${item}\u001f${documentNumber}`
  // One document for several companies is looked up once.
  const once = (members: readonly FrameDecision[]) => [
    ...new Map(members.map((member) => [name(member), member])).values(),
  ]
  const first = drawBySeed(seed, plan, unit, 'source', once(source), wanted)
  const drawn = new Set(first.map(name))
  const second = drawBySeed(
    seed,
    plan,
    unit,
    'here',
    once(here.filter((member) => !drawn.has(name(member)))),
    wanted,
  )
  return [
    ...first.map((member) => ({ frame: 'source' as const, member })),
    ...second.map((member) => ({ frame: 'here' as const, member })),
  ]
}

function context(plan: number, unit: number, frame: FrameName): string {
  return `evaluation_frame‖packed‖${plan}‖${unit}‖${frame}`
}

export async function packFrame(
  keys: Keys,
  plan: number,
  unit: number,
  frame: FrameName,
  members: readonly FrameDecision[],
): Promise<Buffer> {
  return keys.encrypt(await compress(Buffer.from(JSON.stringify(members))), context(plan, unit, frame))
}

export async function unpackFrame(
  keys: Keys,
  plan: number,
  unit: number,
  frame: FrameName,
  packed: Buffer,
): Promise<FrameDecision[]> {
  return JSON.parse((await decompress(keys.decrypt(packed, context(plan, unit, frame)))).toString())
}

/** A member of the frame; strata are item and month. */
export function frameDecision(
  item: CatalogueItem,
  documentNumber: string,
  decidedOn: string,
  uscc?: string,
): FrameDecision {
  return {
    id: `${item.code}\u001f${documentNumber}\u001f${uscc ?? ''}`,
    stratum: `${item.code} ${decidedOn.slice(0, 7)}`,
    item: item.number,
    documentNumber,
    ...(uscc === undefined ? {} : { uscc }),
  }
}

/** All that a unit reported in the period and that can be looked up by a document number. No person is drawn. */
export async function reportedFrame(
  client: pg.ClientBase,
  items: readonly CatalogueItem[],
  unit: number,
  from: string,
  to: string,
): Promise<FrameDecision[]> {
  const byNumber = new Map(items.map((item) => [item.number, item]))
  const { rows } = await client.query(
    `SELECT f.item, f.document_number AS "documentNumber", f.decided_on::text AS "decidedOn",
            (SELECT n.uscc FROM xh.public_name n WHERE n.subject_id = f.subject_id AND n.current LIMIT 1) AS uscc
       FROM xh.double_publicity_facts($1, $2, $3, $4) f
      WHERE f.subject_kind <> 'p' AND f.document_number IS NOT NULL AND f.withdrawn IS NULL`,
    [[...byNumber.keys()], from, to, unit],
  )
  const members = rows.map((row) =>
    frameDecision(
      byNumber.get(row.item) as CatalogueItem,
      row.documentNumber,
      row.decidedOn,
      row.uscc ?? undefined,
    ),
  )
  return [...new Map(members.map((member) => [member.id, member])).values()]
}

/** What the platform holds of a decision now, found by authority and document number. */
export async function heldDecision(
  client: pg.ClientBase,
  item: CatalogueItem,
  unit: { readonly unitId: number; readonly uscc: string },
  { documentNumber, uscc }: { readonly documentNumber: string; readonly uscc?: string | undefined },
): Promise<HeldDecision | undefined> {
  const natural = item.naturalKey.map((field) =>
    field === item.roles.authorityUscc
      ? unit.uscc
      : field === item.roles.documentNumber
        ? documentNumber
        : undefined,
  )
  if (natural.length === 0 || natural.includes(undefined)) return undefined
  const digest = hash('sha256', natural.map((value) => `${value}\u001f`).join(''), 'hex').slice(0, 32)
  const { rows } = await client.query(
    `SELECT r.document_number AS "documentNumber", s.name AS "subjectName", n.uscc, r.decided_on::text AS "decidedOn", r.valid_to::text AS "validTo",
            r.amount_fen::float8 AS "amountFen",
            (least(r.recorded_from, coalesce((SELECT min(v.recorded_from) FROM xh.record_version v WHERE v.subject_id = r.subject_id AND v.item = r.item AND v.key = r.key), r.recorded_from)) AT TIME ZONE 'Asia/Shanghai')::date::text AS "receivedOn"
       FROM xh.record r JOIN xh.public_subject s ON s.subject_id = r.subject_id
       LEFT JOIN xh.public_name n ON n.subject_id = r.subject_id AND n.current
      WHERE r.key = $1::uuid AND r.item = $2 AND r.source_unit = $3 AND r.subject_kind <> 'p' AND r.withdrawn IS DISTINCT FROM 'e'
      ORDER BY (n.uscc = $4) DESC NULLS LAST, r.subject_id LIMIT 1`,
    [digest, item.number, unit.unitId, uscc ?? null],
  )
  const row = rows[0]
  if (row === undefined) return undefined
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== null),
  ) as unknown as HeldDecision
}
