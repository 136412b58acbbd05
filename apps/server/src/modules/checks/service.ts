import {
  type Answer,
  type AnswerInput,
  composeAnswer,
  type ResemblingName,
  type Sentence,
  type WorkingCalendar,
} from '@xinheng/core'
import type pg from 'pg'
import { type Actor, asActor, asReader, type Entry, withActorAtOnce } from '../../platform/database/actor.ts'
import { jsonText } from '../../platform/database/json-text.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { systemFault } from '../../platform/errors/system-fault.ts'
import { Grouped } from '../../platform/grouped.ts'
import type { House } from '../../platform/house.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { tagOfDocument } from '../ledger/index.ts'
import { jointActionDeadlines, type MatterPlan, type PlanBasis, Plans } from '../measures/index.ts'
import type { Proposal } from '../screening/index.ts'
import { type Applicant, applicantOf, type CheckRequest, newNumber, requestDigest } from './asking.ts'
import {
  type EntryRow,
  type OtherRow,
  organisationsRead,
  personRead,
  type Seen,
  standingEntries,
} from './entries.ts'
import { type ListsOfDay, listsOfDay } from './lists-of-day.ts'
import { noticeOf } from './notice-token.ts'
import { alreadyAsked, isOfARow, isRepeated, notChecked } from './refusals.ts'

/** Names that resemble, proposed from memory; what stands is the database's to say. */
export interface Proposer {
  /** Whether the set has been loaded: without it nothing is said to be clear. */
  readonly ready: boolean
  resembling(name: string, options: { readonly limit: number }): Promise<readonly Proposal[]>
}

/** What was given as an answer, with what it was made of. */
export interface CheckBasis extends PlanBasis {
  readonly lists: Readonly<Record<string, number>>
  /** As it was called then. */
  readonly matterName: string
  readonly resembling: readonly ResemblingName[]
}

const MOST_RESEMBLING = 5
/** One organisation may stand on several lists. */
const MOST_PROPOSED = 15
const DAY_MS = 86_400_000
/** Checks of one asker that are read and written together, at most. */
const MOST_TOGETHER = 32

/** A check on its way. */
interface Asked {
  readonly actor: Actor & { readonly unitId: number; readonly accountId: number }
  readonly request: CheckRequest
  readonly applicant: Applicant
  readonly key: string
  readonly digest: Buffer
  readonly proposed: readonly Proposal[]
  readonly calendar: WorkingCalendar
}

/** An answer with what is written of it: its row and its entry. */
interface Answered {
  readonly answer: Answer
  readonly row: object
  readonly entry: Entry
}

export class Checks {
  readonly #house: House
  readonly #catalogue: Catalogue
  readonly #calendar: () => Promise<WorkingCalendar>
  readonly #proposer: Proposer
  readonly #plans = new Plans()
  readonly #grouped = new Grouped<Asked, Answer>((asked) => this.#askAll(asked), MOST_TOGETHER)
  #lists: { readonly day: string; readonly policy: unknown; readonly lists: ListsOfDay } | undefined

  constructor(
    house: House,
    catalogue: Catalogue,
    calendar: () => Promise<WorkingCalendar>,
    proposer: Proposer,
  ) {
    this.#house = house
    this.#catalogue = catalogue
    this.#calendar = calendar
    this.#proposer = proposer
  }

