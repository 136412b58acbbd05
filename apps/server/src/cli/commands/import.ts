import { describeFinding } from '@xinheng/core'
import { SingleBar } from 'cli-progress'
import type { Command } from 'commander'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { todayOf } from '../../platform/today.ts'
import { command, operator, print } from '../context.ts'

interface ImportOptions {
  readonly item: string
  readonly source: string
  readonly encoding?: string
  readonly sheet?: string
  readonly mode: string
  readonly id?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

export function importCommand(program: Command): void {
  program
    .command('import <file>')
    .description(
      '报送一个文件：读取、标准化、校验、识别主体、比对、入库、公示 / deliver a file through the corridor',
    )
    .requiredOption('--item <code>', '目录项 catalogue item')
    .requiredOption('--source <uscc>', '报送单位的统一社会信用代码 code of the delivering unit')
    .option('--encoding <name>', '文件编码 utf-8 | gb18030 | utf-16le；默认自动识别 detected unless given')
    .option('--sheet <name>', '工作表 sheet; 默认表头最符合者 the best unless given')
    .option(
      '--mode <mode>',
      'increment 增量 | snapshot 全量（未出现的记录即终止 ends what is absent）',
      'increment',
    )
    .option(
      '--id <id>',
      '报送方自己的批次号：重复即返回首次结果 the deliverer’s own id; again returns the first result',
    )
    .option('--dry-run', '只检查，不入库 judge everything, keep nothing')
    .option('--json', '输出一行 JSON one line of JSON')
    .action((file: string, options: ImportOptions) =>
      command(options.json === true, async ({ house, catalogue, deliveries }) => {
        if (options.mode !== 'increment' && options.mode !== 'snapshot') {
          throw new DomainError('option.mode', {
            zh: '--mode 只能是 increment 或 snapshot。',
            en: '--mode is increment or snapshot.',
          })
        }
        const bar =
          process.stderr.isTTY && !options.json
            ? new SingleBar({
                format: '{bar} {percentage}% {rows} 行 rows',
                stream: process.stderr,
                clearOnComplete: true,
              })
            : undefined
        bar?.start(100, 0, { rows: 0 })
        try {
          const result = await deliveries.import({
            path: file,
            item: options.item,
            source: options.source,
            clientId: options.id,
            encoding: options.encoding,
            sheet: options.sheet,
            mode: options.mode,
            dryRun: options.dryRun === true,
            actor: operator(),
            progress: (part, rows) => bar?.update(Math.round(part * 100), { rows }),
          })
          bar?.stop()
          const item = catalogue.item(options.item, await todayOf(house.database.pools.job))
          print(options.json === true, result, () =>
            [
              `报送 delivery ${result.delivery}${result.dryRun ? '（试运行 dry run）' : ''}`,
              `收到 received ${result.received} = 入库 loaded ${result.loaded} + 更新 updated ${result.updated} + 未变 unchanged ${result.unchanged} + 退回 rejected ${result.rejected} + 待审 inReview ${result.inReview}`,
              ...(result.ended > 0 ? [`终止 ended ${result.ended}`] : []),
              ...result.notes.map(
                (note) =>
                  `! ${describeFinding(note, item).message.zh} ${describeFinding(note, item).message.en}`,
              ),
              ...(result.rejectedFile === null ? [] : [`退回的行 rejected rows: ${result.rejectedFile}`]),
            ].join('\n'),
          )
        } finally {
          bar?.stop()
        }
      }),
    )
}
