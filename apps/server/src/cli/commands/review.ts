import type { Command } from 'commander'
import { type Decision, Reviews } from '../../modules/review/index.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { command, operator, print } from '../context.ts'
import { wholeNumber } from '../whole-number.ts'

export function reviewCommand(program: Command): void {
  const review = program.command('review').description('待审记录 rows that wait for a person')
  review
    .command('list')
    .option('--json')
    .description('未处理的 the open ones')
    .action((options: { json?: boolean }) =>
      command(options.json === true, async ({ house, catalogue }) => {
        const list = await new Reviews(house, catalogue).list()
        print(
          options.json === true,
          list,
          () =>
            list
              .map(
                (one) =>
                  `${one.review}\t${one.reason}\t${one.item}\t报送 ${one.delivery} 行 ${one.row}\t${one.subject ?? ''}`,
              )
              .join('\n') || '没有待审记录 none',
        )
      }),
    )
  review
    .command('decide <id> <decision>')
    .requiredOption('--reason <text>', '理由 why')
    .option('--subject <uscc>', '指明主体 whose fact it is')
    .option('--json')
    .description('accept 入库 | both 两条都保留（KEY_MOVED）| reject 退回')
    .action((id: string, decision: string, options: { reason: string; subject?: string; json?: boolean }) =>
      command(options.json === true, async ({ house, catalogue }) => {
        if (!['accept', 'both', 'reject'].includes(decision))
          throw new DomainError('option.decision', {
            zh: '处理结果只能是 accept、both 或 reject。',
            en: 'The decision is accept, both or reject.',
          })
        await new Reviews(house, catalogue).decide(
          wholeNumber(id),
          decision as Decision,
          options.reason,
          operator(),
          options.subject,
        )
        print(
          options.json === true,
          { review: wholeNumber(id), decision },
          () => `已处理 decided: ${id} ${decision}`,
        )
      }),
    )
}
