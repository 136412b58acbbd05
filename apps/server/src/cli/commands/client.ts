import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { Approvals } from '../../modules/approvals/index.ts'
import { type Algorithm, CLIENT_SCOPES, Clients } from '../../modules/clients/index.ts'
import { listUnits } from '../../modules/units/index.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { command, operator, print } from '../context.ts'

/** Whoever sits at the server's terminal acts as its system administrator. */
const actor = () => ({ ...operator(), duty: 'system' as const })
const open = (house: House) => new Clients(house, new Approvals(house))

interface KeyOptions {
  readonly keyId: string
  readonly key: string
  readonly algorithm: string
  readonly reason: string
  readonly json?: boolean
}

export function clientCommand(program: Command): void {
  const client = program.command('client').description('业务系统 system clients: a department’s own software')
  client
    .command('list')
    .option('--json')
    .description('全部业务系统 all of them')
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
                  `${one.code}\t${one.name}\t${one.unit.name}\t${one.state}\t${one.scopes.join(' ')}\t${one.addresses.join(' ')}\t${one.requestsAMinute}/min\t${one.keys.map((key) => `${key.id}${key.revokedAt === null ? '' : '（已吊销 revoked）'}`).join(' ')}`,
              )
              .join('\n') || '没有业务系统 none',
        )
      }),
    )
  client
    .command('add <code>')
    .requiredOption('--name <name>', '名称 its name')
    .requiredOption('--unit <uscc>', '所属单位的统一社会信用代码 the unit’s code')
    .option('--scope <permission...>', CLIENT_SCOPES.join(' | '), [...CLIENT_SCOPES])
    .requiredOption('--address <cidr...>', '允许的来源地址 addresses from which it calls')
    .option('--rate <requests>', '每分钟请求数 requests a minute', '600')
    .requiredOption('--key <file>', '公钥文件（PEM）the public key')
    .option('--key-id <id>', '密钥编号 the key’s id', 'key-1')
    .option('--algorithm <name>', 'ed25519 | sm2', 'ed25519')
    .requiredOption('--reason <text>', '理由，记入账本 why; it goes on the ledger')
    .option('--json')
    .description('登记业务系统及其公钥 register a client with its public key')
    .action(
      (
        code: string,
        options: KeyOptions & {
          name: string
          unit: string
          scope: string[]
          address: string[]
          rate: string
        },
      ) =>
        command(options.json === true, async ({ house }) => {
          const unit = (await listUnits(house.database.pools.job)).find((one) => one.uscc === options.unit)
          if (unit === undefined)
            throw new DomainError('client.unit', {
              zh: '没有这个单位。',
              en: 'There is no such unit.',
              status: 404,
            })
          const rate = Number(options.rate)
          if (!Number.isInteger(rate) || rate < 1 || rate > 100_000)
            throw new DomainError('option.rate', {
              zh: '每分钟请求数为 1 至 100000。',
              en: 'Requests a minute are 1 to 100000.',
            })
          await open(house).addAtTerminal(
            actor(),
            {
              code,
              name: options.name,
              unitId: unit.unitId,
              scopes: options.scope,
              addresses: options.address,
              requestsAMinute: rate,
              key: keyOf(options),
            },
            options.reason,
          )
          print(
            options.json === true,
            { code, key: options.keyId },
            () => `已登记 registered: ${code} ${options.keyId}`,
          )
        }),
    )
  client
    .command('rotate <code>')
    .requiredOption('--key <file>', '新公钥文件（PEM）the new public key')
    .requiredOption('--key-id <id>', '新密钥编号 its id')
    .option('--algorithm <name>', 'ed25519 | sm2', 'ed25519')
    .requiredOption('--reason <text>', '理由 why')
    .option('--json')
    .description(
      '登记第二把密钥；旧的用 revoke --key-id 吊销 add a second key; revoke the old one afterwards',
    )
    .action((code: string, options: KeyOptions) =>
      command(options.json === true, async ({ house }) => {
        await open(house).keyAtTerminal(actor(), code, keyOf(options), options.reason)
        print(
          options.json === true,
          { code, key: options.keyId },
          () => `已登记 added: ${code} ${options.keyId}`,
        )
      }),
    )
  client
    .command('revoke <code>')
    .option('--key-id <id>', '只吊销这把密钥 this key alone')
    .requiredOption('--reason <text>', '理由 why')
    .option('--json')
    .description('吊销业务系统或一把密钥，立即生效 revoke a client or one key, at once')
    .action((code: string, options: { keyId?: string; reason: string; json?: boolean }) =>
      command(options.json === true, async ({ house }) => {
        await open(house).revokeAtTerminal(actor(), code, options.keyId, options.reason)
        print(
          options.json === true,
          { code, revoked: options.keyId ?? true },
          () => `已吊销 revoked: ${code} ${options.keyId ?? ''}`,
        )
      }),
    )
}

function keyOf(options: KeyOptions): { id: string; algorithm: Algorithm; publicKey: string } {
  if (options.algorithm !== 'ed25519' && options.algorithm !== 'sm2')
    throw new DomainError('option.algorithm', {
      zh: '算法只能是 ed25519 或 sm2。',
      en: 'The algorithm is ed25519 or sm2.',
    })
  if (!/^[A-Za-z0-9_-]{4,64}$/.test(options.keyId))
    throw new DomainError('option.key-id', {
      zh: '密钥编号为 4–64 个字母、数字、横线或下划线。',
      en: 'A key’s id has 4 to 64 letters, digits, dashes or underscores.',
    })
  return {
    id: options.keyId,
    algorithm: options.algorithm,
    publicKey: readFileSync(options.key, 'utf8'),
  }
}
