import { describeFinding } from '@xinheng/core'
import type { Command } from 'commander'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { todayOf } from '../../platform/today.ts'
import { command, print } from '../context.ts'
import { wholeNumber } from '../whole-number.ts'

export function deliveryCommand(program: Command): void {
  const delivery = program.command('delivery').description('报送批次 deliveries')
  delivery
    .command('list')
    .option('--json')
    .description('最近的报送 the latest deliveries')
    .action((options: { json?: boolean }) =>
      command(options.json === true, async ({ deliveries }) => {
        const list = await deliveries.list()
        print(
          options.json === true,
          list,
          () =>
            list
              .map(
                (one) =>
                  `${one.delivery}\t${one.item}\t${one.source}\t${one.file}\t${one.state}\t收 ${one.received} 入 ${one.loaded} 更 ${one.updated} 同 ${one.unchanged} 退 ${one.rejected} 审 ${one.inReview}`,
              )
              .join('\n') || '没有报送 none',
        )
      }),
    )
  delivery
    .command('show <id>')
    .option('--json')
    .option('--rows', '逐行列出结果 the fate of every row')
    .description('一次报送的结果 what became of a delivery')
    .action((id: string, options: { json?: boolean; rows?: boolean }) =>
      command(options.json === true, async ({ house, catalogue, deliveries }) => {
        const result = await deliveries.result(wholeNumber(id))
        if (result === undefined)
          throw new DomainError('delivery.unknown', {
            zh: `没有报送批次 ${id}。`,
            en: `There is no delivery ${id}.`,
            remedyZh: '用 xinheng delivery list 查看编号。',
            remedyEn: 'See xinheng delivery list.',
            status: 404,
          })
        print(
          options.json === true,
          result,
          () =>
            `报送 delivery ${result.delivery}: 收到 ${result.received} = 入库 ${result.loaded} + 更新 ${result.updated} + 未变 ${result.unchanged} + 退回 ${result.rejected} + 待审 ${result.inReview}`,
        )
        if (!options.rows) return
        const list = await deliveries.list(1_000_000)
        const code = String(list.find((one) => one.delivery === result.delivery)?.item ?? '')
        const item = catalogue.item(code, await todayOf(house.database.pools.job))
        for await (const fate of deliveries.fates(wholeNumber(id))) {
          if (options.json) process.stdout.write(`${JSON.stringify(fate)}\n`)
          else
            process.stdout.write(
              `${fate.place}\t${fate.outcome}\t${fate.findings.map((finding) => `${finding.code} ${describeFinding(finding, item).message.zh}`).join(' ')}\n`,
            )
        }
      }),
    )
}
