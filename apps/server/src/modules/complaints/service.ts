import { randomBytes } from 'node:crypto'
import { findPersonalData } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, withActor, writeLedger } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'

/** What is wrong with a fact's form. Whether it is true, or may be shown, is no matter of form: that is an objection. */
export const SUBJECTS_OF_COMPLAINT = ['name', 'content', 'day', 'subject', 'duplicate', 'other'] as const
export type AboutForm = (typeof SUBJECTS_OF_COMPLAINT)[number]

export interface NewComplaint {
  /** Public name of the fact. */
  readonly fact: string
  readonly about: AboutForm
  readonly text: string
  /** Only if the writer wants an answer by another way than the ticket. */
  readonly contact: string
}

export type Answer = 'mended' | 'unfounded' | 'elsewhere'

/** What the writer sees by the ticket. */
export interface TicketView {
  readonly fact: string
  readonly state: 'open' | Answer
  readonly answer: string | null
  readonly receivedOn: string
  readonly answeredOn: string | null
}

/** Whoever reads the public pages acts by no right but everybody's. */
const PUBLIC: Actor = { name: 'public', duty: 'system' }

/** Complaints of the public about a fact's form: taken in by the portal's login, which can read none of them. */
export class Complaints {
  readonly #house: House

  constructor(house: House) {
    this.#house = house
  }

  /** @returns the ticket by which the answer is read. @throws DomainError `complaint.*`, `record.unknown` */
  async submit(complaint: NewComplaint): Promise<string> {
    const text = complaint.text.trim()
    const contact = complaint.contact.trim()
    if (text.length < 4 || text.length > 1000) throw fault('complaint.length')
    if (contact.length > 100) throw fault('complaint.contact')
    if (findPersonalData(text).some(({ kind }) => kind !== 'landline')) throw fault('complaint.personal-data')
    const client = await this.#house.database.pools.portal.connect()
    try {
      await client.query('BEGIN')
      const { source, item } = await this.#publicFact(client, complaint.fact)
      const ticket = randomBytes(12).toString('base64url')
      await client.query(
        `INSERT INTO xh.complaint (ticket, fact, item, source_unit, about, text_secret, contact_secret)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [
          ticket,
          complaint.fact,
          item,
          source,
          complaint.about,
          this.#house.keys.encrypt(Buffer.from(text), `complaint‖text‖${ticket}`),
          contact === ''
            ? null
            : this.#house.keys.encrypt(Buffer.from(contact), `complaint‖contact‖${ticket}`),
        ],
      )
      await writeLedger(client, PUBLIC, {
        act: 'complaint.submit',
        object: `fact:${complaint.fact}`,
        detail: { about: complaint.about },
      })
      await client.query('COMMIT')
      return ticket
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }

  async byTicket(ticket: string): Promise<TicketView | undefined> {
    if (!/^[A-Za-z0-9_-]{16}$/.test(ticket)) return undefined
    const { rows } = await this.#house.database.pools.portal.query(
      `SELECT fact, state, answer, to_char(created_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS "receivedOn",
              to_char(decided_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS "answeredOn"
         FROM xh.complaint WHERE ticket = $1`,
      [ticket],
    )
    return rows[0]
  }

  /** Answers a complaint; the writer reads it by the ticket. */
  async answer(actor: Actor, id: number, state: Answer, answer: string): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query('SELECT fact, state FROM xh.complaint WHERE complaint_id = $1', [
        id,
      ])
      if (rows[0] === undefined) throw fault('complaint.unknown')
      const { rowCount } = await client.query(
        `UPDATE xh.complaint SET state = $2, answer = $3, decided_by = $4, decided_at = now()
          WHERE complaint_id = $1 AND state = 'open'`,
        [id, state, answer, actor.name],
      )
      if (rowCount === 0) throw fault('complaint.answered')
      return {
        result: undefined,
        act: {
          act: 'complaint.answer',
          object: `complaint:${id}`,
          ground: answer,
          result: state,
          detail: { fact: rows[0].fact },
        },
      }
    })
  }

  async #publicFact(client: pg.ClientBase, id: string): Promise<{ source: number; item: number }> {
    const parts = this.#house.keys.readPublicId(id)
    const { rows } =
      parts === undefined
        ? { rows: [] }
        : await client.query(
            `SELECT source_unit AS source, item FROM xh.public_fact
              WHERE subject_id = $1 AND item = $2 AND replace(key::text, '-', '') LIKE $3 || '%'`,
            [parts.subject, parts.item, parts.keyPrefix],
          )
    if (rows[0] === undefined)
      throw new DomainError('record.unknown', {
        zh: '没有这条信息，或其公示期已满。',
        en: 'There is no such fact, or its publication has ended.',
        status: 404,
      })
    return rows[0]
  }
}

const FAULTS = {
  'complaint.length': {
    zh: '请用4到1000个字说明哪里写错了。',
    en: 'Say in 4 to 1000 characters what is written wrongly.',
    remedyZh: '补充说明后再提交。',
    remedyEn: 'Add to it and send it again.',
  },
  'complaint.contact': { zh: '联系方式过长。', en: 'The contact is too long.', remedyZh: '', remedyEn: '' },
  'complaint.personal-data': {
    zh: '说明中有证件号码、手机号等个人信息，不能提交。',
    en: 'The text holds personal data such as an identity or mobile number and cannot be sent.',
    remedyZh: '请删去后再提交；需要回复时填在“联系方式”里，该项加密保存。',
    remedyEn: 'Remove it; if you want a reply, use the contact field, which is kept encrypted.',
  },
  'complaint.unknown': { zh: '没有这条来信。', en: 'There is no such complaint.', status: 404 },
  'complaint.answered': {
    zh: '这条来信已经答复。',
    en: 'It has been answered already.',
    status: 409,
  },
} as const

function fault(code: keyof typeof FAULTS): DomainError {
  return new DomainError(code, FAULTS[code])
}
