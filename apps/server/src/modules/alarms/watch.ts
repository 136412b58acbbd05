import { type AlarmKind, type AlarmRules, faultsJumped, type WorkingCalendar } from '@xinheng/core'
import type pg from 'pg'

/** A condition that holds now. */
export interface Ringing {
  readonly kind: AlarmKind
  readonly object: string
  readonly unit: number | null
  readonly detail: Readonly<Record<string, string | number>>
}

interface Watched {
  readonly client: pg.ClientBase
  readonly rules: AlarmRules
  readonly calendar: WorkingCalendar
  readonly today: string
  /** Numbers of the items that have a term of reporting. */
  readonly items: readonly number[]
}

/** Every condition of the rules that holds now, by what is stored: numbers alone. */
export async function ringingNow(watched: Watched): Promise<Ringing[]> {
  return [
    ...(await silentSources(watched)),
    ...(await jumpedFaults(watched)),
    ...(await unconfirmedWithdrawals(watched)),
    ...(await silentLedger(watched)),
  ]
}

/** Units that once delivered, or from which something is expected, and that said nothing for too long. */
async function silentSources({ client, rules, calendar, today, items }: Watched): Promise<Ringing[]> {
  const { workingDays, expectedFrom } = rules.sourceSilent
  const { rows } = await client.query(
    `SELECT u.unit_id AS unit, h.at IS NOT NULL AS ever,
            to_char(coalesce(h.at, u.created_at) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS since
       FROM xh.unit u
       LEFT JOIN (SELECT source_unit, max(at) AS at FROM (
                    SELECT source_unit, received_at AS at FROM xh.delivery WHERE item = ANY ($1) AND state = 'done' AND received > 0
                    UNION ALL
                    SELECT source_unit, greatest(declared_at, (period_to + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') FROM xh.nil_report WHERE item = ANY ($1)) heard GROUP BY 1) h ON h.source_unit = u.unit_id
      WHERE h.at IS NOT NULL OR EXISTS (SELECT FROM unnest($2::text[]) AS p (prefix) WHERE starts_with(u.uscc, p.prefix))`,
    [items, expectedFrom],
  )
  return rows.flatMap(({ unit, ever, since }): Ringing[] => {
    const silentDays = since >= today ? 0 : calendar.workingDaysBetween(since, today)
    if (silentDays <= workingDays) return []
    return [
      {
        kind: 'sourceSilent',
        object: `unit:${unit}`,
        unit,
        detail: { workingDays: silentDays, limit: workingDays, ...(ever ? { lastHeardOn: since } : {}) },
      },
    ]
  })
}

async function jumpedFaults({ client, rules }: Watched): Promise<Ringing[]> {
  const rule = rules.faultsJumped
  const { rows } = await client.query(
    `SELECT d.source_unit AS unit, d.item, i.code,
            coalesce(sum(received) FILTER (WHERE recent), 0)::float8 AS now_rows, coalesce(sum(rejected) FILTER (WHERE recent), 0)::float8 AS now_rejected,
            coalesce(sum(received) FILTER (WHERE NOT recent), 0)::float8 AS rows, coalesce(sum(rejected) FILTER (WHERE NOT recent), 0)::float8 AS rejected
       FROM (SELECT *, received_at >= now() - $1::int * interval '1 day' AS recent FROM xh.delivery
              WHERE state = 'done' AND received_at >= now() - ($1::int + $2::int) * interval '1 day') d
       JOIN xh.catalogue_item i ON i.item = d.item
      GROUP BY 1, 2, 3`,
    [rule.windowDays, rule.beforeDays],
  )
  return rows.flatMap((row): Ringing[] => {
    const now = { rows: row.now_rows, rejected: row.now_rejected }
    const before = { rows: row.rows, rejected: row.rejected }
    if (!faultsJumped(now, before, rule)) return []
    return [
      {
        kind: 'faultsJumped',
        object: `unit:${row.unit}/item:${row.code}`,
        unit: row.unit,
        detail: {
          item: row.code,
          rows: now.rows,
          rejected: now.rejected,
          percent: percent(now),
          percentBefore: percent(before),
          days: rule.windowDays,
        },
      },
    ]
  })
}

function percent({ rows, rejected }: { rows: number; rejected: number }): number {
  return rows === 0 ? 0 : Math.round((rejected / rows) * 1000) / 10
}

async function unconfirmedWithdrawals({ client, rules, calendar, today }: Watched): Promise<Ringing[]> {
  const { rows } = await client.query(
    `SELECT withdrawal_id AS id, source_unit AS unit, to_char(hidden_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS "hiddenOn"
       FROM xh.withdrawal WHERE state = 'open'`,
  )
  const { workingDays } = rules.withdrawalUnconfirmed
  return rows.flatMap(({ id, unit, hiddenOn }): Ringing[] => {
    const waited = hiddenOn >= today ? 0 : calendar.workingDaysBetween(hiddenOn, today)
    if (waited <= workingDays) return []
    return [
      {
        kind: 'withdrawalUnconfirmed',
        object: `withdrawal:${id}`,
        unit,
        detail: { workingDays: waited, limit: workingDays, hiddenOn },
      },
    ]
  })
}

async function silentLedger({ client, rules }: Watched): Promise<Ringing[]> {
  const { rows } = await client.query(
    `SELECT floor(extract(epoch FROM now() - max(signed_at)) / 60)::float8 AS minutes FROM xh.ledger_head`,
  )
  const minutes: number | null = rows[0].minutes
  const limit = rules.ledgerSilent.minutes
  // Before the first head there is nothing that fell silent.
  if (minutes === null || minutes <= limit) return []
  return [{ kind: 'ledgerSilent', object: 'ledger', unit: null, detail: { minutes, limit } }]
}
