import { type Actor, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'

/**
 * Erases what an entry commits to: ground, origin, detail and salt. The order is an entry of its own, in the same
 * transaction; the entry and every proof of it stay.
 * @throws DomainError `ledger.no-detail`
 */
export async function eraseDetail(house: House, actor: Actor, seq: number, ground: string): Promise<void> {
  await withActor(house.database.pools.ledger, actor, async (client) => {
    const { rows } = await client.query('SELECT xh.ledger_erase($1) AS erased', [seq])
    if (!rows[0].erased) throw nothingToErase()
    return {
      result: undefined,
      act: { act: 'ledger.erase', object: `entry:${seq}`, ground, right: 'law' },
    }
  })
}

/** Erases a person's key: no entry leads to them any more. @throws DomainError `ledger.no-detail` */
export async function forgetPerson(
  house: House,
  actor: Actor,
  subject: number,
  ground: string,
): Promise<void> {
  await withActor(house.database.pools.ledger, actor, async (client) => {
    const { rows } = await client.query('SELECT xh.ledger_forget($1) AS forgotten', [subject])
    if (!rows[0].forgotten) throw nothingToErase()
    return { result: undefined, act: { act: 'ledger.forget', ground, right: 'law' } }
  })
}

/**
 * Erases details that are older than the policy keeps them, piece by piece. Six months are the least, whatever the
 * policy says: the database refuses more.
 * @param keepMonths undefined: for ever
 * @returns the last entry whose detail went
 */
export async function expireDetails(
  house: House,
  actor: Actor,
  keepMonths: number | undefined,
  pieces = 10_000,
): Promise<number | undefined> {
  if (keepMonths === undefined) return undefined
  let last: number | undefined
  for (;;) {
    const piece = await withActor(house.database.pools.ledger, actor, async (client) => {
      const { rows } = await client.query(
        'SELECT xh.ledger_expire(now() - make_interval(months => $1), $2)::float8 AS last',
        [keepMonths, pieces],
      )
      const until: number | null = rows[0].last
      if (until === null) throw NOTHING
      return {
        result: until,
        act: {
          act: 'ledger.expire',
          object: `entries:${until}`,
          ground: `保存期限 ${keepMonths} 个月`,
          right: 'law',
          detail: { keepMonths },
        },
      }
    }).catch((error) => {
      if (error === NOTHING) return undefined
      throw error
    })
    if (piece === undefined) return last
    last = piece
  }
}

const NOTHING = new Error('nothing is old enough')

function nothingToErase(): DomainError {
  return new DomainError('ledger.no-detail', {
    zh: '没有可删除的内容：条目不存在，或已删除。',
    en: 'There is nothing to erase: no such entry, or it was erased before.',
    remedyZh: '核对条目序号。',
    remedyEn: 'Check the number of the entry.',
    status: 404,
  })
}
