import { isUscc, subjectKindOfUscc, whyNotRecognisable } from '@xinheng/core'
import { type Actor, asReader, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Catalogue } from '../catalogue/index.ts'
import type { EntryBody, LiftBody, MessageType } from './message.ts'

/** A message as a partner city's platform sends it. */
export interface Incoming {
  readonly type: MessageType
  readonly sequence: number
  readonly subscription: string
  readonly message: (EntryBody | LiftBody) & {
    readonly messageId: string
    readonly homeRegion?: string
    readonly agreementNo?: string
  }
}

const LETTERS = { organisation: 'o', publicBody: 'b', individualBusiness: 'i' } as const

/**
 * The door for other cities' entries: by an agreement in force that covers list and city, of organisations alone, and
 * each message once. They keep their origin and their agreement; where the agreement ends, so do they.
 */
export class Exchange {
  readonly #house: House
  readonly #catalogue: Catalogue

  constructor(house: House, catalogue: Catalogue) {
    this.#house = house
    this.#catalogue = catalogue
  }

  /** @returns the id of the message, which acknowledges it */
  async receive(actor: Actor, incoming: Incoming): Promise<string> {
    const { message } = incoming
    await this.#catalogue.refresh()
    const today = await todayOf(this.#house.database.pools.app)
    const entry = 'subject' in message ? message : undefined
    const uscc = entry?.subject.uscc ?? (message as LiftBody).uscc
    refusePersons(uscc, entry)
    const agreement = this.#agreementOf(actor, message, today)
    const kind = LETTERS[entry?.subject.kind ?? (subjectKindOfUscc(uscc) as keyof typeof LETTERS)]
    const stands = entry !== undefined && entry.change !== 'remove'
    // An end is taken whatever was agreed: nothing is kept alive because a text ran out.
    if (stands) this.#refuseUncovered(agreement.code, message.listCode, today)
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const fresh = await client.query(
        `INSERT INTO xh.exchange_message (client_id, message_id, subscription, sequence, entry, type, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
        [
          actor.accountId,
          message.messageId,
          incoming.subscription,
          incoming.sequence,
          `${message.listCode}|${message.docNo ?? ''}|${uscc}`,
          incoming.type,
          message,
        ],
      )
      let done = 'again'
      if (fresh.rowCount === 1) {
        const { rows } = await client
          .query<{ foreign: number }>(
            'SELECT xh.receive_foreign($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)::float8 AS foreign',
            [
              actor.accountId,
              agreement.region,
              agreement.code,
              message.listCode,
              kind,
              entry ?? { subject: { uscc }, docNo: message.docNo },
              incoming.subscription,
              incoming.sequence,
              stands,
              stands ? null : endKind(entry, message as LiftBody),
            ],
          )
          .catch((error: { code?: string }) => {
            throw error.code === 'XH409' ? notCovered(agreement.code, message.listCode) : error
          })
        done = rows[0]?.foreign === 0 ? 'overtaken' : stands ? 'stands' : 'ended'
      }
      return {
        result: message.messageId,
        act: {
          act: 'exchange.receive',
          object: `agreement:${agreement.code}`,
          ground: agreement.document,
          result: done,
          detail: { message: message.messageId, list: message.listCode, type: incoming.type },
        },
      }
    })
  }

  /** Agreements with what stands by them, for the console. */
  overview(actor: Actor): Promise<
    {
      readonly code: string
      readonly version: number
      readonly title: { readonly zh: string; readonly en: string }
      readonly document: string
      readonly parties: readonly {
        readonly region: string
        readonly name: string
        readonly client: string | null
      }[]
      readonly lists: readonly string[]
      readonly matters: readonly string[]
      readonly from: string
      readonly until: string | null
      readonly inForce: boolean
      readonly received: number
      readonly stands: number
    }[]
  > {
    const reading = { act: 'exchange.read', object: 'agreements', ground: 'subscription.read' } as const
    return asReader(this.#house.database.pools.app, actor, reading, async (client) => {
      const { rows: days } = await client.query<{ today: string }>('SELECT xh.today()::text AS today')
      const today = days[0]?.today as string
      const { rows } = await client.query<{ agreement: string; received: number; stands: number }>(
        `SELECT f.agreement, count(*)::int AS received,
                count(*) FILTER (WHERE l.in_force AND l.listed_on <= xh.today() AND (l.until IS NULL OR l.until >= xh.today()))::int AS stands
           FROM xh.foreign_entry f JOIN xh.listing l USING (listing_id) GROUP BY 1`,
      )
      return this.#catalogue.agreements(today).map((one) => {
        const counts = rows.find((row) => row.agreement === one.code)
        return {
          code: one.code,
          version: one.version,
          title: one.title,
          document: one.document,
          parties: one.parties.map(({ region, name, client: of }) => ({ region, name, client: of ?? null })),
          lists: one.lists,
          matters: one.matters,
          from: one.from,
          until: one.until ?? null,
          inForce: one.from <= today && (one.until === undefined || one.until >= today),
          received: counts?.received ?? 0,
          stands: counts?.stands ?? 0,
        }
      })
    })
  }

  /** The agreement that a message names, where its sender is the city of the entry. */
  #agreementOf(actor: Actor, message: Incoming['message'], today: string) {
    const one = this.#catalogue.agreements(today).find(({ code }) => code === message.agreementNo)
    const party = one?.parties.find(({ client }) => client === actor.name)
    if (one === undefined || party === undefined)
      throw new DomainError('exchange.agreement', {
        zh: `没有贵方与本市的协议“${message.agreementNo ?? ''}”。`,
        en: `There is no agreement “${message.agreementNo ?? ''}” between you and this city.`,
        remedyZh: '核对 agreementNo 与登记的业务系统。',
        remedyEn: 'Check agreementNo, and the client that you sign as.',
        status: 403,
      })
    // No city speaks for another.
    if (party.region !== message.homeRegion)
      throw new DomainError('exchange.region', {
        zh: `贵方不能送来 ${message.homeRegion ?? ''} 的信息。`,
        en: `You cannot deliver entries of ${message.homeRegion ?? ''}.`,
        remedyZh: '只送本市作为来源的名单信息。',
        remedyEn: 'Deliver entries whose home is your own city alone.',
        status: 403,
      })
    return { code: one.code, document: one.document, region: party.region }
  }

  #refuseUncovered(agreement: string, list: string, today: string): void {
    const one = this.#catalogue.agreements(today).find(({ code }) => code === agreement)
    const known = this.#catalogue.lists(today).find(({ code }) => code === list)
    const inForce = one !== undefined && one.from <= today && (one.until === undefined || one.until >= today)
    if (!inForce || known === undefined || !one.lists.includes(list)) throw notCovered(agreement, list)
    if (whyNotRecognisable(known) !== undefined)
      throw new DomainError('exchange.list', {
        zh: `名单“${list}”的信息不能跨市适用：不良信息只认国家级主管部门的名单。`,
        en: `Entries of “${list}” cannot count here: adverse facts only from lists of national authority.`,
        remedyZh: '不要推送该名单。',
        remedyEn: 'Do not push that list.',
        status: 403,
      })
  }
}

function refusePersons(uscc: string, entry: EntryBody | undefined): void {
  const business = uscc.startsWith('92')
  const fits = entry === undefined || (entry.subject.kind === 'individualBusiness') === business
  if (isUscc(uscc) && fits) return
  throw new DomainError('exchange.person', {
    zh: '跨市互认只限有统一社会信用代码的主体；自然人的信息不予接收。',
    en: 'Only subjects with a unified social credit code are exchanged; nothing about natural persons is taken.',
    remedyZh: '不要推送自然人的信息；核对代码与主体类别。',
    remedyEn: 'Do not push persons; check the code and the kind of subject.',
    status: 403,
  })
}

function endKind(entry: EntryBody | undefined, lift: LiftBody): string {
  if (entry !== undefined) return entry.removeKind ?? 'revoked'
  return lift.cause === 'court' ? 'revoked' : lift.cause
}

const notCovered = (agreement: string, list: string): DomainError =>
  new DomainError('exchange.not-covered', {
    zh: `协议“${agreement}”今天不涵盖名单“${list}”。`,
    en: `The agreement “${agreement}” does not cover the list “${list}” today.`,
    remedyZh: '核对协议的名单与期限。',
    remedyEn: 'Check its lists and its term.',
    status: 403,
  })
