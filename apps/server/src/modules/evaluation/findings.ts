import { compareWithSource, dueDay, type SampleFinding, type ShownAtSource } from '@xinheng/core'
import { type Actor, withActor } from '../../platform/database/actor.ts'
import { checkEvidence, evidenceDigest, keepEvidence, openEvidence, plainFileName } from './evidence.ts'
import { type Ground, isFault, once } from './ground.ts'
import { refused } from './refusals.ts'

/** What is entered, found, answered and reviewed of single samples. */
export class Findings {
  readonly #ground: Ground

  constructor(ground: Ground) {
    this.#ground = ground
  }

  /** What the source shows; what follows from it is computed at once. @returns the finding */
  async enter(actor: Actor, sample: number, shown: ShownAtSource): Promise<SampleFinding> {
    const today = await this.#ground.today()
    const calendar = await this.#ground.calendar()
    const items = new Map(this.#ground.items(today).map((item) => [item.number, item]))
    return withActor(this.#ground.house.database.pools.app, actor, async (client) => {
      const row = await this.#ground.sample(client, sample)
      if (row.planState !== 'drawn') throw refused('evaluation.state')
      const held = row.heldSecret === null ? undefined : this.#ground.held(row, row.heldSecret)
      const item = items.get(row.item)
      const finding = compareWithSource(
        held,
        shown,
        (day) =>
          dueDay(day, row.item, { calendar, today, termDays: () => item?.reporting?.workingDays ?? 0 }),
        today,
      )
      await client.query(
        'UPDATE xh.evaluation_sample SET shown = $2, finding = $3, entered_by = $4, entered_at = now() WHERE sample_id = $1',
        [sample, shown, finding, actor.name],
      )
      return {
        result: finding,
        act: {
          act: 'evaluation.enter',
          object: `sample:${sample}`,
          result: finding.missing
            ? 'missing'
            : finding.mismatched.length > 0
              ? 'mismatched'
              : finding.late
                ? 'late'
                : 'agrees',
        },
      }
    })
  }

  /** 瞒报 is found by a person, with a reason, and only of what is missing. */
  async findConcealed(actor: Actor, sample: number, reason: string): Promise<void> {
    await withActor(this.#ground.house.database.pools.app, actor, async (client) => {
      const row = await this.#ground.sample(client, sample)
      if (row.planState !== 'drawn') throw refused('evaluation.state')
      if (row.finding?.missing !== true) throw refused('evaluation.not-missing')
      await once(() =>
        client.query('INSERT INTO xh.concealment_finding (sample_id, reason, found_by) VALUES ($1, $2, $3)', [
          sample,
          reason.trim(),
          actor.name,
        ]),
      )
      return {
        result: undefined,
        act: { act: 'evaluation.concealed', object: `sample:${sample}`, ground: reason.trim() },
      }
    })
  }

  /** A picture or file, encrypted and bound to its sample. */
  async addEvidence(
    actor: Actor,
    sample: number,
    name: string,
    type: string,
    bytes: Buffer,
  ): Promise<number> {
    const known = checkEvidence(type, bytes)
    const sha256 = evidenceDigest(bytes)
    return withActor(this.#ground.house.database.pools.app, actor, async (client) => {
      const row = await this.#ground.sample(client, sample)
      if (row.planState !== 'drawn') throw refused('evaluation.state')
      await keepEvidence(this.#ground.house, sample, sha256, bytes)
      const { rows } = await once(() =>
        client.query(
          'INSERT INTO xh.evaluation_evidence (sample_id, file_name, type, bytes, sha256, added_by) VALUES ($1, $2, $3, $4, $5, $6) RETURNING evidence_id::int AS id',
          [sample, plainFileName(name), known, bytes.length, sha256, actor.name],
        ),
      )
      return {
        result: rows[0].id,
        act: {
          act: 'evaluation.evidence',
          object: `sample:${sample}`,
          detail: { sha256, bytes: bytes.length },
        },
      }
    })
  }

  async evidence(actor: Actor, id: number): Promise<{ name: string; type: string; bytes: Buffer }> {
    return withActor(this.#ground.house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        'SELECT sample_id::int AS sample, file_name AS name, type, sha256 FROM xh.evaluation_evidence WHERE evidence_id = $1',
        [id],
      )
      if (rows[0] === undefined) throw refused('evaluation.unknown')
      const { sample, name, type, sha256 } = rows[0]
      const bytes = await openEvidence(this.#ground.house, sample, sha256)
      return {
        result: { name, type, bytes },
        act: { act: 'evaluation.evidence.read', object: `evidence:${id}` },
      }
    })
  }

  async answer(actor: Actor, sample: number, answer: string): Promise<void> {
    const today = await this.#ground.today()
    await withActor(this.#ground.house.database.pools.app, actor, async (client) => {
      const row = await this.#ground.sample(client, sample)
      if (row.planState !== 'released') throw refused('evaluation.state')
      if (row.answerUntil === null || today > row.answerUntil) throw refused('evaluation.too-late')
      if (!isFault(row.finding)) throw refused('evaluation.no-fault')
      await once(() =>
        client.query(
          'INSERT INTO xh.evaluation_answer (sample_id, answer, answered_by) VALUES ($1, $2, $3)',
          [sample, answer.trim(), actor.name],
        ),
      )
      return { result: undefined, act: { act: 'evaluation.answer', object: `sample:${sample}` } }
    })
  }

  /** A second person of the centre lets a finding stand or lifts it. */
  async review(actor: Actor, sample: number, lifted: boolean, reason: string): Promise<void> {
    await withActor(this.#ground.house.database.pools.app, actor, async (client) => {
      const row = await this.#ground.sample(client, sample)
      if (row.planState !== 'released') throw refused('evaluation.state')
      if (row.answer === null) throw refused('evaluation.unanswered')
      await once(() =>
        client.query(
          'INSERT INTO xh.evaluation_review (sample_id, lifted, reason, reviewed_by) VALUES ($1, $2, $3, $4)',
          [sample, lifted, reason.trim(), actor.name],
        ),
      )
      return {
        result: undefined,
        act: {
          act: 'evaluation.review',
          object: `sample:${sample}`,
          result: lifted ? 'lifted' : 'stands',
          ground: reason.trim(),
        },
      }
    })
  }
}
