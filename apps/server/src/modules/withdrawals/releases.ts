import type pg from 'pg'
import { type Actor, asActor, asReader } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Approvals } from '../approvals/index.ts'
import type { FactKey, OwnFact, OwnFacts } from './own-facts.ts'

const KIND = 'fact.release'
/** The one hold that a unit's own second person ends; the others are the centre's to look at. */
const HOLD = 'AWAITS_RELEASE'
const OPEN_DAYS = 30
const RELEASES_READ = { act: 'release.read', object: 'releases', ground: '核实待发布的信息' } as const

interface Payload {
  /** Each fact with the digest of the content that was proposed: another content is not released by it. */
  readonly facts: readonly { readonly id: string; readonly content: string }[]
}

export interface Release {
  readonly release: number
  readonly by: string
  readonly at: string
  readonly ground: string
  readonly facts: readonly OwnFact[]
  readonly mayDecide: boolean
}

/** Where an item asks it, the public sees a unit's facts once a second person of the unit has released them. */
export class Releases {
  readonly #house: House
  readonly #facts: OwnFacts
  readonly #approvals: Approvals

  constructor(house: House, facts: OwnFacts, approvals: Approvals) {
    this.#house = house
    this.#facts = facts
    this.#approvals = approvals
    approvals.register(KIND, {
      may: 'release.approve',
      execute: (client, payload) => this.#release(client, payload as Payload),
    })
  }

  /** @throws DomainError `fact.unknown`, `fact.not-held` */
  async propose(actor: Actor, ids: readonly string[], ground: string): Promise<number> {
    const { app, job } = this.#house.database.pools
    const facts = await asActor(app, actor, async (client) => {
      const found: { id: string; content: string }[] = []
      for (const id of ids) {
        const held = await this.#held(client, id)
        if (held === undefined) throw notHeld()
        found.push({ id, content: held.content })
      }
      return found
    })
    const today = await todayOf(job)
    return this.#approvals.propose(actor, {
      kind: KIND,
      object: facts.length === 1 ? `fact:${facts[0]?.id}` : `facts:${facts.length}`,
      payload: { facts } satisfies Payload,
      reason: ground,
      expiresOn: new Date(Date.parse(today) + OPEN_DAYS * 86_400_000).toISOString().slice(0, 10),
    })
  }

  async open(actor: Actor): Promise<Release[]> {
    const open = await this.#approvals.open(actor, { kind: KIND })
    return asReader(this.#house.database.pools.app, actor, RELEASES_READ, async (client) => {
      const releases: Release[] = []
      for (const one of open) {
        const facts: OwnFact[] = []
        for (const { id } of (one.payload as Payload).facts) {
          const key = await this.#facts.keyOf(client, id)
          const fact = key === undefined ? undefined : await this.#facts.byKey(client, key)
          if (fact !== undefined) facts.push(fact)
        }
        releases.push({
          release: one.id,
          by: one.proposer.name,
          at: one.proposedAt,
          ground: one.reason,
          facts,
          mayDecide: one.mine,
        })
      }
      return releases
    })
  }

  /** @returns how many are shown now, and how many are not, as they were changed since they were proposed */
  async decide(
    actor: Actor,
    release: number,
    decision: 'release' | 'refuse',
    reason: string,
  ): Promise<{ released: number; changed: number }> {
    const open = await this.#approvals.open(actor, { kind: KIND })
    if (!open.some((one) => one.id === release))
      throw new DomainError('release.unknown', {
        zh: `没有待批准的发布申请 ${release}。`,
        en: `There is no release ${release} to decide.`,
        remedyZh: '刷新列表。',
        remedyEn: 'Load the list again.',
        status: 404,
      })
    const { outcome } = await this.#approvals.decide(
      actor,
      release,
      decision === 'release' ? 'approve' : 'refuse',
      reason,
    )
    return (outcome as { released: number; changed: number } | undefined) ?? { released: 0, changed: 0 }
  }

  async #release(client: pg.PoolClient, payload: Payload): Promise<{ released: number; changed: number }> {
    let released = 0
    for (const { id, content } of payload.facts) {
      const held = await this.#held(client, id)
      if (held === undefined || held.content !== content) continue
      const { rows } = await client.query('SELECT xh.release_held($1, $2::smallint, $3) AS done', [
        held.subject,
        held.item,
        held.key,
      ])
      released += rows[0].done
    }
    return { released, changed: payload.facts.length - released }
  }

  async #held(client: pg.ClientBase, id: string): Promise<(FactKey & { content: string }) | undefined> {
    const key = await this.#facts.keyOf(client, id)
    if (key === undefined) return undefined
    const { rows } = await client.query<{ content: string }>(
      `SELECT content_hash AS content FROM xh.record
        WHERE subject_id = $1 AND item = $2 AND key = $3 AND hold = $4 AND withdrawn IS NULL`,
      [key.subject, key.item, key.key, HOLD],
    )
    return rows[0] === undefined ? undefined : { ...key, content: rows[0].content }
  }
}

const notHeld = (): DomainError =>
  new DomainError('fact.not-held', {
    zh: '所选信息中有不存在的，或并不等待发布。',
    en: 'One of the facts does not exist or does not wait to be released.',
    remedyZh: '刷新列表后重新选择。',
    remedyEn: 'Load the list again and choose anew.',
    status: 409,
  })
