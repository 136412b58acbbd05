// Runs under whatever Node is there: built-in modules alone. Installs when needed, then hands over to the Node that
// the installation brings along.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)))

/** Installs the dependencies when they are missing or older than the lock file. */
export function install() {
  const lock = join(PROJECT, 'package-lock.json')
  const installed = join(PROJECT, 'node_modules', '.package-lock.json')
  if (
    existsSync(installed) &&
    statSync(installed).mtimeMs >= statSync(lock).mtimeMs - 1000 &&
    existsSync(nodeBinary())
  )
    return
  if (existsSync(installed) && existsSync(nodeBinary()) && sameVersions(lock, installed)) return
  process.stderr.write(
    '· 正在安装依赖（首次约一分钟）…  Installing dependencies (about a minute the first time)…\n',
  )
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: PROJECT,
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32',
  })
  if (result.status !== 0) {
    process.stderr.write(
      `${result.stderr ?? result.error ?? ''}\n✗ 依赖安装失败：检查网络与 npm 镜像设置。  Installing failed: check the network and npm's registry.\n`,
    )
    process.exit(1)
  }
}

function sameVersions(lock, installed) {
  try {
    const wanted = JSON.parse(readFileSync(lock, 'utf8')).packages
    const there = JSON.parse(readFileSync(installed, 'utf8')).packages
    return Object.entries(there).every(([name, one]) => wanted[name]?.version === one.version)
  } catch {
    return false
  }
}

/** The Node that the product runs on, whatever the machine has. */
export function nodeBinary() {
  return join(PROJECT, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/**
 * Garbage is collected before it grows: a delivery of any size stays within 512 MB. Cells that are remembered and cells
 * that are not come from the same lines of code: an engine that learns from the first where to put the second fills the
 * old generation with them.
 */
const MEMORY = ['--max-semi-space-size=8', '--max-old-space-size=384', '--no-allocation-site-pretenuring']

/**
 * glibc keeps what was freed, for each thread apart, and raises by itself the size from which a buffer goes back to the
 * system: a process that takes delivery after delivery would grow with each. Other systems do not know these.
 */
const ALLOCATION = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '524288' }

/** Runs a file under the brought Node and ends as it ends. Ctrl-C reaches it from the terminal by itself. */
export function handOver(args, memory = MEMORY) {
  const child = spawn(nodeBinary(), [...memory, '--disable-warning=ExperimentalWarning', ...args], {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${join(PROJECT, 'node_modules', '.bin')}:${process.env.PATH}`,
      ...ALLOCATION,
      // Each thread would compile the same files again: half of its start.
      NODE_COMPILE_CACHE:
        process.env.NODE_COMPILE_CACHE ?? join(PROJECT, 'node_modules', '.cache', 'compiled'),
    },
  })
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  child.on('error', (error) => {
    process.stderr.write(`✗ ${error.message}\n`)
    process.exit(1)
  })
  return new Promise((resolve) =>
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143))),
  )
}
