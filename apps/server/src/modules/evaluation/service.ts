import { type EvaluationMethod, WorkingCalendar } from '@xinheng/core'
import { type Actor, asActor, asReader, withActor } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import type { Boards } from '../board/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { Findings } from './findings.ts'
import { Ground, isFault } from './ground.ts'
import { type PlanOutcome, planOutcome } from './outcome.ts'
import { Planning } from './planning.ts'
import { refused } from './refusals.ts'
import { type PlanRow, planRows, type SampleRow, sampleRows } from './store.ts'

const PROGRAM: Actor = { name: 'program:evaluation', duty: 'centre' }

/**
 * 第三方评估: planned by the centre, drawn and entered by an evaluator of its own, answered by units once released,
 * reviewed by a second person of the centre, weighed by a dated method, and open to be drawn again at the end.
 */
export class Evaluations {
  readonly planning: Planning
  readonly findings: Findings
  readonly #ground: Ground
  readonly #boards: Boards

  constructor(
    house: House,
    catalogue: Catalogue,
    boards: Boards,
    calendar: () => Promise<WorkingCalendar> = async () => new WorkingCalendar(),
  ) {
    this.#ground = new Ground(house, catalogue, calendar)
    this.planning = new Planning(this.#ground)
    this.findings = new Findings(this.#ground)
    this.#boards = boards
  }

  /** What a plan is made of: methods in force, items with a term, units. */
  async choices(): Promise<{
    methods: EvaluationMethod[]
    items: { code: string; zh: string; en: string }[]
    units: { unit: number; name: string }[]
  }> {
    const today = await this.#ground.today()
    const methods = this.#ground.catalogue.evaluationMethods.filter((method) => method.inForceFrom <= today)
    const newest = new Map(methods.map((method) => [method.code, method]))
    const units = await this.#ground.units()
    return {
      methods: [...newest.values()],
      items: this.#ground.items(today).map((item) => ({ code: item.code, ...item.title })),
      units: [...units.values()].map(({ unitId, name }) => ({ unit: unitId, name })),
    }
  }

  async plans(actor: Actor): Promise<PlanView[]> {
    return asActor(this.#ground.house.database.pools.app, actor, async (client) =>
      (await planRows(client)).map((row) => viewOf(row, actor)),
    )
  }

  /** The plan with its samples, as far as the actor may see them: row-level security decides, not this code. */
  async plan(actor: Actor, plan: number) {
    const { row, samples } = await this.#seen(actor, plan)
    const units = await this.#ground.units()
    const shows = row.state === 'released' || row.state === 'closed'
    return {
      plan: viewOf(row, actor),
      units: viewOf(row, actor).units.map((id) => ({ unit: id, name: units.get(id)?.name ?? '' })),
      samples: samples.map(({ heldSecret, ...sample }) => ({
        ...sample,
        // The evaluator enters what the source shows without knowing what is here.
        held: shows && heldSecret !== null ? this.#ground.held(sample, heldSecret) : null,
      })),
    }
  }

  /** From now on each unit sees its own sample and may answer. */
  async release(actor: Actor, plan: number): Promise<string> {
    const calendar = await this.#ground.calendar()
    const today = await this.#ground.today()
    const { rows } = await this.#ground.house.database.pools.job.query(
      'SELECT count(*) FILTER (WHERE shown IS NULL)::int AS open FROM xh.evaluation_sample WHERE plan_id = $1',
      [plan],
    )
    return withActor(this.#ground.house.database.pools.app, actor, async (client) => {
      const row = await this.#ground.plan(client, plan, true)
      if (row.state !== 'drawn') throw refused('evaluation.state')
      if (rows[0].open > 0) throw refused('evaluation.unfinished', String(rows[0].open))
      const until = calendar.addWorkingDays(today, this.#ground.method(row).answerWorkingDays)
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

  /** Weighs the units, keeps what was computed and reveals the seed. */
  async close(actor: Actor, plan: number): Promise<PlanOutcome> {
    const today = await this.#ground.today()
    const outcome = await this.outcome(actor, plan)
    return withActor(this.#ground.house.database.pools.app, actor, async (client) => {
      const row = await this.#ground.plan(client, plan, true)
      if (row.state !== 'released') throw refused('evaluation.state')
      const samples = await sampleRows(client, plan)
      const faults = samples.filter((sample) => isFault(sample.finding))
      const unreviewed = faults.some((sample) => sample.answer !== null && sample.review === null)
      const mayStillAnswer =
        today <= (row.answerUntil as string) && faults.some((sample) => sample.answer === null)
      if (unreviewed || mayStillAnswer) throw refused('evaluation.open-answers')
      const seed = (await this.planning.seed(client, plan)).toString('hex')
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
    const { row, samples } = await this.#seen(actor, plan)
    if (row.state !== 'released' && row.state !== 'closed') throw refused('evaluation.state')
    const own = (outcome: PlanOutcome): PlanOutcome =>
      actor.duty === 'department'
        ? { ...outcome, units: outcome.units.filter(({ unit }) => unit === actor.unitId) }
        : outcome
    if (row.outcome !== null) return own(row.outcome)
    const codes = this.#ground
      .items(await this.#ground.today())
      .filter((item) => row.items.includes(item.number))
      .map((item) => item.code)
    const board = await this.#boards.board(PROGRAM, { from: row.from, to: row.to, items: codes })
    return own(planOutcome(this.#ground.method(row), row, samples, board, await this.#ground.units()))
  }

  /** All that the report says. */
  async report(
    actor: Actor,
    plan: number,
  ): Promise<{ plan: PlanRow; outcome: PlanOutcome; samples: SampleRow[] }> {
    const outcome = await this.outcome(actor, plan)
    const { row, samples } = await this.#seen(actor, plan)
    return { plan: row, outcome, samples }
  }

  /** Samples, and what was found in them, are for those who take part: a look at them is an entry. */
  #seen(actor: Actor, plan: number): Promise<{ row: PlanRow; samples: SampleRow[] }> {
    const reading = {
      act: 'evaluation.read',
      object: `evaluation:${plan}`,
      ground: 'evaluation.read',
    } as const
    return asReader(this.#ground.house.database.pools.app, actor, reading, async (client) => ({
      row: await this.#ground.plan(client, plan),
      samples: await sampleRows(client, plan),
    }))
  }
}

/** A plan as it is shown: what came out has a page of its own, and a unit learns nothing of the others. */
type PlanView = Omit<PlanRow, 'outcome'>

function viewOf({ outcome, ...row }: PlanRow, actor: Actor): PlanView {
  void outcome
  return actor.duty === 'department'
    ? { ...row, units: row.units.filter((unit) => unit === actor.unitId) }
    : row
}
