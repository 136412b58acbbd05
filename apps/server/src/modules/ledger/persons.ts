import { createHmac, randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { Keys } from '../../platform/keys/keys.ts'

const KEY_BYTES = 32

const contextOf = (subject: number): string => `ledger_person‖key_secret‖${subject}`

/**
 * The tag that stands for a natural person on entries: HMAC over the subject under the person's own random key, made at
 * the first entry. Once that key is erased nothing leads from an entry to the person.
 * @param client as xh_app, xh_job or xh_load; within the act's transaction
 * @public
 */
export async function personTag(client: pg.ClientBase, keys: Keys, subject: number): Promise<string> {
  const known = await knownPersonTag(client, keys, subject)
  if (known !== undefined) return known
  await client.query(
    'INSERT INTO xh.ledger_person (subject_id, key_secret) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [subject, keys.encrypt(randomBytes(KEY_BYTES), contextOf(subject))],
  )
  const made = await knownPersonTag(client, keys, subject)
  if (made === undefined) throw new Error('the person’s key was just made')
  return made
}

/**
 * The tags of persons by the keyed hashes of their documents, whether or not anything is held of them.
 * @param client as xh_app; within the act's transaction
 */
export async function tagsOfDocuments(
  client: pg.ClientBase,
  keys: Keys,
  hashes: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query<{ subject: number }>(
    'SELECT xh.person_number(document)::float8 AS subject FROM unnest($1::text[]) AS document',
    [hashes],
  )
  const subjects = [...new Set(rows.map(({ subject }) => subject))]
  await client.query(
    `INSERT INTO xh.ledger_person (subject_id, key_secret)
     SELECT * FROM unnest($1::bigint[], $2::bytea[]) ON CONFLICT DO NOTHING`,
    [subjects, subjects.map((subject) => keys.encrypt(randomBytes(KEY_BYTES), contextOf(subject)))],
  )
  const made = await client.query<{ subject: number; key_secret: Buffer }>(
    'SELECT subject_id::float8 AS subject, key_secret FROM xh.ledger_person WHERE subject_id = ANY ($1::bigint[])',
    [subjects],
  )
  return made.rows.map(({ subject, key_secret }) => tagUnder(keys, subject, key_secret))
}

/** The same of one person. */
export async function tagOfDocument(client: pg.ClientBase, keys: Keys, hash: string): Promise<string> {
  const [tag] = await tagsOfDocuments(client, keys, [hash])
  if (tag === undefined) throw new Error('the person’s key was just made')
  return tag
}

/** Whom an act concerns, as its entry says it: the first person by name of the leaf, all of them in what it commits to. */
export async function concerning(
  client: pg.ClientBase,
  keys: Keys,
  subjects: readonly number[],
): Promise<{ person?: string; persons?: readonly string[] }> {
  const tags: string[] = []
  for (const subject of new Set(subjects)) tags.push(await personTag(client, keys, subject))
  return tags[0] === undefined ? {} : { person: tags[0], ...(tags.length > 1 ? { persons: tags } : {}) }
}

/** @returns undefined where no entry concerns the person, or the person was forgotten */
export async function knownPersonTag(
  client: Pick<pg.ClientBase, 'query'>,
  keys: Keys,
  subject: number,
): Promise<string | undefined> {
  const { rows } = await client.query('SELECT key_secret FROM xh.ledger_person WHERE subject_id = $1', [
    subject,
  ])
  return rows[0] === undefined ? undefined : tagUnder(keys, subject, rows[0].key_secret)
}

function tagUnder(keys: Keys, subject: number, sealed: Buffer): string {
  const key = keys.decrypt(sealed, contextOf(subject))
  return createHmac('sha256', key).update(String(subject)).digest('base64url')
}
