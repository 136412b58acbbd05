import { standardiseIdentifier } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { ReadRefusal, readTable } from '../corridor/index.ts'
import { compileMatterRule, type MatterFacts } from './rules.ts'

/** Kinds of the national catalogue of government services, and those that only joint action adds. */
const MATTER_KINDS = [
  '行政许可',
  '行政确认',
  '行政给付',
  '行政奖励',
  '行政征收',
  '行政裁决',
  '行政检查',
  '行政处罚',
  '行政强制',
  '其他行政权力',
  '公共服务',
  '公共资源交易',
  '政府采购',
  '资金补贴',
  '评优评先',
  '不动产登记',
] as const

const HEADERS: Readonly<Record<string, keyof MatterRow>> = {
  事项编码: 'code',
  基本编码: 'code',
  实施编码: 'code',
  code: 'code',
  事项名称: 'name',
  name: 'name',
  事项类型: 'kind',
  类型: 'kind',
  kind: 'kind',
  实施主体统一社会信用代码: 'unit',
  实施机构统一社会信用代码: 'unit',
  实施主体代码: 'unit',
  unit: 'unit',
}

interface MatterRow {
  code: string
  name: string
  kind: string
  unit: string
}

export interface MatterImport {
  readonly received: number
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  /** Bindings by rule that meet matters they did not meet before. */
  readonly met: number
  readonly rejected: readonly {
    readonly row: number
    readonly code: string
    readonly zh: string
    readonly en: string
  }[]
}

/**
 * Imports a catalogue of matters. A row that is not right is told and stays out; bindings by rule meet the new ones.
 * @throws DomainError `matter.file`
 */
export async function importMatters(house: House, actor: Actor, path: string): Promise<MatterImport> {
  const { rows, rejected, received } = await readMatters(path, house.settings.dataFolder)
  return withActor(house.database.pools.app, actor, async (client) => {
    const units = new Map(
      (await client.query('SELECT uscc, unit_id, name FROM xh.unit')).rows.map((row) => [
        row.uscc as string,
        row,
      ]),
    )
    const known = [...rejected]
    const right = rows.filter(({ place, row }) => {
      if (units.has(row.unit)) return true
      known.push({
        row: place,
        code: 'matter.unit-unknown',
        zh: `单位 ${row.unit} 未登记。`,
        en: `The unit ${row.unit} is not registered.`,
      })
      return false
    })
    const { rows: before } = await client.query('SELECT code, name, kind, unit_id FROM xh.matter')
    const standing = new Map(
      before.map((row) => [row.code as string, `${row.name}\n${row.kind}\n${row.unit_id}`]),
    )
    let added = 0
    let changed = 0
    const written = right.filter(({ row }) => {
      const now = `${row.name}\n${row.kind}\n${units.get(row.unit)?.unit_id}`
      const then = standing.get(row.code)
      if (then === undefined) added++
      else if (then !== now) changed++
      return then !== now
    })
    await client
      .query(
        `INSERT INTO xh.matter (code, name, kind, unit_id)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[])
         ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, kind = EXCLUDED.kind, unit_id = EXCLUDED.unit_id, ended_on = NULL`,
        [
          written.map(({ row }) => row.code),
          written.map(({ row }) => row.name),
          written.map(({ row }) => row.kind),
          written.map(({ row }) => units.get(row.unit)?.unit_id),
        ],
      )
      .catch((error) => {
        if (error.code !== '23503') throw error
        throw new DomainError('matter.in-use', {
          zh: '已订阅或核查过的事项不能改属另一单位。',
          en: 'A matter with subscriptions or checks does not move to another unit.',
          remedyZh: '用新的事项编码登记，原事项停用。',
          remedyEn: 'Register it under a new code and end the old one.',
          status: 409,
        })
      })
    const met = await meetByRule(
      client,
      written.map(({ row }) => ({ ...row, unit: String(units.get(row.unit)?.name) })),
    )
    await client.query('SELECT xh.joint_action_changed()')
    const result = {
      received,
      added,
      changed,
      unchanged: right.length - written.length,
      met,
      rejected: known.sort((a, b) => a.row - b.row),
    }
    return {
      result,
      act: {
        act: 'matter.import',
        object: 'matters',
        ground: '政务服务事项目录',
        detail: { received, added, changed, rejected: known.length },
      },
    }
  })
}

