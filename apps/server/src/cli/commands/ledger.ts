import { existsSync, readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { eraseDetail, forgetPerson, type VerifyResult, verifyLedger } from '../../modules/ledger/index.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { command, operator, print, say } from '../context.ts'

/** Exit code where the ledger was tampered with: neither refused (2) nor unexpected (1). */
const TAMPERED = 3
const TOLD_EVERY = 100_000

interface VerifyCommand {
  readonly json?: boolean
  readonly from?: string
  readonly key?: string[]
  readonly witness?: string[]
  readonly records: boolean
}

export function ledgerCommand(program: Command): void {
  const ledger = program.command('ledger').description('审计账本 the audit ledger')
  ledger
    .command('verify')
    .option('--json', '输出一行 JSON one line of JSON')
    .option('--from <index>', '从第几条开始（接着上次）begin at an entry, where an earlier run stopped')
    .option('--key <key...>', '只认这些签名公钥 only these keys may have signed')
    .option(
      '--witness <file...>',
      '与见证人的状态文件或树头核对 compare with a witness’s state file or heads',
    )
    .description(
      '核验全部条目、树根、签名：任何改动、删除、插入、调换都会被发现 find every row changed, removed, inserted or moved',
    )
    .action((options: VerifyCommand) =>
      command(
        options.json === true,
        async ({ house }) => {
          let told = 0
          const result = await verifyLedger(house, {
            from: indexOf(options.from),
            records: options.records,
            ...(options.key === undefined ? {} : { keys: options.key }),
            witnessed: (options.witness ?? []).flatMap(headsIn),
            progress(checked, of) {
              if (options.json === true || checked - told < TOLD_EVERY) return
              told = checked
              say(
                `已核验 ${checked} / ${of}`,
                `${checked} of ${of} verified; to go on from here: --from ${checked}`,
              )
            },
          })
          print(options.json === true, result, () => sentences(result))
          if (!result.ok) process.exitCode = TAMPERED
        },
        { readsOnly: true },
      ),
    )
  ledger
    .command('erase <index>')
    .requiredOption('--ground <text>', '依据 the ground')
    .option('--json')
    .description(
      '删除一条的可删部分（依据、来源、明细）；条目和证明保留 erase what an entry commits to; it and its proofs stay',
    )
    .action((index: string, options: { ground: string; json?: boolean }) =>
      command(options.json === true, async ({ house }) => {
        const seq = indexOf(index)
        await eraseDetail(house, operator(), seq, options.ground)
        print(options.json === true, { index: seq, erased: true }, () => `已删除 erased: ${seq}`)
      }),
    )
  ledger
    .command('forget <subject>')
    .requiredOption('--ground <text>', '依据 the ground')
    .option('--json')
    .description(
      '销毁一名自然人的标签密钥：此后没有条目指向此人 no entry leads to a person any more; by the subject’s number',
    )
    .action((subject: string, options: { ground: string; json?: boolean }) =>
      command(options.json === true, async ({ house }) => {
        await forgetPerson(house, operator(), indexOf(subject), options.ground)
        print(options.json === true, { forgotten: true }, () => '已遗忘 forgotten')
      }),
    )
}

function indexOf(text: string | undefined): number {
  if (text === undefined) return 0
  if (!/^\d{1,15}$/.test(text))
    throw new DomainError('option.index', {
      zh: `“${text}”不是条目序号。`,
      en: `“${text}” is no number of an entry.`,
      remedyZh: '给出 0 或更大的整数。',
      remedyEn: 'Give a whole number from 0 on.',
    })
  return Number(text)
}

/** Signed notes in a witness's state file, or a file that is one note. */
function headsIn(path: string): string[] {
  if (!existsSync(path))
    throw new DomainError('file.not-found', {
      zh: `找不到文件 ${path}。`,
      en: `There is no file ${path}.`,
      remedyZh: '检查路径。',
      remedyEn: 'Check the path.',
    })
  const text = readFileSync(path, 'utf8')
  if (!text.startsWith('{')) return [text]
  try {
    const state = JSON.parse(text) as { heads?: unknown }
    if (Array.isArray(state.heads) && state.heads.every((head) => typeof head === 'string'))
      return state.heads as string[]
  } catch {
    // Told below.
  }
  throw new DomainError('ledger.witness-file', {
    zh: `${path} 不是见证人的状态文件。`,
    en: `${path} is no state file of a witness.`,
    remedyZh: '使用 xinheng-witness 的 --state 文件。',
    remedyEn: 'Give the file that xinheng-witness keeps by --state.',
  })
}

function sentences(result: VerifyResult): string {
  const { entries, from, heads, compared, unsigned, waiting, erased, seconds } = result
  return [
    result.ok
      ? '✓ 账本完好 the ledger is whole'
      : `✗ 账本被改动过 the ledger was tampered with: ${result.faultCount}`,
    `  账本 ledger ${result.origin}`,
    `  条目 entries ${entries}${from === 0 ? '' : `（自 from ${from}）`}，树头 heads ${heads}，外部树头 heads kept elsewhere ${compared}`,
    `  尚未签名 not signed yet ${unsigned}，待入账 waiting ${waiting}，核对入库批次 parts of deliveries compared ${result.parts}，依令删除明细 details erased by order ${erased}`,
    `  用时 ${seconds.toFixed(1)} s`,
    ...result.faults.map(
      (fault) =>
        `  ✗ ${fault.code} @ ${fault.at}${fault.what === undefined ? '' : ` ${fault.what}`}  ${fault.zh}  ${fault.en}`,
    ),
  ].join('\n')
}
