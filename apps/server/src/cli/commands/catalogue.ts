import type { Command } from 'commander'
import { checkPolicy } from '../../modules/catalogue/index.ts'
import { readSettings } from '../../platform/config/settings.ts'
import { todayOf } from '../../platform/today.ts'
import { command, print, tellError } from '../context.ts'

export function catalogueCommand(program: Command): void {
  const catalogue = program.command('catalogue').description('归集目录 the catalogue')
  catalogue
    .command('list')
    .option('--json')
    .description('全部目录项 all items in force')
    .action((options: { json?: boolean }) =>
      command(options.json === true, async (opened) => {
        const items = opened.catalogue.items(await todayOf(opened.house.database.pools.job))
        print(
          options.json === true,
          items.map(({ code, version, title, sharing }) => ({ code, version, title, sharing })),
          () => items.map((item) => `${item.code}\tv${item.version}\t${item.title.zh}`).join('\n'),
        )
      }),
    )
  catalogue
    .command('show <code>')
    .option('--json')
    .description('一个目录项 one item')
    .action((code: string, options: { json?: boolean }) =>
      command(options.json === true, async (opened) => {
        const item = opened.catalogue.item(code, await todayOf(opened.house.database.pools.job))
        print(options.json === true, item, () =>
          [
            `${item.title.zh} ${item.title.en} (${item.code} v${item.version})`,
            `依据 ${item.legalBasis.map((basis) => `${basis.document}${basis.article ?? ''}`).join('；')}`,
            ...item.fields.map(
              (field) =>
                `  ${field.required ? '*' : ' '} ${field.code ?? field.name}\t${field.title.zh}\t${field.type}${field.length === undefined ? '' : `(${field.length})`}\t${field.visibility}`,
            ),
          ].join('\n'),
        )
      }),
    )
  catalogue
    .command('check [path]')
    .option('--json')
    .description('检查政策文件夹或一个文件 check the policy folder or one file')
    .action((path: string | undefined, options: { json?: boolean }) => {
      try {
        const faults = checkPolicy(path ?? readSettings(process.env).policyFolder)
        print(
          options.json === true,
          { faults },
          () =>
            faults
              .map(
                (fault) =>
                  `${fault.file}:${fault.line}:${fault.column} ${fault.code} ${fault.zh}${fault.remedyZh}\n    ${fault.en} ${fault.remedyEn}`,
              )
              .join('\n') || '没有错误 no faults',
        )
        if (faults.length > 0) process.exitCode = 2
      } catch (error) {
        tellError(error, options.json === true)
      }
    })
}