  /**
   * Checks an applicant. What the answer says was true of the database at one instant, in the transaction that stored the
   * answer and its entry in the ledger. Checks that one asker makes at the same time share such a transaction, each with
   * its own row and entry. The same key gives the same answer again.
   * @throws DomainError `check.*`
   */
  async ask(actor: Actor, request: CheckRequest, key: string): Promise<Answer> {
    const { unitId, accountId } = actor
    if (unitId === undefined || accountId === undefined) throw new Error('a unit’s account asks')
    if (!this.#proposer.ready) throw notChecked()
    try {
      const calendar = await this.#calendar()
      const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
      const applicant = applicantOf(request, this.#house.keys, today)
      const proposed =
        applicant.kind === 'organisation' && applicant.name !== ''
          ? await this.#proposer.resembling(applicant.name, { limit: MOST_PROPOSED })
          : []
      const asked: Asked = {
        actor: { ...actor, unitId, accountId },
        request,
        applicant,
        key,
        digest: requestDigest(request),
        proposed,
        calendar,
      }
      // A person's check is nobody else's company.
      if (applicant.kind === 'person') return await this.#askAlone(asked)
      return await this.#grouped.do(`${actor.duty}/${unitId}/${accountId}`, asked)
    } catch (error) {
      if (error instanceof DomainError && error.status !== 503) throw error
      if (systemFault(error)?.status === 503) throw notChecked()
      throw error
    }
  }

  async #askAll(asked: readonly Asked[]): Promise<PromiseSettledResult<Answer>[]> {
    const [first, ...others] = asked
    if (first !== undefined && others.length === 0) return Promise.allSettled([this.#askAlone(first)])
    try {
      return await this.#transact(asked)
    } catch (error) {
      // What is wrong with one row, above all a key that was used, is no fault of the others.
      if (!isOfARow(error)) throw error
      const outcomes: PromiseSettledResult<Answer>[] = []
      for (const one of asked) outcomes.push(...(await Promise.allSettled([this.#askAlone(one)])))
      return outcomes
    }
  }

  async #askAlone(asked: Asked): Promise<Answer> {
    try {
      const [outcome] = await this.#transact([asked])
      if (outcome?.status === 'fulfilled') return outcome.value
      throw outcome?.reason
    } catch (error) {
      if (!isRepeated(error)) throw error
      return await this.#again(asked.actor, asked.key, asked.digest)
    }
  }

  /** One transaction for checks of one asker. What is refused of one is not written; a fault undoes all. */
  #transact(asked: readonly Asked[]): Promise<PromiseSettledResult<Answer>[]> {
    const { actor, applicant } = asked[0] as Asked
    const read =
      applicant.kind === 'person'
        ? personRead(applicant.person)
        : organisationsRead(
            [...new Set(asked.map((one) => codeOf(one.applicant)))],
            asked.flatMap(({ proposed }) => proposed.map(({ listing }) => listing)),
          )
    return withActorAtOnce<Seen, PromiseSettledResult<Answer>[]>(
      this.#house.database.pools.app,
      actor,
      read,
      async (client, rows) => {
        const { seen, plans } = await this.#plansOf(client, asked, read, rows[0] as Seen)
        const outcomes: PromiseSettledResult<Answered>[] = []
        for (const one of asked) {
          try {
            const plan = plans.get(one.request.matter) ?? null
            const value = await this.#answer(
              client,
              one,
              seen,
              seen.entries[codeOf(one.applicant)] ?? [],
              plan,
            )
            outcomes.push({ status: 'fulfilled', value })
          } catch (reason) {
            if (!(reason instanceof DomainError)) throw reason
            outcomes.push({ status: 'rejected', reason })
          }
        }
        const given = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
        return {
          result: outcomes.map((one) =>
            one.status === 'fulfilled' ? { status: one.status, value: one.value.answer } : one,
          ),
          entries: given.map(({ entry }) => entry),
          writes: given.length === 0 ? [] : [writeOf(actor, seen, given)],
        }
      },
    )
  }

  /** The plans of all matters and what was seen, in one state of the measures. */
  async #plansOf(
    client: pg.PoolClient,
    asked: readonly Asked[],
    read: pg.QueryConfig,
    first: Seen,
  ): Promise<{ seen: Seen; plans: ReadonlyMap<string, MatterPlan | null> }> {
    const { unitId } = (asked[0] as Asked).actor
    const matters = new Set(asked.map(({ request }) => request.matter))
    for (let seen = first; ; ) {
      const plans = new Map<string, MatterPlan | null>()
      let wasRead = false
      for (const matter of matters) {
        let plan = this.#plans.kept(matter, seen.stamp, seen.day)
        if (plan === undefined) {
          plan = await this.#plans.read(client, matter, unitId, seen.stamp, seen.day)
          wasRead = true
        }
        plans.set(matter, plan)
      }
      if (!wasRead) return { seen, plans }
      // Measures may have changed since the first look: all of an answer is of one state.
      const again = (await client.query<Seen>(read)).rows[0] as Seen
      if (again.stamp === seen.stamp && again.day === seen.day) return { seen: again, plans }
      seen = again
    }
  }

  async #answer(
    client: pg.PoolClient,
    { actor, request, applicant, key, digest, proposed, calendar }: Asked,
    seen: Seen,
    entries: readonly EntryRow[],
    plan: MatterPlan | null,
  ): Promise<Answered> {
    refuseWhatIsNotTheirs(plan, actor.unitId)
    if (applicant.kind === 'person') refuseWithoutGround(request, plan, seen.day)
    const lists = this.#listsOf(seen.day)
    const standing = applicant.kind === 'organisation' && entries.some(({ kind }) => kind === 'i')
    const applies: Applicant = standing ? { ...applicant, kind: 'individualBusiness' } : applicant
    const own = applicant.kind === 'person' ? '' : applicant.uscc
    const resembling = stillThere(proposed, seen.others, plan, own).slice(0, MOST_RESEMBLING)
    const number = newNumber()
    // Who stands on no list has nothing to be told.
    const notice =
      entries.length === 0 && applies.kind !== 'person' ? undefined : noticeOf(this.#house.keys, number)
    const validUntil = endOfDay(seen.day, jointActionDeadlines().answer.validDays)
    const answer = composeAnswer(
      inputOf({
        number,
        applicant: applies,
        matter: plan,
        at: seen.at,
        validUntil,
        entries: standingEntries(entries, lists, this.#house.keys, {
          matter: request.matter,
          agreements: this.#catalogue.policy.agreements,
        }),
        measures: plan.measures,
        lists,
        resembling,
        notice: notice?.path ?? '',
      }),
    )
    const basis: CheckBasis = {
      ...plan.basis,
      matterName: plan.name,
      lists: Object.fromEntries(
        [
          ...new Set([...entries.map(({ list }) => list), ...plan.measures.flatMap((one) => one.lists)]),
        ].flatMap((code) => {
          const list = lists.get(code)
          return list === undefined ? [] : [[code, list.version] as const]
        }),
      ),
      resembling,
    }
    const person =
      applies.kind === 'person' ? await tagOfDocument(client, this.#house.keys, applies.person) : undefined
    const text = JSON.stringify(answer)
    const sealed = (what: string, plain: string) =>
      this.#house.keys.encrypt(Buffer.from(plain), `credit_check‖${what}‖${number}`).toString('base64')
    const { consent, duty, officer } = request
    return {
      answer,
      row: {
        number,
        key,
        digest: digest.toString('base64'),
        matter: plan.matterId,
        kind: LETTERS[applies.kind],
        ...(applies.kind === 'person'
          ? {
              person: applies.person,
              applicant_secret: sealed(
                'applicant',
                JSON.stringify({ number: applies.number, name: applies.name }),
              ),
              answer_secret: sealed('answer', text),
            }
          : { uscc: applies.uscc, name: applies.name, answer: text }),
        purpose: request.purpose,
        case_number: request.caseNumber,
        officer,
        consent: consent?.number,
        consent_until: consent?.until,
        duty_law: duty?.law,
        duty_article: duty?.article,
        result: answer.result,
        basis,
        valid_until: validUntil,
        notice:
          answer.notice.url === null && applies.kind !== 'person'
            ? undefined
            : notice?.digest.toString('base64'),
        due:
          answer.result === 'clear'
            ? undefined
            : calendar.addWorkingDays(seen.day, jointActionDeadlines().feedback.workingDays),
      },
      entry: {
        actor,
        act: {
          act: 'check.ask',
          object: `check:${number}`,
          ground: groundOf(request),
          right: consent !== undefined ? 'consent' : duty === undefined ? undefined : 'law',
          result: answer.result,
          person,
          detail: {
            matter: plan.code,
            case: request.caseNumber,
            hits: answer.hits.map(({ list, measure, effect }) => `${list.code}/${measure.code}/${effect}`),
            ...(applies.kind === 'person' ? {} : { uscc: applies.uscc }),
          },
        },
      },
    }
  }

  /** The answer as it was given, to the unit that asked. */
  async find(actor: Actor, number: string): Promise<{ answer: Answer; decision: CheckDecision | null }> {
    const reading = { act: 'check.read', object: `check:${number}`, ground: '核查结果' } as const
    return asReader(this.#house.database.pools.app, actor, reading, async (client) => {
      const { rows } = await client.query(
        `SELECT c.number, c.answer, c.answer_secret, d.decision, d.decided_at
           FROM xh.credit_check c LEFT JOIN xh.check_decision d USING (check_id)
          WHERE c.number = $1 AND c.unit_id = xh.actor_unit()`,
        [number],
      )
      if (rows[0] === undefined) throw unknownCheck()
      const { decision, decided_at: at } = rows[0]
      return {
        answer: this.answerOf(rows[0]),
        decision: decision === null ? null : { decision, decidedAt: at.toISOString() },
      }
    })
  }

  /** The applicant's own page of a check. */
  noticePathOf(number: string): string {
    return noticeOf(this.#house.keys, number).path
  }

  /** A stored answer, opened. */
  answerOf(row: { number: string; answer: string | null; answer_secret: Buffer | null }): Answer {
    return JSON.parse(
      row.answer ??
        this.#house.keys.decrypt(row.answer_secret as Buffer, `credit_check‖answer‖${row.number}`).toString(),
    )
  }

  /** The number under a key that was used before: the answer it got, unless it asks something else. */
  async #again(actor: Actor, key: string, digest: Buffer): Promise<Answer> {
    return asActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        'SELECT number, answer, answer_secret, request_digest FROM xh.credit_check WHERE asked_by = $1 AND idempotency_key = $2',
        [actor.accountId, key],
      )
      const row = rows[0]
      if (row === undefined) throw new Error('the key was used a moment ago')
      if (!digest.equals(row.request_digest)) throw alreadyAsked()
      return this.answerOf(row)
    })
  }

  #listsOf(day: string): ListsOfDay {
    const policy = this.#catalogue.policy
    if (this.#lists?.day !== day || this.#lists.policy !== policy)
      this.#lists = { day, policy, lists: listsOfDay(this.#catalogue, day) }
    return this.#lists.lists
  }
}

