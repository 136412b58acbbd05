import { join } from 'node:path'
import {
  type Answer,
  connect,
  type Feedback,
  FileOutbox,
  type Kept,
  NotCheckedYet,
  Problem,
  type Question,
  type Xinheng,
} from '@xinheng/client/machine'
import { type Case, Cases } from './cases.ts'
import { type OutsideSettings, type OutsideSystem, SYSTEMS } from './systems.ts'

/** A person waits so long at the counter; then it goes on without them. */
const PATIENCE_MS = 3000
/** Each look stands on the platform's ledger: an open page asks by itself, the rest now and then. */
const DECISIONS_EVERY_MS = 60_000
const LOOKS_APART_MS = 3000

/** What an outside system does with its cases, speaking to the platform through the published client alone. */
export class Desk {
  readonly system: OutsideSystem
  readonly cases: Cases
  readonly #settings: OutsideSettings
  readonly #xinheng: Xinheng
  #timer: NodeJS.Timeout | undefined
  readonly #lookedAt = new Map<string, number>()

  constructor(settings: OutsideSettings) {
    this.#settings = settings
    this.system = SYSTEMS[settings.system]
    this.cases = new Cases(join(settings.folder, 'cases.sqlite'))
    this.#xinheng = connect({
      base: settings.platform,
      client: settings.client,
      key: { id: settings.key.id, algorithm: 'ed25519', privateKey: settings.key.privateKey },
      replyKeys: [settings.replyKey],
      sessionKeys: true,
      outbox: new FileOutbox(join(settings.folder, 'outbox'), Buffer.from(settings.outboxKey, 'base64url')),
      pause: (tries) => Math.min(5000, 500 * 2 ** tries),
      onAnswer: (answer, kept) => this.#heard(answer, kept),
      onRefusal: (refusal, kept) => this.#refused(refusal, kept),
    })
  }

  /** Goes on with what was left unanswered, and asks now and then what officers decided. */
  async start(): Promise<void> {
    await this.#xinheng.checks.resume()
    // A case whose question died before it reached the outbox is asked as well: its key is its number.
    const kept = new Set(
      this.cases.newest(10_000).filter(({ answer, fault }) => answer === undefined && fault === undefined),
    )
    for (const one of kept) void this.#ask(one).catch(() => {})
    this.#timer = setInterval(() => void this.#askDecisions(), DECISIONS_EVERY_MS)
    this.#timer.unref()
  }

  /** Takes an application in and asks the platform about the applicant. @returns the case's number */
  async apply(application: Pick<Case, 'name' | 'code' | 'kind' | 'matter'>): Promise<string> {
    const number = this.cases.add(this.system.prefix, application, new Date())
    await this.#ask(this.cases.find(number) as Case).catch((error: unknown) => {
      // Not checked yet is no answer: the case waits, and the question goes on being asked.
      if (!(error instanceof NotCheckedYet) && !(error instanceof Problem)) throw error
    })
    return number
  }

  /** What was done with the answer. Kept and repeated until the platform has it. */
  async tellBack(number: string, feedback: Feedback): Promise<void> {
    const one = this.cases.find(number)
    if (one?.answer === undefined) return
    this.cases.toldBack(number, feedback)
    await this.#xinheng.checks
      .feedback(one.answer.number, feedback, { key: `${number}-feedback`, patienceMs: PATIENCE_MS })
      .catch((error: unknown) => {
        if (!(error instanceof NotCheckedYet) && !(error instanceof Problem)) throw error
      })
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#xinheng.close()
    this.cases.close()
  }

  async #ask(one: Case): Promise<void> {
    const question: Question = {
      matter: one.matter,
      applicant: { kind: one.kind, identifier: one.code, name: one.name },
      purpose: this.system.purpose,
      caseNumber: one.number,
      officer: this.system.officer,
    }
    await this.#xinheng.checks.ask(question, { key: one.number, patienceMs: PATIENCE_MS })
  }

  #heard(answer: unknown, kept: Kept): void {
    if (isQuestion(kept)) this.cases.answered(kept.key, answer as Answer)
    else this.cases.acknowledged(kept.key.replace(/-feedback$/, ''))
  }

  #refused(refusal: unknown, kept: Kept): void {
    const words = refusal instanceof Problem ? `${refusal.detail ?? ''}（${refusal.code}）` : String(refusal)
    this.cases.refused(kept.key.replace(/-feedback$/, ''), words)
  }

  /** The case as it stands now: of a suspended one, what the officers decided at the platform. */
  async look(number: string): Promise<Case | undefined> {
    const one = this.cases.find(number)
    if (one?.state !== 'suspended' || one.answer === undefined) return one
    if (Date.now() - (this.#lookedAt.get(number) ?? 0) < LOOKS_APART_MS) return one
    this.#lookedAt.set(number, Date.now())
    const { decision } = await this.#xinheng.checks
      .answer(one.answer.number)
      .catch(() => ({ decision: null }))
    if (decision !== null) this.cases.decided(number, decision)
    return this.cases.find(number)
  }

  async #askDecisions(): Promise<void> {
    for (const one of this.cases.newest()) if (one.state === 'suspended') await this.look(one.number)
  }

  get settings(): OutsideSettings {
    return this.#settings
  }
}

const isQuestion = (kept: Kept): boolean => kept.path === '/api/v1/checks'
