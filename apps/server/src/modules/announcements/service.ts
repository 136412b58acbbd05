import { findPersonalData } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, become, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Approvals } from '../approvals/index.ts'

const PUBLISH = 'announcement.publish'
const PROPOSAL_DAYS = 14

/** Plain text; whoever shows it escapes it. Days are ISO. */
export interface NewAnnouncement {
  readonly title: string
  readonly body: string
  readonly audience: 'console' | 'portal' | 'both'
  readonly shownFrom: string
  readonly shownUntil: string
}

export interface Announcement extends NewAnnouncement {
  readonly id: number
  readonly state: 'draft' | 'proposed' | 'approved' | 'withdrawn'
  readonly approval: number | null
  readonly writtenBy: string
  readonly approvedBy: string | null
}

export type ShownAnnouncement = Pick<Announcement, 'id' | 'title' | 'body' | 'shownFrom'>

interface Payload {
  readonly announcement: number
  readonly title: string
  readonly body: string
}

const COLUMNS = `announcement_id::int AS id, title, body, audience, shown_from::text AS "shownFrom", shown_until::text AS "shownUntil",
  state, approval_id::int AS approval, written_by AS "writtenBy", approved_by AS "approvedBy"`

/** What the public may read now, for the portal. */
export async function publicAnnouncements(portal: pg.Pool): Promise<ShownAnnouncement[]> {
  const { rows } = await portal.query({
    name: 'public announcements',
    text: `SELECT announcement_id::int AS id, title, body, shown_from::text AS "shownFrom" FROM xh.public_announcement
            ORDER BY shown_from DESC, announcement_id DESC LIMIT 5`,
  })
  return rows
}

/** Announcements: written by one of the centre's people, approved by another, shown for their days. */
export class Announcements {
  readonly #house: House
  readonly #approvals: Approvals

  constructor(house: House, approvals: Approvals) {
    this.#house = house
    this.#approvals = approvals
    approvals.register(PUBLISH, {
      may: 'announcement.approve',
      execute: async (client, payload, _actor, { id }) => {
        const { rows } = await client.query('SELECT xh.publish_announcement($1, $2) AS done', [
          id,
          (payload as Payload).announcement,
        ])
        if (rows[0].done !== true) throw fault('announcement.closed')
      },
      refused: async (client, payload) => {
        await client.query(
          "UPDATE xh.announcement SET state = 'draft', approval_id = NULL WHERE announcement_id = $1 AND state = 'proposed'",
          [(payload as Payload).announcement],
        )
      },
    })
  }

  /** All of them, for those who write. */
  async list(actor: Actor): Promise<Announcement[]> {
    return this.#read(actor, 'SELECT * FROM xh.announcement ORDER BY announcement_id DESC LIMIT 100')
  }

