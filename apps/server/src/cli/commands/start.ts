import { ROLES } from '@xinheng/core'
import type { Command } from 'commander'
import { buildApp } from '../../app.ts'
import { openAccess } from '../../modules/access/index.ts'
import { ensureAdministrators, ensureDemoAccounts } from '../../modules/accounts/index.ts'
import { Calendars } from '../../modules/calendar/index.ts'
import { ClientDoor } from '../../modules/clients/index.ts'
import { buildConsole } from '../../modules/console/index.ts'
import {
  CITY_NAME,
  ensureDemoClient,
  fillDemo,
  fillListingCases,
  fillLoop,
  fillOversight,
  isDemo,
  isEmpty,
  isFilled,
  OutsideSystems,
} from '../../modules/demo/index.ts'
import { Sequencer } from '../../modules/ledger/index.ts'
import { openOversight } from '../../oversight.ts'
import { readSettings } from '../../platform/config/settings.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { listeningFault, tryPort } from '../../platform/http/port.ts'
import { openProgram, say, tellError } from '../context.ts'

export function startCommand(program: Command): void {
  program
    .command('start')
    .description('启动门户、管理端和接口 start portal, console and API')
    .option('--no-demo', '空库时不填充示例城市 do not fill the demo city into an empty database')
    .action(async (options: { demo: boolean }) => {
      let opened: Awaited<ReturnType<typeof openProgram>> | undefined
      let sequencer: Sequencer | undefined
      let outside: OutsideSystems | undefined
      let ending = false
      const end = async (app?: { close(): Promise<unknown> }) => {
        if (ending) return
        ending = true
        say('正在停止…', 'Stopping…')
        await outside?.stop()
        await app?.close()
        await sequencer?.stop()
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
        sequencer = new Sequencer(house, {
          onFault: (fault) => {
            if (fault === undefined) say('账本恢复排序和签名', 'the ledger is ordered and signed again')
            else process.stderr.write(`✗ ${fault instanceof DomainError ? fault.sentence : fault.message}\n`)
          },
        })
        sequencer.start()
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
        const signIn = openAccess(house, fictional ? CITY_NAME : '')
        if (fictional) {
          await ensureDemoAccounts(house, signIn)
          await ensureDemoClient(house)
        }
        if (fictional && options.demo) {
          const calendars = new Calendars(house.database.pools.job)
          await fillListingCases(house, catalogue, deliveries, () => calendars.current())
          await fillOversight(
            house,
            openOversight(house, catalogue, () => calendars.current(), true),
          )
        }
        if (fictional && options.demo) await fillLoop(house, catalogue)
        const app = await buildApp(house, catalogue, {
          city: fictional ? CITY_NAME : '中国',
          fictional,
          works: true,
          screens: true,
        })
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
        if (fictional && options.demo && settings.outsidePorts.length > 0) {
          outside = new OutsideSystems(house)
          const { publicKey } = new ClientDoor(house).replyKey
          const systems = await outside.start(base, publicKey, settings.outsidePorts)
          process.stdout.write(
            `\n三个外部系统（虚构，只用公开接口） three outside systems (fictional, by the public API alone)\n${systems
              .map(({ title, address, fault }) =>
                address === undefined
                  ? `  ${title}  未启动 not running: ${fault === 'EADDRINUSE' ? '端口已被占用 its port is taken (OUTSIDE_PORTS=…)' : fault}`
                  : `  ${title}  ${address}/`,
              )
              .join('\n')}\n`,
          )
        }
        // A real installation is told until they are used; the demo city has accounts of its own on the sign-in page.
        const links = await ensureAdministrators(house, signIn, !fictional)
        // PORT=0: which port it became is known by now.
        const reached = (link: string) => link.replace(/^http:\/\/[^/]+:0\//, `${base}/`)
        if (links.length > 0)
          process.stdout.write(
            `\n三员首次登录链接，各交一人，24 小时内有效，只能用一次\nFirst sign-in of the three administrators: one person each, valid for 24 hours, once\n${links.map(({ role, link }) => `  ${ROLES[role].zh} ${ROLES[role].en}\n    ${reached(link)}`).join('\n')}\n`,
          )
      } catch (error) {
        // What breaks while it is being ended breaks because of that; the ending goes on to its end.
        if (ending) return
        tellError(error, false)
        await sequencer?.stop()
        await opened?.house.close().catch(() => {})
        process.exit(process.exitCode ?? 1)
      }
    })
}
