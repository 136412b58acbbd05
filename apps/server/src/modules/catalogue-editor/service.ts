import type { CatalogueItem } from '@xinheng/core'
import type pg from 'pg'
import { parse } from 'yaml'
import { type Actor, become, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Approvals } from '../approvals/index.ts'
import {
  type Catalogue,
  checkDraft,
  documentHash,
  type PolicyFault,
  type PolicyKind,
} from '../catalogue/index.ts'
import { type Difference, differencesBetween } from './differences.ts'
import * as store from './store.ts'
import type { TrialResult } from './trial-order.ts'
import { runTrial, sidesOf } from './trials.ts'
import { nextVersionOf, type PolicyBody, pathOf, writePolicy } from './writing.ts'

export const RELEASE = 'catalogue.release'
const LONGEST_SOURCE = 400_000
/** A proposal waits so long for its second person. */
const PROPOSAL_DAYS = 30

export interface DraftHead {
  readonly id: number
  readonly kind: PolicyKind
  readonly code: string
  readonly version: number
  readonly origin: 'console' | 'folder'
  readonly state: string
  readonly title: { readonly zh: string; readonly en: string } | null
  readonly inForceFrom: string | null
  readonly writtenBy: string
  readonly changedAt: string
}

export interface TrialView {
  readonly id: number
  readonly state: 'running' | 'done' | 'failed'
  readonly progress: number
  readonly startedAt: string
  readonly askedBy: string
  /** Of another text than the draft holds now. */
  readonly stale: boolean
}

export interface Draft extends DraftHead {
  readonly source: string
  readonly body: unknown
  readonly path: string
  readonly faults: readonly PolicyFault[]
  /** Against the version before; empty for a new document. */
  readonly differences: readonly Difference[]
  readonly previous: number | null
  readonly trial: TrialView | null
  /** Whether anything was delivered that it can be tried on. */
  readonly canBeTried: boolean
  readonly approval: number | null
}

export interface Version {
  readonly kind: PolicyKind
  readonly code: string
  readonly version: number
  readonly title: { readonly zh: string; readonly en: string }
  readonly inForceFrom: string
  readonly proposedBy: string | null
  readonly approvedBy: string | null
  readonly enteredAt: string
  /** The version by which rows are judged today. */
  readonly judges: boolean
}

interface ReleasePayload {
  readonly draft: number
  readonly kind: PolicyKind
  readonly code: string
  readonly version: number
  readonly inForceFrom: string
  readonly hash: string
}

/**
 * Where the catalogue is written: drafts are checked as files are, tried on what was delivered, proposed by one person
 * and released by another. What is released never changes.
 */
export class CatalogueEditor {
  readonly #house: House
  readonly #catalogue: Catalogue
  readonly #approvals: Approvals

  constructor(house: House, catalogue: Catalogue, approvals: Approvals) {
    this.#house = house
    this.#catalogue = catalogue
    this.#approvals = approvals
    approvals.register(RELEASE, {
      may: 'catalogue.approve',
      execute: (client, payload, _actor, { id }) => this.#release(client, payload as ReleasePayload, id),
      refused: async (client, payload) => {
        await store.moveDraft(client, (payload as ReleasePayload).draft, 'proposed', 'draft', null)
      },
    })
  }

