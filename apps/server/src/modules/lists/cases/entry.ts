import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  advanceCase,
  type CaseState,
  type CatalogueItem,
  itemCodeOfList,
  type ListDefinition,
} from '@xinheng/core'
import { type Actor, withActor } from '../../../platform/database/actor.ts'
import { DomainError } from '../../../platform/errors/domain-error.ts'
import type { House } from '../../../platform/house.ts'
import { todayOf } from '../../../platform/today.ts'
import type { Catalogue } from '../../catalogue/index.ts'
import type { Deliveries, DeliveryResult } from '../../deliveries/index.ts'
import { Lists } from '../definitions.ts'
import * as store from './store.ts'

const CLOCK = { addWorkingDays: (day: string) => day, addMonths: (day: string) => day }

/**
 * Takes what was decided through the corridor, as a delivery of the authority's unit like any other: the record and
 * its listing are written where all are written. The delivery bears the case's own id, so that an entry that was
 * interrupted is not made twice.
 */
export class CaseEntry {
  readonly #house: House
  readonly #catalogue: Catalogue
  readonly #deliveries: Deliveries
  #running: Promise<void> = Promise.resolve()

  constructor(house: House, catalogue: Catalogue, deliveries: Deliveries) {
    this.#house = house
    this.#catalogue = catalogue
    this.#deliveries = deliveries
  }

  /** Enters whatever is decided and not entered yet, one after another. */
  enterAll(): Promise<void> {
    this.#running = this.#running
      .catch(() => {})
      .then(async () => {
        for (const id of await store.casesToEnter(this.#house.database.pools.job)) await this.#enter(id)
      })
    return this.#running
  }

  async #enter(id: number): Promise<void> {
    const { job } = this.#house.database.pools
    const row = await store.caseById(job, id)
    if (row === undefined) return
    const today = await todayOf(job)
    const list = new Lists(this.#catalogue).list(row.list, today)
    const item = this.#catalogue.item(itemCodeOfList(list), today)
    const leaving = row.state.stage === 'delistingDecided'
    const actor: Actor = { name: 'program:listing', duty: 'department', unitId: row.unit }
    const folder = join(this.#house.settings.dataFolder, 'tmp')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, `listing-${id}-${randomBytes(4).toString('hex')}.json`)
    let problem: string | null = null
    let result: DeliveryResult | undefined
    try {
      await writeFile(path, `${JSON.stringify(rowOf(row, item))}\n`, { mode: 0o600 })
      result = await this.#deliveries.import({
        path,
        fileName: leaving ? `移出-${id}.ndjson` : `列入-${id}.ndjson`,
        item: item.code,
        source: row.unitUscc,
        // A row that was not taken is delivered anew under another id once its ground is mended.
        clientId: `listing-case-${id}-${leaving ? 'off' : 'on'}-${today}`,
        mode: 'increment',
        dryRun: false,
        rejectedFile: false,
        actor,
      })
      problem = problemOf(result)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      problem = error.code
    } finally {
      await rm(path, { force: true })
    }
    if (problem !== null && problem === row.problem) return
    await withActor(job, actor, async (client) => {
      const now = (await store.caseById(client, id, true)) as store.CaseRow
      const event = { type: leaving ? 'left' : 'entered', on: today } as const
      const next = problem === null ? advance(now.state, event, list) : now.state
      // Until it is taken, the step stays due.
      const due =
        problem === null || row.dueStep === null || row.dueOn === null
          ? undefined
          : { step: row.dueStep, on: row.dueOn }
      await store.writeState(client, id, next, due, {
        problem,
        ...(leaving ? { delistingDelivery: result?.delivery ?? 0 } : { delivery: result?.delivery ?? 0 }),
      })
      await store.writeStep(client, id, {
        act: problem === null ? event.type : 'notTaken',
        account: undefined,
        by: actor.name,
        on: today,
        words: problem ?? undefined,
      })
      return {
        result: undefined,
        act: {
          act: `listing-case.${event.type}`,
          object: `listing-case:${id}`,
          ground: row.basis,
          result: problem ?? 'done',
          detail: { delivery: result?.delivery },
        },
      }
    })
  }
}

function advance(
  state: CaseState,
  event: { readonly type: 'entered' | 'left'; readonly on: string },
  list: ListDefinition,
): CaseState {
  const next = advanceCase(state, event, list, CLOCK)
  return 'state' in next ? next.state : state
}

function problemOf(result: DeliveryResult): string | null {
  if (result.rejected > 0) return 'rejected'
  if (result.inReview > 0) return 'inReview'
  return null
}

/** The row as the item's own headers name its cells. */
function rowOf(row: store.CaseRow, item: CatalogueItem): Record<string, string> {
  const values: Record<string, string | null> = {
    subjectName: row.subject,
    uscc: row.uscc,
    documentNumber: row.documentNumber,
    authorityName: row.unitName,
    authorityUscc: row.unitUscc,
    basis: row.basis,
    reason: row.reason,
    listedOn: row.decidedOn,
    termEnd: row.termEnd,
    delistedOn: row.delistedOn,
    delistReason: row.delistedOn === null ? null : row.delistingGround,
    delistAuthority: row.delistedOn === null ? null : row.unitName,
    delistKind: row.delistedOn === null ? null : row.delistingKind,
  }
  return Object.fromEntries(
    item.fields.flatMap((field) => {
      const value = values[field.name]
      const header = field.aliases?.[0] ?? field.title.zh
      return value === undefined || value === null ? [] : [[header, value]]
    }),
  )
}