export interface CheckDecision {
  readonly decision: 'kept' | 'overridden' | 'applied' | 'notApplied'
  readonly decidedAt: string
}

/** By what entries are found. */
const codeOf = (applicant: Applicant): string =>
  applicant.kind === 'person' ? applicant.person : applicant.uscc

const LETTERS = { organisation: 'o', individualBusiness: 'i', person: 'p' } as const

/** The rows of answers, in the order in which they were asked. */
function writeOf({ unitId, accountId }: Actor, seen: Seen, given: readonly Answered[]): pg.QueryConfig {
  return {
    name: 'write checks',
    text: `INSERT INTO xh.credit_check (number, asked_by, idempotency_key, request_digest, unit_id, matter_id, applicant_kind, uscc,
             applicant_name, person, applicant_secret, purpose, case_number, officer, consent, consent_until, duty_law, duty_article,
             result, answer, answer_secret, basis, day, snapshot, asked_at, valid_until, notice, feedback_due)
           SELECT number, $2, key, decode(digest, 'base64'), $3, matter, kind, uscc, name, person, decode(applicant_secret, 'base64'),
                  purpose, case_number, officer, consent, consent_until, duty_law, duty_article, result, answer,
                  decode(answer_secret, 'base64'), basis, $4, $5, now(), to_timestamp(valid_until / 1000), decode(notice, 'base64'), due
             FROM json_to_recordset($1) AS given (number text, key text, digest text, matter integer, kind "char", uscc text, name text,
                  person text, applicant_secret text, purpose text, case_number text, officer text, consent text, consent_until date,
                  duty_law text, duty_article text, result text, answer text, answer_secret text, basis jsonb, valid_until float8,
                  notice text, due date)`,
    values: [jsonText(given.map(({ row }) => row)), accountId, unitId, seen.day, seen.snapshot],
  }
}

