import {
  type Agreement,
  type AlarmRules,
  type CatalogueItem,
  type CodeList,
  type EvaluationMethod,
  itemCodeOfList,
  type ListDefinition,
  type Measure,
  type PublicationRules,
} from '@xinheng/core'
import pg from 'pg'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { PolicyDocument } from './read-policy.ts'

const LOCK = 7_261_002

/**
 * Enters released documents as versions and makes the tables of new items. Runs as the migrator: new leaves are new
 * tables. The same version with another content refuses: a version never changes.
 */
export async function enterPolicy(
  migratorUrl: string,
  documents: readonly PolicyDocument[],
): Promise<string[]> {
  const client = new pg.Client({ connectionString: migratorUrl })
  await client.connect()
  const entered: string[] = []
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    await client.query('SET ROLE xh_owner')
    const { rows } = await client.query('SELECT kind, code, version, hash FROM xh.policy_version')
    const signed = rows.length > 0 && (await asksForSignatures(client))
    const known = new Map(rows.map((row) => [`${row.kind} ${row.code}@${row.version}`, row.hash as string]))
    for (const document of documents) {
      const name = `${document.kind} ${document.code}@${document.version}`
      const before = known.get(name)
      if (before === document.hash) continue
      if (before !== undefined) {
        throw new DomainError('policy.version-changed', {
          zh: `政策文件 ${document.file} 的版本 ${document.version} 已入库，内容却不同。`,
          en: `Version ${document.version} of ${document.file} has been entered already with another content.`,
          remedyZh: '还原文件，把改动写成新的版本号。',
          remedyEn: 'Restore the file and release the change as a new version.',
        })
      }
      if (signed) {
        await client.query(
          `INSERT INTO xh.policy_draft (kind, code, version, origin, source, hash, written_by)
           VALUES ($1, $2, $3, 'folder', $4, $5, 'program:policy') ON CONFLICT DO NOTHING`,
          [document.kind, document.code, document.version, document.source, document.hash],
        )
        continue
      }
      await client.query('BEGIN')
      try {
        if (document.kind === 'item') await enterItem(client, document.body as CatalogueItem)
        await client.query(
          'INSERT INTO xh.policy_version (kind, code, version, hash, body, in_force_from, source) VALUES ($1, $2, $3, $4, $5, $6, $7)',
          [
            document.kind,
            document.code,
            document.version,
            document.hash,
            document.body,
            document.inForceFrom,
            document.source,
          ],
        )
        if (document.kind === 'item') await client.query('SELECT xh.renew_categories()')
        if (document.kind === 'list') {
          const list = document.body as ListDefinition
          await client.query('SELECT xh.enter_list($1, $2)', [list.code, itemCodeOfList(list)])
        }
        if (document.kind === 'measure')
          await client.query('SELECT xh.enter_measure($1, $2)', [document.code, document.version])
        // What rests on an agreement stands or falls with its text, in the same transaction.
        if (document.kind === 'agreement')
          await client.query('SELECT xh.stand_foreign($1, NULL)', [document.code])
        await client.query('COMMIT')
      } catch (error) {
        await client.query('ROLLBACK')
        throw error
      }
      entered.push(name)
    }
  } finally {
    await client.end()
  }
  return entered
}

/**
 * Once the centre has people, a new version waits for two of them, whoever laid the file. The demo city does without:
 * it would never see what a newer program brings.
 */
async function asksForSignatures(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT EXISTS (SELECT FROM xh.account WHERE duty = 'centre' AND NOT demo)
        AND NOT EXISTS (SELECT FROM xh.unit WHERE region BETWEEN 519900 AND 519999) AS signed`,
  )
  return rows[0].signed
}

/** An item's leaves: the loader may insert into them, nobody else may touch them but through the parent. */
async function enterItem(client: pg.Client, item: CatalogueItem): Promise<void> {
  const number = item.number
  if (!Number.isInteger(number) || number < 1 || number > 32_767) throw new Error(`item number ${number}`)
  await client.query('INSERT INTO xh.catalogue_item (item, code) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    number,
    item.code,
  ])
  const { rows } = await client.query('SELECT code FROM xh.catalogue_item WHERE item = $1', [number])
  if (rows[0].code !== item.code) {
    throw new DomainError('policy.number-taken', {
      zh: `目录项编号 ${number} 已属于 ${rows[0].code}。`,
      en: `The item number ${number} belongs to ${rows[0].code}.`,
      remedyZh: '换一个没有用过的编号（地方目录项从1000起）。',
      remedyEn: 'Take a number that was never used (local items from 1000).',
    })
  }
  await client.query(
    `CREATE TABLE IF NOT EXISTS xh.record_${number} PARTITION OF xh.record FOR VALUES IN (${number})`,
  )
  await client.query(
    `CREATE TABLE IF NOT EXISTS xh.record_version_${number} PARTITION OF xh.record_version FOR VALUES IN (${number})`,
  )
  await client.query(`GRANT INSERT ON xh.record_${number}, xh.record_version_${number} TO xh_load`)
}

export interface EnteredPolicy {
  readonly items: readonly CatalogueItem[]
  readonly codeLists: readonly CodeList[]
  readonly publications: readonly PublicationRules[]
  readonly methods: readonly EvaluationMethod[]
  readonly alarmRules: readonly AlarmRules[]
  readonly lists: readonly ListDefinition[]
  readonly measures: readonly Measure[]
  readonly agreements: readonly Agreement[]
}

/** Tells one state of the policy from another: versions are only ever added. */
export async function policyState(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query(
    "SELECT concat_ws('/', count(*), max(entered_at)) AS state FROM xh.policy_version",
  )
  return rows[0].state
}

/** Every version that has been entered. */
export async function enteredPolicy(pool: pg.Pool): Promise<EnteredPolicy> {
  const { rows } = await pool.query('SELECT kind, body FROM xh.policy_version ORDER BY code, version')
  const of = <T>(kind: string): T[] => rows.filter((row) => row.kind === kind).map((row) => row.body as T)
  return {
    items: of('item'),
    codeLists: of('code-list'),
    publications: of('publication'),
    methods: of('evaluation-method'),
    alarmRules: of('alarm-rule'),
    lists: of('list'),
    measures: of('measure'),
    agreements: of('agreement'),
  }
}
