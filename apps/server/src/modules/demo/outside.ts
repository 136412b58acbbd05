import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CITY_NAME, demoCity } from '@xinheng/testkit'
import { PROJECT } from '../../platform/config/settings.ts'
import type { House } from '../../platform/house.ts'
import { Approvals } from '../approvals/index.ts'
import { Clients } from '../clients/index.ts'
import { LOOP_UNITS, type OutsideName } from './loop.ts'

const NAMES = Object.keys(LOOP_UNITS) as OutsideName[]
const TITLES: Readonly<Record<OutsideName, string>> = {
  bidding: '公共资源交易 bidding',
  property: '不动产登记 property',
  hall: '政务大厅 hall',
}
/** A process that does not say where it listens within this time is left alone. */
const LISTENS_WITHIN_MS = 60_000
const ENDS_WITHIN_MS = 5000
const REWARDED = ['class-a-taxpayer', 'honour', 'customs-aeo']

export interface OutsideAddress {
  readonly title: string
  /** Absent where it does not run, with the reason. */
  readonly address?: string
  readonly fault?: string
}

interface Key {
  readonly id: string
  readonly privateKey: string
  readonly outboxKey: string
}

/** The three fictional systems of other departments, each a process of its own that knows the public API alone. */
export class OutsideSystems {
  readonly #house: House
  readonly #children: ChildProcess[] = []

  constructor(house: House) {
    this.#house = house
  }

  /**
   * @param platform where the platform answers
   * @param replyKey its public key, PEM
   */
  async start(platform: string, replyKey: string, ports: readonly number[]): Promise<OutsideAddress[]> {
    return Promise.all(
      NAMES.map(async (name, place) => {
        const title = TITLES[name]
        try {
          const settings = await this.#settingsOf(name, platform, replyKey, ports[place] ?? 0)
          return { title, ...(await this.#spawn(settings)) }
        } catch (error) {
          return { title, fault: error instanceof Error ? error.message : String(error) }
        }
      }),
    )
  }

  /** Ends them cleanly. Those of a platform that was killed end by themselves. */
  async stop(): Promise<void> {
    await Promise.all(
      this.#children.splice(0).map(
        (child) =>
          new Promise<void>((resolve) => {
            if (child.exitCode !== null || child.signalCode !== null) return resolve()
            const timer = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS)
            child.once('exit', () => {
              clearTimeout(timer)
              resolve()
            })
            if (child.connected) child.disconnect()
            else child.kill('SIGTERM')
          }),
      ),
    )
  }

  async #settingsOf(name: OutsideName, platform: string, replyKey: string, port: number): Promise<string> {
    const folder = join(this.#house.settings.dataFolder, 'outside', name)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const pool = this.#house.database.pools.job
    const { unit, matters } = LOOP_UNITS[name]
    const found = await pool.query(
      'SELECT unit_id, uscc FROM xh.unit WHERE name = $1 ORDER BY unit_id LIMIT 1',
      [unit],
    )
    const { unit_id: unitId, uscc } = found.rows[0]
    const client = `demo-${name}`
    const key = await this.#keyOf(folder, client, unitId)
    const path = join(folder, 'settings.json')
    writeFileSync(
      path,
      JSON.stringify({
        system: name,
        city: CITY_NAME,
        host: '127.0.0.1',
        port,
        platform,
        replyKey,
        client,
        key: { id: key.id, privateKey: key.privateKey },
        outboxKey: key.outboxKey,
        folder,
        matters: matters.map(({ serial, name: title }) => ({ code: `${uscc}${serial}`, name: title })),
        examples: await this.#examples(),
      }),
      { mode: 0o600 },
    )
    return path
  }

  /** The key lies beside the system's own state; the platform knows its public half. */
  async #keyOf(folder: string, client: string, unitId: number): Promise<Key> {
    const path = join(folder, 'key.json')
    const clients = new Clients(this.#house, new Approvals(this.#house))
    const actor = { name: 'program:demo', duty: 'system' } as const
    const { rows } = await this.#house.database.pools.access.query(
      'SELECT EXISTS (SELECT FROM xh.account WHERE login = $1) AS known',
      [client],
    )
    if (rows[0].known && existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Key
    const pair = generateKeyPairSync('ed25519')
    const key: Key = {
      id: `demo-${randomBytes(6).toString('hex')}`,
      privateKey: String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })),
      outboxKey: randomBytes(32).toString('base64url'),
    }
    const publicKey = {
      id: key.id,
      algorithm: 'ed25519',
      publicKey: String(pair.publicKey.export({ type: 'spki', format: 'pem' })),
    } as const
    writeFileSync(path, JSON.stringify(key), { mode: 0o600 })
    if (rows[0].known) await clients.keyAtTerminal(actor, client, publicKey, '示例系统的新密钥')
    else
      await clients.addAtTerminal(
        actor,
        {
          code: client,
          name: `示例外部系统 ${client}`,
          unitId,
          scopes: ['check.ask'],
          addresses: ['127.0.0.0/8', '::1/128'],
          requestsAMinute: 6000,
          key: publicKey,
        },
        '示例城市的外部系统',
      )
    return key
  }

  /** Fictional companies on and off lists, so that whoever tries the loop sees each of its ways. */
  async #examples(): Promise<object[]> {
    const { rows } = await this.#house.database.pools.job.query<{
      uscc: string
      name: string
      lists: string[]
    }>(
      `SELECT l.uscc, min(l.name) AS name, array_agg(DISTINCT l.list_code) AS lists FROM xh.listing l
        WHERE l.kind = 'o' AND l.uscc IS NOT NULL AND l.name IS NOT NULL AND l.in_force AND l.listed_on <= xh.today()
          AND (l.until IS NULL OR l.until >= xh.today()) GROUP BY 1 ORDER BY 1`,
    )
    const listed = new Set(rows.map(({ uscc }) => uscc))
    const first = (wanted: (lists: readonly string[]) => boolean) => rows.find(({ lists }) => wanted(lists))
    const shown = [
      [first((lists) => lists.includes('wage-arrears')), '拖欠农民工工资失信名单', 'wage arrears'],
      [
        first((lists) => lists.includes('court-debtor') && !lists.includes('wage-arrears')),
        '失信被执行人',
        'judgment debtor',
      ],
      [first((lists) => lists.every((list) => REWARDED.includes(list))), 'A级纳税人或荣誉企业', 'commended'],
      [
        demoCity().organisations.find(({ kind, uscc }) => kind === 'enterprise' && !listed.has(uscc)),
        '不在任何名单',
        'on no list',
      ],
    ] as const
    return shown.flatMap(([one, zh, en]) =>
      one === undefined ? [] : [{ name: one.name, code: one.uscc, note: { zh, en } }],
    )
  }

  #spawn(settings: string): Promise<{ address?: string; fault?: string }> {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(PROJECT, 'apps/outside/src/main.ts'), settings],
      { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
    )
    this.#children.push(child)
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve({ fault: 'no answer' }), LISTENS_WITHIN_MS)
      const settle = (value: { address?: string; fault?: string }) => {
        clearTimeout(timer)
        resolve(value)
      }
      child.once('message', (message) => settle(message as { address?: string; fault?: string }))
      child.once('error', (error) => settle({ fault: error.message }))
      child.once('exit', (code) => settle({ fault: `exit ${code}` }))
    })
  }
}
