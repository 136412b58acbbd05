import { ROLES, type Role } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { withActor } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import type { AccessParts } from '../access/index.ts'

interface DemoAccount {
  readonly login: string
  /** Fictional. */
  readonly name: string
  readonly role: Role
  /** Which of the city's units, by its place or its name. */
  readonly unit?: number | string
}

const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  { login: 'demo-clerk', name: '林示例', role: 'departmentClerk', unit: 0 },
  { login: 'demo-reviewer', name: '郑示例', role: 'departmentReviewer', unit: 0 },
  { login: 'demo-clerk-2', name: '何示例', role: 'departmentClerk', unit: 1 },
  { login: 'demo-reviewer-2', name: '苏示例', role: 'departmentReviewer', unit: 1 },
  // The three units whose own systems ask the platform.
  { login: 'demo-bidding-clerk', name: '冯示例', role: 'departmentClerk', unit: '示例市公共资源交易中心' },
  {
    login: 'demo-bidding-reviewer',
    name: '陈示例',
    role: 'departmentReviewer',
    unit: '示例市公共资源交易中心',
  },
  { login: 'demo-property-clerk', name: '卫示例', role: 'departmentClerk', unit: '示例市自然资源和规划局' },
  {
    login: 'demo-property-reviewer',
    name: '蒋示例',
    role: 'departmentReviewer',
    unit: '示例市自然资源和规划局',
  },
  { login: 'demo-hall-clerk', name: '沈示例', role: 'departmentClerk', unit: '示例市住房和城乡建设局' },
  { login: 'demo-hall-reviewer', name: '韩示例', role: 'departmentReviewer', unit: '示例市住房和城乡建设局' },
  { login: 'demo-operator', name: '秦示例', role: 'centreOperator' },
  { login: 'demo-centre-reviewer', name: '白示例', role: 'centreReviewer' },
  { login: 'demo-evaluator', name: '江示例', role: 'evaluator' },
  { login: 'demo-system', name: '陆示例', role: 'systemAdministrator' },
  { login: 'demo-security', name: '石示例', role: 'securityAdministrator' },
  { login: 'demo-auditor', name: '程示例', role: 'auditor' },
]

/** Not secret in the demo city, and of no use elsewhere: derived from this installation's key. */
const passwordOf = (house: House, login: string): string =>
  `Demo-${house.keys.keyedHash('demo password', login).replace(/[-_]/g, '').slice(0, 16)}`

/** Accounts of every role in the demo city. Only to be called for a database that is the demo city. */
export async function ensureDemoAccounts(house: House, access: AccessParts): Promise<void> {
  const pool = house.database.pools.access
  const { rows: units } = await pool.query('SELECT unit_id, name FROM xh.unit ORDER BY unit_id')
  const { rows: there } = await pool.query('SELECT login FROM xh.account WHERE demo')
  const known = new Set(there.map((row) => row.login))
  for (const { login, name, role, unit } of DEMO_ACCOUNTS) {
    const unitId =
      typeof unit === 'number' ? units[unit]?.unit_id : units.find((one) => one.name === unit)?.unit_id
    if (known.has(login) || (unit !== undefined && unitId === undefined)) continue
    const hash = await access.signIn.passwords.hash(passwordOf(house, login))
    const { duty } = ROLES[role]
    await withActor(pool, { name: 'program:demo', duty: 'system' }, async (client) => {
      const { rows } = await client.query(
        'INSERT INTO xh.account (login, name, duty, unit_id, demo) VALUES ($1, $2, $3, $4, true) RETURNING account_id',
        [login, name, duty, unitId ?? null],
      )
      const id: number = rows[0].account_id
      await client.query('INSERT INTO xh.account_role (account_id, duty, role) VALUES ($1, $2, $3)', [
        id,
        duty,
        role,
      ])
      await access.signIn.setUp(client, id, hash, access.signIn.secondFactor.newSeed(id), 0)
      return {
        result: undefined,
        act: { act: 'account.create', object: `account:${id}`, detail: { demo: true } },
      }
    })
  }
}

/** The page of sign-in shows the demo city's accounts; this route exists there and nowhere else. */
export function demoAccountRoutes(app: FastifyInstance, house: House, access: AccessParts): void {
  app.get(
    '/api/console/sign-in/demo-accounts',
    {
      config: { access: 'public' },
      schema: {
        tags: ['sign-in'],
        summary: '示例城市的账户 accounts of the demo city',
        response: {
          200: Type.Object({
            accounts: Type.Array(
              Type.Object({
                login: Type.String(),
                name: Type.String(),
                role: Type.String(),
                roleName: Type.Object({ zh: Type.String(), en: Type.String() }),
                unit: Type.Union([Type.String(), Type.Null()]),
                password: Type.String(),
                code: Type.Union([Type.String(), Type.Null()]),
                secondsLeft: Type.Integer(),
              }),
            ),
          }),
        },
      },
    },
    async () => {
      const { rows } = await house.database.pools.access.query(
        `SELECT a.account_id, a.login, a.name, r.role, u.name AS unit, s.totp_seed, s.totp_last_step::int AS last
           FROM xh.account a JOIN xh.account_role r USING (account_id) JOIN xh.account_secret s USING (account_id)
                LEFT JOIN xh.unit u ON u.unit_id = a.unit_id WHERE a.demo AND a.state = 'on' AND s.totp_seed IS NOT NULL ORDER BY a.account_id`,
      )
      return {
        accounts: rows.map((row) => {
          const next = access.signIn.secondFactor.nextCode(row.account_id, row.totp_seed, row.last)
          const role = row.role as Role
          return {
            login: row.login,
            name: row.name,
            role,
            roleName: { zh: ROLES[role].zh, en: ROLES[role].en },
            unit: row.unit,
            password: passwordOf(house, row.login),
            // Null while the codes of this half minute have all been used: ask again.
            code: next?.code ?? null,
            secondsLeft: next?.secondsLeft ?? 0,
          }
        }),
      }
    },
  )
}
