import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { CatalogueItem, CodeList, PublicationRules } from '@xinheng/core'
import type { House } from '../../platform/house.ts'
import type { Catalogue, PolicyKind } from '../catalogue/index.ts'
import { keptPath } from '../deliveries/index.ts'
import { listUnits } from '../units/index.ts'
import type { TrialFile, TrialMessage, TrialOrder, TrialResult, TrialSide } from './trial-order.ts'
import type { PolicyBody } from './writing.ts'

/** A trial stops after so many rows or seconds, whichever comes first. */
export const TRIAL_ROWS = 10_000
const TRIAL_SECONDS = 60
const MOST_FILES = 500
const MOST_ITEMS = 5

export interface Tried {
  readonly kind: PolicyKind
  readonly body: PolicyBody
}

/** What a draft is tried against: the items whose rows it judges, as they are judged today and as they would be. */
export function sidesOf(
  catalogue: Catalogue,
  draft: Tried,
  today: string,
): { before: TrialSide; after: TrialSide }[] {
  const lists = catalogue.codeLists(today)
  const side = (item: CatalogueItem): TrialSide => ({
    item,
    codeLists: lists,
    publication: catalogue.publication(item.publication, today),
  })
  const { kind, body } = draft
  if (kind === 'item') {
    const item = body as CatalogueItem
    const current = catalogue.items(today).find((one) => one.code === item.code)
    return current === undefined ? [] : [{ before: side(current), after: side(item) }]
  }
  // How the centre evaluates or is alarmed judges no row.
  if (kind !== 'code-list' && kind !== 'publication') return []
  const using = catalogue
    .items(today)
    .filter((item) =>
      kind === 'code-list'
        ? item.fields.some((field) => field.list === body.code)
        : item.publication === body.code,
    )
    .slice(0, MOST_ITEMS)
  return using.map((item) => {
    const before = side(item)
    const after =
      kind === 'code-list'
        ? { ...before, codeLists: [...lists.filter((list) => list.code !== body.code), body as CodeList] }
        : { ...before, publication: body as PublicationRules }
    return { before, after }
  })
}

/**
 * Judges rows of past deliveries again, as they are judged today and as a draft would judge them, in a thread of its
 * own. Nothing is written but what the caller keeps.
 * @param progress told from 0 to 1
 */
export async function runTrial(
  house: House,
  catalogue: Catalogue,
  draft: Tried,
  today: string,
  progress: (done: number) => void,
): Promise<TrialResult[]> {
  const sides = sidesOf(catalogue, draft, today)
  const results: TrialResult[] = []
  for (const [index, side] of sides.entries()) {
    const order = await orderOf(house, side)
    results.push(await inThread(order, (done) => progress((index + done) / sides.length)))
  }
  return results
}

async function orderOf(
  house: House,
  { before, after }: { before: TrialSide; after: TrialSide },
): Promise<TrialOrder> {
  const { job } = house.database.pools
  const units = (await listUnits(job)).map(({ unitId, uscc, name, formerNames }) => ({
    unitId,
    uscc,
    name,
    formerNames,
  }))
  const { rows } = await job.query(
    `SELECT delivery_id::float8 AS delivery, options, source_unit AS unit, received,
            (received_at AT TIME ZONE 'Asia/Shanghai')::date::text AS "receivedOn"
       FROM xh.delivery WHERE item = $1 AND state = 'done' ORDER BY delivery_id DESC LIMIT $2`,
    [before.item.number, MOST_FILES],
  )
  const files: TrialFile[] = []
  let waiting = 0
  for (const row of rows) {
    if (waiting >= TRIAL_ROWS) break
    const sourceUnit = units.find((unit) => unit.unitId === row.unit)
    const path = keptPath(house.settings, row.delivery)
    if (sourceUnit === undefined || !existsSync(path)) continue
    waiting += row.received
    files.push({
      delivery: row.delivery,
      path,
      encoding: row.options.encoding,
      sheet: row.options.sheet,
      receivedOn: row.receivedOn,
      sourceUnit,
    })
  }
  const temporaryFolder = join(house.settings.dataFolder, 'tmp')
  mkdirSync(temporaryFolder, { recursive: true, mode: 0o700 })
  return {
    files,
    before,
    after,
    units,
    rows: Math.min(TRIAL_ROWS, waiting),
    seconds: TRIAL_SECONDS,
    fileKeys: house.keys.files,
    temporaryFolder,
  }
}

function inThread(order: TrialOrder, progress: (done: number) => void): Promise<TrialResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./trial-thread.ts', import.meta.url), {
      workerData: order,
      resourceLimits: { maxOldGenerationSizeMb: 192 },
    })
    // A rule that takes for ever ends with its thread.
    const timer = setTimeout(() => void worker.terminate(), (order.seconds + 30) * 1000)
    worker.on('message', (message: TrialMessage) => {
      if (message.type === 'progress') progress(message.progress)
      else if (message.type === 'done') resolve(message.result)
      else reject(new Error(message.where))
    })
    worker.on('error', reject)
    worker.on('exit', () => {
      clearTimeout(timer)
      reject(new Error('the trial was ended'))
    })
  })
}
