import type { Answer } from '@xinheng/core'
import type { NoticeView } from '@xinheng/portal'
import type pg from 'pg'
import type { House } from '../../platform/house.ts'
import { digestOf } from './notice-token.ts'

/** What an applicant reads by the link they were given: read under the portal's login, which sees nothing but this. */
export class Notices {
  readonly #house: House
  readonly #pool: pg.Pool

  constructor(house: House) {
    this.#house = house
    this.#pool = house.database.pools.portal
  }

  /** @returns undefined where no page bears the token */
  async find(token: string): Promise<NoticeView | undefined> {
    const digest = digestOf(token)
    const { rows } = await this.#pool.query(
      `SELECT n.number, n.applicant_kind AS kind, n.answer, n.matter, n.unit,
              to_char(n.asked_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS asked, n.decision,
              to_char(n.decided_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS decided
         FROM xh.check_notice($1) n`,
      [digest],
    )
    const row = rows[0]
    if (row === undefined) return undefined
    const common = {
      number: row.number,
      unit: row.unit,
      matter: row.matter,
      askedAt: row.asked,
      decision: row.decision === null ? null : { kind: row.decision, at: row.decided },
    }
    if (row.kind === 'p') {
      const told = await this.#pool.query(
        `SELECT check_id, text_secret, to_char(told_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS at FROM xh.check_notice_message($1)`,
        [digest],
      )
      // A person's page is what an officer has said; before that there is none.
      if (told.rows[0] === undefined) return undefined
      const text = this.#house.keys
        .decrypt(told.rows[0].text_secret, `check_message‖text_secret‖${told.rows[0].check_id}`)
        .toString()
      return { ...common, facts: [], message: { text, at: told.rows[0].at } }
    }
    const answer = JSON.parse(row.answer) as Answer
    const standing = await this.#standing(answer)
    return {
      ...common,
      message: null,
      facts: answer.hits
        .filter(({ effect }) => effect !== 'reward')
        .map(({ list, fact, measure, effect }) => ({
          list: list.title,
          documentNumber: fact.documentNumber,
          authority: fact.authority,
          listedOn: fact.listedOn,
          until: fact.until,
          measure: measure.title,
          law: measure.law,
          article: measure.article,
          effect,
          stands: standing.has(fact.publicName),
          page: standing.has(fact.publicName) ? `/facts/${fact.publicName}` : null,
        })),
    }
  }

  /** Which of the facts are public today: what has ended is told as ended. */
  async #standing(answer: Answer): Promise<ReadonlySet<string>> {
    const named = answer.hits.flatMap(({ fact }) => {
      const parts = this.#house.keys.readPublicId(fact.publicName)
      return parts === undefined ? [] : [{ name: fact.publicName, ...parts }]
    })
    if (named.length === 0) return new Set()
    const { rows } = await this.#pool.query(
      `SELECT n.name FROM unnest($1::text[], $2::bigint[], $3::int[], $4::text[]) AS n (name, subject, item, prefix)
        WHERE EXISTS (SELECT FROM xh.public_fact f WHERE f.subject_id = n.subject AND f.item = n.item
                         AND left(replace(f.key::text, '-', ''), 16) = n.prefix)`,
      [
        named.map(({ name }) => name),
        named.map(({ subject }) => subject),
        named.map(({ item }) => item),
        named.map(({ keyPrefix }) => keyPrefix),
      ],
    )
    return new Set(rows.map((row) => row.name as string))
  }
}