async function meetByRule(client: pg.ClientBase, matters: readonly MatterFacts[]): Promise<number> {
  const { rows } = await client.query(
    'SELECT binding_id, rule FROM xh.measure_binding WHERE rule IS NOT NULL AND ended IS NULL',
  )
  let met = 0
  for (const { binding_id, rule } of rows) {
    const meets = compileMatterRule(rule)
    const codes = matters.filter(meets).map(({ code }) => code)
    if (codes.length === 0) continue
    const added = await client.query('SELECT xh.meet_by_rule($1, $2) AS added', [binding_id, codes])
    met += added.rows[0].added
  }
  return met
}

async function readMatters(path: string, temporaryFolder: string) {
  const rows: { place: number; row: MatterRow }[] = []
  const rejected: MatterImport['rejected'][number][] = []
  const seen = new Set<string>()
  let received = 0
  let header: readonly (keyof MatterRow | undefined)[] = []
  const score = (cells: readonly string[]) =>
    cells.filter((cell) => HEADERS[cell.trim()] !== undefined).length
  const reject = (row: number, code: string, zh: string, en: string) => rejected.push({ row, code, zh, en })
  try {
    for await (const table of readTable(path, { headerScore: score, temporaryFolder })) {
      header = table.header.map((cell) => HEADERS[cell.trim()])
      for (const column of ['code', 'name', 'kind', 'unit'] as const)
        if (!header.includes(column)) throw missing(column)
      for (const { place, cells } of table.rows) {
        received++
        const row: MatterRow = { code: '', name: '', kind: '', unit: '' }
        header.forEach((name, index) => {
          if (name !== undefined && row[name] === '')
            row[name] = (cells[index] ?? '').normalize('NFKC').trim()
        })
        row.unit = standardiseIdentifier(row.unit).value ?? row.unit
        if (!/^[0-9A-Za-z][0-9A-Za-z-]{3,39}$/.test(row.code))
          reject(
            place,
            'matter.code',
            '事项编码须为4至40位数字、字母或短横。',
            'A code has 4 to 40 digits, letters or hyphens.',
          )
        else if (seen.has(row.code))
          reject(
            place,
            'matter.code-repeated',
            `事项编码 ${row.code} 在文件中重复。`,
            `${row.code} stands twice.`,
          )
        else if (row.name.length < 2 || row.name.length > 200)
          reject(place, 'matter.name', '事项名称须为2至200字。', 'A name has 2 to 200 characters.')
        else if (!(MATTER_KINDS as readonly string[]).includes(row.kind))
          reject(place, 'matter.kind', `没有事项类型“${row.kind}”。`, `There is no kind “${row.kind}”.`)
        else {
          seen.add(row.code)
          rows.push({ place, row })
        }
      }
    }
  } catch (error) {
    if (!(error instanceof ReadRefusal)) throw error
    throw new DomainError('matter.file', {
      zh: error.zh,
      en: error.en,
      remedyZh: '用 CSV 或 XLSX，表头含 事项编码、事项名称、事项类型、实施主体统一社会信用代码。',
      remedyEn: 'Use CSV or XLSX with the headers 事项编码, 事项名称, 事项类型, 实施主体统一社会信用代码.',
    })
  }
  return { rows, rejected, received }
}

const missing = (column: string): DomainError =>
  new DomainError('matter.file', {
    zh: `表头缺少“${column}”。`,
    en: `The header lacks “${column}”.`,
    remedyZh: '表头含 事项编码、事项名称、事项类型、实施主体统一社会信用代码。',
    remedyEn: 'Give the headers 事项编码, 事项名称, 事项类型, 实施主体统一社会信用代码.',
  })
