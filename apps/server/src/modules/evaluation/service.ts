import { randomBytes } from 'node:crypto'
import {
  type CatalogueItem,
  compareWithSource,
  dueDay,
  type EvaluationMethod,
  type HeldDecision,
  type SampleFinding,
  type ShownAtSource,
  standardiseText,
  WorkingCalendar,
} from '@xinheng/core'
import type pg from 'pg'
import { type Actor, asActor, become, withActor } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Boards } from '../board/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { listUnits, type Unit } from '../units/index.ts'
import { checkEvidence, evidenceDigest, keepEvidence, openEvidence, plainFileName } from './evidence.ts'
import {
  commitmentOf,
  drawBoth,
  type FrameDecision,
  type FrameName,
  frameDecision,
  frameDigest,
  heldDecision,
  packFrame,
  reportedFrame,
  unpackFrame,
} from './frame.ts'
import { type PlanOutcome, planOutcome } from './outcome.ts'
import { refused } from './refusals.ts'
import { type PlanRow, planRows, type SampleRow, sampleRows } from './store.ts'

export interface NewPlan {
  readonly title: string
  readonly items: readonly string[]
  readonly from: string
  readonly to: string
  readonly units: readonly number[]
  readonly sampleSize: number
  readonly method: string
}

/** A decision found at a unit itself. */
export interface SourceLine {
  readonly item: string
  readonly documentNumber: string
  readonly decidedOn: string
  readonly uscc?: string | undefined
}

const PROGRAM: Actor = { name: 'program:evaluation', duty: 'centre' }
const SEED = (plan: string) => `evaluation_plan‖seed_secret‖${plan}`
const HELD = (plan: number, unit: number, number: number) =>
  `evaluation_sample‖held_secret‖${plan}‖${unit}‖${number}`

/**
 * 第三方评估: planned by the centre, drawn and entered by an evaluator of its own, answered by units once released,
 * reviewed by a second person of the centre, weighed by a dated method, and open to be drawn again at the end.
 */
export class Evaluations {
  readonly #house: House
  readonly #catalogue: Catalogue
  readonly #boards: Boards
  readonly #calendar: () => Promise<WorkingCalendar>

  constructor(
    house: House,
    catalogue: Catalogue,
    boards: Boards,
    calendar: () => Promise<WorkingCalendar> = async () => new WorkingCalendar(),
  ) {
    this.#house = house
    this.#catalogue = catalogue
    this.#boards = boards
    this.#calendar = calendar
  }

  /** What a plan is made of: methods in force, items with a term, units. */
  async choices(): Promise<{
    methods: EvaluationMethod[]
    items: { code: string; zh: string; en: string }[]
    units: { unit: number; name: string }[]
  }> {
    const today = await this.#today()
    const methods = this.#catalogue.evaluationMethods.filter((method) => method.inForceFrom <= today)
    const newest = new Map(methods.map((method) => [method.code, method]))
    const units = await this.#units()
    return {
      methods: [...newest.values()],
      items: this.#items(today).map((item) => ({ code: item.code, ...item.title })),
      units: [...units.values()].map(({ unitId, name }) => ({ unit: unitId, name })),
    }
  }

