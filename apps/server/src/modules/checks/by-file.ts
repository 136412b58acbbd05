import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer } from '@xinheng/core'
import { type Actor, asActor, asReader, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { workbookOf } from '../../platform/workbook/index.ts'
import { csvLine } from '../corridor/index.ts'
import type { ScreeningService } from '../screening/index.ts'
import { type FileApplicant, readApplicants } from './file-columns.ts'
import type { Checks } from './service.ts'

/** Answers are asked for in so many lanes: a file leaves room for who stands at the counter. */
const LANES = 4

export interface ScreeningOrder {
  readonly matter: string
  readonly purpose: string
  readonly caseNumber: string
  readonly fileName: string
}

export interface ScreeningProgress {
  readonly id: string
  readonly fileName: string
  readonly matter: string
  readonly state: 'running' | 'done' | 'failed'
  readonly rows: number
  readonly done: number
  readonly counts: Readonly<Record<string, number>>
  readonly begunAt: string
}

interface AnsweredRow {
  readonly applicant: FileApplicant
  readonly answer?: Answer
  /** Names to be checked, where there was no code to compare. */
  readonly candidates?: readonly string[]
  readonly fault?: { readonly code: string; readonly zh: string }
}

const WORDS: Readonly<Record<string, string>> = {
  clear: '无匹配',
  remind: '提示',
  warn: '警示',
  intercept: '拦截',
  reward: '激励',
  toBeDecidedByAnOfficer: '由工作人员决定',
  toBeChecked: '无代码，仅列相近名称',
  refused: '未核查',
}
const COLUMNS = [
  ['行', 6],
  ['名称', 36],
  ['统一社会信用代码', 22],
  ['结果', 16],
  ['名单', 30],
  ['决定文书', 26],
  ['认定单位', 28],
  ['措施', 26],
  ['依据', 40],
  ['有效至', 26],
  ['核查编号', 24],
  ['说明', 60],
] as const

/** A file of applicants in, their answers out. Each row with a code is a check of its own, with record and entry. */
export class ChecksByFile {
  readonly #house: House
  readonly #checks: Checks
  readonly #screening: ScreeningService

  constructor(house: House, checks: Checks, screening: ScreeningService) {
    this.#house = house
    this.#checks = checks
    this.#screening = screening
  }

  /** Begins; what became of it is asked for by its id. @throws DomainError `screening.file`, `screening.too-many` */
  async begin(actor: Actor, order: ScreeningOrder, bytes: Buffer): Promise<{ id: string; rows: number }> {
    const path = join(tmpdir(), `xinheng-${randomUUID()}`)
    let applicants: FileApplicant[]
    try {
      await writeFile(path, bytes, { mode: 0o600 })
      applicants = await readApplicants(path, tmpdir())
    } finally {
      await rm(path, { force: true })
    }
    const id = await withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        `INSERT INTO xh.screening_job (unit_id, account_id, matter_id, purpose, case_number, file_name, rows)
         SELECT xh.actor_unit(), $1, matter_id, $2, $3, $4, $5 FROM xh.matter WHERE code = $6 AND unit_id = xh.actor_unit()
         RETURNING job_id`,
        [actor.accountId, order.purpose, order.caseNumber, order.fileName, applicants.length, order.matter],
      )
      if (rows[0] === undefined)
        throw new DomainError('check.matter', {
          zh: '本单位没有这个事项。',
          en: 'Your unit has no such matter.',
          remedyZh: '核对事项编码。',
          remedyEn: 'Check the code.',
          status: 422,
        })
      return {
        result: rows[0].job_id as string,
        act: {
          act: 'screening.begin',
          object: `screening:${rows[0].job_id}`,
          ground: order.purpose,
          detail: { matter: order.matter, rows: applicants.length },
        },
      }
    })
    void this.#run(actor, id, order, applicants)
    return { id, rows: applicants.length }
  }

  async list(actor: Actor): Promise<ScreeningProgress[]> {
    return asActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(`${PROGRESS} ORDER BY j.begun_at DESC LIMIT 50`)
      return rows
    })
  }

  /** @throws DomainError `screening.unknown` */
  async progress(actor: Actor, id: string): Promise<ScreeningProgress> {
    const one = (await this.list(actor)).find((each) => each.id === id)
    if (one === undefined) throw unknownFile()
    return one
  }

  /** The answers as a file. @throws DomainError `screening.unknown`, `screening.running` */
  async answers(actor: Actor, id: string, format: 'xlsx' | 'csv'): Promise<{ name: string; bytes: Buffer }> {
    const reading = {
      act: 'screening.answers.read',
      object: `screening:${id}`,
      ground: '批量核查结果',
    } as const
    const job = await asReader(this.#house.database.pools.app, actor, reading, async (client) => {
      const { rows } = await client.query(
        'SELECT job_id, file_name, state, result_secret FROM xh.screening_job WHERE job_id = $1',
        [id],
      )
      return rows[0]
    })
    if (job === undefined) throw unknownFile()
    if (job.state !== 'done')
      throw new DomainError('screening.running', {
        zh: job.state === 'failed' ? '该文件没有核查完。' : '该文件还在核查。',
        en: job.state === 'failed' ? 'The file was not finished.' : 'The file is being checked.',
        remedyZh: job.state === 'failed' ? '重新上传。' : '稍后再下载。',
        remedyEn: job.state === 'failed' ? 'Upload it again.' : 'Try again in a moment.',
        status: 409,
      })
    const table = JSON.parse(
      this.#house.keys.decrypt(job.result_secret, `screening_job‖result‖${id}`).toString(),
    ) as string[][]
    const name = `${String(job.file_name).replace(/\.[^.]+$/, '')}-核查结果.${format}`
    const header = COLUMNS.map(([title]) => title)
    if (format === 'csv')
      return {
        name,
        bytes: Buffer.from(`\ufeff${[header, ...table].map((line) => csvLine(line)).join('\r\n')}`),
      }
    return {
      name,
      bytes: await workbookOf([
        {
          name: '核查结果',
          lead: ['批量核查结果', '核查结果仅在有效期内使用；没有记录不等于没有违法失信。'],
          columns: COLUMNS.map(([title, width]) => ({ title, width })),
          rows: table,
        },
      ]),
    }
  }

  /** What was running when the process ended is not finished by itself. */
  async adopt(): Promise<void> {
    await this.#house.database.pools.job.query(
      "UPDATE xh.screening_job SET state = 'failed', fault = 'restarted', done_at = now() WHERE state = 'running' AND begun_at < now() - interval '10 minutes'",
    )
  }

  async #run(
    actor: Actor,
    id: string,
    order: ScreeningOrder,
    applicants: readonly FileApplicant[],
  ): Promise<void> {
    const answered: AnsweredRow[] = []
    const counts: Record<string, number> = {}
    let next = 0
    const lane = async () => {
      for (;;) {
        const at = next++
        const applicant = applicants[at]
        if (applicant === undefined) return
        const row = await this.#answer(actor, id, order, applicant)
        answered[at] = row
        const kind = row.answer?.result ?? (row.candidates === undefined ? 'refused' : 'toBeChecked')
        counts[kind] = (counts[kind] ?? 0) + 1
        if (at % 10 === 0) await this.#write(actor, id, 'done = $2, counts = $3', [at + 1, counts])
      }
    }
    try {
      await Promise.all(Array.from({ length: LANES }, lane))
      const table = JSON.stringify(answered.flatMap(linesOf))
      await this.#write(
        actor,
        id,
        "state = 'done', done = $2, counts = $3, result_secret = $4, done_at = now()",
        [
          applicants.length,
          counts,
          this.#house.keys.encrypt(Buffer.from(table), `screening_job‖result‖${id}`),
        ],
      )
    } catch {
      await this.#write(actor, id, "state = 'failed', fault = $2, done_at = now()", ['interrupted']).catch(
        () => {},
      )
    }
  }

  async #answer(
    actor: Actor,
    id: string,
    order: ScreeningOrder,
    applicant: FileApplicant,
  ): Promise<AnsweredRow> {
    try {
      // A name alone identifies nobody: an officer gets names to look at, and no answer.
      if (applicant.identifier === '')
        return { applicant, candidates: await this.#candidates(actor, applicant.name) }
      const answer = await this.#checks.ask(
        actor,
        {
          matter: order.matter,
          applicant: {
            kind: 'organisation',
            identifier: applicant.identifier,
            name: applicant.name || '（未填写）',
          },
          purpose: order.purpose,
          caseNumber: applicant.caseNumber || order.caseNumber,
        },
        `file-${id}-${applicant.row}`,
      )
      return { applicant, answer }
    } catch (error) {
      if (error instanceof DomainError && error.status < 500)
        return { applicant, fault: { code: error.code, zh: `${error.zh}${error.remedyZh}` } }
      throw error
    }
  }

  async #candidates(actor: Actor, name: string): Promise<string[]> {
    const proposals = await this.#screening.resembling(name, { limit: 5 })
    if (proposals.length === 0) return []
    return asActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        `SELECT DISTINCT l.name, l.uscc FROM xh.listing l
          WHERE l.listing_id = ANY ($1::bigint[]) AND l.in_force AND l.listed_on <= xh.today() AND (l.until IS NULL OR l.until >= xh.today())
            AND l.origin IS NULL`,
        [proposals.map(({ listing }) => listing)],
      )
      return rows.map((row) => `${row.name}（${row.uscc ?? '无代码'}）`)
    })
  }

  async #write(actor: Actor, id: string, set: string, values: readonly unknown[]): Promise<void> {
    await asActor(this.#house.database.pools.app, actor, (client) =>
      client.query(`UPDATE xh.screening_job SET ${set} WHERE job_id = $1`, [id, ...values]),
    )
  }
}

