import { accessSync, constants, statfsSync } from 'node:fs'
import { freemem } from 'node:os'
import type { Command } from 'commander'
import { Approvals } from '../../modules/approvals/index.ts'
import { checkPolicy } from '../../modules/catalogue/index.ts'
import { KeyKeeping } from '../../modules/keys/index.ts'
import { ensureDataFolder } from '../../platform/config/data-folder.ts'
import { readSettings, SETTINGS } from '../../platform/config/settings.ts'
import { systemFault } from '../../platform/errors/system-fault.ts'
import type { House } from '../../platform/house.ts'
import { tryPort } from '../../platform/http/port.ts'
import { openProgram, tellError } from '../context.ts'

interface Finding {
  readonly what: string
  readonly good: boolean
  readonly zh: string
  readonly en: string
}

/** Free space below which a delivery of a million rows would not fit. */
const LEAST_DISK = 5 * 2 ** 30
const LEAST_MEMORY = 2 ** 30

export function doctorCommand(program: Command): void {
  program
    .command('migrate')
    .description('升级数据库并录入政策文件 migrate the database and enter the policy')
    .action(async () => {
      try {
        const opened = await openProgram()
        await opened.house.close()
        process.stdout.write('数据库已是最新 the database is up to date\n')
      } catch (error) {
        tellError(error, false)
      }
    })
  program
    .command('doctor')
    .option('--json')
    .description('检查运行所需的一切，并说明如何处理 check all that is needed and say what to do')
    .action(async (options: { json?: boolean }) => {
      const findings = await examine()
      if (options.json) process.stdout.write(`${JSON.stringify({ findings })}\n`)
      else {
        for (const finding of findings)
          process.stdout.write(`${finding.good ? '✓' : '✗'} ${finding.what}: ${finding.zh} ${finding.en}\n`)
        process.stdout.write('\n设置 settings\n')
        for (const setting of SETTINGS)
          process.stdout.write(
            `  ${setting.name}${setting.fallback === '' ? '' : `=${setting.fallback}`}\t${setting.zh} ${setting.en}\n`,
          )
      }
      if (findings.some((finding) => !finding.good)) process.exitCode = 2
    })
}

async function examine(): Promise<Finding[]> {
  const findings: Finding[] = []
  const add = (what: string, good: boolean, zh: string, en: string) => findings.push({ what, good, zh, en })
  add(
    'Node',
    Number(process.versions.node.split('.')[0]) >= 24,
    `版本 ${process.versions.node}`,
    process.versions.node,
  )
  let settings: ReturnType<typeof readSettings>
  try {
    settings = readSettings(process.env)
    add('settings', true, '设置有效', 'valid')
  } catch (error) {
    const fault = systemFault(error)
    add('settings', false, fault?.zh ?? String(error), fault?.en ?? '')
    return findings
  }
  try {
    ensureDataFolder(settings.dataFolder)
    accessSync(settings.dataFolder, constants.W_OK)
    const disk = statfsSync(settings.dataFolder)
    const free = disk.bavail * disk.bsize
    add(
      'disk',
      free > LEAST_DISK,
      `数据文件夹可写，剩余 ${Math.round(free / 2 ** 30)} GB${free > LEAST_DISK ? '' : '，请腾出空间'}`,
      `${Math.round(free / 2 ** 30)} GB free`,
    )
  } catch {
    add(
      'disk',
      false,
      `数据文件夹 ${settings.dataFolder} 不可写：更改权限或设置 XINHENG_DATA`,
      'the data folder may not be written: change its permissions or set XINHENG_DATA',
    )
  }
  add(
    'memory',
    freemem() > LEAST_MEMORY,
    `可用内存 ${Math.round(freemem() / 2 ** 20)} MB`,
    `${Math.round(freemem() / 2 ** 20)} MB free`,
  )
  add('port', ...(await portFinding(settings.host, settings.port)))
  const faults = checkPolicy(settings.policyFolder)
  add(
    'policy',
    faults.length === 0,
    faults.length === 0 ? '政策文件无误' : `${faults.length} 处错误，运行 xinheng catalogue check`,
    faults.length === 0 ? 'no faults' : `${faults.length} faults: run xinheng catalogue check`,
  )
  try {
    const opened = await openProgram(() => {})
    const { rows } = await opened.house.database.pools.app.query(
      'SELECT version() AS version, current_user AS login',
    )
    add(
      'database',
      true,
      `${String(rows[0].version).split(' on ')[0]}，登录 ${rows[0].login}`,
      'reachable, migrated, logins in place',
    )
    add('keys', ...(await keysFinding(opened.house)))
    await opened.house.close()
  } catch (error) {
    const fault = systemFault(error)
    add(
      'database',
      false,
      fault === undefined ? String(error) : `${fault.zh}${fault.remedyZh}`,
      fault === undefined ? '' : `${fault.en} ${fault.remedyEn}`,
    )
  }
  return findings
}

/** Whether the ring opens and works, and which keys ask for attention. */
async function keysFinding(house: House): Promise<[boolean, string, string]> {
  const { main, data, signing } = await new KeyKeeping(house, new Approvals(house)).overview()
  const works =
    house.keys.decrypt(house.keys.encrypt(Buffer.from('x'), 'doctor'), 'doctor').toString() === 'x'
  const fingerprint = main.find((one) => one.state === 'current')?.id ?? '?'
  const due = [...main, ...data, ...signing].filter((one) => one.due).length
  const waiting = [...main, ...data].filter((one) => one.state === 'retired').length
  return [
    works && due === 0,
    `密钥可用，主密钥指纹 ${fingerprint}${due === 0 ? '' : `；${due} 把到期应更换（xinheng keys list）`}${waiting === 0 ? '' : `；${waiting} 把已停用待销毁`}`,
    `the keys work, main key ${fingerprint}${due === 0 ? '' : `; ${due} are due (xinheng keys list)`}${waiting === 0 ? '' : `; ${waiting} retired and not destroyed`}`,
  ]
}

/** Whether the port can be listened on, or is ours already. */
async function portFinding(host: string, port: number): Promise<[boolean, string, string]> {
  const where = `${host}:${port}`
  try {
    await tryPort(host, port)
    return [true, `${where} 可用`, 'free']
  } catch (error) {
    const answer = await fetch(`http://${where}/healthz`, { signal: AbortSignal.timeout(2000) }).catch(
      () => undefined,
    )
    const body: unknown = await answer?.json().catch(() => undefined)
    if ((body as { status?: unknown } | undefined)?.status === 'ok')
      return [true, `${where} 本程序正在运行`, 'this program runs there']
    const fault = systemFault(error)
    return fault === undefined
      ? [false, String(error), '']
      : [false, `${fault.zh}${fault.remedyZh}`, `${fault.en} ${fault.remedyEn}`]
  }
}
