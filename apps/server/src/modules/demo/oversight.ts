import type { Actor } from '../../platform/database/actor.ts'
import { withActor } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Evaluations } from '../evaluation/index.ts'
import type { Quality } from '../quality/index.ts'
import { listUnits, type Unit } from '../units/index.ts'

const CENTRE: Actor = { name: 'program:demo', duty: 'centre' }
const EVALUATOR: Actor = { name: 'program:demo', duty: 'evaluation' }
/** Units without decisions that say so; other silent ones say nothing. */
const NIL_UNITS = ['示例市民政局', '示例市林业局', '示例市统计局', '示例市青源区卫生健康局']
const EVALUATED = ['示例市市场监督管理局', '示例市交通运输局', '示例市住房和城乡建设局']
const ITEMS = ['permit-organisation', 'penalty-organisation']

/** What the centre watches in the demo city: nil reports, kept months, an evaluation under way and one to begin. */
export async function fillOversight(
  house: House,
  { evaluations, quality }: { readonly evaluations: Evaluations; readonly quality: Quality },
): Promise<void> {
  if ((await evaluations.plans(CENTRE)).length > 0) return
  const today = await todayOf(house.database.pools.job)
  const units = new Map((await listUnits(house.database.pools.job)).map((unit) => [unit.name, unit]))
  await nilReports(house, units, today)
  await quality.keepMonths()
  const evaluated = EVALUATED.flatMap((name) => units.get(name) ?? [])
  const plan = await evaluations.planning.create(CENTRE, {
    title: `${today.slice(0, 4)}年双公示第三方评估（示例）`,
    items: ITEMS,
    from: dayBefore(today, 200),
    to: dayBefore(today, 20),
    units: evaluated.map(({ unitId }) => unitId),
    sampleSize: 6,
    method: 'double-publicity',
  })
  for (const unit of evaluated) await sourceList(house, evaluations, plan, unit, today)
  await evaluations.planning.draw(EVALUATOR, plan)
  await enterAll(house, evaluations, plan)
  await evaluations.release(CENTRE, plan)
  await evaluations.planning.create(CENTRE, {
    title: `${today.slice(0, 7)} 双公示抽查（示例，待评估员抽样）`,
    items: ITEMS,
    from: dayBefore(today, 60),
    to: dayBefore(today, 12),
    units: evaluated.slice(0, 2).map(({ unitId }) => unitId),
    sampleSize: 5,
    method: 'double-publicity',
  })
}

async function nilReports(house: House, units: ReadonlyMap<string, Unit>, today: string): Promise<void> {
  const sunday = dayBefore(today, new Date(`${today}T00:00:00Z`).getUTCDay() || 7)
  for (const name of NIL_UNITS) {
    const unit = units.get(name)
    if (unit === undefined) continue
    await withActor(house.database.pools.app, { ...CENTRE, unitId: unit.unitId }, async (client) => {
      await client.query(
        `INSERT INTO xh.nil_report (item, source_unit, period_from, period_to, declared_by)
         SELECT i.item, $1, $2::date - w.week * 7 - 6, $2::date - w.week * 7, $3 FROM xh.catalogue_item i, generate_series(0, 3) AS w (week)
          WHERE i.code = ANY ($4) ON CONFLICT DO NOTHING`,
        [unit.unitId, sunday, CENTRE.name, ITEMS],
      )
      return {
        result: undefined,
        act: { act: 'nil.declare', object: `unit:${unit.unitId}`, detail: { demo: true } },
      }
    })
  }
}

/** Some decisions that are here, and two that the unit never reported. */
async function sourceList(
  house: House,
  evaluations: Evaluations,
  plan: number,
  unit: Unit,
  today: string,
): Promise<void> {
  const { rows } = await house.database.pools.job.query(
    `SELECT i.code AS item, r.document_number AS "documentNumber", r.decided_on::text AS "decidedOn"
       FROM xh.record r JOIN xh.catalogue_item i USING (item)
      WHERE r.source_unit = $1 AND i.code = ANY ($2) AND r.subject_kind <> 'p' AND r.decided_on BETWEEN $3 AND $4
      ORDER BY r.key LIMIT 8`,
    [unit.unitId, ITEMS, dayBefore(today, 200), dayBefore(today, 20)],
  )
  const unreported = [1, 2].map((number) => ({
    item: 'penalty-organisation',
    documentNumber: `示源罚〔${today.slice(0, 4)}〕90${number}号`,
    decidedOn: dayBefore(today, 40 + number),
  }))
  await evaluations.planning.enterSourceList(EVALUATOR, plan, unit.unitId, [...rows, ...unreported])
}

/** As an evaluator would find it: mostly the same, here and there another day or name. */
async function enterAll(house: House, evaluations: Evaluations, plan: number): Promise<void> {
  const { samples } = await evaluations.plan(EVALUATOR, plan)
  for (const sample of samples) {
    const { rows } = await house.database.pools.job.query(
      `SELECT s.name, r.decided_on::text AS day FROM xh.record r JOIN xh.public_subject s ON s.subject_id = r.subject_id
        WHERE r.source_unit = $1 AND r.item = $2 AND r.document_number = $3 LIMIT 1`,
      [sample.unit, sample.item, sample.documentNumber],
    )
    const held: { name: string; day: string } | undefined = rows[0]
    const differs = sample.number % 5 === 0
    await evaluations.findings.enter(EVALUATOR, sample.sample, {
      found: true,
      documentNumber: sample.documentNumber,
      decidedOn:
        held === undefined
          ? sample.stratum.slice(-7).concat('-15')
          : differs
            ? dayBefore(held.day, 1)
            : held.day,
      ...(held === undefined ? {} : { subjectName: held.name }),
    })
  }
}

function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10)
}
