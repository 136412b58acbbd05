import { standardiseIdentifier } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, asReader, become } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Approvals } from '../approvals/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { contentLayout, unpackContent } from '../corridor/index.ts'
import { type ComparedPoint, comparePoints, type EvidenceSide, sideOf } from './evidence.ts'
import * as store from './store.ts'

export interface Comparison {
  readonly kept: EvidenceSide
  readonly merged: EvidenceSide
  readonly points: readonly ComparedPoint[]
}

/** What a proposal to merge carries to the second person. By codes: our own numbers stay inside. */
export interface MergeProposal {
  readonly kept: string
  readonly merged: string
  readonly ground: string
  readonly evidence: Comparison
}

export interface SplitProposal {
  readonly merge: number
  readonly ground: string
}

export interface Merge {
  readonly merge: number
  readonly kept: { readonly name: string; readonly code: string }
  readonly merged: { readonly name: string; readonly code: string }
  readonly ground: string
  readonly evidence: unknown
  readonly proposedBy: string
  readonly approvedBy: string
  readonly mergedAt: string
  readonly undone: {
    readonly ground: string
    readonly proposedBy: string
    readonly by: string
    readonly at: string
  } | null
}

/** Why the evidence is looked at. */
const GROUND = '核实是否同一主体'
export const MERGE = 'subject.merge'
export const SPLIT = 'subject.split'
/** A proposal waits so long for its second person. */
const PROPOSAL_DAYS = 30
const KINDS: Readonly<Record<store.MergeableKind, string>> = {
  o: 'organisation',
  b: 'publicBody',
  i: 'individualBusiness',
}
/** Fields that name who represents an organisation; the operator of an individual business is a person and not compared. */
const REPRESENTATIVE = 'legalRepresentative'

/**
 * Two subjects that are one: compared, merged by two persons, taken back by two persons. Facts stay where they lie; all
 * readers follow `subject_alias`. Natural persons cannot come in: nothing here finds one, no kind stands for one, and
 * the database refuses.
 */
export class Subjects {
  readonly #pool: pg.Pool
  readonly #catalogue: Catalogue
  readonly #approvals: Approvals

  /** Reads by the server's login: under row-level security a person's row does not exist for it. */
  constructor(house: House, catalogue: Catalogue, approvals: Approvals) {
    this.#pool = house.database.pools.app
    this.#catalogue = catalogue
    this.#approvals = approvals
    approvals.register(MERGE, {
      may: 'subject.merge.approve',
      execute: (client, payload, _actor, { id }) => this.#merge(client, payload as MergeProposal, id),
    })
    approvals.register(SPLIT, {
      may: 'subject.merge.approve',
      execute: (client, payload, _actor, { id }) => this.#split(client, payload as SplitProposal, id),
    })
  }

