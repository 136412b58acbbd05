import type { Command } from 'commander'
import { buildApp } from '../../app.ts'
import { buildConsole } from '../../modules/console/index.ts'
import { CITY_NAME, fillDemo, isDemo, isEmpty, isFilled } from '../../modules/demo/index.ts'
import { readSettings } from '../../platform/config/settings.ts'
import { listeningFault, tryPort } from '../../platform/http/port.ts'
import { openProgram, say, tellError } from '../context.ts'

export function startCommand(program: Command): void {
  program
    .command('start')
    .description('启动门户、管理端和接口 start portal, console and API')
    .option('--no-demo', '空库时不填充示例城市 do not fill the demo city into an empty database')
    .action(async (options: { demo: boolean }) => {
      let opened: Awaited<ReturnType<typeof openProgram>> | undefined
      let ending = false
      const end = async (app?: { close(): Promise<unknown> }) => {
        if (ending) return
        ending = true
        say('正在停止…', 'Stopping…')
        await app?.close()
        await opened?.house.close()
        process.exit(process.exitCode ?? 0)
      }
      process.on('SIGINT', () => void end())
      process.on('SIGTERM', () => void end())
      try {
        const settings = readSettings(process.env)
        await tryPort(settings.host, settings.port)
        await buildConsole(say).catch((error) => tellError(error, false))
        process.exitCode = undefined
        opened = await openProgram()
        const { house, catalogue, deliveries } = opened
        for (const resumed of await deliveries.resumeUnfinished({ name: 'program:resume', duty: 'system' })) {
          say(
            `继续完成了中断的报送 ${resumed.delivery}`,
            `finished the interrupted delivery ${resumed.delivery}`,
          )
        }
        if (options.demo && ((await isEmpty(house)) || ((await isDemo(house)) && !(await isFilled(house))))) {
          say('正在填充示例城市（全部虚构）…', 'Filling the demo city (wholly fictional)…')
          await fillDemo(house, deliveries)
        }
        const fictional = await isDemo(house)
        const app = await buildApp(house, catalogue, { city: fictional ? CITY_NAME : '中国', fictional })
        process.removeAllListeners('SIGINT')
        process.removeAllListeners('SIGTERM')
        process.on('SIGINT', () => void end(app))
        process.on('SIGTERM', () => void end(app))
        const { host, port } = house.settings
        try {
          await app.listen({ host, port })
        } catch (error) {
          throw listeningFault(error, host, port) ?? error
        }
        const address = app.server.address()
        const base = `http://${host.includes(':') ? `[${host}]` : host}:${typeof address === 'object' ? address?.port : port}`
        process.stdout.write(
          `\n信衡已启动 Xinheng is running\n  门户 portal   ${base}/\n  管理 console  ${base}/console/\n  接口 API      ${base}/api/docs\n`,
        )
      } catch (error) {
        tellError(error, false)
        await opened?.house.close().catch(() => {})
        process.exit(process.exitCode ?? 1)
      }
    })
}
