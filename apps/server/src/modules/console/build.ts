import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { PROJECT } from '../../platform/config/settings.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'

const SOURCES = [
  'apps/console/src',
  'apps/console/index.html',
  'apps/console/vite.config.ts',
  'packages/client/src',
  'packages/core/src',
  'package-lock.json',
]
/** Beside the bundle: the hash of the sources it was made from. */
const STAMP = 'built-from'
/** Smaller files gain nothing by compression. */
const WORTH_COMPRESSING_BYTES = 1024

export const CONSOLE_FOLDER = join(PROJECT, 'apps/console/dist')

/** Builds the browser's bundle where it is missing or made from other sources. Programs may do so side by side. */
export async function buildConsole(progress: (zh: string, en: string) => void): Promise<void> {
  const wanted = hashOf(SOURCES.map((path) => join(PROJECT, path)))
  if (builtFrom(CONSOLE_FOLDER) === wanted) return
  progress('正在构建管理端…', 'Building the console…')
  const folder = `${CONSOLE_FOLDER}-${process.pid}`
  try {
    await runVite(folder)
    await compress(join(folder, 'assets'))
    writeFileSync(join(folder, STAMP), wanted)
    putInPlace(folder, wanted)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function builtFrom(folder: string): string | undefined {
  const stamp = join(folder, STAMP)
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256')
  const add = (path: string) => {
    hash.update(path.slice(PROJECT.length)).update('\0').update(readFileSync(path)).update('\0')
  }
  for (const path of paths) {
    if (!path.endsWith('/src')) add(path)
    else
      for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile() && !/\.test(?:ing)?\.tsx?$/.test(one.name))
        .map((one) => join(one.parentPath, one.name))
        .toSorted())
        add(entry)
  }
  return hash.digest('hex')
}

function runVite(folder: string): Promise<void> {
  const vite = join(PROJECT, 'node_modules/vite/bin/vite.js')
  const child = spawn(
    process.execPath,
    [
      vite,
      'build',
      join(PROJECT, 'apps/console'),
      '--outDir',
      folder,
      '--emptyOutDir',
      '--logLevel',
      'error',
    ],
    { cwd: PROJECT, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  return new Promise((resolve, reject) => {
    const refuse = (why: string) =>
      reject(
        new DomainError('console.not-built', {
          zh: `管理端构建失败：${why.trim().slice(-500)}`,
          en: `The console could not be built: ${why.trim().slice(-500)}`,
          remedyZh: '删除 node_modules 后重新运行 npm start；门户与接口不受影响。',
          remedyEn: 'Remove node_modules and run npm start again; portal and API are not affected.',
          status: 503,
        }),
      )
    child.on('error', (error) => refuse(error.message))
    child.on('exit', (code) => (code === 0 ? resolve() : refuse(said || `exit ${code}`)))
  })
}

/** The bundle compressed once, not with each request. */
async function compress(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    if (!/\.(?:js|css|svg|json)$/.test(name)) continue
    const path = join(folder, name)
    const bytes = readFileSync(path)
    if (bytes.length < WORTH_COMPRESSING_BYTES) continue
    const [small, smaller] = await Promise.all([
      promisify(gzip)(bytes),
      promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 8 } }),
    ])
    writeFileSync(`${path}.gz`, small)
    writeFileSync(`${path}.br`, smaller)
  }
}

function putInPlace(folder: string, wanted: string): void {
  const old = `${folder}-old`
  try {
    if (existsSync(CONSOLE_FOLDER)) renameSync(CONSOLE_FOLDER, old)
    renameSync(folder, CONSOLE_FOLDER)
  } catch (error) {
    // Another program put the same bundle there first.
    if (builtFrom(CONSOLE_FOLDER) !== wanted) throw error
  } finally {
    rmSync(old, { recursive: true, force: true })
  }
}
