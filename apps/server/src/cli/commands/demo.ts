import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import pg from 'pg'
import { fillDemo, isDemo, isEmpty } from '../../modules/demo/index.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { command, openProgram, say, tellError } from '../context.ts'

export function demoCommand(program: Command): void {
  program
    .command('demo')
    .description('示例城市 the demo city')
    .command('reset')
    .description(
      '清空并重新填充示例城市（只在示例库中） empty and fill it again; only where nothing but the demo lives',
    )
    .action(async () => {
      try {
        const first = await openProgram()
        const mayEmpty = (await isDemo(first.house)) || (await isEmpty(first.house))
        const { migratorUrl } = first.house.database
        const { dataFolder } = first.house.settings
        if (mayEmpty) {
          const client = new pg.Client({ connectionString: migratorUrl })
          await client.connect()
          await client.query('DROP SCHEMA IF EXISTS xh CASCADE')
          await client.end()
          for (const name of ['deliveries', 'demo', 'rejected', 'ledger'])
            rmSync(join(dataFolder, name), { recursive: true, force: true })
        }
        await first.house.close()
        if (!mayEmpty)
          throw new DomainError('demo.real-data', {
            zh: '此库有真实单位，不能清空。',
            en: 'This database holds real units and is not emptied.',
            remedyZh: '换一个数据文件夹（XINHENG_DATA）。',
            remedyEn: 'Use another data folder (XINHENG_DATA).',
          })
      } catch (error) {
        tellError(error, false)
        return
      }
      await command(false, async ({ house, deliveries }) => {
        await fillDemo(house, deliveries)
        say('示例城市已重新填充。', 'The demo city is filled again.')
      })
    })
}
