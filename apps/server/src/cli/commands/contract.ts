import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { buildApp } from '../../app.ts'
import { CITY_NAME } from '../../modules/demo/index.ts'
import { command } from '../context.ts'

export function contractCommand(program: Command): void {
  program
    .command('contract')
    .description('写出全部接口的 OpenAPI 文档 write the OpenAPI document of every route')
    .argument('<file>', '写到哪个文件 where to')
    .action(async (file: string) => {
      // The contract depends on the code alone: a database of its own, gone afterwards.
      const data = mkdtempSync(join(tmpdir(), 'xinheng-contract-'))
      process.env.XINHENG_DATA = data
      await command(false, async ({ house, catalogue }) => {
        const app = await buildApp(house, catalogue, {
          city: CITY_NAME,
          fictional: true,
          wholeContract: true,
        })
        writeFileSync(file, `${JSON.stringify(app.swagger(), null, 1)}\n`)
        await app.close()
      })
      rmSync(data, { recursive: true, force: true })
    })
}