/** All that makes an answer, in the shape that the pure function takes. */
export function inputOf(parts: {
  readonly number: string
  readonly applicant:
    | { readonly kind: 'person' }
    | { readonly kind: 'organisation' | 'individualBusiness'; readonly uscc: string; readonly name: string }
  readonly matter: { readonly code: string; readonly name: string }
  readonly at: number
  readonly validUntil: number
  readonly entries: AnswerInput['entries']
  readonly measures: AnswerInput['measures']
  readonly lists: ListsOfDay
  readonly resembling: readonly ResemblingName[]
  readonly notice: string
}): AnswerInput {
  const { number, applicant, matter, at, validUntil, entries, measures, lists, resembling, notice } = parts
  const titles: Record<string, Sentence> = {}
  for (const code of measures.flatMap((measure) => measure.lists)) {
    const list = lists.get(code)
    if (list !== undefined) titles[code] = list.title
  }
  const common = {
    number,
    matter: { code: matter.code, name: matter.name },
    at,
    validUntil,
    entries,
    measures,
    lists: titles,
  }
  return applicant.kind === 'person'
    ? { ...common, kind: 'person', notice: null }
    : {
        ...common,
        kind: applicant.kind,
        name: applicant.name,
        identifier: applicant.uscc,
        resembling,
        notice,
      }
}