  async plans(actor: Actor): Promise<PlanRow[]> {
    return asActor(this.#house.database.pools.app, actor, (client) => planRows(client))
  }

  /** The plan with its samples, as far as the actor may see them: row-level security decides, not this code. */
  async plan(actor: Actor, plan: number) {
    const { row, samples } = await asActor(this.#house.database.pools.app, actor, async (client) => ({
      row: await this.#plan(client, plan),
      samples: await sampleRows(client, plan),
    }))
    const units = await this.#units()
    const shows = row.state === 'released' || row.state === 'closed'
    return {
      plan: row,
      units: row.units.map((id) => ({ unit: id, name: units.get(id)?.name ?? '' })),
      samples: samples.map(({ heldSecret, ...sample }) => ({
        ...sample,
        // The evaluator enters what the source shows without knowing what is here.
        held: shows && heldSecret !== null ? this.#held(sample, heldSecret) : null,
      })),
    }
  }

  /** The seed is made now, and what it will be is on the ledger before anybody has entered a source list. */
  async create(actor: Actor, given: NewPlan): Promise<number> {
    const today = await this.#today()
    const items = this.#items(today).filter((item) => given.items.includes(item.code))
    if (items.length === 0 || items.length !== new Set(given.items).size) throw refused('evaluation.items')
    const units = await this.#units()
    if (given.units.length === 0 || given.units.some((unit) => !units.has(unit)))
      throw refused('evaluation.units')
    const method = this.#catalogue.evaluationMethods
      .filter((one) => one.code === given.method && one.inForceFrom <= today)
      .at(-1)
    if (method === undefined) throw refused('evaluation.method')
    const seed = randomBytes(32)
    const commitment = commitmentOf(seed)
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        `INSERT INTO xh.evaluation_plan (title, items, from_day, to_day, units, sample_size, method_code, method_version, seed_commitment, seed_secret, planned_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING plan_id AS id`,
        [
          given.title.trim(),
          items.map((item) => item.number),
          given.from,
          given.to,
          [...new Set(given.units)],
          given.sampleSize,
          method.code,
          method.version,
          commitment,
          this.#house.keys.encrypt(seed, SEED(commitment)),
          actor.name,
        ],
      )
      const plan: number = rows[0].id
      return {
        result: plan,
        act: {
          act: 'evaluation.plan',
          object: `evaluation:${plan}`,
          ground: method.legalBasis[0]?.document,
          detail: { seedCommitment: commitment, sampleSize: given.sampleSize, units: given.units.length },
        },
      }
    })
  }

  /** What the evaluator found at a unit itself, before anything is drawn; entering again replaces the unit's list. */
  async enterSourceList(
    actor: Actor,
    plan: number,
    unit: number,
    lines: readonly SourceLine[],
  ): Promise<number> {
    const items = new Map(this.#items(await this.#today()).map((item) => [item.code, item]))
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const row = await this.#plan(client, plan)
      if (row.state !== 'planned') throw refused('evaluation.state')
      if (!row.units.includes(unit)) throw refused('evaluation.units')
      const members = lines.map((line, index) => {
        const item = items.get(line.item)
        const documentNumber = standardiseText(line.documentNumber).value
        if (
          item === undefined ||
          !row.items.includes(item.number) ||
          documentNumber === undefined ||
          line.decidedOn < row.from ||
          line.decidedOn > row.to
        )
          throw refused('evaluation.line', String(index + 1))
        return frameDecision(item, documentNumber, line.decidedOn, line.uscc)
      })
      const frame = [
        ...new Map(members.map((member) => [`${member.item} ${member.documentNumber}`, member])).values(),
      ]
      await this.#keepFrame(client, plan, unit, 'source', frame)
      return {
        result: frame.length,
        act: {
          act: 'evaluation.source-list',
          object: `evaluation:${plan}/unit:${unit}`,
          detail: { lines: frame.length, digest: frameDigest(frame) },
        },
      }
    })
  }

  /** Draws from both frames of every unit. @returns how many were drawn */
  async draw(actor: Actor, plan: number): Promise<number> {
    const today = await this.#today()
    const units = await this.#units()
    const { app, job } = this.#house.database.pools
    return withActor(app, actor, async (client) => {
      const row = await this.#plan(client, plan, true)
      if (row.state !== 'planned') throw refused('evaluation.state')
      const seed = await this.#seed(client, plan)
      const items = this.#items(today).filter((item) => row.items.includes(item.number))
      const byNumber = new Map(items.map((item) => [item.number, item]))
      // Facts are read in the platform's own name: the evaluator's account sees none.
      const reader = await job.connect()
      const digests: Record<string, string> = {}
      let drawn = 0
      try {
        await reader.query('BEGIN READ ONLY')
        await become(reader, PROGRAM)
        for (const id of row.units) {
          const unit = units.get(id) as Unit
          const here = await reportedFrame(reader, items, id, row.from, row.to)
          await this.#keepFrame(client, plan, id, 'here', here)
          const source = await this.#frame(client, plan, id, 'source')
          digests[`${id}/here`] = frameDigest(here)
          digests[`${id}/source`] = frameDigest(source)
          let number = 0
          for (const { frame, member } of drawBoth(seed, plan, id, source, here, row.sampleSize)) {
            number++
            const held = await heldDecision(reader, byNumber.get(member.item) as CatalogueItem, unit, member)
            await client.query(
              `INSERT INTO xh.evaluation_sample (plan_id, unit_id, number, frame, stratum, item, document_number, held_secret) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
              [
                plan,
                id,
                number,
                frame,
                member.stratum,
                member.item,
                member.documentNumber,
                held === undefined
                  ? null
                  : this.#house.keys.encrypt(Buffer.from(JSON.stringify(held)), HELD(plan, id, number)),
              ],
            )
            drawn++
          }
        }
        await reader.query('COMMIT')
      } finally {
        await reader.query('ROLLBACK').catch(() => {})
        reader.release()
      }
      if (drawn === 0) throw refused('evaluation.nothing')
      await client.query(
        `UPDATE xh.evaluation_plan SET state = 'drawn', drawn_at = now() WHERE plan_id = $1`,
        [plan],
      )
      return {
        result: drawn,
        act: { act: 'evaluation.draw', object: `evaluation:${plan}`, detail: { drawn, frames: digests } },
      }
    })
  }

  /** What the source shows; what follows from it is computed at once. @returns the finding */
  async enter(actor: Actor, sample: number, shown: ShownAtSource): Promise<SampleFinding> {
    const today = await this.#today()
    const calendar = await this.#calendar()
    const items = new Map(this.#items(today).map((item) => [item.number, item]))
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const row = await this.#sample(client, sample)
      if (row.planState !== 'drawn') throw refused('evaluation.state')
      const held = row.heldSecret === null ? undefined : this.#held(row, row.heldSecret)
      const item = items.get(row.item)
      const finding = compareWithSource(
        held,
        shown,
        (day) =>
          dueDay(day, row.item, { calendar, today, termDays: () => item?.reporting?.workingDays ?? 0 }),
        today,
      )
      await client.query(
        'UPDATE xh.evaluation_sample SET shown = $2, finding = $3, entered_by = $4, entered_at = now() WHERE sample_id = $1',
        [sample, shown, finding, actor.name],
      )
      return {
        result: finding,
        act: {
          act: 'evaluation.enter',
          object: `sample:${sample}`,
          result: finding.missing
            ? 'missing'
            : finding.mismatched.length > 0
              ? 'mismatched'
              : finding.late
                ? 'late'
                : 'agrees',
        },
      }
    })
  }

  /** 瞒报 is found by a person, with a reason, and only of what is missing. */
  async findConcealed(actor: Actor, sample: number, reason: string): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const row = await this.#sample(client, sample)
      if (row.planState !== 'drawn') throw refused('evaluation.state')
      if (row.finding?.missing !== true) throw refused('evaluation.not-missing')
      await once(() =>
        client.query('INSERT INTO xh.concealment_finding (sample_id, reason, found_by) VALUES ($1, $2, $3)', [
          sample,
          reason.trim(),
          actor.name,
        ]),
      )
      return {
        result: undefined,
        act: { act: 'evaluation.concealed', object: `sample:${sample}`, ground: reason.trim() },
      }
    })
  }

  /** A picture or file, encrypted and bound to its sample. */
  async addEvidence(
    actor: Actor,
    sample: number,
    name: string,
    type: string,
    bytes: Buffer,
  ): Promise<number> {
    const known = checkEvidence(type, bytes)
    const sha256 = evidenceDigest(bytes)
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const row = await this.#sample(client, sample)
      if (row.planState !== 'drawn') throw refused('evaluation.state')
      await keepEvidence(this.#house, sample, sha256, bytes)
      const { rows } = await once(() =>
        client.query(
          'INSERT INTO xh.evaluation_evidence (sample_id, file_name, type, bytes, sha256, added_by) VALUES ($1, $2, $3, $4, $5, $6) RETURNING evidence_id::int AS id',
          [sample, plainFileName(name), known, bytes.length, sha256, actor.name],
        ),
      )
      return {
        result: rows[0].id,
        act: {
          act: 'evaluation.evidence',
          object: `sample:${sample}`,
          detail: { sha256, bytes: bytes.length },
        },
      }
    })
  }

  async evidence(actor: Actor, id: number): Promise<{ name: string; type: string; bytes: Buffer }> {
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        'SELECT sample_id::int AS sample, file_name AS name, type, sha256 FROM xh.evaluation_evidence WHERE evidence_id = $1',
        [id],
      )
      if (rows[0] === undefined) throw refused('evaluation.unknown')
      const { sample, name, type, sha256 } = rows[0]
      const bytes = await openEvidence(this.#house, sample, sha256)
      return {
        result: { name, type, bytes },
        act: { act: 'evaluation.evidence.read', object: `evidence:${id}` },
      }
    })
  }

  /** From now on each unit sees its own sample and may answer. */
  async release(actor: Actor, plan: number): Promise<string> {
    const calendar = await this.#calendar()
    const today = await this.#today()
    const { rows } = await this.#house.database.pools.job.query(
      'SELECT count(*) FILTER (WHERE shown IS NULL)::int AS open FROM xh.evaluation_sample WHERE plan_id = $1',
      [plan],
    )
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const row = await this.#plan(client, plan, true)
      if (row.state !== 'drawn') throw refused('evaluation.state')
      if (rows[0].open > 0) throw refused('evaluation.unfinished', String(rows[0].open))
      const until = calendar.addWorkingDays(today, this.#method(row).answerWorkingDays)
      await client.query(
        `UPDATE xh.evaluation_plan SET state = 'released', released_at = now(), answer_until = $2 WHERE plan_id = $1`,
        [plan, until],
      )
      return {
        result: until,
        act: { act: 'evaluation.release', object: `evaluation:${plan}`, detail: { answerUntil: until } },
      }
    })
  }

  async answer(actor: Actor, sample: number, answer: string): Promise<void> {
    const today = await this.#today()
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const row = await this.#sample(client, sample)
      if (row.planState !== 'released') throw refused('evaluation.state')
      if (row.answerUntil === null || today > row.answerUntil) throw refused('evaluation.too-late')
      if (!isFault(row.finding)) throw refused('evaluation.no-fault')
      await once(() =>
        client.query(
          'INSERT INTO xh.evaluation_answer (sample_id, answer, answered_by) VALUES ($1, $2, $3)',
          [sample, answer.trim(), actor.name],
        ),
      )
      return { result: undefined, act: { act: 'evaluation.answer', object: `sample:${sample}` } }
    })
  }

  /** A second person of the centre lets a finding stand or lifts it. */
  async review(actor: Actor, sample: number, lifted: boolean, reason: string): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const row = await this.#sample(client, sample)
      if (row.planState !== 'released') throw refused('evaluation.state')
      if (row.answer === null) throw refused('evaluation.unanswered')
      await once(() =>
        client.query(
          'INSERT INTO xh.evaluation_review (sample_id, lifted, reason, reviewed_by) VALUES ($1, $2, $3, $4)',
          [sample, lifted, reason.trim(), actor.name],
        ),
      )
      return {
        result: undefined,
        act: {
          act: 'evaluation.review',
          object: `sample:${sample}`,
          result: lifted ? 'lifted' : 'stands',
          ground: reason.trim(),
        },
      }
    })
  }

  /** Weighs the units, keeps what was computed and reveals the seed. */
  async close(actor: Actor, plan: number): Promise<PlanOutcome> {
    const today = await this.#today()
    const outcome = await this.outcome(actor, plan)
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const row = await this.#plan(client, plan, true)
      if (row.state !== 'released') throw refused('evaluation.state')
      const samples = await sampleRows(client, plan)
      const faults = samples.filter((sample) => isFault(sample.finding))
      const unreviewed = faults.some((sample) => sample.answer !== null && sample.review === null)
      const mayStillAnswer =
        today <= (row.answerUntil as string) && faults.some((sample) => sample.answer === null)
      if (unreviewed || mayStillAnswer) throw refused('evaluation.open-answers')
      const seed = (await this.#seed(client, plan)).toString('hex')
      await client.query(
        `UPDATE xh.evaluation_plan SET state = 'closed', closed_at = now(), outcome = $2, seed_revealed = $3 WHERE plan_id = $1`,
        [plan, JSON.stringify(outcome), seed],
      )
      return {
        result: outcome,
        act: {
          act: 'evaluation.close',
          object: `evaluation:${plan}`,
          detail: { seed, seedCommitment: row.seedCommitment },
        },
      }
    })
  }

  /** What came out: kept when it is closed, computed anew before. */
  async outcome(actor: Actor, plan: number): Promise<PlanOutcome> {
    const { row, samples } = await asActor(this.#house.database.pools.app, actor, async (client) => ({
      row: await this.#plan(client, plan),
      samples: await sampleRows(client, plan),
    }))
    if (row.state !== 'released' && row.state !== 'closed') throw refused('evaluation.state')
    const own = (outcome: PlanOutcome): PlanOutcome =>
      actor.duty === 'department'
        ? { ...outcome, units: outcome.units.filter(({ unit }) => unit === actor.unitId) }
        : outcome
    if (row.outcome !== null) return own(row.outcome)
    const codes = this.#items(await this.#today())
      .filter((item) => row.items.includes(item.number))
      .map((item) => item.code)
    const board = await this.#boards.board(PROGRAM, { from: row.from, to: row.to, items: codes })
    return own(planOutcome(this.#method(row), row, samples, board, await this.#units()))
  }

  /** All that the report says. */
  async report(
    actor: Actor,
    plan: number,
  ): Promise<{ plan: PlanRow; outcome: PlanOutcome; samples: SampleRow[] }> {
    const outcome = await this.outcome(actor, plan)
    return asActor(this.#house.database.pools.app, actor, async (client) => ({
      plan: await this.#plan(client, plan),
      outcome,
      samples: await sampleRows(client, plan),
    }))
  }

  /** Draws again from the kept frames by the revealed seed: whether it gives what was drawn. */
  async verify(
    actor: Actor,
    plan: number,
  ): Promise<{ seedFits: boolean; framesFit: boolean; sampleFits: boolean; drawn: number }> {
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const row = await this.#plan(client, plan)
      if (row.seedRevealed === null) throw refused('evaluation.state')
      const seed = Buffer.from(row.seedRevealed, 'hex')
      const samples = await sampleRows(client, plan)
      let framesFit = true
      const again: string[] = []
      for (const unit of row.units) {
        const members = {
          source: await this.#frame(client, plan, unit, 'source'),
          here: await this.#frame(client, plan, unit, 'here'),
        }
        for (const frame of ['source', 'here'] as const) {
          const { rows } = await client.query(
            'SELECT digest FROM xh.evaluation_frame WHERE plan_id = $1 AND unit_id = $2 AND frame = $3',
            [plan, unit, frame],
          )
          if (rows[0] !== undefined && rows[0].digest !== frameDigest(members[frame])) framesFit = false
        }
        for (const { frame, member } of drawBoth(
          seed,
          plan,
          unit,
          members.source,
          members.here,
          row.sampleSize,
        ))
          again.push(`${unit} ${frame} ${member.item} ${member.documentNumber}`)
      }
      const drawn = new Set(
        samples.map((sample) => `${sample.unit} ${sample.frame} ${sample.item} ${sample.documentNumber}`),
      )
      const result = {
        seedFits: commitmentOf(seed) === row.seedCommitment,
        framesFit,
        sampleFits: drawn.size === new Set(again).size && again.every((name) => drawn.has(name)),
        drawn: drawn.size,
      }
      return {
        result,
        act: { act: 'evaluation.verify', object: `evaluation:${plan}`, result: String(result.sampleFits) },
      }
    })
  }

  #today(): Promise<string> {
    return todayOf(this.#house.database.pools.app)
  }

  #items(today: string): CatalogueItem[] {
    return this.#catalogue
      .items(today)
      .filter((item) => item.reporting !== undefined && !item.subjectKinds.includes('person'))
  }

  async #units(): Promise<ReadonlyMap<number, Unit>> {
    return new Map((await listUnits(this.#house.database.pools.app)).map((unit) => [unit.unitId, unit]))
  }

  #method(row: PlanRow): EvaluationMethod {
    const method = this.#catalogue.evaluationMethods.find(
      (one) => one.code === row.method && one.version === row.methodVersion,
    )
    if (method === undefined) throw refused('evaluation.method')
    return method
  }

  async #plan(client: pg.ClientBase, plan: number, locks = false): Promise<PlanRow> {
    if (locks) await client.query('SELECT pg_advisory_xact_lock(7261021, $1)', [plan])
    const [row] = await planRows(client, plan)
    if (row === undefined) throw refused('evaluation.unknown')
    return row
  }

  async #sample(client: pg.ClientBase, sample: number): Promise<SampleRow> {
    const [row] = await sampleRows(client, undefined, sample)
    if (row === undefined) throw refused('evaluation.unknown')
    return row
  }

  async #seed(client: pg.ClientBase, plan: number): Promise<Buffer> {
    const { rows } = await client.query(
      'SELECT seed_secret AS sealed, seed_commitment AS commitment FROM xh.evaluation_plan WHERE plan_id = $1',
      [plan],
    )
    return this.#house.keys.decrypt(rows[0].sealed, SEED(rows[0].commitment))
  }

  #held(
    sample: { readonly plan: number; readonly unit: number; readonly number: number },
    sealed: Buffer,
  ): HeldDecision {
    return JSON.parse(
      this.#house.keys.decrypt(sealed, HELD(sample.plan, sample.unit, sample.number)).toString(),
    )
  }

  async #keepFrame(
    client: pg.ClientBase,
    plan: number,
    unit: number,
    frame: FrameName,
    members: readonly FrameDecision[],
  ): Promise<void> {
    await client.query(
      `INSERT INTO xh.evaluation_frame (plan_id, unit_id, frame, members, digest, packed) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (plan_id, unit_id, frame) DO UPDATE SET members = EXCLUDED.members, digest = EXCLUDED.digest, packed = EXCLUDED.packed`,
      [
        plan,
        unit,
        frame,
        members.length,
        frameDigest(members),
        await packFrame(this.#house.keys, plan, unit, frame, members),
      ],
    )
  }

  async #frame(
    client: pg.ClientBase,
    plan: number,
    unit: number,
    frame: FrameName,
  ): Promise<FrameDecision[]> {
    const { rows } = await client.query(
      'SELECT packed FROM xh.evaluation_frame WHERE plan_id = $1 AND unit_id = $2 AND frame = $3',
      [plan, unit, frame],
    )
    return rows[0] === undefined ? [] : unpackFrame(this.#house.keys, plan, unit, frame, rows[0].packed)
  }
}

/** What a unit may answer to. */
export function isFault(finding: SampleFinding | null): boolean {
  return finding !== null && (finding.missing || finding.late || finding.mismatched.length > 0)
}

/** What was answered, reviewed or found once stays. */
async function once<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if ((error as { code?: string }).code === '23505') throw refused('evaluation.decided')
    throw error
  }
}
