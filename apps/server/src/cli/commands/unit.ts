import type { Command } from 'commander'
import { addUnits, listUnits } from '../../modules/units/index.ts'
import { command, operator, print } from '../context.ts'

export function unitCommand(program: Command): void {
  const unit = program.command('unit').description('信源单位与机关 source units and authorities')
  unit
    .command('add')
    .requiredOption('--code <uscc>', '统一社会信用代码 its code')
    .requiredOption('--name <name>', '全称 full name')
    .option('--former <name...>', '曾用名 former names')
    .option('--region <code>', '行政区划 GB/T 2260')
    .option('--json')
    .description('登记一个单位 register a unit')
    .action((options: { code: string; name: string; former?: string[]; region?: string; json?: boolean }) =>
      command(options.json === true, async ({ house }) => {
        await addUnits(house.database.pools.app, operator(), [
          {
            uscc: options.code,
            name: options.name,
            formerNames: options.former ?? [],
            ...(options.region === undefined ? {} : { region: Number(options.region) }),
          },
        ])
        print(
          options.json === true,
          { code: options.code, name: options.name },
          () => `已登记 registered: ${options.name}`,
        )
      }),
    )
  unit
    .command('list')
    .option('--json')
    .description('全部单位 all units')
    .action((options: { json?: boolean }) =>
      command(options.json === true, async ({ house }) => {
        const units = await listUnits(house.database.pools.job)
        print(
          options.json === true,
          units,
          () => units.map((one) => `${one.uscc}\t${one.name}`).join('\n') || '没有单位 none',
        )
      }),
    )
}