const PROGRESS = `SELECT j.job_id AS id, j.file_name AS "fileName", m.name AS matter, j.state, j.rows, j.done, j.counts,
    to_char(j.begun_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS "begunAt"
  FROM xh.screening_job j JOIN xh.matter m USING (matter_id)`

/** One line a hit; one where there is none. */
function linesOf({ applicant, answer, candidates, fault }: AnsweredRow): string[][] {
  const head = [String(applicant.row), applicant.name, applicant.identifier]
  const blank = ['', '', '', '', '']
  if (fault !== undefined) return [[...head, WORDS.refused ?? '', ...blank, '', '', fault.zh]]
  if (answer === undefined)
    return [
      [
        ...head,
        WORDS.toBeChecked ?? '',
        ...blank,
        '',
        '',
        candidates?.length
          ? `相近名称，请人工核对：${candidates.join('；')}`
          : '没有相近名称；无代码不作结论。',
      ],
    ]
  const tail = [answer.validUntil.slice(0, 19).replace('T', ' '), answer.number, answer.explanation.zh]
  if (answer.hits.length === 0) return [[...head, WORDS[answer.result] ?? '', ...blank, ...tail]]
  return answer.hits.map(({ list, fact, measure, effect }) => [
    ...head,
    WORDS[effect] ?? '',
    list.title,
    fact.documentNumber,
    fact.authority,
    measure.title,
    `《${measure.law}》${measure.article}`,
    ...tail,
  ])
}

const unknownFile = (): DomainError =>
  new DomainError('screening.unknown', {
    zh: '没有这个批量核查。',
    en: 'There is no such file.',
    remedyZh: '刷新页面。',
    remedyEn: 'Reload the page.',
    status: 404,
  })
