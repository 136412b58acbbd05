import type {
  CatalogueItem,
  EvaluationMethod,
  HeldDecision,
  SampleFinding,
  WorkingCalendar,
} from '@xinheng/core'
import type pg from 'pg'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { listUnits, type Unit } from '../units/index.ts'
import { refused } from './refusals.ts'
import { type PlanRow, planRows, type SampleRow, sampleRows } from './store.ts'

const HELD = (plan: number, unit: number, number: number) =>
  `evaluation_sample‖held_secret‖${plan}‖${unit}‖${number}`

/** What every part of an evaluation stands on, and how it finds plans and samples: as row-level security shows them. */
export class Ground {
  readonly house: House
  readonly catalogue: Catalogue
  readonly calendar: () => Promise<WorkingCalendar>

  constructor(house: House, catalogue: Catalogue, calendar: () => Promise<WorkingCalendar>) {
    this.house = house
    this.catalogue = catalogue
    this.calendar = calendar
  }

  today(): Promise<string> {
    return todayOf(this.house.database.pools.app)
  }

  items(today: string): CatalogueItem[] {
    return this.catalogue
      .items(today)
      .filter((item) => item.reporting !== undefined && !item.subjectKinds.includes('person'))
  }

  async units(): Promise<ReadonlyMap<number, Unit>> {
    return new Map((await listUnits(this.house.database.pools.app)).map((unit) => [unit.unitId, unit]))
  }

  method(row: PlanRow): EvaluationMethod {
    const method = this.catalogue.evaluationMethods.find(
      (one) => one.code === row.method && one.version === row.methodVersion,
    )
    if (method === undefined) throw refused('evaluation.method')
    return method
  }

  async plan(client: pg.ClientBase, plan: number, locks = false): Promise<PlanRow> {
    if (locks) await client.query('SELECT pg_advisory_xact_lock(7261021, $1)', [plan])
    const [row] = await planRows(client, plan)
    if (row === undefined) throw refused('evaluation.unknown')
    return row
  }

  async sample(client: pg.ClientBase, sample: number): Promise<SampleRow> {
    const [row] = await sampleRows(client, undefined, sample)
    if (row === undefined) throw refused('evaluation.unknown')
    return row
  }

  held(
    sample: { readonly plan: number; readonly unit: number; readonly number: number },
    sealed: Buffer,
  ): HeldDecision {
    return JSON.parse(
      this.house.keys.decrypt(sealed, HELD(sample.plan, sample.unit, sample.number)).toString(),
    )
  }

  /** What the platform holds, sealed until it is compared. */
  sealHeld(
    sample: { readonly plan: number; readonly unit: number; readonly number: number },
    held: HeldDecision,
  ): Buffer {
    return this.house.keys.encrypt(
      Buffer.from(JSON.stringify(held)),
      HELD(sample.plan, sample.unit, sample.number),
    )
  }
}

/** What a unit may answer to. */
export function isFault(finding: SampleFinding | null): boolean {
  return finding !== null && (finding.missing || finding.late || finding.mismatched.length > 0)
}

/** What was answered, reviewed or found once stays. */
export async function once<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if ((error as { code?: string }).code === '23505') throw refused('evaluation.decided')
    throw error
  }
}