  /** What is shown in the console today. */
  async shown(actor: Actor): Promise<ShownAnnouncement[]> {
    const all = await this.#read(
      actor,
      `SELECT * FROM xh.announcement WHERE state = 'approved' AND audience IN ('console', 'both')
          AND xh.today() BETWEEN shown_from AND shown_until ORDER BY shown_from DESC, announcement_id DESC LIMIT 10`,
    )
    return all.map(({ id, title, body, shownFrom }) => ({ id, title, body, shownFrom }))
  }

  async write(actor: Actor, text: NewAnnouncement): Promise<number> {
    await this.#check(text)
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        `INSERT INTO xh.announcement (title, body, audience, shown_from, shown_until, written_by) VALUES ($1, $2, $3, $4, $5, $6)
         RETURNING announcement_id::int AS id`,
        [text.title.trim(), text.body.trim(), text.audience, text.shownFrom, text.shownUntil, actor.name],
      )
      const { id } = rows[0]
      return { result: id, act: { act: 'announcement.write', object: `announcement:${id}` } }
    })
  }

  async change(actor: Actor, id: number, text: NewAnnouncement): Promise<void> {
    await this.#check(text)
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rowCount } = await client.query(
        `UPDATE xh.announcement SET title = $2, body = $3, audience = $4, shown_from = $5, shown_until = $6
          WHERE announcement_id = $1 AND state = 'draft'`,
        [id, text.title.trim(), text.body.trim(), text.audience, text.shownFrom, text.shownUntil],
      )
      if (rowCount === 0) throw fault('announcement.closed')
      return { result: undefined, act: { act: 'announcement.change', object: `announcement:${id}` } }
    })
  }

  /** @returns the approval's number */
  async propose(actor: Actor, id: number, reason: string): Promise<number> {
    const today = await todayOf(this.#house.database.pools.job)
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        `SELECT ${COLUMNS} FROM xh.announcement WHERE announcement_id = $1 AND state = 'draft' FOR UPDATE`,
        [id],
      )
      const draft: Announcement | undefined = rows[0]
      if (draft === undefined) throw fault('announcement.closed')
      const payload: Payload = { announcement: id, title: draft.title, body: draft.body }
      const approval = await this.#approvals.proposeWithin(client, actor, {
        kind: PUBLISH,
        object: `announcement:${id}`,
        payload,
        reason,
        expiresOn: new Date(Date.parse(today) + PROPOSAL_DAYS * 86_400_000).toISOString().slice(0, 10),
      })
      await client.query(
        "UPDATE xh.announcement SET state = 'proposed', approval_id = $2 WHERE announcement_id = $1",
        [id, approval],
      )
      return {
        result: approval,
        act: {
          act: `${PUBLISH}.propose`,
          object: `announcement:${id}`,
          ground: reason,
          detail: { approval },
        },
      }
    })
  }

  /** Takes it off all pages at once; needs nobody else. */
  async withdraw(actor: Actor, id: number, reason: string): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rowCount } = await client.query(
        "UPDATE xh.announcement SET state = 'withdrawn' WHERE announcement_id = $1 AND state IN ('draft', 'approved')",
        [id],
      )
      if (rowCount === 0) throw fault('announcement.closed')
      return {
        result: undefined,
        act: { act: 'announcement.withdraw', object: `announcement:${id}`, ground: reason },
      }
    })
  }

  async #check(text: NewAnnouncement): Promise<void> {
    const real = (day: string) =>
      !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day)
    if (!real(text.shownFrom) || !real(text.shownUntil) || text.shownUntil < text.shownFrom)
      throw fault('announcement.days')
    if (text.title.trim() === '' || text.body.trim() === '') throw fault('announcement.empty')
    if (findPersonalData(`${text.title}\n${text.body}`).some(({ kind }) => kind !== 'landline'))
      throw fault('announcement.personal-data')
  }

  async #read(actor: Actor, from: string): Promise<Announcement[]> {
    const client = await this.#house.database.pools.app.connect()
    try {
      await client.query('BEGIN READ ONLY')
      await become(client, actor)
      const { rows } = await client.query(`SELECT ${COLUMNS} FROM (${from}) a`)
      await client.query('COMMIT')
      return rows
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }
}

const FAULTS = {
  'announcement.closed': {
    zh: '公告已提交、发布或撤下，不能再改。',
    en: 'The announcement was proposed, published or withdrawn and cannot be changed.',
    remedyZh: '另写一条公告。',
    remedyEn: 'Write another one.',
    status: 409,
  },
  'announcement.days': {
    zh: '显示日期有误：截止日期不得早于起始日期。',
    en: 'The days are wrong: it cannot end before it begins.',
    remedyZh: '改正日期。',
    remedyEn: 'Correct the days.',
  },
  'announcement.empty': {
    zh: '标题和正文都不能为空。',
    en: 'Title and text are both needed.',
    remedyZh: '补上标题或正文。',
    remedyEn: 'Write both.',
  },
  'announcement.personal-data': {
    zh: '公告中有个人信息（证件号码、手机号等）。',
    en: 'The announcement holds personal data (identity numbers, mobile numbers…).',
    remedyZh: '删除后再保存；单位固定电话可以保留。',
    remedyEn: 'Remove it; a unit’s landline may stay.',
  },
} as const

function fault(code: keyof typeof FAULTS): DomainError {
  return new DomainError(code, FAULTS[code])
}
