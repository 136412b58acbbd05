import type { Command } from 'commander'
import { importMatters } from '../../modules/measures/index.ts'
import { command, operator, print } from '../context.ts'

export function matterCommand(program: Command): void {
  const matter = program.command('matter').description('行政事项 matters that units handle')
  matter
    .command('import <file>')
    .option('--json')
    .description('导入事项目录（CSV、XLSX） import a catalogue of matters')
    .action((file: string, options: { json?: boolean }) =>
      command(options.json === true, async ({ house }) => {
        const result = await importMatters(house, operator(), file)
        print(options.json === true, result, () =>
          [
            `收到 received ${result.received}，新增 added ${result.added}，变更 changed ${result.changed}，未变 unchanged ${result.unchanged}，按规则关联 met ${result.met}，退回 rejected ${result.rejected.length}`,
            ...result.rejected.slice(0, 20).map(({ row, zh, en }) => `  第 ${row} 行：${zh} ${en}`),
          ].join('\n'),
        )
        if (result.rejected.length > 0) process.exitCode = 2
      }),
    )
}
