import { DatabaseSync } from 'node:sqlite'
import type { Answer, Decision, Feedback } from '@xinheng/client/machine'

/** Where a case stands here. `asked`: not checked yet, and asked again by itself. */
export type CaseState = 'asked' | 'open' | 'suspended' | 'done' | 'refused'

export interface Case {
  readonly number: string
  readonly name: string
  readonly code: string
  readonly kind: 'organisation' | 'individualBusiness'
  readonly matter: string
  readonly appliedAt: string
  readonly state: CaseState
  readonly answer: Answer | undefined
  readonly decision: Decision | undefined
  readonly feedback: Feedback | undefined
  /** Whether the platform has acknowledged the feedback. */
  readonly fedBack: boolean
  /** Why the platform will not answer, in its own words. */
  readonly fault: string | undefined
}

/** The system's own memory: a file beside its outbox. */
export class Cases {
  readonly #database: DatabaseSync

  constructor(path: string) {
    this.#database = new DatabaseSync(path)
    this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS application (
        id INTEGER PRIMARY KEY, number TEXT UNIQUE, name TEXT NOT NULL, code TEXT NOT NULL, kind TEXT NOT NULL, matter TEXT NOT NULL,
        applied_at TEXT NOT NULL, answer TEXT, decision TEXT, feedback TEXT, fed_back INTEGER NOT NULL DEFAULT 0, fault TEXT)`)
  }

  add(prefix: string, application: Pick<Case, 'name' | 'code' | 'kind' | 'matter'>, at: Date): string {
    const { name, code, kind, matter } = application
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO application (name, code, kind, matter, applied_at) VALUES (?, ?, ?, ?, ?)')
      .run(name, code, kind, matter, at.toISOString())
    const number = `${prefix}-${at.getFullYear()}-${String(lastInsertRowid).padStart(5, '0')}`
    this.#database.prepare('UPDATE application SET number = ? WHERE id = ?').run(number, lastInsertRowid)
    return number
  }

  answered(number: string, answer: Answer): void {
    this.#set(number, 'answer', JSON.stringify(answer))
  }

  decided(number: string, decision: Decision): void {
    this.#set(number, 'decision', JSON.stringify(decision))
  }

  toldBack(number: string, feedback: Feedback): void {
    this.#set(number, 'feedback', JSON.stringify(feedback))
  }

  acknowledged(number: string): void {
    this.#database.prepare('UPDATE application SET fed_back = 1 WHERE number = ?').run(number)
  }

  refused(number: string, fault: string): void {
    this.#set(number, 'fault', fault)
  }

  find(number: string): Case | undefined {
    const row = this.#database.prepare('SELECT * FROM application WHERE number = ?').get(number)
    return row === undefined ? undefined : caseOf(row)
  }

  /** The case to which an answer of the platform belongs. */
  byAnswer(answerNumber: string): Case | undefined {
    return this.newest(10_000).find(({ answer }) => answer?.number === answerNumber)
  }

  newest(limit = 200): Case[] {
    return this.#database.prepare('SELECT * FROM application ORDER BY id DESC LIMIT ?').all(limit).map(caseOf)
  }

  close(): void {
    this.#database.close()
  }

  #set(number: string, column: 'answer' | 'decision' | 'feedback' | 'fault', value: string): void {
    this.#database.prepare(`UPDATE application SET ${column} = ? WHERE number = ?`).run(value, number)
  }
}

function caseOf(row: Record<string, unknown>): Case {
  const read = <T>(value: unknown) => (value === null ? undefined : (JSON.parse(String(value)) as T))
  const answer = read<Answer>(row.answer)
  const decision = read<Decision>(row.decision)
  const feedback = read<Feedback>(row.feedback)
  return {
    number: String(row.number),
    name: String(row.name),
    code: String(row.code),
    kind: row.kind === 'individualBusiness' ? 'individualBusiness' : 'organisation',
    matter: String(row.matter),
    appliedAt: String(row.applied_at),
    answer,
    decision,
    feedback,
    fedBack: row.fed_back === 1,
    fault: row.fault === null ? undefined : String(row.fault),
    state: stateOf(answer, decision, feedback),
  }
}

/** A matter that meets an intercept stands still until an officer has decided at the platform. */
export function stateOf(
  answer: Pick<Answer, 'result'> | undefined,
  decision: Pick<Decision, 'decision'> | undefined,
  feedback: Pick<Feedback, 'effect'> | undefined,
): CaseState {
  if (answer === undefined) return 'asked'
  if (feedback !== undefined) return feedback.effect === '拦截' ? 'refused' : 'done'
  const waits = answer.result === 'intercept' || answer.result === 'toBeDecidedByAnOfficer'
  if (!waits) return 'open'
  return decision === undefined ? 'suspended' : 'open'
}