  /** Two subjects side by side. @throws DomainError `subject.unknown`, `merge.*` */
  async compare(actor: Actor, kept: string, merged: string): Promise<Comparison> {
    const reading = {
      act: 'subject.compare.read',
      object: `subject:${merged}`,
      ground: GROUND,
      detail: { kept },
    } as const
    return asReader(this.#pool, actor, reading, async (client) => {
      const [one, other] = await this.#pair(client, kept, merged)
      return this.#evidence(client, one, other)
    })
  }

  /** Proposes that two are one, with the evidence as it stands now. @returns the approval's number */
  async proposeMerge(actor: Actor, kept: string, merged: string, ground: string): Promise<number> {
    const { evidence, codes } = await this.#read(actor, async (client) => {
      const [one, other] = await this.#pair(client, kept, merged)
      return { evidence: await this.#evidence(client, one, other), codes: [codeOf(one), codeOf(other)] }
    })
    const payload: MergeProposal = { kept: codes[0] as string, merged: codes[1] as string, ground, evidence }
    return this.#approvals.propose(actor, {
      kind: MERGE,
      object: `subject:${payload.merged}`,
      payload,
      reason: ground,
      expiresOn: await this.#expiry(),
    })
  }

  /** Proposes to take a merge back. @throws DomainError `merge.unknown`, `merge.undone` */
  async proposeSplit(actor: Actor, merge: number, ground: string): Promise<number> {
    const object = await this.#read(actor, async (client) => {
      const row = await store.mergeByNumber(client, merge)
      if (row === undefined) throw fault('merge.unknown')
      if (row.undoneAt !== null) throw fault('merge.undone')
      const merged = await store.subjectByNumber(client, row.merged)
      return `subject:${merged === undefined ? '' : codeOf(merged)}`
    })
    const payload: SplitProposal = { merge, ground }
    return this.#approvals.propose(actor, {
      kind: SPLIT,
      object,
      payload,
      reason: ground,
      expiresOn: await this.#expiry(),
    })
  }

  async #merge(client: pg.ClientBase, proposal: MergeProposal, approval: number): Promise<{ merge: number }> {
    const { kept, merged, ground, evidence } = proposal
    const [one, other] = await this.#pair(client, kept, merged)
    try {
      const { rows } = await client.query('SELECT xh.merge_subjects($1, $2, $3, $4, $5)::int AS merge', [
        approval,
        one.subject,
        other.subject,
        ground,
        JSON.stringify(evidence),
      ])
      return { merge: rows[0].merge }
    } catch (error) {
      const code = (error as { code?: string }).code
      if (code === '23505' || code === 'XH409') throw fault('merge.merged-already')
      throw error
    }
  }

  async #split(client: pg.ClientBase, { merge, ground }: SplitProposal, approval: number): Promise<void> {
    const { rows } = await client.query('SELECT xh.undo_merge($1, $2, $3) AS done', [approval, merge, ground])
    if (rows[0].done !== true) throw fault('merge.undone')
  }

  async #expiry(): Promise<string> {
    const today = await todayOf(this.#pool)
    return new Date(Date.parse(today) + PROPOSAL_DAYS * 86_400_000).toISOString().slice(0, 10)
  }

  /** Merges and what became of them, the newest first. */
  async history(actor: Actor, code?: string): Promise<Merge[]> {
    const reading = {
      act: 'subject.merges.read',
      object: code === undefined ? 'merges' : `subject:${code}`,
      ground: GROUND,
    } as const
    return asReader(this.#pool, actor, reading, async (client) => {
      const of = code === undefined ? undefined : await this.#subject(client, code)
      const rows = await store.merges(client, of?.subject)
      const named = new Map<number, { name: string; code: string }>()
      for (const id of new Set(rows.flatMap((row) => [row.kept, row.merged]))) {
        const subject = await store.subjectByNumber(client, id)
        if (subject !== undefined) named.set(id, { name: subject.name, code: codeOf(subject) })
      }
      const nobody = { name: '', code: '' }
      return rows.map((row) => ({
        merge: row.merge,
        kept: named.get(row.kept) ?? nobody,
        merged: named.get(row.merged) ?? nobody,
        ground: row.ground,
        evidence: row.evidence,
        proposedBy: row.proposedBy,
        approvedBy: row.approvedBy,
        mergedAt: row.mergedAt,
        undone:
          row.undoneAt === null
            ? null
            : {
                ground: row.undoneGround ?? '',
                proposedBy: row.undoneProposedBy ?? '',
                by: row.undoneBy ?? '',
                at: row.undoneAt,
              },
      }))
    })
  }

  /** Pairs of organisations that bear one name: a hint for people, never a ground. */
  async sameNamed(actor: Actor, limit = 50): Promise<{ name: string; one: string; other: string }[]> {
    const reading = { act: 'subject.same-named.read', object: 'subjects', ground: GROUND } as const
    return asReader(this.#pool, actor, reading, async (client) => {
      await client.query("SET LOCAL statement_timeout = '8s'")
      const pairs: { name: string; one: string; other: string }[] = []
      for (const pair of await store.sameNamed(client, limit)) {
        const [one, other] = [
          await store.subjectByNumber(client, pair.one),
          await store.subjectByNumber(client, pair.other),
        ]
        if (one === undefined || other === undefined || one.kind !== other.kind) continue
        // The one with a code of today is kept; of two with one, the earlier.
        const [first, second] = one.uscc === null && other.uscc !== null ? [other, one] : [one, other]
        pairs.push({ name: first.name, one: codeOf(first), other: codeOf(second) })
      }
      return pairs
    })
  }

  async #evidence(
    client: pg.ClientBase,
    one: store.SubjectRow,
    other: store.SubjectRow,
  ): Promise<Comparison> {
    const [left, right] = [await this.#side(client, one), await this.#side(client, other)]
    const shared = await store.sharedDocuments(client, one.subject, other.subject)
    return { kept: left, merged: right, points: comparePoints(left, right, shared) }
  }

  async #pair(
    client: pg.ClientBase,
    kept: string,
    merged: string,
  ): Promise<[store.SubjectRow, store.SubjectRow]> {
    const [one, other] = [await this.#subject(client, kept), await this.#subject(client, merged)]
    if (one.subject === other.subject) throw fault('merge.same')
    if (one.kind !== other.kind) throw fault('merge.two-kinds')
    if (other.standsFor !== null || one.standsFor === other.subject) throw fault('merge.merged-already')
    if (one.uscc === null && other.uscc !== null) throw fault('merge.kept-without-code')
    return [one, other]
  }

  async #subject(client: pg.ClientBase, code: string): Promise<store.SubjectRow> {
    const value = standardiseIdentifier(code).value ?? ''
    const found = await store.subjectByCode(client, value)
    if (found === undefined) throw fault('subject.unknown')
    return found
  }

  async #side(client: pg.ClientBase, row: store.SubjectRow): Promise<EvidenceSide> {
    const facts = await store.factsByItem(client, row.subject)
    const registers = this.#catalogue.items('9999-12-31').filter((item) => item.registersSubjects === true)
    const registration =
      row.kind === 'i'
        ? undefined
        : await store.registrationOf(
            client,
            row.subject,
            registers.map((item) => item.number),
          )
    const item =
      registration === undefined
        ? undefined
        : this.#catalogue.version(registration.item, registration.itemVersion)
    const representative =
      registration === undefined || item === undefined
        ? null
        : (unpackContent(
            contentLayout(item, 'organisation'),
            contentLayout(item, 'organisation').publicFields,
            registration.content,
            NOTHING_PROMOTED,
          ).get(REPRESENTATIVE) ?? null)
    const items = this.#catalogue.items('9999-12-31')
    const titled = facts.map((one) => ({
      ...one,
      title: items.find((item) => item.number === one.item)?.title ?? { zh: one.code, en: one.code },
    }))
    return sideOf(row, KINDS[row.kind], titled, representative)
  }

  async #read<T>(actor: Actor, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect()
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