  /** Every version that was released, and by whom. */
  async versions(actor: Actor): Promise<Version[]> {
    const today = await todayOf(this.#house.database.pools.job)
    const rows = await this.#read(actor, (client) => store.versions(client))
    const judges = new Map<string, number>()
    for (const row of rows) {
      const name = `${row.kind} ${row.code}`
      if (row.inForceFrom <= today) judges.set(name, Math.max(judges.get(name) ?? 0, row.version))
    }
    return rows.map((row) => ({
      kind: row.kind,
      code: row.code,
      version: row.version,
      title: titleOf(row.body) ?? { zh: row.code, en: row.code },
      inForceFrom: row.inForceFrom,
      proposedBy: row.proposedBy,
      approvedBy: row.approvedBy,
      enteredAt: row.enteredAt,
      judges: judges.get(`${row.kind} ${row.code}`) === row.version,
    }))
  }

  /** A released version as the file that it is. */
  async file(
    actor: Actor,
    kind: string,
    code: string,
    version: number,
  ): Promise<{ name: string; text: string }> {
    const rows = await this.#read(actor, (client) => store.versions(client))
    const row = rows.find((one) => one.kind === kind && one.code === code && one.version === version)
    if (row === undefined) throw fault('draft.version-unknown')
    return { name: pathOf(kind, code, version), text: row.source ?? writePolicy(row.body) }
  }

  async list(actor: Actor): Promise<DraftHead[]> {
    const rows = await this.#read(actor, (client) => store.drafts(client))
    return rows.map((row) => headOf(row))
  }

  /** Begins the next version of something, or something new from a file. */
  async begin(
    actor: Actor,
    from:
      | { readonly kind: PolicyKind; readonly code: string }
      | { readonly kind: PolicyKind; readonly source: string },
  ): Promise<number> {
    const source = 'source' in from ? from.source : await this.#nextVersion(actor, from.kind, from.code)
    const { code, version, hash } = this.#read3(source)
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const id = await store.insertDraft(client, {
        kind: from.kind,
        code,
        version,
        source,
        hash,
        writtenBy: actor.name,
      })
      return {
        result: id,
        act: {
          act: 'catalogue.draft',
          object: `draft:${id}`,
          detail: { kind: from.kind, code, version, hash },
        },
      }
    })
  }

  async draft(actor: Actor, id: number): Promise<Draft> {
    await this.#catalogue.refresh()
    const today = await todayOf(this.#house.database.pools.job)
    const { row, trial } = await this.#read(actor, async (client) => ({
      row: await existing(client, id),
      trial: await store.newestTrial(client, id),
    }))
    const { faults, body } = this.#check(row)
    const previous = this.#previousOf(row)
    return {
      ...headOf(row),
      source: row.source,
      body: body ?? null,
      path: pathOf(row.kind, row.code, row.version),
      faults,
      differences:
        previous === undefined || body === undefined ? [] : differencesBetween(previous, body).slice(0, 300),
      previous: previous?.version ?? null,
      trial:
        trial === undefined
          ? null
          : {
              id: trial.id,
              state: trial.lost ? 'failed' : trial.state,
              progress: trial.progress,
              startedAt: trial.startedAt,
              askedBy: trial.askedBy,
              stale: trial.hash !== row.hash,
            },
      canBeTried: faults.length === 0 && (await this.#canBeTried(row.kind, body as PolicyBody, today)),
      approval: row.approval,
    }
  }

  /** Writes a draft anew, from its text or from its parts. */
  async change(
    actor: Actor,
    id: number,
    to: { readonly source: string } | { readonly body: object },
  ): Promise<void> {
    const source = 'source' in to ? to.source : writePolicy(to.body)
    const { code, version, hash } = this.#read3(source)
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      await existing(client, id)
      if (!(await store.changeDraft(client, id, { code, version, source, hash }))) throw fault('draft.closed')
      return {
        result: undefined,
        act: { act: 'catalogue.write', object: `draft:${id}`, detail: { code, version, hash } },
      }
    })
  }

  async discard(actor: Actor, id: number): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      await existing(client, id)
      if (!(await store.moveDraft(client, id, 'draft', 'discarded', null))) throw fault('draft.closed')
      return { result: undefined, act: { act: 'catalogue.discard', object: `draft:${id}` } }
    })
  }

  /** Judges past deliveries again by the draft; the result is read when it is there. @returns the trial's number */
  async try(actor: Actor, id: number): Promise<number> {
    await this.#catalogue.refresh(true)
    const today = await todayOf(this.#house.database.pools.job)
    const { trial, row, body } = await withActor(this.#house.database.pools.app, actor, async (client) => {
      const row = await existing(client, id)
      const { faults, body } = this.#check(row)
      if (faults.length > 0) throw fault('draft.faulty')
      if (!(await this.#canBeTried(row.kind, body as PolicyBody, today))) throw fault('draft.nothing-to-try')
      const running = await store.newestTrial(client, id)
      if (running?.state === 'running' && !running.lost) throw fault('draft.trial-running')
      const trial = await store.beginTrial(client, id, row.hash, actor.name)
      return {
        result: { trial, row, body: body as PolicyBody },
        act: { act: 'catalogue.try', object: `draft:${id}`, detail: { trial, hash: row.hash } },
      }
    })
    const work = this.#runTrial(actor, trial, { kind: row.kind, body }, today)
    this.#running.add(work)
    void work.finally(() => this.#running.delete(work))
    return trial
  }

  readonly #running = new Set<Promise<void>>()

  /** Waits for the trials that run in this process. */
  async settled(): Promise<void> {
    await Promise.all(this.#running)
  }

  /** What a trial found. It shows delivered rows: the reading is in the ledger. */
  async trialResult(actor: Actor, id: number): Promise<TrialResult[]> {
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      await existing(client, id)
      const trial = await store.newestTrial(client, id)
      if (trial === undefined || trial.sealed === null) throw fault('draft.not-tried')
      const results = JSON.parse(this.#house.keys.decrypt(trial.sealed, trialContext(trial.id)).toString())
      return {
        result: results as TrialResult[],
        act: {
          act: 'catalogue.trial.read',
          object: `draft:${id}`,
          ground: 'catalogue.propose',
          detail: { trial: trial.id },
        },
      }
    })
  }

  /** Proposes a draft to the second person. @returns the approval's number */
  async propose(actor: Actor, id: number, reason: string): Promise<number> {
    await this.#catalogue.refresh(true)
    const today = await todayOf(this.#house.database.pools.job)
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const row = await existing(client, id)
      if (row.state !== 'draft') throw fault('draft.closed')
      const { faults, body } = this.#check(row)
      if (faults.length > 0) throw fault('draft.faulty')
      const payload = this.#payload(row, body as PolicyBody)
      this.#refuseBackdating(row, payload, today)
      const trial = await store.newestTrial(client, id)
      const tried = trial?.state === 'done' && trial.hash === row.hash
      if (!tried && (await this.#canBeTried(row.kind, body as PolicyBody, today)))
        throw fault('draft.not-tried')
      const approval = await this.#approvals.proposeWithin(client, actor, {
        kind: RELEASE,
        object: `draft:${id}`,
        payload,
        reason,
        expiresOn: dayAfter(today, PROPOSAL_DAYS),
      })
      await store.moveDraft(client, id, 'draft', 'proposed', approval)
      return {
        result: approval,
        act: {
          act: `${RELEASE}.propose`,
          object: `draft:${id}`,
          ground: reason,
          detail: { approval, ...payload },
        },
      }
    })
  }

  async #release(client: pg.PoolClient, payload: ReleasePayload, approval: number): Promise<unknown> {
    await this.#catalogue.refresh(true)
    const row = await existing(client, payload.draft)
    if (row.state !== 'proposed' || row.approval !== approval || row.hash !== payload.hash)
      throw fault('draft.closed')
    const { faults, body } = this.#check(row)
    if (faults.length > 0) throw fault('draft.faulty')
    this.#refuseBackdating(row, payload, await todayOf(client))
    try {
      await client.query('SELECT xh.release_policy($1, $2, $3, $4, $5, $6, $7, $8)', [
        approval,
        row.kind,
        row.code,
        row.version,
        row.hash,
        JSON.stringify(body),
        payload.inForceFrom,
        row.source,
      ])
      if (row.kind === 'measure')
        await client.query('SELECT xh.enter_measure($1, $2)', [row.code, row.version])
      if (row.kind === 'agreement') await client.query('SELECT xh.stand_foreign($1, NULL)', [row.code])
    } catch (error) {
      if (['23505', 'XH409'].includes((error as { code?: string }).code ?? ''))
        throw fault('draft.version-taken')
      throw error
    }
    await store.moveDraft(client, payload.draft, 'proposed', 'released', approval)
    return { code: row.code, version: row.version, inForceFrom: payload.inForceFrom }
  }

  async #runTrial(
    actor: Actor,
    trial: number,
    draft: { readonly kind: PolicyKind; readonly body: PolicyBody },
    today: string,
  ): Promise<void> {
    const write = async (text: string, values: readonly unknown[]) => {
      const client = await this.#house.database.pools.app.connect()
      try {
        await client.query('BEGIN')
        await become(client, actor)
        await client.query(text, [trial, ...values])
        await client.query('COMMIT')
      } finally {
        client.release()
      }
    }
    let written = Promise.resolve()
    try {
      const results = await runTrial(this.#house, this.#catalogue, draft, today, (done) => {
        written = written
          .then(() => write('UPDATE xh.policy_trial SET progress = $2 WHERE trial_id = $1', [done]))
          .catch(() => {})
      })
      await written
      const sealed = this.#house.keys.encrypt(Buffer.from(JSON.stringify(results)), trialContext(trial))
      await write(
        "UPDATE xh.policy_trial SET state = 'done', progress = 1, result_secret = $2, done_at = now() WHERE trial_id = $1",
        [sealed],
      )
    } catch (error) {
      await written
      await write(
        "UPDATE xh.policy_trial SET state = 'failed', fault = $2, done_at = now() WHERE trial_id = $1",
        [error instanceof Error ? error.message.slice(0, 500) : 'unknown'],
      ).catch(() => {})
    }
  }

  #check(row: store.DraftRow): { faults: readonly PolicyFault[]; body: unknown } {
    const entered = this.#entered().map(({ kind, body }) => ({
      kind,
      body,
      name: pathOf(kind, body.code, body.version),
    }))
    return checkDraft(row.source, row.kind, entered)
  }

  /** Every version of everything, as this process knows it. */
  #entered(): { kind: PolicyKind; body: PolicyBody }[] {
    const { items, codeLists, publications, methods, alarmRules, lists, measures, agreements } =
      this.#catalogue.policy
    const of = (kind: PolicyKind, bodies: readonly PolicyBody[]) => bodies.map((body) => ({ kind, body }))
    return [
      ...of('item', items),
      ...of('code-list', codeLists),
      ...of('publication', publications),
      ...of('evaluation-method', methods),
      ...of('alarm-rule', alarmRules),
      ...of('list', lists),
      ...of('measure', measures),
      ...of('agreement', agreements),
    ]
  }

  #previousOf(row: store.DraftRow): PolicyBody | undefined {
    return this.#versionsOf(row.kind, row.code)
      .filter((one) => one.version < row.version)
      .sort((a, b) => b.version - a.version)[0]
  }

  #versionsOf(kind: PolicyKind, code: string): PolicyBody[] {
    return this.#entered()
      .filter((one) => one.kind === kind && one.body.code === code)
      .map((one) => one.body)
  }

  async #canBeTried(kind: PolicyKind, body: PolicyBody, today: string): Promise<boolean> {
    const items = sidesOf(this.#catalogue, { kind, body }, today).map(({ before }) => before.item.number)
    return items.length > 0 && store.anyDelivery(this.#house.database.pools.job, items)
  }

  async #nextVersion(actor: Actor, kind: PolicyKind, code: string): Promise<string> {
    const rows = await this.#read(actor, (client) => store.versions(client))
    const newest = rows
      .filter((row) => row.kind === kind && row.code === code)
      .sort((a, b) => b.version - a.version)[0]
    if (newest === undefined) throw fault('draft.version-unknown')
    const today = await todayOf(this.#house.database.pools.job)
    const tomorrow = dayAfter(today, 1)
    return nextVersionOf(
      newest.source ?? writePolicy(newest.body),
      newest.version + 1,
      [newest.inForceFrom, tomorrow].sort()[1] as string,
    )
  }

  /** What can be said of a text that may be wrong in every way. */
  #read3(source: string): { code: string; version: number; hash: string } {
    if (source.length > LONGEST_SOURCE) throw fault('draft.too-long')
    let body: Partial<CatalogueItem> | null = null
    try {
      body = parse(source, { maxAliasCount: 100 })
    } catch {
      // The check says where.
    }
    const { code, version } = typeof body === 'object' && body !== null ? body : {}
    return {
      code: typeof code === 'string' ? code.slice(0, 48) : '',
      version: Number.isInteger(version) ? Math.min(Math.max(version as number, 0), 32_767) : 0,
      hash: body === null ? documentHash(source) : documentHash(body),
    }
  }

  #payload(row: store.DraftRow, body: PolicyBody): ReleasePayload {
    return {
      draft: row.id,
      kind: row.kind,
      code: row.code,
      version: row.version,
      inForceFrom: body.inForceFrom,
      hash: row.hash,
    }
  }

  /** A new version judges what comes, not what came. What the program brings may be older than its two signatures. */
  #refuseBackdating(row: store.DraftRow, { inForceFrom }: ReleasePayload, today: string): void {
    const earlier = this.#versionsOf(row.kind, row.code)
    const newest = Math.max(0, ...earlier.map((one) => one.version))
    if (earlier.some((one) => one.version === row.version)) throw fault('draft.version-taken')
    if (row.version !== newest + 1) throw fault('draft.version-gap')
    if (earlier.length > 0 && inForceFrom < today) throw fault('draft.backdated')
  }

  async #read<T>(actor: Actor, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = await this.#house.database.pools.app.connect()
    try {
      await client.query('BEGIN')
      await become(client, actor)
      const result = await work(client)
      await client.query('COMMIT')
      return result
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }
}