/** Names whose bearers stand on a list that the matter follows, at this instant. */
function stillThere(
  proposed: readonly Proposal[],
  others: readonly OtherRow[],
  plan: Pick<MatterPlan, 'measures'>,
  own: string,
): ResemblingName[] {
  const followed = new Set(plan.measures.flatMap(({ lists }) => lists))
  const standing = new Map(
    others.filter(({ list }) => followed.has(list)).map((row) => [Number(row.id), row]),
  )
  const names = new Map<string, ResemblingName>()
  for (const { listing, score, matches, differs } of proposed) {
    const row = standing.get(listing)
    if (row === undefined || row.name === null || row.uscc === own) continue
    const one = `${row.uscc ?? ''} ${row.name}`
    if (!names.has(one))
      names.set(one, {
        name: row.name,
        uscc: row.uscc ?? '',
        score,
        matches,
        differs,
        verdict: 'toBeChecked',
      })
  }
  return [...names.values()]
}

function groundOf({ consent, duty, purpose }: CheckRequest): string {
  if (consent !== undefined) return `授权 ${consent.number}：${purpose}`
  return duty === undefined ? purpose : `《${duty.law}》${duty.article}：${purpose}`
}

/** The last instant of a day and those after it, in Asia/Shanghai. */
function endOfDay(day: string, days: number): number {
  return Date.parse(`${day}T00:00:00+08:00`) + days * DAY_MS - 1000
}

function refuseWhatIsNotTheirs(plan: MatterPlan | null, unit: number): asserts plan is MatterPlan {
  if (plan === null || plan.ended || plan.unitId !== unit)
    throw new DomainError('check.matter', {
      zh: '本单位没有这个事项。',
      en: 'Your unit has no such matter.',
      remedyZh: '核对事项编码；事项由信用中心按政务服务目录导入。',
      remedyEn: 'Check the code; matters are imported by the credit centre.',
      status: 422,
    })
  if (plan.measures.length === 0)
    throw new DomainError('check.not-subscribed', {
      zh: '本单位尚未就该事项订阅措施，核查没有法律依据可用。',
      en: 'Your unit has subscribed to no measure for this matter: there is no law to apply.',
      remedyZh: '在控制台“事项与措施”中订阅，经第二人批准后再核查。',
      remedyEn: 'Subscribe in the console; once a second person has approved, ask again.',
      status: 409,
    })
}

/** A consent that has not ended, or a duty that a measure of this very matter names: an invented law opens nothing. */
function refuseWithoutGround(request: CheckRequest, plan: MatterPlan, day: string): void {
  const { consent, duty } = request
  if (consent !== undefined) {
    if (consent.until >= day) return
    throw new DomainError('check.consent-ended', {
      zh: '授权已经到期。',
      en: 'The consent has ended.',
      remedyZh: '请申请人重新授权。',
      remedyEn: 'Ask the applicant for a new consent.',
      status: 422,
    })
  }
  const plain = (text: string) => text.replace(/[《》\s]/g, '')
  const named = plan.measures.some(
    ({ law, article, objects }) =>
      objects.includes('person') &&
      plain(law) === plain(duty?.law ?? '') &&
      plain(article) === plain(duty?.article ?? ''),
  )
  if (!named)
    throw new DomainError('check.duty', {
      zh: '所写职责不是该事项已订阅措施的法律依据。',
      en: 'The duty is no ground of a measure that the unit applies to natural persons at this matter.',
      remedyZh: '写明已订阅措施所依据的法律全称和条款，或取得本人授权。',
      remedyEn: 'Name the law and article of a subscribed measure, or obtain the person’s consent.',
      status: 422,
    })
}

export const unknownCheck = (): DomainError =>
  new DomainError('check.unknown', {
    zh: '没有这个核查编号。',
    en: 'There is no such check.',
    remedyZh: '核对编号；只有提出核查的单位可以查看。',
    remedyEn: 'Check the number; only the unit that asked can read it.',
    status: 404,
  })