const NOTHING_PROMOTED = {
  uscc: undefined,
  decidedOn: undefined,
  validFrom: undefined,
  validTo: undefined,
  amountFen: undefined,
  documentNumber: undefined,
  authorityName: undefined,
  authorityUscc: undefined,
  sourceUnitName: undefined,
  sourceUnitUscc: undefined,
}

function codeOf(subject: store.SubjectRow): string {
  return subject.uscc ?? subject.registrationNumbers[0] ?? ''
}

const FAULTS = {
  'subject.unknown': {
    zh: '没有这个代码的法人或组织。',
    en: 'No organisation has this code.',
    remedyZh: '输入18位统一社会信用代码或注册号。自然人不可合并，也不在此查询。',
    remedyEn: 'Enter the 18-character code or the registration number. Natural persons are never merged.',
    status: 404,
  },
  'merge.same': {
    zh: '两个代码属于同一主体。',
    en: 'Both codes belong to one subject.',
    status: 409,
  },
  'merge.two-kinds': {
    zh: '两个主体类别不同，不能合并。',
    en: 'The two are of different kinds and cannot be merged.',
    remedyZh: '企业、机关事业单位、个体工商户之间不可合并。',
    remedyEn: 'Organisations, public bodies and individual businesses stay apart.',
    status: 409,
  },
  'merge.merged-already': {
    zh: '该主体已经合并。',
    en: 'This subject has been merged already.',
    remedyZh: '先拆分原来的合并。',
    remedyEn: 'Take the earlier merge back first.',
    status: 409,
  },
  'merge.kept-without-code': {
    zh: '保留的主体没有统一社会信用代码，被合并的却有。',
    en: 'The subject to keep has no credit code while the other has.',
    remedyZh: '交换两者。',
    remedyEn: 'Swap the two.',
    status: 409,
  },
  'merge.unknown': { zh: '没有这次合并。', en: 'There is no such merge.', status: 404 },
  'merge.undone': {
    zh: '这次合并已经拆分。',
    en: 'This merge has been taken back already.',
    status: 409,
  },
} as const

function fault(code: keyof typeof FAULTS): DomainError {
  return new DomainError(code, FAULTS[code])
}
