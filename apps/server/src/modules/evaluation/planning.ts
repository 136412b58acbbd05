import { randomBytes } from 'node:crypto'
import { type CatalogueItem, standardiseText } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, become, withActor } from '../../platform/database/actor.ts'
import type { Unit } from '../units/index.ts'
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
import type { Ground } from './ground.ts'
import { refused } from './refusals.ts'
import { sampleRows } from './store.ts'

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

/** Facts are read in the platform's own name. */
const PROGRAM: Actor = { name: 'program:evaluation', duty: 'centre' }
const SEED = (plan: string) => `evaluation_plan‖seed_secret‖${plan}`

/** From the plan to the sample, and the proof that it was drawn so: the seed, its commitment, the frames. */
export class Planning {
  readonly #ground: Ground

  constructor(ground: Ground) {
    this.#ground = ground
  }

  /** The seed is made now, and what it will be is on the ledger before anybody has entered a source list. */
  async create(actor: Actor, given: NewPlan): Promise<number> {
    const today = await this.#ground.today()
    const items = this.#ground.items(today).filter((item) => given.items.includes(item.code))
    if (items.length === 0 || items.length !== new Set(given.items).size) throw refused('evaluation.items')
    const units = await this.#ground.units()
    if (given.units.length === 0 || given.units.some((unit) => !units.has(unit)))
      throw refused('evaluation.units')
    const method = this.#ground.catalogue.evaluationMethods
      .filter((one) => one.code === given.method && one.inForceFrom <= today)
      .at(-1)
    if (method === undefined) throw refused('evaluation.method')
    const seed = randomBytes(32)
    const commitment = commitmentOf(seed)
    return withActor(this.#ground.house.database.pools.app, actor, async (client) => {
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
          this.#ground.house.keys.encrypt(seed, SEED(commitment)),
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
    const items = new Map(this.#ground.items(await this.#ground.today()).map((item) => [item.code, item]))
    return withActor(this.#ground.house.database.pools.app, actor, async (client) => {
      const row = await this.#ground.plan(client, plan)
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
    const today = await this.#ground.today()
    const units = await this.#ground.units()
    const { app, job } = this.#ground.house.database.pools
    return withActor(app, actor, async (client) => {
      const row = await this.#ground.plan(client, plan, true)
      if (row.state !== 'planned') throw refused('evaluation.state')
      const seed = await this.seed(client, plan)
      const items = this.#ground.items(today).filter((item) => row.items.includes(item.number))
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
                held === undefined ? null : this.#ground.sealHeld({ plan, unit: id, number }, held),
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

  /** Draws again from the kept frames by the revealed seed: whether it gives what was drawn. */
  async verify(
    actor: Actor,
    plan: number,
  ): Promise<{ seedFits: boolean; framesFit: boolean; sampleFits: boolean; drawn: number }> {
    return withActor(this.#ground.house.database.pools.app, actor, async (client) => {
      const row = await this.#ground.plan(client, plan)
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

  async seed(client: pg.ClientBase, plan: number): Promise<Buffer> {
    const { rows } = await client.query(
      'SELECT seed_secret AS sealed, seed_commitment AS commitment FROM xh.evaluation_plan WHERE plan_id = $1',
      [plan],
    )
    return this.#ground.house.keys.decrypt(rows[0].sealed, SEED(rows[0].commitment))
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
        await packFrame(this.#ground.house.keys, plan, unit, frame, members),
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
    return rows[0] === undefined
      ? []
      : unpackFrame(this.#ground.house.keys, plan, unit, frame, rows[0].packed)
  }
}
