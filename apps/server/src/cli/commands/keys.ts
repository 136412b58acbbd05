import type { Command } from 'commander'
import { Approvals } from '../../modules/approvals/index.ts'
import { KeyKeeping, Rewriting } from '../../modules/keys/index.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { RotatingPurpose } from '../../platform/keys/keys.ts'
import { MainKey, mainKeyPath, readMainKeyFile, stageMainKey } from '../../platform/keys/main-key.ts'
import { command, operator, print } from '../context.ts'

const PURPOSES: readonly RotatingPurpose[] = ['cells', 'records', 'files']
const STATES = { current: '在用 current', retired: '已停用 retired', destroyed: '已销毁 destroyed' } as const

/** Whoever sits at the server's terminal acts as its system administrator. */
const actor = () => ({ ...operator(), duty: 'system' as const })

export function keysCommand(program: Command): void {
  const keys = program.command('keys').description('密钥 keys')
  keys
    .command('list')
    .option('--json')
    .description(
      '全部密钥的指纹、年限和状态，不含密钥本身 every key by fingerprint, age and state; never a key',
    )
    .action((options: { json?: boolean }) =>
      command(options.json === true, async ({ house }) => {
        const all = await new KeyKeeping(house, new Approvals(house)).overview()
        print(options.json === true, all, () =>
          [
            ...all.main.map(
              (one) =>
                `主密钥 main\t${one.id}\t${STATES[one.state]}\t${one.madeAt.slice(0, 10)}${one.due ? '\t应更换 due' : ''}`,
            ),
            ...all.data.map(
              (one) =>
                `数据密钥 data\t${one.purpose} v${one.version}\t${one.id}\t${STATES[one.state]}\t${one.madeAt.slice(0, 10)}${
                  one.state === 'retired' ? `\t${one.clean}/${one.places}` : ''
                }${one.due ? '\t应更换 due' : ''}`,
            ),
            ...all.signing.map(
              (one) =>
                `${one.kind === 'ledger' ? '账本签名 ledger' : `业务系统 client ${one.owner}`}\t${one.fingerprint}\t${one.algorithm}\t${one.since.slice(0, 10)}${one.due ? '\t应更换 due' : ''}`,
            ),
          ].join('\n'),
        )
      }),
    )
  keys
    .command('rotate <purpose>')
    .requiredOption('--reason <text>', '理由，记入账本 why; it goes on the ledger')
    .option('--json')
    .description(
      '更换数据密钥 another data key: cells（字段）| records（信息内容）| files（报送文件）；旧密钥继续可读，后台逐步重新加密',
    )
    .action((purpose: string, options: { reason: string; json?: boolean }) =>
      command(options.json === true, async ({ house }) => {
        const known = PURPOSES.find((one) => one === purpose)
        if (known === undefined)
          throw new DomainError('usage', {
            zh: `没有“${purpose}”这种数据密钥。`,
            en: `There is no data key for “${purpose}”.`,
            remedyZh: `可用：${PURPOSES.join('、')}。`,
            remedyEn: `One of: ${PURPOSES.join(', ')}.`,
          })
        const made = await new KeyKeeping(house, new Approvals(house)).rotate(actor(), known, options.reason)
        print(options.json === true, made, () => `${purpose} v${made.version}\t${made.key}`)
      }),
    )
  keys
    .command('rewrite')
    .option('--json')
    .description(
      '立即重新加密（平时由后台任务做） encrypt anew now what lies under retired keys; a job does it otherwise',
    )
    .action((options: { json?: boolean }) =>
      command(options.json === true, async ({ house }) => {
        const done = await new Rewriting(house).run(Number.POSITIVE_INFINITY)
        print(
          options.json === true,
          done,
          () => `检查 looked ${done.looked}\t重新加密 rewritten ${done.rewritten}`,
        )
      }),
    )
  keys
    .command('rewrap')
    .option(
      '--to <file>',
      '新主密钥文件（32字节 base64url） file with the new main key; made where it is left out',
    )
    .requiredOption('--reason <text>', '理由，记入账本 why; it goes on the ledger')
    .option('--json')
    .description('更换主密钥：用新主密钥重新封装全部数据密钥 another main key: wraps all data keys anew')
    .action((options: { to?: string; reason: string; json?: boolean }) =>
      command(options.json === true, async ({ house }) => {
        const after = options.to === undefined ? MainKey.random() : readMainKeyFile(options.to)
        const own = house.settings.key === undefined
        if (!own && options.to === undefined)
          throw new DomainError('keys.needs-file', {
            zh: '主密钥来自 XINHENG_KEY，须用 --to 给出新主密钥的文件。',
            en: 'The main key comes from XINHENG_KEY: name a file with the new one by --to.',
            remedyZh:
              "生成：node -e \"console.log(require('crypto').randomBytes(32).toString('base64url'))\" > 文件。",
            remedyEn:
              "Make one: node -e \"console.log(require('crypto').randomBytes(32).toString('base64url'))\" > FILE.",
          })
        const staged = own ? stageMainKey(house.settings, after) : undefined
        const done = await new KeyKeeping(house, new Approvals(house)).rewrap(actor(), after, options.reason)
        const kept = staged?.settle(done.before)
        print(options.json === true, { ...done, kept: kept ?? null }, () =>
          [
            `${done.before} → ${done.after}（${done.keys}）`,
            own
              ? `新主密钥 the new main key: ${mainKeyPath(house.settings)}；旧的 the former: ${kept}`
              : '把 XINHENG_KEY 改为新主密钥并重启全部进程 set XINHENG_KEY to the new one and restart every process',
            '先备份新主密钥；确认全部进程已改用后，再由两人在控制台销毁旧主密钥。',
            'Back the new key up first; once every process uses it, two persons destroy the former in the console.',
          ].join('\n'),
        )
      }),
    )
}
