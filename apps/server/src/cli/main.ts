import { Command, CommanderError } from 'commander'
import { DomainError } from '../platform/errors/domain-error.ts'
import { accountCommand } from './commands/account.ts'
import { catalogueCommand } from './commands/catalogue.ts'
import { clientCommand } from './commands/client.ts'
import { contractCommand } from './commands/contract.ts'
import { deliveryCommand } from './commands/delivery.ts'
import { demoCommand } from './commands/demo.ts'
import { doctorCommand } from './commands/doctor.ts'
import { importCommand } from './commands/import.ts'
import { keysCommand } from './commands/keys.ts'
import { ledgerCommand } from './commands/ledger.ts'
import { matterCommand } from './commands/matter.ts'
import { recordCommand } from './commands/record.ts'
import { reviewCommand } from './commands/review.ts'
import { startCommand } from './commands/start.ts'
import { unitCommand } from './commands/unit.ts'
import { tellError } from './context.ts'

// A reader that has seen enough (`| head`) ends us quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const program = new Command('xinheng')
  .description('信衡：城市公共信用平台 Xinheng, a public-credit platform for a city')
  .version('0.1.0')
  .exitOverride()
  .configureOutput({ outputError: () => {} })
for (const add of [
  startCommand,
  unitCommand,
  accountCommand,
  clientCommand,
  importCommand,
  deliveryCommand,
  reviewCommand,
  recordCommand,
  catalogueCommand,
  matterCommand,
  ledgerCommand,
  keysCommand,
  demoCommand,
  contractCommand,
  doctorCommand,
])
  add(program)
try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  if (error.exitCode !== 0 && error.code !== 'commander.help') {
    const what = error.message.replace(/^error: /, '')
    tellError(
      new DomainError('usage', {
        zh: `命令或选项有误：${what}。`,
        en: `Wrong usage: ${what}.`,
        remedyZh: '用 --help 查看用法。',
        remedyEn: 'See --help.',
      }),
      process.argv.includes('--json'),
    )
  }
}
