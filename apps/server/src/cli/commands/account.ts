import { ROLES, type Role } from '@xinheng/core'
import type { Command } from 'commander'
import { openAccess } from '../../modules/access/index.ts'
import { Accounts } from '../../modules/accounts/index.ts'
import { Approvals } from '../../modules/approvals/index.ts'
import type { House } from '../../platform/house.ts'
import { command, operator, print } from '../context.ts'

/** Whoever sits at the server's terminal acts as its system administrator. */
const actor = () => ({ ...operator(), duty: 'system' as const })

const open = (house: House) => new Accounts(house, openAccess(house, ''), new Approvals(house))

export function accountCommand(program: Command): void {
  const account = program.command('account').description('账户 accounts')
  account
    .command('list')
    .option('--json')
    .description('全部账户 all accounts')
    .action((options: { json?: boolean }) =>
      command(options.json === true, async ({ house }) => {
        const list = await open(house).list(actor())
        print(
          options.json === true,
          list,
          () =>
            list
              .map(
                (one) =>
                  `${one.login}\t${one.name}\t${one.role === null ? '—' : ROLES[one.role as Role].zh}\t${one.unit?.name ?? ''}\t${one.state === 'on' ? '启用 on' : '停用 off'}\t${one.lastUsedAt.slice(0, 10)}`,
              )
              .join('\n') || '没有账户 none',
        )
      }),
    )
  account
    .command('link <login>')
    .requiredOption('--reason <text>', '理由，记入账本 why; it goes on the ledger')
    .option('--json')
    .description(
      '应急：为失去密码或验证器的管理员重新签发一次性链接，旧密码随即作废 break glass: a new one-time link; the old password is void',
    )
    .action((login: string, options: { reason: string; json?: boolean }) =>
      command(options.json === true, async ({ house }) => {
        const link = await open(house).breakGlass(actor(), login, options.reason)
        print(
          options.json === true,
          { login, link },
          () => `${link}\n（24 小时内有效，只能用一次 valid for 24 hours, once）`,
        )
      }),
    )
}