async function existing(client: pg.ClientBase, id: number): Promise<store.DraftRow> {
  const row = await store.draftByNumber(client, id)
  if (row === undefined) throw fault('draft.unknown')
  return row
}

function headOf(row: store.DraftRow): DraftHead {
  let body: unknown
  try {
    body = parse(row.source, { maxAliasCount: 100 })
  } catch {
    // The check says where.
  }
  const members = typeof body === 'object' && body !== null ? (body as { inForceFrom?: unknown }) : {}
  return {
    id: row.id,
    kind: row.kind,
    code: row.code,
    version: row.version,
    origin: row.origin,
    state: row.state,
    title: titleOf(members),
    inForceFrom: typeof members.inForceFrom === 'string' ? members.inForceFrom : null,
    writtenBy: row.writtenBy,
    changedAt: row.changedAt,
  }
}

function titleOf(body: object): { zh: string; en: string } | null {
  const { title } = body as { title?: { zh?: unknown; en?: unknown } }
  return typeof title?.zh === 'string'
    ? { zh: title.zh, en: typeof title.en === 'string' ? title.en : title.zh }
    : null
}

function trialContext(trial: number): string {
  return `policy_trial‖result‖${trial}`
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
}

const FAULTS = {
  'draft.unknown': { zh: '没有这份草稿。', en: 'There is no such draft.', status: 404 },
  'draft.version-unknown': { zh: '没有这个版本。', en: 'There is no such version.', status: 404 },
  'draft.closed': {
    zh: '草稿已提交、发布或作废，不能再改。',
    en: 'The draft was proposed, released or discarded and can be changed no more.',
    remedyZh: '需要修改时先撤回审批，或起草下一版本。',
    remedyEn: 'Take the proposal back first, or draft the next version.',
    status: 409,
  },
  'draft.faulty': {
    zh: '草稿有错误，须先改正。',
    en: 'The draft has mistakes that must be corrected first.',
    remedyZh: '按检查结果逐条改正。',
    remedyEn: 'Correct them one by one as the check says.',
    status: 409,
  },
  'draft.nothing-to-try': {
    zh: '没有可供试算的历史报送。',
    en: 'Nothing was delivered that it could be tried on.',
    status: 409,
  },
  'draft.trial-running': {
    zh: '试算正在进行。',
    en: 'A trial is running.',
    remedyZh: '请等待完成。',
    remedyEn: 'Wait for it.',
    status: 409,
  },
  'draft.not-tried': {
    zh: '草稿的现有内容还没有试算过。',
    en: 'The draft as it stands has not been tried.',
    remedyZh: '先在历史报送上试算，看清影响。',
    remedyEn: 'Try it on past deliveries first.',
    status: 409,
  },
  'draft.version-taken': {
    zh: '该版本号已经发布。',
    en: 'This version has been released already.',
    remedyZh: '改用下一个版本号。',
    remedyEn: 'Take the next version.',
    status: 409,
  },
  'draft.version-gap': {
    zh: '版本号须紧接最新版本。',
    en: 'The version must follow the newest one.',
    remedyZh: '改用最新版本号加一。',
    remedyEn: 'Take the newest version plus one.',
    status: 409,
  },
  'draft.backdated': {
    zh: '启用日期早于今天：新版本只约束以后的报送。',
    en: 'In force before today: a new version judges what comes, not what came.',
    remedyZh: '改为今天或以后的日期。',
    remedyEn: 'Take today or a later day.',
    status: 409,
  },
  'draft.too-long': { zh: '文件过长。', en: 'The file is too long.', status: 413 },
} as const

function fault(code: keyof typeof FAULTS): DomainError {
  return new DomainError(code, FAULTS[code])
}
