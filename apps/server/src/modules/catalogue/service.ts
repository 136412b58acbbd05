import {
  type Agreement,
  type AlarmRules,
  type CatalogueItem,
  type CodeList,
  type EvaluationMethod,
  itemCodeOfList,
  type ListDefinition,
  type ListStanding,
  type PublicationRules,
} from '@xinheng/core'
import type pg from 'pg'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { readPolicy } from './read-policy.ts'
import { type EnteredPolicy, enteredPolicy, enterPolicy, policyState } from './store.ts'

/** How long a process may judge by what another has changed since. */
const FRESH_MS = 2_000

/** The catalogue as the database holds it: the newest version in force on a day judges, every version can be read. */
export class Catalogue {
  #policy: EnteredPolicy
  readonly #rules: pg.Pool
  #ruleIds = new Map<string, number>()
  readonly #reader: pg.Pool
  #state = ''
  #asked = 0

  /** @param reader a login that may read the versions */
  constructor(policy: EnteredPolicy, rules: pg.Pool, reader: pg.Pool) {
    this.#policy = policy
    this.#rules = rules
    this.#reader = reader
  }

  /**
   * Takes in what another process, or a person in the console, has released since.
   * @param atOnce asks the database even when it was asked a moment ago
   */
  async refresh(atOnce = false): Promise<void> {
    if (!atOnce && Date.now() - this.#asked < FRESH_MS) return
    this.#asked = Date.now()
    const state = await policyState(this.#reader)
    if (state === this.#state) return
    this.#policy = await enteredPolicy(this.#reader)
    this.#state = state
  }

  /** Every version of every item, code list and rule set. */
  get policy(): EnteredPolicy {
    return this.#policy
  }

  /** @throws DomainError `item.unknown` */
  item(code: string, today: string): CatalogueItem {
    const item = inForce(
      this.#policy.items.filter((one) => one.code === code),
      today,
    )
    if (item === undefined) {
      throw new DomainError('item.unknown', {
        zh: `没有目录项“${code}”。`,
        en: `There is no catalogue item “${code}”.`,
        remedyZh: '用 xinheng catalogue list 查看全部目录项。',
        remedyEn: 'See xinheng catalogue list.',
        status: 404,
      })
    }
    return item
  }

  /** The version that judged a record. */
  version(number: number, version: number): CatalogueItem | undefined {
    return this.#policy.items.find((item) => item.number === number && item.version === version)
  }

  /** The newest version of an item, in force or not yet. */
  newest(number: number): CatalogueItem | undefined {
    return this.#policy.items
      .filter((item) => item.number === number)
      .sort((a, b) => b.version - a.version)[0]
  }

  /** Items in force, in the order of their numbers. */
  items(today: string): CatalogueItem[] {
    const codes = [...new Set(this.#policy.items.map((item) => item.code))]
    return codes
      .flatMap(
        (code) =>
          inForce(
            this.#policy.items.filter((one) => one.code === code),
            today,
          ) ?? [],
      )
      .sort((a, b) => a.number - b.number)
  }

  codeLists(today: string): CodeList[] {
    const codes = [...new Set(this.#policy.codeLists.map((list) => list.code))]
    return codes.flatMap(
      (code) =>
        inForce(
          this.#policy.codeLists.filter((one) => one.code === code),
          today,
        ) ?? [],
    )
  }

  /** Lists in force, in the order of the numbers of their items. */
  lists(today: string): ListDefinition[] {
    const codes = [...new Set(this.#policy.lists.map((list) => list.code))]
    const number = new Map(this.#policy.items.map((item) => [item.code, item.number]))
    const at = (list: ListDefinition) => number.get(itemCodeOfList(list)) ?? 0
    return codes
      .flatMap(
        (code) =>
          inForce(
            this.#policy.lists.filter((one) => one.code === code),
            today,
          ) ?? [],
      )
      .sort((a, b) => at(a) - at(b))
  }

  /** The version of each agreement with other cities that governs on a day, whether or not its term has begun or ended. */
  agreements(today: string): Agreement[] {
    const { agreements } = this.#policy
    return [...new Set(agreements.map((one) => one.code))].flatMap(
      (code) =>
        inForce(
          agreements.filter((one) => one.code === code),
          today,
        ) ?? [],
    )
  }

  /** By what the entries of an item end where it is the item of a list, else undefined. */
  standing(item: CatalogueItem, today: string): ListStanding | undefined {
    const list = this.lists(today).find((one) => itemCodeOfList(one) === item.code)
    if (list === undefined) return undefined
    return { standsWhen: list.standsWhen, rules: this.publication(list.endsBy ?? item.publication, today) }
  }

  publication(code: string | undefined, today: string): PublicationRules | undefined {
    if (code === undefined) return undefined
    const rules = inForce(
      this.#policy.publications.filter((one) => one.code === code),
      today,
    )
    if (rules === undefined) throw new Error(`publication rules ${code} are not entered`)
    return rules
  }

  /** Every released way to weigh units, the newest version of each last. */
  get evaluationMethods(): readonly EvaluationMethod[] {
    return this.#policy.methods
  }

  /** The thresholds of alarms in force. */
  alarmRules(today: string): AlarmRules | undefined {
    return inForce(this.#policy.alarmRules, today)
  }

  /** All publication rules, for words on pages. */
  get publications(): readonly PublicationRules[] {
    return this.#policy.publications
  }

  /** Numbers of publication rules, made when a rule is first used. */
  async ruleIds(codes: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const missing = codes.filter((code) => !this.#ruleIds.has(code))
    if (missing.length > 0) {
      await this.#rules.query(
        'INSERT INTO xh.publication_rule (code) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING',
        [missing],
      )
      const { rows } = await this.#rules.query('SELECT code, rule FROM xh.publication_rule')
      this.#ruleIds = new Map(rows.map((row) => [row.code, row.rule]))
    }
    return this.#ruleIds
  }
}

function inForce<T extends { readonly inForceFrom: string; readonly version: number }>(
  versions: readonly T[],
  today: string,
): T | undefined {
  return versions.filter((one) => one.inForceFrom <= today).sort((a, b) => b.version - a.version)[0]
}

/** Enters what the policy folder holds and gives the catalogue. */
export async function openCatalogue(
  migratorUrl: string,
  folder: string,
  reader: pg.Pool,
  rules: pg.Pool,
): Promise<Catalogue> {
  await enterPolicy(migratorUrl, readPolicy(folder))
  return new Catalogue(await enteredPolicy(reader), rules, reader)
}
