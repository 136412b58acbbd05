import { isRealDay, standardiseIdentifier } from '@xinheng/core'
import type { Command } from 'commander'
import {
  type PublicFact,
  PublicRecords,
  RecordKeeping,
  WITHDRAWAL_REASONS,
  type WithdrawalReason,
} from '../../modules/records/index.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { command, operator, print } from '../context.ts'

export function recordCommand(program: Command): void {
  program
    .command('subject <uscc>')
    .option('--as-of <day>', '截至某日 as it stood on a day')
    .option('--json')
    .description('一个主体今天公示的信息 what is public of a subject')
    .action((uscc: string, options: { asOf?: string; json?: boolean }) =>
      command(options.json === true, async ({ house, catalogue }) => {
        if (options.asOf !== undefined && !isRealDay(options.asOf))
          throw new DomainError('option.day', {
            zh: `没有“${options.asOf}”这一天。`,
            en: `There is no day “${options.asOf}”.`,
            remedyZh: '写成 2026-01-31 的样子。',
            remedyEn: 'Write it as 2026-01-31.',
          })
        const records = new PublicRecords(house.database.pools.portal, catalogue, house.keys)
        const code = standardiseIdentifier(uscc).value ?? ''
        const first = await records.subject(code, { asOf: options.asOf, limit: 1 })
        if (first === undefined)
          throw new DomainError('subject.unknown', {
            zh: '没有这个代码的主体。',
            en: 'No subject has this code.',
            remedyZh: '核对统一社会信用代码。',
            remedyEn: 'Check the unified social credit code.',
            status: 404,
          })
        const facts: PublicFact[] = []
        for await (const page of records.factsOf(code, { asOf: options.asOf })) facts.push(...page)
        const subject = { ...first, facts, next: undefined }
        print(options.json === true, subject, () =>
          [
            `${subject.name} ${subject.uscc ?? ''}`,
            ...subject.facts.map(
              (fact) =>
                `${fact.id}\t${fact.item.title.zh}\t${fact.decidedOn ?? ''}\t${fact.title}\t公示至 ${fact.publicUntil ?? '—'}`,
            ),
          ].join('\n'),
        )
      }),
    )
  const record = program.command('record').description('单条信息 single facts')
  record
    .command('withdraw <id>')
    .requiredOption('--reason <reason>', WITHDRAWAL_REASONS.join(' | '))
    .requiredOption('--ground <text>', '依据 the ground')
    .option('--json')
    .description('撤下一条信息：立即不再公示 take a fact back: hidden at once')
    .action((id: string, options: { reason: string; ground: string; json?: boolean }) =>
      command(options.json === true, async ({ house }) => {
        if (!WITHDRAWAL_REASONS.includes(options.reason as WithdrawalReason))
          throw new DomainError('option.reason', {
            zh: `原因只能是 ${WITHDRAWAL_REASONS.join('、')}。`,
            en: `The reason is one of ${WITHDRAWAL_REASONS.join(', ')}.`,
          })
        await new RecordKeeping(house).withdraw(
          id,
          options.reason as WithdrawalReason,
          options.ground,
          operator(),
        )
        print(options.json === true, { id, withdrawn: options.reason }, () => `已撤下 withdrawn: ${id}`)
      }),
    )
  record
    .command('held')
    .option('--json')
    .description('暂缓公示、待人工复核的信息 facts held back')
    .action((options: { json?: boolean }) =>
      command(options.json === true, async ({ house }) => {
        const held = await new RecordKeeping(house).held()
        print(
          options.json === true,
          held,
          () =>
            held
              .map(
                (one) => `${one.id}\t${one.hold}\t${one.item}\t${one.subject}\t${one.documentNumber ?? ''}`,
              )
              .join('\n') || '没有 none',
        )
      }),
    )
  record
    .command('release <id>')
    .requiredOption('--ground <text>', '依据 the ground')
    .option('--json')
    .description('复核后公示 let the public see it')
    .action((id: string, options: { ground: string; json?: boolean }) =>
      command(options.json === true, async ({ house }) => {
        await new RecordKeeping(house).release(id, options.ground, operator())
        print(options.json === true, { id, released: true }, () => `已公示 released: ${id}`)
      }),
    )
}
